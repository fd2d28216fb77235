import { describe, expect, it } from "vitest";
import type { Matrix } from "../../../../nodes/lib/learn/math/matrix.ts";
import { correlated, fitAnomaly, golden, matrix, rowOf, runGraph, worstDifference } from "../support.ts";

const learn = (rows: Matrix, options: object = {}, seed = 1) => fitAnomaly("pca", rows, options, seed);

const g = golden<{
  rows: number;
  columns: number;
  data: number[];
  fresh: number[];
  cases: { variance: number; components: number; limitT2: number; limitQ: number; phi: number[] }[];
}>("pca");

describe("PCA", () => {
  it.each(g.cases)("agrees with scikit-learn at $variance of the variance", async (expected) => {
    const model = await learn(matrix(g.rows, g.columns, g.data), { variance: expected.variance });
    expect(model.found.components).toBe(expected.components);
    expect(model.found.limitT2! / expected.limitT2).toBeCloseTo(1, 4);
    expect(model.found.limitQ! / expected.limitQ).toBeCloseTo(1, 4);
    const fresh = matrix(5, g.columns, g.fresh);
    expected.phi.forEach((phi, row) => {
      expect(model.predict(rowOf(fresh, row)).score / phi).toBeCloseTo(1, 4);
    });
  });

  it.each([
    ["correlated", correlated(1, 500, 8, 3), {}],
    ["a large offset", shifted(correlated(2, 500, 8, 3), 101325), {}],
    ["one feature", correlated(3, 100, 1, 1), {}],
    ["two features, one component", correlated(4, 100, 2, 1), { components: 1 }],
    ["every component", correlated(5, 200, 6, 3), { variance: 1 }],
    ["more features than rows", correlated(6, 20, 40, 5), {}],
    ["120 features", correlated(7, 400, 120, 10), {}],
  ] as [string, Matrix, object][])("is the same function in ONNX: %s", async (_, rows, options) => {
    expect(await worstDifference(await learn(rows, options), rows)).toBeLessThan(1e-5);
  });

  it("splits the score into its contributions, and names the feature that broke its relation", async () => {
    const rows = correlated(8, 1000, 6, 2, 0.1);
    const model = await learn(rows);
    const broken = rowOf(rows, 3);
    broken[4]! += 5;
    const { score, contributions } = model.predict(broken);
    expect(contributions!.reduce((sum, part) => sum + part, 0) / score).toBeCloseTo(1, 12);
    expect(contributions!.indexOf(Math.max(...contributions!))).toBe(4);
    expect(score).toBeGreaterThan(5 * model.predict(rowOf(rows, 3)).score);
  });

  it("has no residual when every component is kept", async () => {
    const model = await learn(correlated(5, 200, 6, 3), { variance: 1 });
    expect(model.found).toMatchObject({ components: 6, retainedVariance: 1 });
    expect(model.predict(new Float32Array(6)).score).toBeLessThan(1);
  });

  it.each([
    ["all rows alike", matrix(50, 2, new Array(100).fill(3))],
    ["all zero", matrix(50, 2, new Array(100).fill(0))],
    ["one constant among others", withConstant(correlated(9, 200, 3, 2), 20)],
    ["the same feature twice", doubled(correlated(10, 200, 3, 2, 0.02))],
  ] as [string, Matrix][])("gives finite scores and notices a change: %s", async (_, rows) => {
    const model = await learn(rows);
    const usual = rowOf(rows, 0);
    const last = rows.columns - 1;
    const changed = Float32Array.from(usual);
    changed[last]! += Math.max(1, Math.abs(changed[last]!));
    const before = model.predict(usual).score;
    const after = model.predict(changed).score;
    expect(before).toBeLessThan(20);
    expect(Number.isFinite(after)).toBe(true);
    expect(after).toBeGreaterThan(20 * Math.max(before, 0.1));
    const { score } = await runGraph(model, {
      rows: 2,
      columns: rows.columns,
      data: Float32Array.of(...usual, ...changed),
    });
    expect(score[1]! / after).toBeCloseTo(1, 4);
  });

  it("stays finite in float32 for the largest values there are", async () => {
    const rows = withConstant(correlated(11, 200, 60, 2, 1e-4), 0);
    const extreme = { rows: 2, columns: rows.columns, data: new Float32Array(rows.columns * 2).fill(3.4e38) };
    extreme.data.fill(-3.4e38, rows.columns);
    const { score, contributions } = await runGraph(await learn(rows), extreme);
    for (const value of [...score, ...contributions]) expect(Number.isFinite(value)).toBe(true);
  });
});

function shifted(rows: Matrix, offset: number): Matrix {
  return { ...rows, data: Float32Array.from(rows.data, (value) => value + offset) };
}

function withConstant({ rows, columns, data }: Matrix, value: number): Matrix {
  const out: number[] = [];
  for (let row = 0; row < rows; row++) out.push(...data.subarray(row * columns, (row + 1) * columns), value);
  return matrix(rows, columns + 1, out);
}

function doubled({ rows, columns, data }: Matrix): Matrix {
  const out: number[] = [];
  for (let row = 0; row < rows; row++) {
    const part = data.subarray(row * columns, (row + 1) * columns);
    out.push(...part, part[0]!);
  }
  return matrix(rows, columns + 1, out);
}
