import { describe, expect, it } from "vitest";
import { placeOf, type Recipe, recipeDifference, type WindowRecipe } from "../../../nodes/lib/recipe/index.ts";

const window: WindowRecipe = {
  by: "samples",
  size: 10,
  hop: 5,
  channels: ["a", "b"],
  gap: { policy: "mark", limit: 0 },
  limits: [{ channel: "a", min: 0 }],
  gate: { channel: "run", is: "=", value: 1, settle: 0 },
};
const base: Recipe = { version: 1, window, features: [{ block: "flatten", version: 1, options: { scale: 1 } }] };
const withWindow = (change: Partial<WindowRecipe>): Recipe => ({ ...base, window: { ...window, ...change } });
const embedding = { model: "keywords", sha256: "ab", output: "embedding" };
const withBlock = (change: object): Recipe => ({ ...base, features: [{ ...base.features![0]!, ...change }] });

describe("recipeDifference", () => {
  it("a limit on pauses that a model was made with is needed", () => {
    const limited = withWindow({ gapLimit: 5 });
    expect(recipeDifference(base, limited)).toMatchObject({ field: "window.gapLimit", expected: 5 });
    expect(recipeDifference(withWindow({ gapLimit: 6 }), limited)).toMatchObject({ field: "window.gapLimit", got: 6 });
    expect(recipeDifference(limited, limited)).toBeUndefined();
  });

  it.each<[string, Recipe]>([
    ["the same", structuredClone(base)],
    ["another hop: how often, not what", withWindow({ hop: 1 })],
    ["a limit on pauses: fewer windows, the same numbers", withWindow({ gapLimit: 5 })],
    ["another order of the fields", JSON.parse(JSON.stringify(base, Object.keys(flat(base)).toSorted()))],
  ])("none: %s", (_, got) => {
    expect(recipeDifference(got, base)).toBeUndefined();
  });

  const { limits: _limits, ...unlimited } = window;
  const { gate: _gate, ...ungated } = window;
  it.each<[string, Recipe, string]>([
    ["size", withWindow({ size: 11 }), "window.size"],
    ["by", withWindow({ by: "time" }), "window.by"],
    ["a channel", withWindow({ channels: ["a", "c"] }), "window.channels.1"],
    ["the order of channels", withWindow({ channels: ["b", "a"] }), "window.channels.0"],
    ["a channel more", withWindow({ channels: ["a", "b", "c"] }), "window.channels.2"],
    ["the gap policy", withWindow({ gap: { policy: "hold", limit: 2 } }), "window.gap.policy"],
    ["no gate", { ...base, window: ungated }, "window.gate"],
    ["another gate", withWindow({ gate: { ...window.gate!, value: 2 } }), "window.gate.value"],
    ["no limits", { ...base, window: unlimited }, "window.limits"],
    ["another limit", withWindow({ limits: [{ channel: "a", min: 1 }] }), "window.limits.0.min"],
    ["a block", withBlock({ block: "raw" }), "features.0.block"],
    ["a layer of a network instead of what goes into it", { ...base, embedding }, "embedding"],
    ["a block's version", withBlock({ version: 2 }), "features.0.version"],
    ["an option", withBlock({ options: { scale: 2 } }), "features.0.options.scale"],
    ["a filter", { ...base, filters: [{ filter: "notch", version: 1, options: {} }] }, "filters.0"],
    ["no features", { version: 1, window }, "features"],
    ["no window", { version: 1, features: base.features! }, "window"],
  ])("found: %s", (_, got, field) => {
    expect(recipeDifference(got, base)).toMatchObject({ field });
  });

  it("found: a filter that is missing, or another", () => {
    const filtered: Recipe = { ...base, filters: [{ filter: "notch", version: 1, options: { frequency: 50 } }] };
    const other = structuredClone(filtered);
    other.filters![0]!.options.frequency = 60;
    expect(recipeDifference(base, filtered)).toMatchObject({ field: "filters.0" });
    expect(recipeDifference(other, filtered)).toMatchObject({ field: "filters.0.options.frequency" });
    expect(recipeDifference(structuredClone(filtered), filtered)).toBeUndefined();
  });

  it("found: another network, another of its layers, or none", () => {
    const embedded: Recipe = { ...base, embedding };
    expect(recipeDifference(structuredClone(embedded), embedded)).toBeUndefined();
    expect(recipeDifference(base, embedded)).toMatchObject({ field: "embedding" });
    const other = (change: object) => recipeDifference({ ...base, embedding: { ...embedding, ...change } }, embedded);
    expect(other({ output: "pooled" })).toMatchObject({ field: "embedding.output" });
    expect(placeOf("embedding.output")).toContain("edge-infer");
    const found = other({ sha256: "cd" });
    expect(found).toEqual({ field: "embedding.sha256", got: "cd", expected: "ab" });
    expect(placeOf(found!.field)).toMatch(/roll it back, or learn again/);
  });

  it("says both sides", () => {
    expect(recipeDifference(withWindow({ size: 11 }), base)).toEqual({ field: "window.size", got: 11, expected: 10 });
  });

  it("what a model from elsewhere does not say is not compared", () => {
    expect(recipeDifference(base, { version: 1 })).toBeUndefined();
    expect(recipeDifference(withWindow({ size: 99 }), { version: 1, features: base.features! })).toBeUndefined();
  });

  it("fields named like an object's own parts are compared as fields", () => {
    const got = JSON.parse('{"version":1,"features":[{"block":"b","version":1,"options":{"__proto__":1}}]}');
    const expected = JSON.parse('{"version":1,"features":[{"block":"b","version":1,"options":{}}]}');
    expect(recipeDifference(got, expected)).toMatchObject({ field: "features.0.options.__proto__" });
  });
});

/** Every key that occurs in a value. */
function flat(value: unknown, keys: Record<string, true> = {}): Record<string, true> {
  if (typeof value === "object" && value !== null) {
    for (const [key, part] of Object.entries(value)) {
      keys[key] = true;
      flat(part, keys);
    }
  }
  return keys;
}
