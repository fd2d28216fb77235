import { describe, expect, it } from "vitest";
import type { LearningSettings } from "../../../../nodes/lib/learn/index.ts";
import { keepOf, sameSettings, settingsKey } from "../../../../nodes/lib/learn/learning/learning-settings.ts";

const settings: LearningSettings = {
  model: "m",
  task: "anomaly",
  method: "pca",
  options: { variance: 0.95 },
  amount: { frames: 2000 },
  holdOut: 0.25,
  holdOutBy: "time",
  folds: 0,
  falseAlarmsPerDay: 1,
  limits: { seconds: 3600, megabytes: 1024 },
  normal: { labels: ["normal", "0"], unlabelled: true },
  classes: [],
  start: "once",
  again: undefined,
  madeBy: { name: "test", version: "1" },
};

/** As version 0.4 wrote it. */
const OLD = JSON.stringify(["m", "pca", { variance: 0.95 }, { frames: 2000 }, 0.25, 1, '[["0","normal"],true]']);

describe("what a node learned with", () => {
  it.each([
    ["as an older version wrote it", {}],
    ["with what is the default anyway", { options: { variance: 0.95, components: 0 } }],
    ["with no option at all", { options: {} }],
    ["with other limits of the training", { limits: { seconds: 60, megabytes: 200 } }],
    ["again and again", { again: { by: "time", every: 1000 } as const }],
  ])("is the same %s", (_, change) => {
    expect(sameSettings(OLD, { ...settings, ...change })).toBe(true);
  });

  it.each([
    ["another method", { method: "kmeans", options: {} }],
    ["auto", { method: "auto", options: {} }],
    ["another option", { options: { variance: 0.9 } }],
    ["more frames", { amount: { frames: 3000 } }],
    ["another hold-out", { holdOutBy: "stream" as const }],
    ["a cross-validation", { folds: 5 }],
    ["other false alarms", { falseAlarmsPerDay: 0.1 }],
    ["another idea of normal", { normal: { labels: [], unlabelled: true } }],
    ["another task", { task: "class" as const, method: "auto", options: {} }],
    ["another model", { model: "other" }],
  ])("is another with %s", (_, change) => {
    expect(sameSettings(OLD, { ...settings, ...change })).toBe(false);
  });

  it.each(["", "{", "null", "[]", '["m"]'])("is another when the state holds %j", (saved) => {
    expect(sameSettings(saved, settings)).toBe(false);
  });

  it("of classes has nothing to do with false alarms", () => {
    const classes: LearningSettings = { ...settings, task: "class", method: "auto", options: {} };
    expect(settingsKey({ ...classes, falseAlarmsPerDay: 5 })).toBe(settingsKey(classes));
  });
});

it.each<[string, Partial<LearningSettings>, object]>([
  ["what is normal", {}, {}],
  ["what is normal, again", { again: { by: "frames" } }, { latest: 2000 }],
  ["a time, again", { again: { by: "frames" }, amount: { duration: 1 } }, { latest: 20_000 }],
  ["classes", { task: "class" }, { balanced: true }],
  [
    "so many of each class, again",
    { task: "class", amount: { each: 40 }, again: { by: "time", every: 1 } },
    { latest: 20_000, balanced: true, each: 40 },
  ],
  ["a value", { task: "value", value: { from: "label" } }, {}],
  [
    "a value that comes later",
    { task: "value", value: { from: "feature", feature: "a", ahead: 1 } },
    { consecutive: true },
  ],
])("keeps the frames that it needs for %s", (_, change, expected) => {
  expect(keepOf({ ...settings, ...change })).toEqual(expected);
});
