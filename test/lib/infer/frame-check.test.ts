import { describe, expect, it } from "vitest";
import type { FrameInfo } from "../../../nodes/lib/frame/index.ts";
import { badQuality, FrameCheck } from "../../../nodes/lib/infer/frame-check.ts";
import { type InputOrder, inputDims, isTurned, type Shape } from "../../../nodes/lib/infer/input-shape.ts";
import type { Recipe } from "../../../nodes/lib/recipe/index.ts";
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

describe("FrameCheck for windows with a rate, filters and events", () => {
  const window = {
    ...RECIPE.window,
    rate: 100,
    trigger: { when: "above" as const, channel: "a", value: 5, high: 0, preRoll: 1 },
  };
  const filters = [
    { filter: "detrend", version: 1, options: {} },
    { filter: "low-pass", version: 1, options: { cutoff: 10, order: 4 } },
  ];
  const recipe: Recipe = { ...RECIPE, window, filters };
  const own = (made: Recipe = recipe) =>
    new FrameCheck("wand", manifest("1", { input: { ...manifest().input, recipe: made } }), [null, 4]);
  const infoOf = (made: Recipe) => featureInfo({ recipe: structuredClone(made) });
  const without = (field: "rate" | "trigger"): Recipe => {
    const { [field]: _, ...rest } = window;
    return { ...recipe, window: rest };
  };

  it("passes what is the same", () => {
    const check = own();
    for (let i = 0; i < 2; i++) check.check({ data, info: infoOf(recipe) });
  });

  it("does not ask for a rate that an older model does not know", () => {
    const check = own(without("rate"));
    for (let i = 0; i < 2; i++) check.check({ data, info: infoOf(recipe) });
    check.check({ data, info: infoOf(without("rate")) });
  });

  const { channel: _, ...noChannel } = window.trigger;
  it.each<[string, Recipe, string, RegExp]>([
    [
      "another rate",
      { ...recipe, window: { ...window, rate: 50 } },
      "window.rate",
      /rate is 50, but the model needs 100; see the rate of the sensor, or the rate to resample to in edge-window/,
    ],
    ["an unknown rate", without("rate"), "window.rate", /rate is missing, but the model needs 100/],
    [
      "another length",
      { ...recipe, window: { ...window, size: 8 } },
      "window.size",
      /size is 8, but the model needs 4; see the length of the window in edge-window/,
    ],
    [
      "milliseconds instead of samples",
      { ...recipe, window: { ...window, by: "time" } },
      "window.by",
      /the length of the window/,
    ],
    [
      "another order of channels",
      { ...recipe, window: { ...window, channels: ["b", "a"] } },
      "window.channels.0",
      /the text "b", but the model needs the text "a"; see the channels and their order/,
    ],
    [
      "resampled",
      { ...recipe, window: { ...window, resample: { limit: 100 } } },
      "window.resample",
      /but the model needs missing; see the rate to resample to/,
    ],
    ["no event", without("trigger"), "window.trigger", /the events that start a window in edge-window/],
    [
      "another event",
      { ...recipe, window: { ...window, trigger: { ...window.trigger, value: 6 } } },
      "window.trigger.value",
      /value is 6, but the model needs 5/,
    ],
    [
      "another pre-roll",
      { ...recipe, window: { ...window, trigger: { ...window.trigger, preRoll: 0 } } },
      "window.trigger.preRoll",
      /the events/,
    ],
    [
      "half an event",
      { ...recipe, window: { ...window, trigger: noChannel as typeof window.trigger } },
      "window.trigger.channel",
      /the events/,
    ],
    ["no filters", { ...RECIPE, window }, "filters.0", /the filters and their order in edge-features/],
    ["one filter less", { ...recipe, filters: filters.slice(0, 1) }, "filters.1", /the filters/],
    ["filters in another order", { ...recipe, filters: [...filters].reverse() }, "filters.0.filter", /the filters/],
    [
      "another cutoff",
      { ...recipe, filters: [filters[0]!, { ...filters[1]!, options: { cutoff: 20, order: 4 } }] },
      "filters.1.options.cutoff",
      /cutoff is 20, but the model needs 10/,
    ],
    [
      "another version of a filter",
      { ...recipe, filters: [{ ...filters[0]!, version: 2 }, filters[1]!] },
      "filters.0.version",
      /the filters/,
    ],
    [
      "another option of a block",
      { ...recipe, features: [{ ...RECIPE.features[0]!, options: { ...RECIPE.features[0]!.options, scale: 2 } }] },
      "features.0.options.scale",
      /the options of the block in edge-features/,
    ],
    [
      "another version of a block",
      { ...recipe, features: [{ ...RECIPE.features[0]!, version: 2 }] },
      "features.0.version",
      /learn again/,
    ],
  ])("refuses %s, and says where it is set", (_, got, field, message) => {
    const check = own();
    for (let i = 0; i < 2; i++) {
      expect(() => check.check({ data, info: infoOf(got) })).toThrow(
        expect.objectContaining({
          code: "EDGE_ML_RECIPE_MISMATCH",
          message: expect.stringMatching(message),
          details: expect.objectContaining({ field }),
        }),
      );
      check.check({ data, info: infoOf(recipe) });
    }
  });

  it("refuses filters for a model that learned without", () => {
    expect(() => own({ ...RECIPE, window }).check({ data, info: infoOf(recipe) })).toThrow(/filters\.0 is an object/);
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
    ["channels first", [null, 2, 3], 4, 6, [3, 2], [4, 2, 3]],
    ["channels first, with a batch of one", [1, 2, 3], 1, 6, [3, 2], [1, 2, 3]],
    ["channels first, of any length", [null, 2, null], 4, 6, [3, 2], [4, 2, 3]],
    ["channels first, as the node says", [null, null, null], 1, 6, [3, 2], [1, 2, 3], "columns"],
    ["ones anywhere", [null, 1, 3, 1, 2], 1, 6, [3, 2], [1, 1, 3, 1, 2]],
    ["ones around what is open", [null, 1, null, null], 1, 6, [3, 2], [1, 1, 3, 2]],
    ["a flat input", [null, 6], 1, 6, [3, 2], [1, 6]],
    ["rows and columns of another size", [null, 6, 2], 1, 12, [3, 4], undefined],
    ["one column", [null, 1, 6], 1, 6, [6, 1], [1, 1, 6]],
  ] as const)("fits %s", (_, shape, count, length, frameShape, dims, order?: InputOrder) => {
    expect(inputDims(shape, count, length, frameShape, order)).toEqual(dims);
  });
});

describe("isTurned", () => {
  it.each<[string, Shape, number[], InputOrder | undefined, boolean]>([
    ["rows first", [null, 3, 2], [3, 2], undefined, false],
    ["columns first", [null, 2, 3], [3, 2], undefined, true],
    ["columns first, whatever the node says", [null, 2, 3], [3, 2], "rows", true],
    ["rows first, whatever the node says", [null, 3, 2], [3, 2], "columns", false],
    ["columns first behind ones", [null, 1, 2, 3], [3, 2], undefined, true],
    ["a square", [null, 3, 3], [3, 3], undefined, false],
    ["a square, columns first", [null, 3, 3], [3, 3], "columns", true],
    ["a square without a batch, columns first", [3, 3], [3, 3], "columns", true],
    ["an open shape", [null, null, null], [3, 2], undefined, false],
    ["an open shape, columns first", [null, null, null], [3, 2], "columns", true],
    ["a flat input", [null, 6], [3, 2], "columns", false],
    ["features", [null, 6], [6], "columns", false],
    ["one column, which is the same either way", [null, null, null], [6, 1], "columns", false],
  ])("%s", (_, shape, frameShape, order, turned) => {
    expect(isTurned(shape, frameShape, order)).toBe(turned);
  });
});
