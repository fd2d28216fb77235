import { describe, expect, it } from "vitest";
import { summariseFeatures } from "../../../nodes/lib/drift/index.ts";
import { ar, column, normal } from "./support.ts";

describe("the bins of a feature", () => {
  it("have a tenth of the training frames each", () => {
    const [bins] = summariseFeatures(column(Array.from({ length: 1000 }, (_, i) => i)))!;
    expect(bins!.edges).toEqual([99, 199, 299, 399, 499, 599, 699, 799, 899]);
    expect(bins!.shares).toEqual(Array(10).fill(0.1));
  });

  it("hold the deciles of numpy (inverted_cdf)", () => {
    const values = [7, -1.5, 3.25, 9, 0.5, 2, 2.75, 8.5, -4, 6, 1, 5, 4.5];
    // np.quantile(values, np.arange(1, 10) / 10, method="inverted_cdf")
    const expected = [-1.5, 0.5, 1, 2.75, 3.25, 4.5, 6, 7, 8.5];
    expect(summariseFeatures(column(values))![0]!.edges).toEqual(expected);
  });

  it("keep a value that repeats in one bin, however often it comes", () => {
    const [bins] = summariseFeatures(column([...Array(70).fill(0), ...Array(30).fill(1)]))!;
    expect(bins).toMatchObject({ edges: [0, 1], shares: [0.7, 0.3, 0] });
  });

  it("give what never changes a bin of its own, with an empty one on either side", () => {
    const [bins] = summariseFeatures(column(Array(50).fill(20.1)))!;
    expect(bins!.shares).toEqual([0, 1, 0]);
    expect(bins!.edges[0]).toBeLessThan(Math.fround(20.1));
    expect(bins!.edges[1]).toBeGreaterThan(Math.fround(20.1));
    expect(bins!.edges[1]! - bins!.edges[0]!).toBeLessThan(1e-4);
    expect(summariseFeatures(column(Array(50).fill(0)))![0]).toMatchObject({ shares: [0, 1, 0] });
  });

  it("are found again by float32 numbers after JSON", () => {
    const values = Array.from({ length: 500 }, normal(3)).map(Math.fround);
    const [bins] = JSON.parse(JSON.stringify(summariseFeatures(column(values)))) as { edges: number[] }[];
    const edges = Float32Array.from(bins!.edges);
    expect([...edges].every((edge) => values.includes(edge))).toBe(true);
  });

  it("are made for each feature of a row, and not for thousands", () => {
    const rows = { rows: 3, columns: 2, data: Float32Array.of(1, 10, 2, 20, 3, 30) };
    expect(summariseFeatures(rows)!.map(({ edges }) => edges)).toEqual([
      [1, 2, 3],
      [10, 20, 30],
    ]);
    expect(summariseFeatures({ rows: 1, columns: 1025, data: new Float32Array(1025) })).toBeUndefined();
  });
});

describe("how far neighbouring frames repeat each other", () => {
  it.each([
    // Of the mean of an AR(1) process: (1 + ρ) / (1 − ρ) (Priestley 1981). The largest of several estimates with a
    // standard error on top is higher, never lower.
    ["independent frames", 0, 1],
    ["ρ = 0.5", 0.5, 3],
    ["ρ = 0.9", 0.9, 19],
  ])("%s", (_, rho, mean) => {
    const [bins] = summariseFeatures(column(Array.from({ length: 20_000 }, ar(7, rho))))!;
    const { most } = bins!.repeats;
    expect(most).toBeGreaterThan(0.9 * mean);
    expect(most).toBeLessThan(2.5 * mean);
    expect(bins!.repeats.mean).toBeGreaterThanOrEqual(1);
    expect(bins!.repeats.mean).toBeLessThanOrEqual(most);
  });

  it("sees a daily cycle, and counts no training for fewer than 20 independent frames", () => {
    const day = Array.from({ length: 1008 }, (_, i) => Math.sin((2 * Math.PI * i) / 144));
    expect(summariseFeatures(column(day))![0]!.repeats.most).toBeGreaterThan(30);
    const trend = Array.from({ length: 1000 }, (_, i) => i);
    expect(summariseFeatures(column(trend))![0]!.repeats.most).toBe(50);
  });
});
