import { describe, expect, it } from "vitest";
import { chooseBlock } from "../../../../nodes/lib/dsp/index.ts";

const plan = (samples: number, channels: string[], options: object = {}) => {
  const { block, recipe } = chooseBlock("raw", options);
  return block.plan({ samples, channels }, recipe.options);
};

describe("Raw data", () => {
  it("gives the samples in time order, times the scale, from the offset on", () => {
    const out = new Float32Array(6).fill(-7);
    plan(2, ["a", "b"], { scale: "0.5" }).compute(Float32Array.of(1, 2, 3, Number.NaN), out, 1, { start: 0, end: 0 });
    expect([...out]).toEqual([-7, 0.5, 1, 1.5, Number.NaN, -7]);
  });

  it("names each feature after its channel and sample", () => {
    expect(plan(2, ["a", "b"])).toMatchObject({
      shape: [4],
      names: ["a [0]", "b [0]", "a [1]", "b [1]"],
      channels: ["a", "b", "a", "b"],
      units: ["x", "x", "x", "x"],
    });
    expect(plan(1, ["a", "__proto__"]).names).toEqual(["a", "__proto__"]);
  });
});
