import { describe, expect, it } from "vitest";
import { smootherOf } from "../../../nodes/lib/decide/smoothing.ts";

const scores = [4, 8, 0, 100, 2, 2];
const table: [string, Parameters<typeof smootherOf>[0], number[]][] = [
  ["none", { method: "none", size: 5 }, scores],
  ["mean of 1", { method: "mean", size: 1 }, scores],
  ["mean of 3", { method: "mean", size: 3 }, [4, 6, 4, 36, 34, 104 / 3]],
  ["median of 3", { method: "median", size: 3 }, [4, 6, 4, 8, 2, 2]],
  ["median of 4", { method: "median", size: 4 }, [4, 6, 4, 6, 5, 2]],
  ["EWMA of 3", { method: "ewma", size: 3 }, [4, 6, 3, 51.5, 26.75, 14.375]],
];

describe("smoothing", () => {
  it.each(table)("%s", (_, setting, expected) => {
    const smoother = smootherOf(setting);
    scores.forEach((score, i) => {
      expect(smoother.push(score)).toBeCloseTo(expected[i]!, 10);
    });
    smoother.reset();
    expect(smoother.push(7)).toBe(7);
  });

  it("forgets a huge score without a trace", () => {
    const smoother = smootherOf({ method: "mean", size: 3 });
    for (const score of [1e308, 1e308, 1e308, 0.1, 0.1]) expect(Number.isFinite(smoother.push(score))).toBe(true);
    expect(smoother.push(0.1)).toBeCloseTo(0.1, 15);
  });
});
