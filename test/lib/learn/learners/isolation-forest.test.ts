import { describe, expect, it } from "vitest";
import { rocAuc } from "../../../../nodes/lib/evaluate/index.ts";
import type { Matrix } from "../../../../nodes/lib/learn/math/matrix.ts";
import { encodeModel } from "../../../../nodes/lib/model/index.ts";
import { correlated, fitAnomaly, golden, matrix, rowOf, runGraph, worstDifference } from "../support.ts";

const learn = (rows: Matrix, options: object = {}, seed = 1) => fitAnomaly("isolation-forest", rows, options, seed);

const g = golden<{
  rows: number;
  columns: number;
  data: number[];
  test: number[];
  anomalous: number[];
  isolation: { scores: number[]; auc: number };
}>("forests");
const training = matrix(g.rows, g.columns, g.data);
const test = matrix(g.anomalous.length, g.columns, g.test);

describe("isolation forest", () => {
  it("scores as scikit-learn's does on average, with the same AUC", async () => {
    const forests = await Promise.all(Array.from({ length: 12 }, (_, seed) => learn(training, {}, seed)));
    const scores = forests.map((forest) => g.anomalous.map((_, row) => forest.predict(rowOf(test, row)).score));
    const apart = g.isolation.scores.map(
      (expected, row) => scores.reduce((sum, one) => sum + one[row]! / scores.length, 0) - expected,
    );
    // scikit-learn's own forests differ by 0.011 in a row's score, and by 0.003 in the mean of all.
    expect(Math.max(...apart.map(Math.abs))).toBeLessThan(0.02);
    expect(Math.abs(apart.reduce((sum, one) => sum + one / apart.length, 0))).toBeLessThan(0.004);
    const mean = scores.reduce((sum, one) => sum + rocAuc(one, g.anomalous) / scores.length, 0);
    expect(Math.abs(mean - g.isolation.auc)).toBeLessThan(0.01);
  });

  it("is the path length of Liu, Ting & Zhou where that can be worked out by hand", async () => {
    // Of two different rows the first cut leaves each alone: 15 and 1 rows, so h = 1 + c(15) and 1 + c(1).
    const rows = matrix(16, 1, [...new Array(15).fill(0), 1]);
    const model = await learn(rows, { subSample: 16, trees: 10 });
    const c = (n: number) => 2 * (Math.log(n - 1) + 0.5772156649) - (2 * (n - 1)) / n;
    expect(model.predict([0]).score).toBeCloseTo(2 ** (-(1 + c(15)) / c(16)), 6);
    expect(model.predict([1]).score).toBeCloseTo(2 ** (-1 / c(16)), 6);
  });

  it.each([
    ["correlated", correlated(1, 600, 8, 3), {}],
    ["a large offset", shifted(correlated(2, 600, 8, 3), 101325), {}],
    ["one feature", correlated(3, 100, 1, 1), { subSample: 64 }],
    ["many features", correlated(4, 300, 120, 10), {}],
    ["whole numbers, many of them equal", wholes(correlated(5, 500, 6, 2)), {}],
    ["constants among the features", withConstants(correlated(6, 300, 4, 2)), {}],
  ] as [string, Matrix, object][])("is the same function in ONNX: %s", async (_, rows, options) => {
    const model = await learn(rows, options);
    expect(await worstDifference(model, rows)).toBeLessThan(1e-5);
    const far = { ...rows, data: rows.data.map((x, i) => (i % 3 === 0 ? 3 * x : x)) };
    expect(await worstDifference(model, far)).toBeLessThan(1e-5);
  });

  it("takes the same branch in ONNX for numbers that lie on a threshold and next to it", async () => {
    const rows = correlated(7, 300, 3, 1);
    const model = await learn(rows, { trees: 20 });
    const { nodes } = model.graph();
    const thresholds = nodes
      .flatMap(({ attributes }) => attributes)
      .find(([name]) => name === "nodes_values")![1] as Float32Array;
    const asked = [...thresholds].flatMap((t) => [t, t * (1 + 2 ** -23), t * (1 - 2 ** -23)]);
    const edge = matrix(Math.floor(asked.length / 3), 3, asked.slice(0, 3 * Math.floor(asked.length / 3)));
    expect(await worstDifference(model, edge)).toBeLessThan(1e-5);
  });

  it("names the feature that is far out", async () => {
    const rows = correlated(8, 1000, 10, 2);
    const model = await learn(rows);
    for (let feature = 0; feature < 10; feature++) {
      const row = rowOf(rows, feature);
      row[feature]! += 8 * model.scaler.scale[feature]!;
      const { contributions } = model.predict(row);
      expect(contributions!.indexOf(Math.max(...contributions!))).toBe(feature);
    }
  });

  it("notices when a feature changes that never did, as strongly as anything", async () => {
    const model = await learn(withConstants(correlated(9, 300, 4, 2)));
    const usual = [0, 0, 0, 0, 20, 0];
    const { score } = model.predict(usual);
    expect(score).toBeLessThan(0.5);
    for (const changed of [
      [0, 0, 0, 0, 21, 0],
      [0, 0, 0, 0, 19, 0],
      [0, 0, 0, 0, 20, -1],
    ]) {
      expect(model.predict(changed).score).toBeGreaterThan(0.8);
      expect(model.predict(changed).score).toBeLessThan(1);
    }
    // What float32 makes of 20 is no change.
    expect(model.predict([0, 0, 0, 0, 20.00001, 0]).score).toBe(score);
  });

  it("gives finite scores when all rows are alike", async () => {
    const model = await learn(matrix(40, 2, new Array(80).fill(20)));
    const { score, contributions } = await runGraph(model, matrix(3, 2, [20, 20, 20, 25, 3e38, -3e38]));
    expect(score[0]).toBeCloseTo(0.5, 6);
    expect(score[1]).toBeGreaterThan(0.8);
    for (const value of [...score, ...contributions]) expect(Number.isFinite(value)).toBe(true);
  });

  it("is the same model for the same seed, and another for another", async () => {
    const bytes = async (seed: number) =>
      encodeModel((await learn(training, { trees: 20 }, seed)).graph(), { producerName: "t", producerVersion: "1" });
    expect(await bytes(1)).toEqual(await bytes(1));
    expect(await bytes(1)).not.toEqual(await bytes(2));
  });

  it("takes about 3 kB a tree", async () => {
    const { length } = encodeModel((await learn(training)).graph(), { producerName: "t", producerVersion: "1" });
    expect(length / 100).toBeLessThan(4000);
  });
});

function shifted(rows: Matrix, offset: number): Matrix {
  return { ...rows, data: Float32Array.from(rows.data, (value) => value + offset) };
}

function wholes(rows: Matrix): Matrix {
  return { ...rows, data: Float32Array.from(rows.data, Math.round) };
}

function withConstants({ rows, columns, data }: Matrix): Matrix {
  const out: number[] = [];
  for (let row = 0; row < rows; row++) out.push(...data.subarray(row * columns, (row + 1) * columns), 20, 0);
  return matrix(rows, columns + 2, out);
}
