import { describe, expect, it } from "vitest";
import { defaults, migrated, optionsOf } from "../../nodes/edge-learn/config.ts";
import { learningSettings, readSettings } from "../../nodes/edge-learn/learning-settings.ts";

const madeBy = { name: "test", version: "1" };
const read = (raw: object) => learningSettings(readSettings(raw), "m", madeBy);

/** As version 0.4 wrote it. */
const old = {
  method: "pca",
  variance: "90",
  clusters: 16,
  amount: "frames",
  frames: "500",
  duration: 1,
  durationUnit: "d",
  holdOut: 25,
  falseAlarms: 0.1,
  labels: "normal, 0",
  unlabelled: true,
  start: "once",
  after: "stop",
};

describe("settings of an older flow", () => {
  it.each<[string, object, object]>([
    ["PCA", old, { variance: 0.9 }],
    ["PCA as it came", { ...old, variance: 95 }, { variance: 0.95 }],
    ["k-means", { ...old, method: "kmeans", clusters: "8" }, { clusters: "8" }],
    ["k-means without a number", { ...old, method: "kmeans", clusters: "" }, {}],
    ["nothing but the method", { method: "kmeans" }, {}],
    ["nothing at all", {}, {}],
  ])("become the learner's options: %s", (_, raw, options) => {
    const { options: got, task } = read(raw);
    expect(got).toEqual(options);
    expect(task).toBe("anomaly");
  });

  it("give way to options that were set since", () => {
    expect(optionsOf({ ...old, options: { variance: 0.8, components: 2 } })).toEqual({ variance: 0.8, components: 2 });
    expect(migrated({ ...old, options: { variance: 0.8 } })).not.toHaveProperty("variance");
  });

  it.each([
    ["more than there is", { variance: 101 }, "variance"],
    ["text", { variance: "much" }, "variance"],
    ["too many clusters", { method: "kmeans", clusters: 1000 }, "clusters"],
  ])("are refused when they are wrong: %s", (_, change, field) => {
    expect(() => readSettings({ ...old, ...change })).toThrowError(
      expect.objectContaining({ code: "EDGE_ML_SETTING", details: expect.objectContaining({ field }) }),
    );
  });

  it("mean what they meant", () => {
    expect(read(old)).toMatchObject({
      method: "pca",
      amount: { frames: 500 },
      holdOut: 0.25,
      holdOutBy: "time",
      folds: 0,
      falseAlarmsPerDay: 0.1,
      normal: { labels: ["normal", "0"], unlabelled: true },
      start: "once",
    });
    expect(read(old).again).toBeUndefined();
    expect(read({ ...old, after: "again" }).again).toEqual({ by: "frames" });
  });
});

it.each<[string, object, object]>([
  ["a time", { amount: "duration", duration: 2, durationUnit: "h" }, { amount: { duration: 7_200_000 } }],
  [
    "each class",
    { task: "class", method: "auto", amount: "each", each: 12, classes: "a, b,," },
    { amount: { each: 12 }, classes: ["a", "b"] },
  ],
  ["told", { amount: "told" }, { amount: { told: true } }],
  ["every two days", { after: "every", every: 2, everyUnit: "d" }, { again: { by: "time", every: 172_800_000 } }],
  ["a value", { task: "value", method: "auto" }, { value: { from: "label" } }],
  [
    "a forecast",
    { task: "value", method: "auto", valueFrom: "feature", feature: " a ", ahead: "3" },
    { value: { from: "feature", feature: "a", ahead: 3 } },
  ],
  ["limits", { limitTime: 0.5, limitMemory: "512" }, { limits: { seconds: 30, megabytes: 512 } }],
  ["auto, which has no options", { method: "auto", options: { variance: 0.5 } }, { method: "auto", options: {} }],
  ["one fold, which is none", { folds: 1 }, { folds: 0 }],
])("settings become what the library needs: %s", (_, raw, expected) => {
  expect(read(raw)).toMatchObject(expected);
});

it("defaults are valid", () => {
  expect(readSettings({})).toEqual({ ...defaults });
});
