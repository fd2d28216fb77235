import { describe, expect, it } from "vitest";
import { SlidingNormalisation } from "../../../../nodes/lib/dsp/math/sliding-normalisation.ts";
import { noise } from "../../../support/pictures.ts";

/** The definition, word for word. */
function byHand(column: number[], width: number): number[] {
  const n = column.length;
  const at = (list: number[], i: number): number => {
    const turn = ((i % (2 * n)) + 2 * n) % (2 * n);
    return list[turn < n ? turn : 2 * n - 1 - turn]!;
  };
  const around = (list: number[], i: number) =>
    Array.from({ length: width }, (_, j) => at(list, i + j - (width - 1) / 2));
  const mean = (list: number[]) => list.reduce((sum, v) => sum + v, 0) / list.length;
  const less = column.map((v, i) => Math.fround(v - mean(around(column, i))));
  return less.map((v, i) => {
    const near = around(less, i);
    const m = mean(near);
    return v / (Math.sqrt(mean(near.map((x) => (x - m) ** 2))) + 1e-10);
  });
}

function apply(rows: number[][], width: number): number[][] {
  const columns = rows[0]!.length;
  const data = Float32Array.from([-7, ...rows.flat(), -7]);
  new SlidingNormalisation(rows.length, columns, width).apply(data, 1);
  expect([data[0], data.at(-1)]).toEqual([-7, -7]);
  return rows.map((_, i) => [...data.subarray(1 + i * columns, 1 + (i + 1) * columns)]);
}

describe("sliding normalisation", () => {
  it.each([
    [1, 1],
    [50, 3],
    [50, 5],
    [50, 101],
    [7, 101],
    [2, 1001],
  ])("%d frames, a width of %d", (frames, width) => {
    const column = [...noise(frames)].map((v) => v * 3 + 20);
    const expected = byHand(column.map(Math.fround), width);
    for (const [i, [value]] of apply(
      column.map((v) => [v]),
      width,
    ).entries()) {
      expect(value).toBeCloseTo(expected[i]!, 5);
    }
  });

  it("of a coefficient that never changes nothing is left", () => {
    expect(
      apply(
        Array.from({ length: 50 }, () => [-23.025851, 0, 1e30]),
        101,
      ),
    ).toEqual(Array.from({ length: 50 }, () => [0, 0, 0]));
  });

  it("NaN stays where it is within the width, in its own column", () => {
    const rows = Array.from({ length: 20 }, (_, i) => [i === 10 ? Number.NaN : i ** 2, i ** 2]);
    const got = apply(rows, 3);
    // The mean reaches one frame to each side, the deviation another one.
    expect(got.map(([a], i) => (Number.isNaN(a) ? i : -1)).filter((i) => i >= 0)).toEqual([8, 9, 10, 11, 12]);
    expect(got.every(([, b]) => Number.isFinite(b))).toBe(true);
    expect(apply([[Number.NaN], [Number.NaN]], 5)).toEqual([[Number.NaN], [Number.NaN]]);
  });
});
