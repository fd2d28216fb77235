import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { chooseBlock, FeatureExtractor } from "../../../../nodes/lib/dsp/index.ts";

const ROOT = resolve(import.meta.dirname, "../../../..");
const STATISTICS = ["average", "minimum", "maximum", "rms", "stdev", "skewness", "kurtosis"];

/** The features of one window, from the block as the extractor uses it. */
function flatten(data: number[], [samples, columns]: [number, number], options: object): number[] {
  const { block, recipe } = chooseBlock("flatten", options);
  const channels = Array.from({ length: columns }, (_, i) => `c${i}`);
  const plan = block.plan({ samples, channels }, recipe.options);
  const out = new Float32Array(plan.names.length + 2).fill(-7);
  plan.compute(Float32Array.from(data), out, 1, { start: 0, end: 0 });
  // Nothing is written beside its own place.
  expect([out[0], out.at(-1)]).toEqual([-7, -7]);
  return [...out.subarray(1, -1)];
}

/** Within a relative tolerance, or an absolute one. */
function expectClose(got: number[], expected: number[], relative: number, absolute: number): void {
  expect(got.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) {
    expect(Math.abs(got[i]! - value), `feature ${i}: ${got[i]} for ${value}`).toBeLessThanOrEqual(
      Math.max(relative * Math.abs(value), absolute),
    );
  }
}

interface Golden {
  cases: { name: string; scale: number; shape: [number, number]; data: number[]; features: number[] }[];
}
const golden = JSON.parse(readFileSync(join(ROOT, "test/golden/blocks/flatten.json"), "utf8")) as Golden;

describe("Flatten", () => {
  it.each(golden.cases)("agrees with numpy and scipy: $name", ({ data, shape, scale, features }) => {
    expectClose(flatten(data, shape, { scale }), features, 1e-6, 1e-12);
  });

  it("gives the statistics that were chosen, in its own order", () => {
    expect(flatten([1, 2, 6], [3, 1], { statistics: ["maximum", "average"] })).toEqual([3, 6]);
  });

  it("names each feature, its channel and its unit", () => {
    const { block, recipe } = chooseBlock("flatten", { statistics: ["average", "kurtosis"] });
    const plan = block.plan({ samples: 5, channels: ["a", "b"] }, recipe.options);
    expect(plan.names).toEqual(["a mean", "a kurtosis", "b mean", "b kurtosis"]);
    expect(plan.channels).toEqual(["a", "a", "b", "b"]);
    expect(plan.units).toEqual(["x", "", "x", ""]);
    expect(plan.shape).toEqual([4]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])("%s in a channel stays in that channel, and is all of it", (bad) => {
    const features = flatten([1, bad, 2, 5], [2, 2], { statistics: ["average", "minimum", "stdev", "skewness"] });
    expect(features).toEqual([1.5, 1, 0.5, 0, NaN, NaN, NaN, NaN]);
  });

  it.each([
    ["denormal", 1e-45],
    ["saturated", 3.4e38],
  ])("%s numbers have a shape", (_, size) => {
    const one = flatten([0, 1, 1, 0, 1], [5, 1], { statistics: ["skewness", "kurtosis"] });
    const got = flatten([0, size, size, 0, size], [5, 1], { statistics: ["skewness", "kurtosis"] });
    for (const [i, value] of one.entries()) expect(got[i]).toBeCloseTo(value, 5);
  });

  it.each([
    ["no statistics", { statistics: [] }, "statistics"],
    ["a scale that is no number", { scale: "x" }, "scale"],
    ["an unknown option", { sclae: 2, statistics: ["mode"] }, "statistics.0"],
    ["half a window", { movingAverage: 1.5 }, "movingAverage"],
    ["an endless average", { movingAverage: 1001 }, "movingAverage"],
    ["a statistic twice", { statistics: ["rms", "rms"] }, "statistics"],
  ])("refuses %s", (_, options, field) => {
    expect(() => flatten([1], [1, 1], options)).toThrow(
      expect.objectContaining({ code: "EDGE_ML_SETTING", details: expect.objectContaining({ field }) }),
    );
  });
});

describe("Flatten's moving average", () => {
  const averages = (windows: number[][], columns: number, options: object) => {
    const { block, recipe } = chooseBlock("flatten", { statistics: ["average"], ...options });
    const memory = block.remember?.(recipe.options);
    return windows.map((window) => {
      const channels = Array.from({ length: columns }, (_, i) => `c${i}`);
      const plan = block.plan({ samples: window.length / columns, channels }, recipe.options);
      const out = new Float32Array(plan.names.length);
      plan.compute(Float32Array.from(window), out, 0, { start: 0, end: 0 }, memory);
      return [...out];
    });
  };

  it("is over the means of the last windows, of fewer at the beginning, channel by channel", () => {
    const windows = [1, 2, 6, 7].map((mean) => [mean - 1, 10 * mean, mean + 1, 10 * mean]);
    expect(averages(windows, 2, { movingAverage: 3 })).toEqual([
      [1, 1, 10, 10],
      [2, 1.5, 20, 15],
      [6, 3, 60, 30],
      [7, 5, 70, 50],
    ]);
  });

  it("passes over a window with NaN, and forgets when the channels change", () => {
    const one = averages([[2], [Number.NaN], [4]], 1, { movingAverage: 2 });
    expect(one).toEqual([
      [2, 2],
      [NaN, NaN],
      [4, 3],
    ]);
    const { block, recipe } = chooseBlock("flatten", { statistics: ["average"], movingAverage: 5 });
    const memory = block.remember?.(recipe.options);
    const out = new Float32Array(4);
    const moment = { start: 0, end: 0 };
    block.plan({ samples: 1, channels: ["a"] }, recipe.options).compute(Float32Array.of(8), out, 0, moment, memory);
    const two = block.plan({ samples: 1, channels: ["a", "b"] }, recipe.options);
    two.compute(Float32Array.of(1, 2), out, 0, moment, memory);
    expect([...out]).toEqual([1, 1, 2, 2]);
  });

  it("may stand alone, has a name and a unit, and without a stream is the mean", () => {
    const { block, recipe } = chooseBlock("flatten", { statistics: [], movingAverage: 8 });
    const plan = block.plan({ samples: 2, channels: ["a"] }, recipe.options);
    expect([plan.names, plan.units, plan.channels]).toEqual([["a mean over 8 windows"], ["x"], ["a"]]);
    expect(flatten([1, 3], [2, 1], { statistics: [], movingAverage: 8 })).toEqual([2]);
  });

  it("is kept for each stream by the extractor", () => {
    const extractor = new FeatureExtractor([{ block: "flatten", statistics: [], movingAverage: 2 }]);
    const extract = (stream: string, value: number) =>
      extractor.extract({
        data: Float32Array.of(value),
        info: {
          kind: "window",
          shape: [1, 1],
          names: ["c"],
          stream,
          seq: 0,
          start: 0,
          end: 0,
          quality: { ok: true, reasons: [], missing: 0, filled: 0 },
          recipe: { version: 1 },
        },
      }).data[0];
    expect([extract("a", 2), extract("b", 10), extract("a", 4), extract("b", 20)]).toEqual([2, 10, 3, 15]);
  });

  it("while off, is not in the recipe: models from before it came still fit", () => {
    expect(chooseBlock("flatten", { movingAverage: "0" }).recipe.options).toEqual({ scale: 1, statistics: STATISTICS });
    expect(chooseBlock("flatten", { movingAverage: 4 }).recipe.options.movingAverage).toBe(4);
    const { block, recipe } = chooseBlock("flatten", {});
    expect(block.remember?.(recipe.options)).toBeUndefined();
  });
});

const EI = resolve(ROOT, "../shared/data/ei-dsp-golden");
const missing = !existsSync(join(EI, "cases.jsonl"));
if (missing) console.warn(`SKIPPED: Flatten against Edge Impulse's reference, because ${EI} is not there`);

interface EdgeImpulseCase {
  id: string;
  block: string;
  input: string;
  params: Record<string, boolean | number> & { scale_axes: number };
  features: (number | null)[];
}

describe("Flatten, against Edge Impulse's own block", () => {
  const ids = ["flatten-000", "flatten-001", "flatten-002", "flatten-003", "flatten-004"];
  it.skipIf(missing).each(ids)("%s", (id) => {
    const lines = readFileSync(join(EI, "cases.jsonl"), "utf8").split("\n");
    const one = lines.filter((line) => line.includes(`"${id}"`)).map((line) => JSON.parse(line) as EdgeImpulseCase)[0]!;
    const { inputs } = JSON.parse(readFileSync(join(EI, "inputs.json"), "utf8")) as {
      inputs: Record<string, { axes: string[]; data: number[] }>;
    };
    const { axes, data } = inputs[one.input]!;
    const statistics = STATISTICS.filter((statistic) => one.params[statistic]);
    const got = flatten(data, [data.length / axes.length, axes.length], { scale: one.params.scale_axes, statistics });
    // Where theirs is NaN (the shape of a constant), ours is 0. Its data's note says 1e-5, relative or absolute: the
    // reference computes some of it in float32, and an excess kurtosis near 0 is a difference of two larger numbers.
    expectClose(
      got,
      one.features.map((value) => value ?? 0),
      1e-5,
      1e-5,
    );
  });
});
