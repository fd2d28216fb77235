import { describe, expect, it } from "vitest";
import type { Matrix } from "../../../../nodes/lib/learn/math/matrix.ts";
import { correlated, fitAnomaly, golden, matrix, rowOf, runGraph, worstDifference } from "../support.ts";

const learn = (rows: Matrix, options: object = {}, seed = 1) => fitAnomaly("kmeans", rows, options, seed);

describe("k-means", () => {
  const g = golden<{ rows: number; columns: number; data: number[]; inertia: { clusters: number; value: number }[] }>(
    "kmeans",
  );
  it.each(g.inertia)("finds $clusters clusters as good as scikit-learn's", async ({ clusters, value }) => {
    const model = await learn(matrix(g.rows, g.columns, g.data), { clusters, restarts: 20 });
    expect(model.found.clusters).toBe(clusters);
    expect(model.found.inertia! / value).toBeLessThan(1.01);
    // Better than the best of 20 restarts is possible, much better is a mistake in the sum.
    expect(model.found.inertia! / value).toBeGreaterThan(0.95);
  });

  it("gives every training row a score of at most 0, and the same model for the same seed", async () => {
    const rows = correlated(1, 500, 6, 3);
    const model = await learn(rows);
    const again = await learn(rows);
    for (let row = 0; row < rows.rows; row++) {
      const { score } = model.predict(rowOf(rows, row));
      expect(score).toBeLessThanOrEqual(1e-6);
      expect(again.predict(rowOf(rows, row)).score).toBe(score);
    }
  });

  it("scores the distance beyond the nearest cluster's reach", async () => {
    // Two clusters at ±10, each reaching 1 to either side; the scale is the standard deviation of the whole.
    const values = [-11, -10, -9, 9, 10, 11].flatMap((value) => [value, value, value]);
    const model = await learn(matrix(18, 1, values), { clusters: 2 });
    const unit = model.scaler.scale[0]!;
    expect(model.predict([13]).score).toBeCloseTo(2 / unit, 6);
    expect(model.predict([0]).score).toBeCloseTo(9 / unit, 6);
    expect(model.predict([10]).score).toBeCloseTo(-1 / unit, 6);
    expect(model.predict([13]).contributions![0]).toBeCloseTo((3 / unit) ** 2, 5);
  });

  it.each([
    ["16 clusters", correlated(2, 500, 8, 3), {}],
    ["one cluster", correlated(3, 100, 4, 2), { clusters: 1 }],
    ["one feature", correlated(4, 100, 1, 1), { clusters: 4 }],
    ["a large offset", { ...correlated(5, 300, 5, 2), data: correlated(5, 300, 5, 2).data.map((x) => x + 1e5) }, {}],
  ] as [string, Matrix, object][])("is the same function in ONNX: %s", async (_, rows, options) => {
    const model = await learn(rows, options);
    const spread = correlated(99, 200, rows.columns, 1, 4);
    const tested = { ...spread, data: spread.data.map((x, i) => x + model.scaler.mean[i % rows.columns]!) };
    expect(await worstDifference(model, tested, 1)).toBeLessThan(1e-5);
  });

  it("makes do with fewer different rows than clusters", async () => {
    const model = await learn(
      matrix(
        40,
        1,
        Array.from({ length: 40 }, (_, i) => i % 3),
      ),
      { clusters: 8 },
    );
    expect(model.found).toMatchObject({ clusters: 3, inertia: 0 });
  });

  it("gives finite scores when all rows are alike", async () => {
    const model = await learn(matrix(40, 2, new Array(80).fill(20)), { clusters: 8 });
    expect(model.found.clusters).toBe(1);
    const { score } = await runGraph(model, matrix(3, 2, [20, 20, 20, 25, 3e38, -3e38]));
    expect(score[0]).toBe(0);
    expect(score[1]).toBeCloseTo(25, 3);
    expect(score[2]).toBe(1000);
  });
});
