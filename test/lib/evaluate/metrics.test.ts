import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  byDay,
  confusion,
  detection,
  isDetected,
  median,
  percentile,
  rates,
  rocAuc,
} from "../../../nodes/lib/evaluate/index.ts";

interface Golden {
  roc: Record<string, { scores: number[]; truth: number[]; auc: number }>;
  confusion: { truth: number[]; predicted: number[]; counts: number[]; precision: number; f1: number };
  percentile: { values: number[]; at: Record<string, number> };
}
const golden: Golden = JSON.parse(readFileSync(join(__dirname, "../../golden/evaluate/metrics.json"), "utf8"));

describe("rocAuc", () => {
  it.each(Object.entries(golden.roc))("is scikit-learn's: %s", (_, { scores, truth, auc }) => {
    expect(rocAuc(scores, truth)).toBeCloseTo(auc, 12);
    // Typed arrays and booleans are as good.
    expect(
      rocAuc(
        Float64Array.from(scores),
        truth.map((value) => value === 1),
      ),
    ).toBeCloseTo(auc, 12);
  });
  it("is unknown without both kinds", () => {
    expect(rocAuc([], [])).toBeNaN();
    expect(rocAuc([1, 2], [1, 1])).toBeNaN();
    expect(rocAuc([1, 2], [0, 0])).toBeNaN();
  });
  it.each([[Number.NaN], [Number.POSITIVE_INFINITY]])("refuses a score of %d", (score) => {
    expect(() => rocAuc([1, score], [0, 1])).toThrow("score 1");
  });
  it("refuses different lengths", () => expect(() => rocAuc([1], [0, 1])).toThrow("length"));
  it("takes a million scores", () => {
    const scores = Float64Array.from({ length: 1e6 }, (_, i) => (i * 7919) % 1000);
    expect(
      rocAuc(
        scores,
        Array.from(scores, (score) => score >= 500),
      ),
    ).toBe(1);
  });
});

describe("confusion", () => {
  const { truth, predicted, counts, precision, f1 } = golden.confusion;
  it("counts and rates as scikit-learn does", () => {
    const found = confusion(predicted, truth);
    expect(Object.values(found)).toEqual(counts);
    expect(rates(found).precision).toBeCloseTo(precision, 12);
    expect(rates(found).f1).toBeCloseTo(f1, 12);
    expect(rates(found).truePositiveRate).toBeCloseTo(counts[0]! / (counts[0]! + counts[3]!), 12);
    expect(rates(found).falsePositiveRate).toBeCloseTo(counts[1]! / (counts[1]! + counts[2]!), 12);
  });
  it("has no rates of nothing", () => {
    const none = rates(confusion([], []));
    expect(Object.values(none).every(Number.isNaN)).toBe(true);
  });
  it("refuses different lengths", () => expect(() => confusion([true], [])).toThrow("length"));
});

describe("percentile", () => {
  it.each(Object.entries(golden.percentile.at))("%s %% is numpy's", (at, value) => {
    expect(percentile(golden.percentile.values, Number(at))).toBeCloseTo(value, 12);
  });
  it("of nothing is NaN, of one value that value", () => {
    expect(median([])).toBeNaN();
    expect(percentile([3], 99)).toBe(3);
  });
  it.each([[-1], [101], [Number.NaN]])("refuses %d", (percent) => {
    expect(() => percentile([1], percent)).toThrow(RangeError);
  });
  it("leaves the values as they are", () => {
    const values = [3, 1, 2];
    expect(median(values)).toBe(2);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe("byDay", () => {
  const at = (day: number, hour: number) => Date.UTC(2024, 0, day, hour);
  const moments = [
    { time: at(2, 5), exceeds: true, faulty: true },
    { time: at(1, 23), exceeds: true, faulty: false },
    { time: at(1, 1), exceeds: false, faulty: false },
    { time: at(2, 4), exceeds: false, faulty: false },
  ];
  it("groups moments by date, in the order of time, whatever theirs was", () => {
    expect(byDay(moments)).toEqual([
      { date: "2024-01-01", start: at(1, 1), end: at(1, 23), moments: 2, exceeding: 1, faulty: false },
      { date: "2024-01-02", start: at(2, 4), end: at(2, 5), moments: 2, exceeding: 1, faulty: true },
    ]);
    expect(byDay(moments, 3_600_000).map(({ date, moments }) => [date, moments])).toEqual([
      ["2024-01-01", 1],
      ["2024-01-02", 3],
    ]);
    expect(byDay([])).toEqual([]);
  });
  it("detects a day only above the share", () => {
    const [day] = byDay(moments);
    expect(isDetected(day!, 0.5)).toBe(false);
    expect(isDetected(day!, 0.49)).toBe(true);
  });
});

describe("detection", () => {
  const day = { start: 100, end: 200 };
  const raised = (delay: number) => ({ kind: "raised", delay });
  it.each([
    ["no alert", [], undefined],
    ["raised in it", [{ raised: 130, cleared: 150 }], raised(30)],
    ["the first of two", [{ raised: 160 }, { raised: 130, cleared: 150 }], raised(30)],
    ["raised at its first moment", [{ raised: 100 }], raised(0)],
    ["raised at its last moment", [{ raised: 200 }], raised(100)],
    ["raised after it", [{ raised: 201 }], undefined],
    ["from before, still standing", [{ raised: 50 }], { kind: "stood" }],
    ["from before, standing beyond it", [{ raised: 50, cleared: 201 }], { kind: "stood" }],
    ["from before, cleared in it", [{ raised: 50, cleared: 120 }], undefined],
    ["from before, cleared in it, then another", [{ raised: 50, cleared: 120 }, { raised: 140 }], raised(40)],
    ["cleared before it", [{ raised: 50, cleared: 60 }], undefined],
  ])("%s", (_, alerts, found) => expect(detection(day, alerts)).toEqual(found));
});
