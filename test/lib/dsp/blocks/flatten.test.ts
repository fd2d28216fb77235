import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { chooseBlock } from "../../../../nodes/lib/dsp/index.ts";

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

  it("NaN in a channel stays in that channel", () => {
    const features = flatten([1, Number.NaN, 2, 5], [2, 2], { statistics: ["average", "stdev", "skewness"] });
    expect(features[0]).toBe(1.5);
    expect(features[3]).toBeNaN();
  });

  it.each([
    ["no statistics", { statistics: [] }, "statistics"],
    ["a scale that is no number", { scale: "x" }, "scale"],
    ["an unknown option", { sclae: 2, statistics: ["mode"] }, "statistics.0"],
    ["a statistic twice", { statistics: ["rms", "rms"] }, "statistics"],
  ])("refuses %s", (_, options, field) => {
    expect(() => flatten([1], [1, 1], options)).toThrow(
      expect.objectContaining({ code: "EDGE_ML_SETTING", details: expect.objectContaining({ field }) }),
    );
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
