import { describe, expect, it } from "vitest";
import { blocks, chooseBlock } from "../../../../nodes/lib/dsp/index.ts";

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

describe("the registry", () => {
  it.each(blocks.map((block) => [block.id, block] as const))("%s describes itself, and its lists fit", (id, block) => {
    const { recipe } = chooseBlock(id, {});
    const made = block.plan({ samples: 8, channels: ["a", "b"], rate: 100 }, recipe.options);
    const length = made.shape.reduce((product, size) => product * size, 1);
    expect([made.names.length, made.channels.length, made.units.length]).toEqual([length, length, length]);
    expect(new Set(made.names).size).toBe(length);
    // What came later is not in the recipe while it is at its default.
    const first = Object.keys(block.options.properties).filter((option) => !block.later?.includes(option));
    expect(Object.keys(recipe.options).sort()).toEqual(first.sort());
    expect([block.title, block.cost].every((text) => text.length > 0)).toBe(true);
  });

  it.each([undefined, null, "fft9", "__proto__", "toString", {}])("refuses %j", (id) => {
    expect(() => chooseBlock(id, {})).toThrow(expect.objectContaining({ code: "EDGE_ML_SETTING" }));
  });
});
