import { describe, expect, it } from "vitest";
import { Surprise } from "../../../nodes/lib/detect/surprise.ts";
import { uniform } from "./support.ts";

const exponential = (seed: number) => {
  const random = uniform(seed);
  return () => -Math.log(1 - random());
};

/** A surprise that has learned so many exponential scores. */
function learned(count: number, seed: number): Surprise {
  const surprise = new Surprise(1e9);
  const next = exponential(seed);
  for (let i = 0; i < count; i++) surprise.learn(next(), 30);
  return surprise;
}

describe("surprise", () => {
  it("of a known distribution is -log10 of its tail", () => {
    const surprise = learned(50_000, 1);
    // P(X > x) = e^-x; the bins are 4.4 % wide.
    for (const x of [0.5, 1, 2, 5, 8]) {
      const expected = x / Math.LN10;
      expect(Math.abs(surprise.of(x) - expected)).toBeLessThan(0.05 + 0.05 * expected);
    }
  });

  it("of scores beyond all that were seen keeps its chance, also when only a hundred were seen", () => {
    // 1 in 1,000, judged by 100: the next score exceeds it once in a thousand trials, over all sets of a hundred.
    let beyond = 0;
    const trials = 20_000;
    const next = exponential(99);
    for (let seed = 1; seed <= trials / 20; seed++) {
      const surprise = learned(100, seed * 7919);
      for (let i = 0; i < 20; i++) if (surprise.of(next()) > 3) beyond++;
    }
    expect(beyond).toBeLessThanOrEqual(trials * 0.001 + 3.09 * Math.sqrt(trials * 0.001) * 1.5);
  });

  it("grows with the score", () => {
    const surprise = learned(2000, 3);
    let before = -1;
    for (let x = 0; x < 50; x += 0.01) {
      const now = surprise.of(x);
      expect(now).toBeGreaterThanOrEqual(before);
      before = now;
    }
    expect(surprise.of(1e300)).toBe(30);
    expect(surprise.of(Number.POSITIVE_INFINITY)).toBe(30);
  });

  it("is not raised at once by an anomaly, and is by one that stays", () => {
    const surprise = new Surprise(10_000);
    const next = exponential(5);
    for (let i = 0; i < 5000; i++) surprise.learn(next(), 3);
    const before = surprise.of(30);
    expect(before).toBeGreaterThan(5);
    for (let i = 0; i < 5; i++) surprise.learn(30, 3);
    expect(surprise.of(30)).toBeGreaterThan(4.5);
    let readings = 0;
    while (surprise.of(30) > 3 && readings < 50_000) {
      surprise.learn(30, 3);
      readings++;
    }
    expect(readings).toBeGreaterThan(100);
    expect(readings).toBeLessThan(20_000);
  });

  it("of a score that never changes is none, and the first change is one", () => {
    const surprise = new Surprise(10_000);
    for (let i = 0; i < 200; i++) surprise.learn(0, 3);
    expect(surprise.of(0)).toBe(-0);
    expect(surprise.of(1e6)).toBeGreaterThan(5);
  });
});
