import { describe, expect, it } from "vitest";
import type { Matrix } from "../../../../nodes/lib/learn/math/matrix.ts";
import { correlated, fitAnomaly, golden, matrix, rowOf, runGraph, worstDifference } from "../support.ts";

const learn = (rows: Matrix, options: object = {}, seed = 1) => fitAnomaly("gmm", rows, options, seed);

const g = golden<{
  rows: number;
  columns: number;
  data: number[];
  fresh: number[];
  cases: { components: number; covariance: "full" | "diag"; logLikelihood: number; scores: number[] }[];
}>("gmm");

const far = correlated(5, 200, 4, 2);
far.data[13] = 3e38;
const alike = matrix(60, 2, new Array(120).fill(7));

describe("Gaussian mixture", () => {
  it.each(g.cases)("agrees with scikit-learn: $components components, $covariance", async (expected) => {
    const { components } = expected;
    const covariance = expected.covariance === "full" ? "full" : "diagonal";
    const model = await learn(matrix(g.rows, g.columns, g.data), { components, covariance });
    expect(model.found.logLikelihood! - expected.logLikelihood).toBeGreaterThan(-1e-3);
    expect(model.found.logLikelihood! - expected.logLikelihood).toBeLessThan(1e-3);
    const fresh = matrix(g.fresh.length / g.columns, g.columns, g.fresh);
    expected.scores.forEach((score, row) => {
      const got = model.predict(rowOf(fresh, row)).score;
      expect(Math.abs(got - score) / Math.max(1, Math.abs(score))).toBeLessThan(0.01);
    });
  });

  it.each([
    ["four components", correlated(1, 500, 8, 3), {}],
    ["diagonal", correlated(1, 500, 8, 3), { covariance: "diagonal" }],
    ["one component of one feature", correlated(2, 100, 1, 1), { components: 1 }],
    ["a large offset", { ...correlated(3, 300, 5, 2), data: correlated(3, 300, 5, 2).data.map((x) => x + 1e5) }, {}],
    ["more features than rows", correlated(4, 40, 60, 5), { components: 2 }],
    ["a far outlier", far, {}],
    ["all rows alike", alike, {}],
    [
      "two components more than different rows",
      matrix(
        30,
        1,
        Array.from({ length: 30 }, (_, i) => i % 2),
      ),
      {},
    ],
    ["so many that a kernel clusters", correlated(6, 6000, 10, 3), {}],
  ] as [string, Matrix, object][])("is the same function in ONNX: %s", async (_, rows, options) => {
    expect(await worstDifference(await learn(rows, options), rows, 1)).toBeLessThan(1e-5);
  });

  it("explains what is strange, and notices what breaks a relation", async () => {
    const rows = correlated(8, 1000, 6, 2, 0.1);
    const model = await learn(rows, { components: 1 });
    const usual = model.predict(rowOf(rows, 3));
    const broken = rowOf(rows, 3);
    broken[4]! += 3;
    const { score, contributions } = model.predict(broken);
    expect(contributions!.indexOf(Math.max(...contributions!))).toBe(4);
    const sum = (parts: Float64Array) => parts.reduce((total, part) => total + part, 0);
    // With one component, all that differs between two scores is in the contributions.
    expect(sum(contributions!) - sum(usual.contributions!)).toBeCloseTo(score - usual.score, 6);
    expect(score).toBeGreaterThan(usual.score + 100);
  });

  it.each([
    ["a constant feature", alike],
    ["a far outlier", far],
  ])("gives finite scores for the largest values there are: %s", async (_, rows) => {
    const extreme = { rows: 2, columns: rows.columns, data: new Float32Array(2 * rows.columns).fill(3.4e38) };
    extreme.data.fill(-3.4e38, rows.columns);
    const { score, contributions } = await runGraph(await learn(rows), extreme);
    for (const value of [...score, ...contributions]) expect(Number.isFinite(value)).toBe(true);
  });
});
