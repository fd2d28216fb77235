import { describe, expect, it } from "vitest";
import { Random, Wander } from "../../../nodes/lib/simulate/random.ts";

function moments(draw: () => number, count = 100_000) {
  const values = Array.from({ length: count }, draw);
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
  return { mean, deviation: Math.sqrt(variance), min: Math.min(...values), max: Math.max(...values) };
}

describe("Random", () => {
  it.each([0, 1, -5, 2 ** 53 - 1])("draws evenly in [0, 1) from seed %d", (seed) => {
    const random = new Random(seed, "test");
    const { mean, deviation, min, max } = moments(() => random.uniform());
    expect(mean).toBeCloseTo(0.5, 2);
    expect(deviation).toBeCloseTo(1 / Math.sqrt(12), 2);
    expect(min).toBeGreaterThanOrEqual(0);
    expect(max).toBeLessThan(1);
  });

  it("draws normally", () => {
    const random = new Random(1, "test");
    const { mean, deviation, max } = moments(() => random.normal());
    expect(Math.abs(mean)).toBeLessThan(0.015);
    expect(Math.abs(deviation - 1)).toBeLessThan(0.01);
    expect(max).toBeGreaterThan(3.5);
  });

  it("draws the same again, and other numbers for another stream", () => {
    const draw = (stream: string) =>
      Array.from(
        { length: 5 },
        (
          (r) => () =>
            r.uniform()
        )(new Random(7, stream)),
      );
    expect(draw("a")).toEqual(draw("a"));
    expect(draw("a")).not.toEqual(draw("b"));
  });
});

describe("Wander", () => {
  it.each([1, 10, 300])("keeps its spread whatever the step: %d", (step) => {
    const wander = new Wander(new Random(3, "wander"), 2, 100, step);
    const { mean, deviation } = moments(() => wander.step());
    expect(Math.abs(mean)).toBeLessThan(0.3);
    expect(Math.abs(deviation - 2)).toBeLessThan(0.2);
  });
});
