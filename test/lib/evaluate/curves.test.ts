import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  areaUnderRoc,
  aucInterval,
  averagePrecision,
  ClassConfusion,
  precisionRecallCurve,
  RunningRegression,
  rank,
  rocAuc,
  rocCurve,
  wilson,
} from "../../../nodes/lib/evaluate/index.ts";
import { thinCurve } from "../../../nodes/lib/evaluate/thin-curve.ts";

interface Golden {
  curves: Record<
    string,
    {
      scores: number[];
      truth: number[];
      roc: [number, number, number][];
      precisionRecall: [number, number, number][];
      auc: number;
      averagePrecision: number;
    }
  >;
  classes: {
    truth: string[];
    predicted: string[];
    labels: string[];
    matrix: number[][];
    precision: (number | null)[];
    recall: number[];
    f1: number[];
    support: number[];
    accuracy: number;
    macroF1: number;
    balancedAccuracy: number;
  };
  regression: { predicted: number[]; truth: number[]; rmse: number; mae: number; r2: number; bias: number };
  wilson: [number, number, number, number][];
}
const golden: Golden = JSON.parse(readFileSync(join(__dirname, "../../golden/evaluate/curves.json"), "utf8"));

function near(found: readonly number[], wanted: readonly number[]): void {
  expect(found).toHaveLength(wanted.length);
  for (const [i, value] of wanted.entries()) expect(found[i]).toBeCloseTo(value, 12);
}

describe.each(Object.entries(golden.curves))("the curves of %s", (_, { scores, truth, ...wanted }) => {
  const ranking = rank(scores, truth);
  it("has scikit-learn's ROC points and area", () => {
    const [corner, ...points] = rocCurve(ranking);
    expect(corner).toEqual({ falsePositiveRate: 0, truePositiveRate: 0 });
    near(
      points.flatMap(({ threshold, falsePositiveRate, truePositiveRate }) => [
        threshold!,
        falsePositiveRate,
        truePositiveRate,
      ]),
      wanted.roc.flat(),
    );
    expect(areaUnderRoc(ranking)).toBeCloseTo(wanted.auc, 12);
    expect(areaUnderRoc(ranking)).toBeCloseTo(rocAuc(scores, truth), 12);
  });

  it("has scikit-learn's precision and recall", () => {
    const points = precisionRecallCurve(ranking);
    // scikit-learn leaves out what comes after every positive was found.
    const ours = points.slice(0, wanted.precisionRecall.length);
    near(
      ours.flatMap(({ threshold, recall, precision }) => [threshold, recall, precision]),
      wanted.precisionRecall.flat(),
    );
    expect(averagePrecision(ranking)).toBeCloseTo(wanted.averagePrecision, 12);
  });
});

describe("a ranking", () => {
  it("of one kind has no ROC curve, and of no positives no precision", () => {
    expect(rocCurve(rank([1, 2], [1, 1]))).toEqual([]);
    expect(areaUnderRoc(rank([1, 2], [1, 1]))).toBeNaN();
    expect(precisionRecallCurve(rank([1, 2], [0, 0]))).toEqual([]);
    expect(averagePrecision(rank([], []))).toBeNaN();
  });
  it.each([[Number.NaN], [Number.NEGATIVE_INFINITY]])("refuses a score of %d", (score) => {
    expect(() => rank([0, score], [0, 1])).toThrow("score 1");
  });
  it("refuses different lengths", () => expect(() => rank([1], [0, 1])).toThrow("length"));
});

describe("thinCurve", () => {
  const step = Array.from({ length: 5000 }, (_, i) => (i < 2500 ? [0, i / 2500] : [(i - 2500) / 2500, 1]));
  const thin = thinCurve(step, ([x, y]) => [x!, y!], 200);
  it("keeps at most so many points, the first and the last, in their order", () => {
    expect(thin.length).toBeLessThanOrEqual(200);
    expect(thin[0]).toBe(step[0]);
    expect(thin.at(-1)).toBe(step.at(-1));
    expect([...thin].sort((a, b) => step.indexOf(a) - step.indexOf(b))).toEqual(thin);
  });
  it("leaves no hole in a steep part", () => {
    for (let i = 1; i < thin.length; i++) {
      const far = Math.abs(thin[i]![0]! - thin[i - 1]![0]!) + Math.abs(thin[i]![1]! - thin[i - 1]![1]!);
      expect(far).toBeLessThan(0.03);
    }
  });
  it("leaves a short one alone", () => expect(thinCurve([1, 2], (x) => [x, x], 200)).toEqual([1, 2]));
});

describe("the confusion of classes", () => {
  const { truth, predicted, ...wanted } = golden.classes;
  const confusion = new ClassConfusion();
  for (const [i, label] of truth.entries()) confusion.add(predicted[i]!, label);
  const { report } = confusion;

  it("is scikit-learn's, with all that follows from it", () => {
    expect(report.labels).toEqual(wanted.labels);
    expect(report.matrix).toEqual(wanted.matrix);
    expect(report.classes.map(({ support }) => support)).toEqual(wanted.support);
    expect(report.classes.map(({ precision }) => precision?.value ?? null)).toEqual(
      wanted.precision.map((value) => (value === null ? null : expect.closeTo(value, 12))),
    );
    near(
      report.classes.map(({ recall }) => recall!.value),
      wanted.recall,
    );
    near(
      report.classes.map(({ f1 }) => f1),
      wanted.f1,
    );
    expect(report.accuracy?.value).toBeCloseTo(wanted.accuracy, 12);
    expect(report.macroF1).toBeCloseTo(wanted.macroF1, 12);
    expect(report.balancedAccuracy).toBeCloseTo(wanted.balancedAccuracy, 12);
  });

  it('takes "uncertain" for wrong, and for no class', () => {
    const unsure = new ClassConfusion();
    for (const [said, is] of [
      ["uncertain", "a"],
      ["a", "a"],
      ["b", "b"],
    ]) {
      unsure.add(said!, is!);
    }
    expect(unsure.report).toMatchObject({ labels: ["a", "b", "uncertain"], uncertain: 1 });
    expect(unsure.report.classes.map(({ label }) => label)).toEqual(["a", "b"]);
    expect(unsure.report.accuracy?.value).toBeCloseTo(2 / 3, 12);
    expect(unsure.report.balancedAccuracy).toBeCloseTo(0.75, 12);
  });

  it("is bounded in classes, and takes names of the prototype", () => {
    const few = new ClassConfusion(2);
    few.add("__proto__", "constructor");
    few.add("third", "constructor");
    expect(few.dropped).toBe(1);
    expect(few.report).toMatchObject({
      labels: ["constructor", "__proto__"],
      matrix: [
        [0, 1],
        [0, 0],
      ],
    });
  });

  it("of nothing has no numbers", () => {
    expect(new ClassConfusion().report).toEqual({ labels: [], matrix: [], classes: [], uncertain: 0 });
  });
});

describe("regression metrics", () => {
  const { predicted, truth, ...wanted } = golden.regression;
  it("are scikit-learn's", () => {
    const running = new RunningRegression();
    for (const [i, value] of predicted.entries()) running.add(value, truth[i]!);
    const { metrics } = running;
    for (const [name, value] of Object.entries(wanted)) {
      expect(metrics![name as keyof typeof wanted], name).toBeCloseTo(value, 10);
    }
  });
  it("have no R² while the truth never changes, and nothing of nothing", () => {
    const running = new RunningRegression();
    expect(running.metrics).toBeUndefined();
    running.add(2, 1);
    running.add(3, 1);
    expect(running.metrics).toEqual({ count: 2, rmse: Math.sqrt(2.5), mae: 1.5, bias: 1.5 });
  });
  it("never give what JSON does not know", () => {
    const running = new RunningRegression();
    running.add(1e308, -1e308);
    expect(running.metrics).toBeUndefined();
  });
});

describe("confidence intervals", () => {
  it.each(golden.wilson)("Wilson's of %d in %d is scipy's", (count, of, low, high) => {
    const rate = wilson(count, of)!;
    expect(rate.value).toBe(count / of);
    expect(rate.low).toBeCloseTo(low, 12);
    expect(rate.high).toBeCloseTo(high, 12);
  });
  it("of nothing is none", () => {
    expect(wilson(0, 0)).toBeUndefined();
    expect(aucInterval(0.5, 0, 3)).toBeUndefined();
  });
  it("Hanley and McNeil's holds the true area of two normal distributions about 95 times in 100", () => {
    // Φ(1/√2): the chance that a draw from N(1, 1) is above one from N(0, 1).
    const area = 0.7602499389;
    const draw = normal(5);
    let held = 0;
    for (let run = 0; run < 400; run++) {
      const truth = Array.from({ length: 120 }, (_, i) => i < 40);
      const scores = truth.map((positive) => draw() + (positive ? 1 : 0));
      const { low, high } = aucInterval(rocAuc(scores, truth), 40, 80)!;
      if (low <= area && area <= high) held++;
    }
    // Binomial: below 366 or above 394 once in a thousand times.
    expect(held).toBeGreaterThan(365);
    expect(held).toBeLessThan(395);
  });
});

/** Standard normal numbers from a seed (mulberry32, Box–Muller). */
function normal(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
