import { describe, expect, it } from "vitest";
import type { FrameInfo } from "../../../nodes/lib/frame/index.ts";
import { badQuality, FrameCheck } from "../../../nodes/lib/infer/frame-check.ts";
import { inputDims } from "../../../nodes/lib/infer/input-shape.ts";
import { CHANNELS, featureInfo, manifest, NAMES, RECIPE } from "../../support/infer-models.ts";

const data = new Float32Array(4);
const check = () => new FrameCheck("ahu", manifest(), [null, 4]);

function deepFreeze(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  Object.values(value).forEach(deepFreeze);
  Object.freeze(value);
}

describe("FrameCheck", () => {
  it("passes what the model was made for, again and again, whatever the hop", () => {
    const own = check();
    for (let i = 0; i < 3; i++) own.check({ data, info: featureInfo() });
    const info = featureInfo();
    own.check({ data, info });
    info.recipe.window!.hop = 1;
    own.check({ data, info });
  });

  it("knows a frozen recipe again, but none that may still change", () => {
    const windowOf = (info: FrameInfo) => info.recipe.window as object;
    const own = check();
    const frozen = featureInfo();
    deepFreeze(frozen.recipe.window);
    deepFreeze(frozen.recipe.features);
    own.check({ data, info: frozen });
    own.check({ data, info: frozen });
    // The same parts in a frame that lost one of them.
    expect(() =>
      own.check({ data, info: { ...frozen, recipe: { version: 1, window: frozen.recipe.window! } } }),
    ).toThrow("features");

    let size = (windowOf(frozen) as { size: number }).size;
    const getter = Object.defineProperty({ ...windowOf(frozen) }, "size", { get: () => size, enumerable: true });
    const proxy = new Proxy(
      { ...windowOf(frozen) },
      { get: (target, key) => (key === "size" ? size : Reflect.get(target, key)) },
    );
    const shallow = structuredClone(windowOf(frozen)) as { gap: { limit: number } };
    const before = size;
    const { limit } = shallow.gap;
    for (const window of [Object.freeze(getter), Object.freeze(shallow), proxy]) {
      size = before;
      shallow.gap.limit = limit;
      const info = { ...frozen, recipe: { ...frozen.recipe, window } } as FrameInfo;
      expect(() => own.check({ data, info })).not.toThrow();
      size = before + 1;
      shallow.gap.limit = 99;
      expect(() => own.check({ data, info })).toThrow();
    }
  });

  const wrong: [string, (info: FrameInfo) => unknown, string][] = [
    ["another window", (info) => Object.assign(info.recipe.window!, { size: 5 }), "window.size"],
    ["no window", (info) => delete info.recipe.window, "window"],
    ["other channels", (info) => info.recipe.window!.channels.reverse(), "window.channels.0"],
    ["one channel more", (info) => info.recipe.window!.channels.push("c"), "window.channels.2"],
    ["another gap policy", (info) => Object.assign(info.recipe.window!.gap, { limit: 1 }), "window.gap.limit"],
    ["a gate", (info) => (info.recipe.window!.gate = { channel: "a", is: ">", value: 0, settle: 0 }), "window.gate"],
    ["a filter", (info) => (info.recipe.filters = [{ filter: "notch", version: 1, options: {} }]), "filters.0"],
    ["no features", (info) => delete info.recipe.features, "features"],
    ["another block", (info) => Object.assign(info.recipe.features![0]!, { block: "raw" }), "features.0.block"],
    [
      "another version of a block",
      (info) => Object.assign(info.recipe.features![0]!, { version: 2 }),
      "features.0.version",
    ],
    [
      "other options",
      (info) => Object.assign(info.recipe.features![0]!.options, { scale: 2 }),
      "features.0.options.scale",
    ],
    [
      "one option more",
      (info) => Object.assign(info.recipe.features![0]!.options, { __proto: 2 }),
      "features.0.options.__proto",
    ],
    ["one block more", (info) => info.recipe.features!.push(RECIPE.features[0]!), "features.1"],
    ["other names", (info) => info.names.splice(2, 1, "x"), "msg.frame.names.2"],
    ["names in another order", (info) => info.names.reverse(), "msg.frame.names.0"],
    ["too few names", (info) => info.names.pop(), "msg.frame.names"],
  ];
  it.each(wrong)("refuses %s and names the field, at once and after good frames", (_, change, field) => {
    const own = check();
    const refuses = (info: FrameInfo) => {
      expect(() => own.check({ data, info })).toThrow(
        expect.objectContaining({
          code: "EDGE_ML_RECIPE_MISMATCH",
          details: expect.objectContaining({ field, name: "ahu" }),
        }),
      );
    };
    const changed = featureInfo();
    change(changed);
    refuses(changed);
    // The very object that passed before is changed: nothing is taken on trust.
    const same = featureInfo();
    own.check({ data, info: same });
    own.check({ data, info: same });
    change(same);
    refuses(same);
    own.check({ data, info: featureInfo() });
  });

  it("says in words what came and what is needed", () => {
    const info = featureInfo();
    info.recipe.window!.size = 60;
    expect(() => check().check({ data, info })).toThrow(/window\.size is 60, but the model needs 4/);
  });

  it("refuses another number of values", () => {
    const foreign = new FrameCheck("elsewhere", undefined, [null, 4]);
    foreign.check({ data, info: featureInfo({ names: ["w", "x", "y", "z"] }) });
    expect(() => foreign.check({ data: new Float32Array(5), info: featureInfo({ shape: [5] }) })).toThrow(
      expect.objectContaining({
        details: expect.objectContaining({ field: "msg.frame.shape", got: "5", expected: "any × 4" }),
      }),
    );
  });

  it("compares the channels of windows", () => {
    const recipe = { version: 1 as const, window: RECIPE.window };
    const own = manifest("1", {
      input: {
        name: "x",
        shape: [null, 4],
        names: ["a [0]", "b [0]", "a [1]", "b [1]"],
        channels: ["a", "b", "a", "b"],
        recipe,
      },
    });
    const windows = new FrameCheck("ahu", own, [null, 4]);
    const info = (names: string[]) => featureInfo({ kind: "window", shape: [2, 2], names, recipe });
    windows.check({ data, info: info(["a", "b"]) });
    expect(() => windows.check({ data, info: info(["b", "a"]) })).toThrow(/msg\.frame\.names\.0/);
    expect(() => windows.check({ data: new Float32Array(6), info: info(["a", "b"]) })).toThrow(/6 numbers/);
    expect(CHANNELS).toHaveLength(NAMES.length);
  });
});

describe("FrameCheck for other frames", () => {
  const recipe = { version: 1 as const, window: RECIPE.window };
  const input = { name: "x", shape: [null, 4], names: ["a [0]", "b [0]", "a [1]", "b [1]"], recipe };

  it("compares the columns of a matrix", () => {
    const own = manifest("1", { input: { ...input, channels: [null, null, null, null], recipe: RECIPE } });
    const matrices = new FrameCheck("ahu", own, [null, 4]);
    const info = (names: string[], shape: number[]) => featureInfo({ shape, names });
    for (let i = 0; i < 2; i++) matrices.check({ data, info: info(["a", "b"], [2, 2]) });
    expect(() => matrices.check({ data, info: info(["b", "a"], [2, 2]) })).toThrow(/msg\.frame\.names\.0/);
    expect(() => matrices.check({ data: new Float32Array(2), info: info(["a", "b"], [1, 2]) })).toThrow(/1 × 2/);
    expect(() => matrices.check({ data, info: info(["a"], [4, 1]) })).toThrow(/msg\.frame\.names\.0/);
  });

  it("refuses features for a model that learned from windows, even if they are called the same", () => {
    const windows = new FrameCheck("ahu", manifest("1", { input: { ...input, channels: ["a", "b", "a", "b"] } }), [
      null,
      4,
    ]);
    const features = [{ block: "raw", version: 1, options: { scale: 2 } }];
    const info = featureInfo({ names: input.names, recipe: { ...recipe, features } });
    expect(() => windows.check({ data, info })).toThrow(/features is an array of 1.*without feature blocks/);
  });
});

describe("badQuality", () => {
  it("is what the frame says", () => {
    expect(badQuality({ data, info: featureInfo() })).toBeUndefined();
    const quality = { ok: false, reasons: ["gap"], missing: 1, filled: 0 };
    expect(badQuality({ data, info: featureInfo({ quality }) })).toBe(quality);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "finds %s, whatever the frame says",
    (value) => {
      expect(badQuality({ data: Float32Array.of(1, 2, value, 4), info: featureInfo() })).toEqual({
        ok: false,
        reasons: ["not-a-number: b mean"],
        missing: 1,
        filled: 0,
      });
    },
  );

  it("names no more reasons than a message should hold", () => {
    const names = Array.from({ length: 5000 }, (_, i) => `f${i}`);
    const info = featureInfo({ names, shape: [5000] });
    const quality = badQuality({ data: new Float32Array(5000).fill(Number.NaN), info })!;
    expect(quality.missing).toBe(5000);
    expect(quality.reasons.length).toBeLessThanOrEqual(16);
  });

  it("takes the largest float32", () => {
    expect(badQuality({ data: Float32Array.of(3.4e38, -3.4e38, 1e-45, -0), info: featureInfo() })).toBeUndefined();
  });
});

describe("inputDims", () => {
  it.each([
    ["features", [null, 4], 3, 4, undefined, [3, 4]],
    ["a fixed batch", [1, 4], 1, 4, undefined, [1, 4]],
    ["a fixed batch and more rows", [1, 4], 2, 4, undefined, undefined],
    ["an image", [null, 1, 2, 3], 2, 6, [2, 3], [2, 1, 2, 3]],
    ["one frame without a batch", [2, 3], 1, 6, [2, 3], [2, 3]],
    ["a list", [null], 1, 6, [6], [6]],
    ["an open length", [null, null, 3], 1, 6, [2, 3], [1, 2, 3]],
    ["an open length that is not whole", [null, null, 4], 1, 6, [2, 3], undefined],
    ["two open lengths", [null, null, null], 1, 6, [2, 3], [1, 2, 3]],
    ["two open lengths and no shape", [null, null, null], 1, 6, undefined, undefined],
    ["too few numbers", [null, 4], 1, 3, undefined, undefined],
    ["no dimension", [], 1, 1, undefined, []],
  ] as const)("fits %s", (_, shape, count, length, frameShape, dims) => {
    expect(inputDims(shape, count, length, frameShape)).toEqual(dims);
  });
});
