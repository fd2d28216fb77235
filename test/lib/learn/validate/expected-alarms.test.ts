import { describe, expect, it } from "vitest";
import { seeded } from "../../../../nodes/lib/learn/math/random.ts";
import { calibrate } from "../../../../nodes/lib/learn/validate/calibrate.ts";
import { effectiveFrames } from "../../../../nodes/lib/learn/validate/effective-frames.ts";
import { expectedAlarms } from "../../../../nodes/lib/learn/validate/expected-alarms.ts";
import { gaussian } from "../support.ts";

/** A first-order autoregression with variance 1. */
function persistent(phi: number, n: number, normal: () => number): Float64Array {
  let x = normal();
  return Float64Array.from({ length: n }, () => {
    x = phi * x + Math.sqrt(1 - phi * phi) * normal();
    return x;
  });
}

describe("effectiveFrames", () => {
  const normal = gaussian(21);
  it("counts independent frames as they are", () => {
    const found = effectiveFrames([Float64Array.from({ length: 2000 }, normal)]);
    expect(found).toBeGreaterThan(1500);
    expect(found).toBeLessThanOrEqual(2000);
  });

  it("counts ten windows that share their samples as about one", () => {
    const scores = Float64Array.from({ length: 300 }, normal);
    const found = effectiveFrames([Float64Array.from({ length: 3000 }, (_, i) => scores[Math.floor(i / 10)]!)]);
    expect(found).toBeGreaterThan(150);
    expect(found).toBeLessThan(400);
  });

  it("does not take frames of two streams for neighbours", () => {
    const halves = [persistent(0.95, 1000, normal), persistent(0.95, 1000, normal)];
    const apart = effectiveFrames(halves);
    const mixed = Float64Array.from({ length: 2000 }, (_, i) => halves[i % 2]![i >> 1]!);
    expect(apart).toBeLessThan(effectiveFrames([mixed]) * 1.5);
    expect(apart).toBeLessThan(400);
  });

  it.each([
    ["all alike", [new Array(50).fill(1)], 50],
    ["three", [[1, 2, 3]], 3],
    ["none", [], 0],
  ])("takes scores that are %s", (_, streams, expected) => {
    expect(effectiveFrames(streams)).toBe(expected);
  });
});

describe("expectedAlarms", () => {
  const [normal, uniform] = [gaussian(3), seeded(4)];
  // The chance to exceed a value; that of the normal distribution by Abramowitz & Stegun 26.2.17, to 1e-7 of it and less.
  const beyondNormal = (v: number) => {
    if (v < 0) return 1 - beyond26(-v);
    return beyond26(v);
  };
  const beyond26 = (v: number) => {
    const t = 1 / (1 + 0.2316419 * v);
    const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
    return (Math.exp((-v * v) / 2) / Math.sqrt(2 * Math.PI)) * series;
  };
  const draws: [string, () => number, (value: number) => number][] = [
    ["normal", normal, beyondNormal],
    ["exponential", () => -Math.log(1 - uniform()), (v) => Math.exp(-Math.max(0, v))],
    ["log-normal", () => Math.exp(normal()), (v) => (v <= 0 ? 1 : beyondNormal(Math.log(v)))],
    ["uniform", uniform, (v) => Math.max(0, 1 - v)],
  ];
  const cases: [string, number, number][] = [
    ["clopper-pearson", 500, 0.02],
    ["clopper-pearson", 300, 0.005],
    ["profile", 300, 1 / 1440],
    ["profile", 60, 1 / 1440],
  ];
  for (const [name, draw, beyond] of draws) {
    it.each(cases)(`holds the true rate: ${name}, %s, %d frames at %d`, (method, frames, rate) => {
      let held = 0;
      const repeats = 100;
      for (let i = 0; i < repeats; i++) {
        const scores = Float64Array.from({ length: frames }, draw);
        const threshold = calibrate(scores, rate, 1);
        const found = expectedAlarms(scores, threshold, 1, effectiveFrames([scores]));
        expect(found.method).toBe(method);
        const truth = beyond(threshold.value);
        if (truth >= found.low && truth <= found.high) held++;
      }
      // 95 of 100, less three deviations.
      expect(held).toBeGreaterThanOrEqual(88);
    });
  }

  it("holds it for frames that are alike from one to the next, where one that counts each frame does not", () => {
    let [held, naive] = [0, 0];
    for (let i = 0; i < 100; i++) {
      const scores = persistent(0.95, 1000, normal);
      const threshold = calibrate(scores, 0.02, 1);
      const truth = beyondNormal(threshold.value);
      const inside = (effective: number) => {
        const { low, high } = expectedAlarms(scores, threshold, 1, effective);
        return truth >= low && truth <= high;
      };
      if (inside(effectiveFrames([scores]))) held++;
      if (inside(scores.length)) naive++;
    }
    expect(held).toBeGreaterThanOrEqual(88);
    expect(naive).toBeLessThan(80);
  });

  it("says with how many frames it reckoned, and per day", () => {
    const scores = Float64Array.from({ length: 999 }, (_, i) => (i * 7919) % 999);
    const threshold = calibrate(scores, 20, 1000);
    expect(expectedAlarms(scores, threshold, 1000, 999)).toMatchObject({
      confidence: 0.95,
      method: "clopper-pearson",
      effectiveFrames: 999,
      low: expect.closeTo(11.5, 0),
      high: expect.closeTo(29.5, 0),
    });
  });
});
