import { describe, expect, it } from "vitest";
import { residualInterval, valueMetrics } from "../../../../nodes/lib/learn/validate/value-metrics.ts";
import { gaussian, golden } from "../support.ts";

const { values } = golden<{
  values: { said: number[]; truth: number[]; rmse: number; mae: number; r2: number };
}>("validate");

describe("valueMetrics", () => {
  it("gives scikit-learn's numbers", () => {
    const found = valueMetrics(values.said, values.truth);
    for (const what of ["rmse", "mae", "r2"] as const) expect(found[what]).toBeCloseTo(values[what], 10);
  });

  it("has no r² where the truth never changes", () => {
    expect(valueMetrics([1, 2], [3, 3])).toMatchObject({ r2: null, mae: 1.5 });
  });

  it("knows how sure the error is: repeated draws scatter as it says", () => {
    const normal = gaussian(2);
    const truth = new Float64Array(200);
    const draws = Array.from({ length: 400 }, () => valueMetrics(Array.from(truth, normal), truth));
    const mean = draws.reduce((sum, { rmse }) => sum + rmse, 0) / draws.length;
    const spread = Math.sqrt(draws.reduce((sum, { rmse }) => sum + (rmse - mean) ** 2, 0) / draws.length);
    const told = draws.reduce((sum, { rmseError }) => sum + rmseError, 0) / draws.length;
    expect(told / spread).toBeGreaterThan(0.85);
    expect(told / spread).toBeLessThan(1.15);
  });
});

describe("residualInterval", () => {
  it.each([
    ["symmetric", (x: number) => x],
    ["one-sided", (x: number) => x * x],
    ["two modes", (x: number) => (x < 0 ? x - 5 : x + 5)],
  ])("holds the truth as often as promised on fresh frames: %s", (_, shape) => {
    const normal = gaussian(9);
    let inside = 0;
    const repeats = 300;
    for (let i = 0; i < repeats; i++) {
      const draw = (n: number) => Array.from({ length: n }, () => shape(normal()));
      const { low, high } = residualInterval(new Float64Array(99), draw(99), 0.9);
      for (const value of draw(100)) if (value >= low && value <= high) inside++;
    }
    // 300 draws whose coverage is beta distributed about .9 with a deviation of .03: four of their mean's.
    expect(inside / repeats / 100).toBeGreaterThan(0.9 - 0.01);
    expect(inside / repeats / 100).toBeLessThan(0.93);
  });

  it("takes the extremes of a hold-out that is too small", () => {
    expect(residualInterval([0, 0, 0], [1, -2, 5], 0.9)).toEqual({ low: -2, high: 5 });
  });
});
