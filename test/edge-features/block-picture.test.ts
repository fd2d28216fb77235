import { expect, it } from "vitest";
import { pictureOf } from "../../nodes/edge-features/block-picture.ts";
import type { BlockPlan } from "../../nodes/lib/dsp/index.ts";

function planOf(shape: number[], units: string[], axis?: BlockPlan["axis"]): BlockPlan {
  const length = shape.reduce((product, size) => product * size, 1);
  const all = Array.from({ length }, (_, i) => i);
  return {
    shape,
    names: all.map((i) => `f${i}`),
    channels: all.map(() => "x"),
    units: all.map((i) => units[i % units.length]!),
    ...(axis ? { axis } : {}),
    compute: () => undefined,
  };
}

const map = (frames: number, bins: number) =>
  planOf([frames, bins], ["dB"], { names: Array.from({ length: bins }, (_, i) => `${10 * i} Hz`), rate: 50 });

it("few features are told one by one", () => {
  expect(pictureOf(planOf([3], ["x", "", "Hz"]), Float32Array.of(1.5, Number.NaN, Number.NEGATIVE_INFINITY))).toEqual({
    features: 3,
    values: [1.5, null, null],
    names: ["f0", "f1", "f2"],
    units: ["x", "", "Hz"],
  });
});

it("of many the largest of each group is told with its own name and unit", () => {
  const values = new Float32Array(4001).fill(1);
  values[0] = Number.NaN;
  values[1] = 0.5;
  values[100] = -3;
  values[4000] = 2;
  const picture = pictureOf(planOf([4001], ["a", "b", "c"]), values);
  expect(picture.features).toBe(4001);
  expect(picture.values).toHaveLength(1334);
  expect(picture.values[0]).toBe(1);
  const at = picture.values.indexOf(-3);
  expect([picture.names[at], picture.units[at]]).toEqual(["f100", "b"]);
  expect([picture.names[1333], picture.values[1333]]).toEqual(["f4000", 2]);
});

it("a small picture is told cell by cell", () => {
  expect(pictureOf(map(2, 3), Float32Array.of(0, 1, 2, 3, 4, 5))).toEqual({
    features: 6,
    values: [0, 1, 2, 3, 4, 5],
    names: ["0 Hz", "10 Hz", "20 Hz"],
    units: ["dB"],
    map: { frames: 2, bins: 3, step: 0.02 },
  });
});

it("a large picture is thinned to means, first in bins, then in frames", () => {
  const [frames, bins] = [301, 257];
  // The mean of a plane over a cell is its value in the cell's middle.
  const values = Float32Array.from({ length: frames * bins }, (_, i) => Math.floor(i / bins) + 1000 * (i % bins));
  const picture = pictureOf(map(frames, bins), values);
  expect(picture.features).toBe(frames * bins);
  // Three bins to a cell, then seven frames.
  expect(picture.map).toEqual({ frames: 43, bins: 86, step: 7 / 50 });
  expect(picture.names.slice(0, 2)).toEqual(["0 Hz", "30 Hz"]);
  expect(picture.names).toHaveLength(86);
  expect(picture.values).toHaveLength(43 * 86);
  expect(picture.values.length).toBeLessThanOrEqual(4000);
  expect(picture.values[0]).toBe(3 + 1000);
  expect(picture.values[86 + 1]).toBe(10 + 4000);
  // The last bins are only two.
  expect(picture.values[85]).toBe(3 + 255_500);
});
