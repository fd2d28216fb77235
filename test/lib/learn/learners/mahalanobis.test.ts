import { describe, expect, it } from "vitest";
import type { Matrix } from "../../../../nodes/lib/learn/math/matrix.ts";
import { correlated, fitAnomaly, golden, matrix, rowOf, runGraph, worstDifference } from "../support.ts";

const learn = (rows: Matrix, options: object = {}, seed = 1) => fitAnomaly("mahalanobis", rows, options, seed);

interface Rows {
  rows: number;
  columns: number;
  data: number[];
}

const g = golden<
  Rows & {
    fresh: number[];
    cases: { trusted: number; distances: number[] }[];
    few: Rows & { shrinkage: number; distances: number[] };
  }
>("mahalanobis");
const rows = matrix(g.rows, g.columns, g.data);
const fresh = matrix(g.fresh.length / g.columns, g.columns, g.fresh);

/** On or off: 0 in nine of ten rows. */
const switched = correlated(9, 400, 4, 2);
for (let row = 0; row < 400; row++) switched.data[row * 4 + 3] = row % 10 === 0 ? 1 : 0;
const far = correlated(5, 200, 4, 2);
far.data[13] = 3e38;
const alike = matrix(60, 2, new Array(120).fill(7));

describe("the robust Mahalanobis distance", () => {
  it.each(g.cases)("agrees with scikit-learn's minimum covariance determinant, trusting $trusted", async (expected) => {
    const model = await learn(rows, { trusted: expected.trusted });
    expect(model.found.robust).toBe(1);
    expected.distances.forEach((distance, row) => {
      expect(model.predict(rowOf(fresh, row)).score / distance).toBeCloseTo(1, 4);
    });
  });

  it("agrees with scikit-learn's Ledoit-Wolf covariance where rows are few", async () => {
    const model = await learn(matrix(g.few.rows, g.few.columns, g.few.data));
    expect(model.found.robust).toBe(0);
    expect(model.found.shrinkage).toBeCloseTo(g.few.shrinkage, 5);
    g.few.distances.forEach((distance, row) => {
      expect(model.predict(rowOf(fresh, row)).score / distance).toBeCloseTo(1, 4);
    });
  });

  it("is not moved by strange frames among those it learns from, as it is when it trusts all", async () => {
    const strange = rowOf(rows, 0);
    expect((await learn(rows)).predict(strange).score).toBeGreaterThan(100);
    expect((await learn(rows, { trusted: 1 })).predict(strange).score).toBeLessThan(30);
  });

  it("finds the same of many rows: in groups, and then in all of them", async () => {
    const many = correlated(10, 4000, 5, 2);
    for (let at = 0; at < 4000 * 5; at += 25) many.data.fill(8, at, at + 5);
    const model = await learn(many);
    let inside = 0;
    for (let row = 0; row < 4000; row++) if (model.predict(rowOf(many, row)).score < 12.83) inside++;
    // A fifth is strange; of the others 97.5 % are within the chi-squared limit of five features.
    expect(inside / 3200).toBeGreaterThan(0.965);
    expect(inside / 3200).toBeLessThan(0.985);
  });

  it("splits the score into its contributions, and names the feature that broke its relation", async () => {
    const related = correlated(8, 1000, 6, 2, 0.1);
    const model = await learn(related);
    const broken = rowOf(related, 3);
    broken[4]! += 3;
    const { score, contributions } = model.predict(broken);
    expect(contributions!.reduce((sum, part) => sum + part, 0) / score).toBeCloseTo(1, 12);
    expect(contributions!.indexOf(Math.max(...contributions!))).toBe(4);
  });

  it.each([
    ["a feature that is nearly always the same", switched],
    ["fewer rows than five per feature", correlated(6, 30, 8, 2)],
    ["all rows alike", alike],
  ] as [string, Matrix][])("falls back to a shrunk covariance: %s", async (_, each) => {
    expect((await learn(each)).found.robust).toBe(0);
  });

  it.each([
    ["correlated", correlated(1, 500, 8, 3)],
    ["one feature", correlated(2, 100, 1, 1)],
    ["a large offset", { ...correlated(3, 300, 5, 2), data: correlated(3, 300, 5, 2).data.map((x) => x + 1e5) }],
    ["more features than rows", correlated(4, 40, 60, 5)],
    ["a far outlier", far],
    ["all rows alike", alike],
    ["nearly always the same", switched],
  ] as [string, Matrix][])("is the same function in ONNX: %s", async (_, each) => {
    expect(await worstDifference(await learn(each), each, 1)).toBeLessThan(1e-5);
  });

  it.each([
    ["constant features", alike],
    ["a far outlier", far],
  ])("gives finite scores for the largest values there are: %s", async (_, each) => {
    const extreme = { rows: 2, columns: each.columns, data: new Float32Array(2 * each.columns).fill(3.4e38) };
    extreme.data.fill(-3.4e38, each.columns);
    const { score, contributions } = await runGraph(await learn(each), extreme);
    for (const value of [...score, ...contributions]) expect(Number.isFinite(value)).toBe(true);
  });
});
