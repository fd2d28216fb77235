import { describe, expect, it } from "vitest";
import { quantile, sorted } from "../../../../nodes/lib/learn/math/quantile.ts";
import { seeded } from "../../../../nodes/lib/learn/math/random.ts";
import { fitTail, tailQuantile } from "../../../../nodes/lib/learn/math/tail.ts";
import { calibrate } from "../../../../nodes/lib/learn/validate/calibrate.ts";
import { gaussian, golden } from "../support.ts";

interface TailCase {
  name: string;
  values: number[];
  shape: number;
  scale: number;
  true: { probability: number; value: number };
}

describe("fitTail", () => {
  it.each(golden<TailCase[]>("tails"))("gives the moments' estimate: $name", ({ values, shape, scale }) => {
    const tail = fitTail(sorted(values));
    expect(tail.share).toBe(0.1);
    if (shape > -0.5) {
      expect(tail.shape).toBeCloseTo(shape, 6);
      expect(tail.scale).toBeCloseTo(scale, 6);
    } else expect(tail.shape).toBe(-0.5);
  });

  it.each([
    ["two values", [1, 2]],
    ["all alike", new Array(100).fill(3)],
    ["one that is far out", [...new Array(99).fill(1), 1e30]],
  ])("gives a finite quantile of %s", (_, values) => {
    const tail = fitTail(sorted(values));
    expect(Number.isFinite(tailQuantile(tail, 1e-6))).toBe(true);
    expect(tailQuantile(tail, 1e-6)).toBeGreaterThanOrEqual(Math.max(...values.slice(0, -1)));
  });
});

describe("quantile", () => {
  it.each([
    [[1, 2, 3, 4], 0.5, 2.5],
    [[1, 2, 3, 4], 1, 4],
    [[1, 2, 3, 4], 0, 1],
    [[7], 0.3, 7],
  ])("of %j at %d is %d, as numpy's", (values, share, expected) => {
    expect(quantile(values, share)).toBeCloseTo(expected, 12);
  });
});

describe("calibrate", () => {
  const scores = Array.from({ length: 999 }, (_, i) => i + 1);

  it("takes the quantile where the hold-out reaches that far", () => {
    // 20 of 1000: 980 is exceeded by 19 of the 999.
    expect(calibrate(scores, 20, 1000)).toEqual({
      value: 980,
      method: "quantile",
      extrapolated: false,
      exceedances: 19,
    });
  });

  it("fits the tail where only a few scores lie above, and says when it goes beyond them", () => {
    expect(calibrate(scores, 3, 1000)).toMatchObject({ method: "tail", extrapolated: false });
    const beyond = calibrate(scores, 0.1, 1000);
    expect(beyond).toMatchObject({ method: "tail", extrapolated: true, exceedances: 0 });
    expect(beyond.value).toBeGreaterThan(999);
  });

  it("comes near the true quantile of known distributions", () => {
    for (const { name, values, true: truth } of golden<TailCase[]>("tails")) {
      const { value } = calibrate(values, truth.probability, 1);
      // Quiet rather than loud; a factor of 1.6 covers a tail of 100 values.
      expect(value / truth.value, name).toBeGreaterThan(0.75);
      expect(value / truth.value, name).toBeLessThan(1.6);
    }
  });

  it.each([
    ["all alike", new Array(50).fill(2), 2],
    ["negative, as k-means gives inside of a cluster", Array.from({ length: 50 }, (_, i) => -i - 1), -1],
  ])("holds for scores that are %s", (_, values, largest) => {
    const { value, exceedances } = calibrate(values, 1, 1440);
    expect(value).toBeGreaterThanOrEqual(largest);
    expect(exceedances).toBe(0);
  });

  it("is not below a score it was made from, in float32", () => {
    for (const score of [0.1, -0.1, 1 / 3, -1 / 3, 1e-40, -1e-40, 0]) {
      expect(Math.fround(calibrate([score, score], 1, 1000).value)).toBeGreaterThanOrEqual(score);
    }
  });

  it("leaves half of the frames alone when more alarms are wished for than there are frames", () => {
    expect(calibrate(scores, 1e9, 1440).value).toBe(500);
  });

  // 300 calibrations, each tried on 2,000 fresh frames. Far fewer rates than these would break the promise; the bound
  // is the binomial's mean plus four deviations, and twice the calibration's own spread.
  const normal = gaussian(7);
  const uniform = seeded(8);
  const draws: [string, () => number][] = [
    ["exponential", () => -Math.log(1 - uniform())],
    ["chi-squared(3)", () => normal() ** 2 + normal() ** 2 + normal() ** 2],
    ["normal", normal],
    ["two modes", () => (uniform() < 0.3 ? 5 + 0.1 * normal() : normal())],
  ];
  const rates: [string, number, number][] = [
    ["quantile", 0.02, 1000],
    ["tail within reach", 0.005, 600],
    ["tail extrapolated", 0.0008, 500],
  ];
  for (const [name, draw] of draws) {
    it.each(rates)(`keeps its promise on fresh frames of the same kind: ${name}, %s`, (_, rate, frames) => {
      let alarms = 0;
      const repeats = 300;
      const fresh = 2000;
      for (let repeat = 0; repeat < repeats; repeat++) {
        const { value } = calibrate(Array.from({ length: frames }, draw), rate, 1);
        for (let i = 0; i < fresh; i++) if (draw() > value) alarms++;
      }
      const expected = rate * repeats * fresh;
      expect(alarms).toBeLessThan(expected + 4 * Math.sqrt(expected) + (2 * expected) / Math.sqrt(repeats * 2));
      // … and is not just always quiet.
      expect(alarms).toBeGreaterThan(expected / 100);
    });
  }
});
