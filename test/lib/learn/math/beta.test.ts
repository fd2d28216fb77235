import { describe, expect, it } from "vitest";
import { betaCdf, betaQuantile, clopperPearson } from "../../../../nodes/lib/learn/math/beta.ts";
import { golden } from "../support.ts";

interface Golden {
  cdf: { x: number; a: number; b: number; p: number }[];
  intervals: { found: number; of: number; low: number; high: number }[];
}
const { cdf, intervals } = golden<Golden>("validate");

describe("the beta distribution", () => {
  it.each(cdf)("is scipy's: I($x; $a, $b)", ({ x, a, b, p }) => {
    expect(Math.abs(betaCdf(x, a, b) - p)).toBeLessThan(1e-10 * Math.max(p, 1e-3));
    if (p > 1e-12 && p < 1 - 1e-12) expect(Math.abs(betaCdf(betaQuantile(p, a, b), a, b) / p - 1)).toBeLessThan(1e-9);
  });

  it("ends at 0 and 1", () => {
    expect([betaCdf(-1, 2, 3), betaCdf(0, 2, 3), betaCdf(1, 2, 3)]).toEqual([0, 0, 1]);
  });
});

describe("clopperPearson", () => {
  it.each(intervals)("is scipy's exact interval: $found of $of", ({ found, of, low, high }) => {
    const interval = clopperPearson(found, of, 0.95);
    expect(interval.low).toBeCloseTo(low, 10);
    expect(interval.high).toBeCloseTo(high, 10);
  });

  it("takes numbers that are not whole, between its neighbours", () => {
    const { high } = clopperPearson(1.5, 100, 0.95);
    expect(high).toBeGreaterThan(clopperPearson(1, 100, 0.95).high);
    expect(high).toBeLessThan(clopperPearson(2, 100, 0.95).high);
  });
});
