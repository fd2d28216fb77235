import { describe, expect, it } from "vitest";
import { resultView } from "../../nodes/edge-learn/dialog/result-view.ts";
import type { LearningReport } from "../../nodes/lib/learn/index.ts";
import { json } from "../support/sources.ts";

const catalog = json<Record<string, unknown>>("nodes/edge-learn/locales/en-US/catalog.json");

/** As the editor's own does: a key that is not there is the text. */
function text(key: string, values: Record<string, unknown> = {}): string {
  const found = key
    .split(".")
    .reduce<unknown>((part, name) => (part as Record<string, unknown>)?.[name], catalog["edge-learn"]);
  if (typeof found !== "string") return `edge-learn.${key}`;
  return found.replace(/__(\w+)__/g, (_, name: string) => String(values[name]));
}

const base: LearningReport = {
  model: { name: "m", version: "3", sha256: "" },
  task: "anomaly",
  method: "new-learner",
  options: {},
  created: "2026-11-28T04:15:00.000Z",
  frames: 2000,
  features: 12,
  streams: ["s"],
  start: 0,
  end: 1,
  holdOut: { share: 0.25, frames: 500, learned: 1490, start: 0, end: 1, metrics: {} },
  warnings: ["Too few frames."],
  text: "",
};

const facts = (report: Partial<LearningReport>) =>
  resultView({ ...base, ...report }, text).facts.map((fact) => fact.join(": "));

describe("what the last training found", () => {
  it("of what is normal: the threshold and what to expect of it", () => {
    const threshold: NonNullable<LearningReport["threshold"]> = {
      value: 12.34567,
      falseAlarmsPerDay: 1,
      framesPerDay: 1440,
      method: "tail",
      holdOut: { frames: 500, exceedances: 2 },
      expected: { low: 0.2, high: 3.4, confidence: 0.95, method: "profile", effectiveFrames: 100 },
    };
    expect(facts({ threshold })).toEqual([
      "Learned from: 2,000 frames of 12 features",
      "Tested on: 500 frames, by a model that learned from 1,490 others",
      "Threshold: 12.35, for 1 false alarm per day; 2 of the tested frames are above it",
      "To be expected: 0.2 to 3.4 false alarms per day (95 % confidence)",
    ]);
    const leak = { label: "leak", frames: 20, found: 18 };
    const found = { frames: 20, found: 18, auc: 0.98765, labels: [leak] };
    const known = (report: Partial<LearningReport>) => facts({ threshold, ...report })[4];
    expect(known({ abnormal: found })).toBe("Known faults: 18 of 20 frames are above the threshold; AUC 0.988");
    const two = { ...found, frames: 22, labels: [leak, { label: "stuck", frames: 2, found: 0 }] };
    expect(known({ abnormal: two })).toBe(
      "Known faults: 18 of 22 frames are above the threshold; AUC 0.988 (leak 18 of 20, stuck 0 of 2)",
    );
    const view = resultView({ ...base, threshold }, text);
    expect(view.title).toMatch(/^Version 3, learned 2026-11-2[78] \d\d:15: new-learner$/);
    expect(view.warnings).toEqual(["Too few frames."]);
    expect(view.tables).toEqual([]);
  });

  const classes: NonNullable<LearningReport["classes"]> = {
    confusion: [
      [48, 2],
      [0, 0],
    ],
    perClass: [
      { label: "__proto__", frames: 200, holdOut: 50, precision: 1, recall: 0.96, f1: 0.98, auc: 1 },
      { label: "idle", frames: 20, holdOut: 0, precision: 0, recall: null, f1: null, auc: null },
    ],
    baseline: { label: "__proto__", accuracy: 0.9 },
    calibration: {
      temperature: 1.2,
      on: "hold-out",
      errorBefore: 0.05,
      errorAfter: 0.021,
      logLossBefore: 1,
      logLossAfter: 1,
    },
  };

  it("of classes: the confusion matrix, with what is found and what is right", () => {
    const report = {
      ...base,
      task: "class" as const,
      classes,
      holdOut: { ...base.holdOut, metrics: { accuracy: 0.96, balancedAccuracy: 0.9567 } },
    };
    const [table] = resultView(report, text).tables;
    expect(table!.head).toEqual(["", "__proto__", "idle", "found", "right"]);
    expect(table!.rows).toEqual([
      { cells: ["__proto__", "48", "2", "96 %", "100 %"], marked: 1 },
      { cells: ["idle", "0", "0", "–", "0 %"], marked: 2 },
    ]);
    expect(facts(report)).toContain(
      'Right: 96 % of the frames, 95.7 % on average over the classes; always saying "__proto__": 90 %',
    );
  });

  it("of a trigger: how many examples are found, and what that costs", () => {
    const metrics = { accuracy: 0.96, balancedAccuracy: 0.9567, triggerRecall: 11 / 12, falseAlarmsPerHour: 0.5 };
    const report = { ...base, task: "class" as const, classes, holdOut: { ...base.holdOut, metrics } };
    expect(facts(report)).toContain(
      "Trigger: finds 91.7 % of the examples that it had not learned from; about 0.5 false alarms per hour without one",
    );
  });

  it("of many classes: no matrix, which would not fit", () => {
    const perClass = Array.from({ length: 60 }, (_, i) => ({ ...classes.perClass[0]!, label: `c${i}` }));
    const many = { ...classes, perClass, confusion: perClass.map(() => perClass.map(() => 1)) };
    const [table] = resultView({ ...base, task: "class", classes: many }, text).tables;
    expect(table!.head).toHaveLength(4);
    expect(table!.rows).toHaveLength(50);
    expect(table!.rows[0]!.cells).toHaveLength(4);
  });

  it("of values: how far off, beside what costs nothing", () => {
    const values: NonNullable<LearningReport["values"]> = {
      source: { from: "label" },
      rmse: 0.51,
      mae: 0.4,
      r2: 0.9,
      baselines: [
        { name: "mean", rmse: 2, mae: 1 },
        { name: "last value", rmse: 0.7, mae: 0.5 },
      ],
    };
    const interval = { low: -0.9, high: 1.1, confidence: 0.9 };
    expect(facts({ task: "value", values, interval }).slice(2)).toEqual([
      "Off by: 0.51 (root mean square), 0.4 (mean); always the mean: 2, the last value: 0.7",
      "True value: −0.9 to +1.1 from what it says, in 90 % of the cases",
    ]);
  });

  it("of auto: what was tried, and why this one", () => {
    const choice: NonNullable<LearningReport["choice"]> = {
      metric: "balancedAccuracy",
      higherIsBetter: true,
      on: "hold-out",
      why: "It is best.",
    };
    const one = {
      method: "a",
      title: "A",
      options: {},
      error: 0.012,
      seconds: 1.234,
      bytes: 20_480,
      microseconds: 12.3,
    };
    const candidates = [
      { ...one, chosen: true, metric: 0.9876 },
      { ...one, method: "pca", chosen: false, metric: 0.9, options: { variance: 0.95, components: 0 } },
      { ...one, method: "pca", chosen: false, metric: 0.8, options: { variance: 0.8, components: 0 } },
      { ...one, chosen: false, metric: null, error: null, bytes: null, microseconds: null, note: "there was no time" },
    ];
    const view = resultView({ ...base, choice, candidates }, text);
    expect(view.facts.at(-1)).toEqual(["Why this one", "It is best."]);
    expect(view.tables[0]).toMatchObject({
      head: ["", "balanced accuracy", "s to learn", "size", "µs a frame"],
      rows: [
        { cells: ["a", "0.988 ± 0.012", "1.2", "20 kB", "12"], marked: -1 },
        { cells: ["pca, variance: 0.95", "0.9 ± 0.012", "1.2", "20 kB", "12"] },
        { cells: ["pca, variance: 0.8", "0.8 ± 0.012", "1.2", "20 kB", "12"] },
        { cells: ["a (there was no time)", "–", "1.2", "–", "–"] },
      ],
    });
  });

  it("of a cross-validation, and of whole streams", () => {
    const crossValidation: NonNullable<LearningReport["crossValidation"]> = {
      by: "stream",
      metric: "rmse",
      values: [1, 2],
      mean: 1.5,
      std: 0.5,
    };
    const holdOut = { ...base.holdOut, by: "stream" as const, streams: ["anna", "ben"] };
    expect(facts({ crossValidation, holdOut })).toEqual(
      expect.arrayContaining([
        "Tested on: 500 frames, by a model that learned from 1,490 others (anna, ben)",
        "Cross-validation: error (RMS) 1.5 ± 0.5 over 2 folds",
      ]),
    );
  });
});
