import { describe, expect, it } from "vitest";
import { classMetrics, recallParts } from "../../../../nodes/lib/learn/validate/class-metrics.ts";
import {
  calibrateProbabilities,
  calibrationError,
  fitTemperature,
  type Predictions,
  withTemperature,
} from "../../../../nodes/lib/learn/validate/temperature.ts";
import { gaussian, golden } from "../support.ts";

interface Case {
  name: string;
  count: number;
  probabilities: number[];
  truth: number[];
  confusion: number[][];
  precision: number[];
  recall: number[];
  f1: number[];
  accuracy: number;
  balancedAccuracy: number;
  macroF1: number;
  logLoss: number;
  auc: number[];
  calibrationError: number;
  temperature: number;
}
const { classes } = golden<{ classes: Case[] }>("validate");

describe("classMetrics", () => {
  it.each(classes)("gives scikit-learn's numbers: $name", (expected) => {
    const found = classMetrics(expected.probabilities, expected.truth, expected.count);
    expect(found.confusion).toEqual(expected.confusion);
    for (const what of ["precision", "recall", "f1", "auc"] as const) {
      found.perClass.forEach((each, c) => {
        expect(each[what], `${what} of ${c}`).toBeCloseTo(expected[what][c]!, 10);
      });
    }
    for (const what of ["accuracy", "balancedAccuracy", "macroF1", "logLoss"] as const) {
      expect(found[what], what).toBeCloseTo(expected[what], 6);
    }
  });

  it.each(classes)(
    "takes the balanced accuracy apart by rows: $name",
    ({ probabilities, truth, count, balancedAccuracy }) => {
      const parts = recallParts(probabilities, truth, count);
      expect(parts).toHaveLength(truth.length);
      expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(balancedAccuracy, 10);
    },
  );

  it("has nothing to say of a class that there are no frames of, and counts it in no mean", () => {
    const { perClass, balancedAccuracy, macroF1 } = classMetrics([0.9, 0.1, 0, 0.2, 0.8, 0], [0, 1], 3);
    expect(perClass[2]).toEqual({ precision: null, recall: null, f1: null, auc: null });
    expect([balancedAccuracy, macroF1]).toEqual([1, 1]);
  });

  it("stays finite where the truth has the probability 0", () => {
    expect(classMetrics([1, 0], [1], 2).logLoss).toBeCloseTo(-Math.log(1e-15), 6);
  });

  it("knows how sure the balanced accuracy is", () => {
    const truth = Array.from({ length: 400 }, (_, i) => i % 2);
    const probabilities = truth.flatMap((c, i) => (i % 10 < 8 === (c === 0) ? [0.9, 0.1] : [0.1, 0.9]));
    const { balancedError } = classMetrics(probabilities, truth, 2);
    // Two recalls over 200 frames each: of a half, the error is √(.25 / 200) / √2.
    expect(balancedError).toBeGreaterThan(0.015);
    expect(balancedError).toBeLessThan(0.026);
  });
});

describe("temperature scaling", () => {
  const predictions = ({ probabilities, truth, count }: Case): Predictions => ({
    probabilities: Float32Array.from(probabilities),
    truth: Int32Array.from(truth),
    count,
  });

  it.each(classes)("finds the temperature that scipy's optimiser finds: $name", (each) => {
    expect(fitTemperature(predictions(each)) / each.temperature).toBeCloseTo(1, 3);
    expect(calibrationError(each.probabilities, predictions(each))).toBeCloseTo(each.calibrationError, 8);
  });

  it("makes what is too sure less sure, on frames that it was not fitted on", () => {
    const sure = predictions(classes[0]!);
    const found = calibrateProbabilities(sure);
    expect(found.on).toBe("hold-out");
    expect(found.temperature).toBeGreaterThan(2);
    expect(found.errorAfter).toBeLessThan(found.errorBefore / 1.5);
    expect(found.logLossAfter).toBeLessThan(found.logLossBefore);
  });

  it("never makes it worse: 300 models, sure and unsure, with few frames and many", () => {
    const normal = gaussian(5);
    let changed = 0;
    for (let i = 0; i < 300; i++) {
      const count = 2 + (i % 3);
      const rows = [5, 24, 60, 300][i % 4]!;
      const sureness = [0.3, 0.8, 1, 1.2, 4][i % 5]!;
      const probabilities = new Float32Array(rows * count);
      const truth = new Int32Array(rows);
      for (let row = 0; row < rows; row++) {
        const z = Array.from({ length: count }, normal);
        // A class drawn from softmax(z): Gumbel's trick.
        const gumbel = z.map((each) => each - Math.log(-Math.log(0.5 + Math.atan(normal()) / Math.PI)));
        truth[row] = gumbel.indexOf(Math.max(...gumbel));
        const e = z.map((each) => Math.exp(sureness * each));
        const sum = e.reduce((a, b) => a + b, 0);
        probabilities.set(
          e.map((each) => each / sum),
          row * count,
        );
      }
      const found = calibrateProbabilities({ probabilities, truth, count });
      expect(found.logLossAfter).toBeLessThanOrEqual(found.logLossBefore);
      expect(found.errorAfter).toBeLessThanOrEqual(found.errorBefore);
      if (found.temperature !== 1) changed++;
      if (rows < 20) expect(found.temperature).toBe(1);
    }
    expect(changed).toBeGreaterThan(60);
  });

  it("is judged on the hold-out when it was fitted on a cross-validation", () => {
    const [judged, other] = [predictions(classes[0]!), predictions(classes[0]!)];
    const found = calibrateProbabilities(judged, other);
    expect(found.on).toBe("cross-validation");
    const scaled = withTemperature(judged, found.temperature);
    expect(found.errorAfter).toBeCloseTo(calibrationError(scaled, judged), 12);
  });

  it.each([
    ["certain and right", [1, 0, 0, 1], [0, 1]],
    ["certain and wrong", [1, 0, 0, 1], [1, 0]],
    ["knowing nothing", [0.5, 0.5, 0.5, 0.5], [0, 1]],
  ])("stays finite with probabilities that are %s", (_, pair, truth) => {
    const many = <T>(list: T[]) => Array.from({ length: 20 }, () => list).flat();
    const given = { probabilities: Float32Array.from(many(pair)), truth: Int32Array.from(many(truth)), count: 2 };
    const found = calibrateProbabilities(given);
    expect(Object.values(found).every((value) => typeof value === "string" || Number.isFinite(value))).toBe(true);
  });
});
