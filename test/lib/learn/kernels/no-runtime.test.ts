/** Learning on a machine without any ONNX Runtime. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { chooseLearner } from "../../../../nodes/lib/learn/learners/index.ts";
import { seeded } from "../../../../nodes/lib/learn/math/random.ts";
import { correlated, rowOf } from "../support.ts";

beforeAll(() => {
  process.env.EDGE_ML_ONNXRUNTIME = "/there/is/none";
});
afterAll(() => {
  delete process.env.EDGE_ML_ONNXRUNTIME;
});

const rows = correlated(1, 2500, 12, 3);
const context = { random: seeded(1), progress: () => undefined };

it.each(["pca", "kmeans", "mahalanobis"])("%s learns in TypeScript", async (id) => {
  const { learner, options } = chooseLearner("anomaly", id, {});
  const model = await learner.fit(rows, options, context);
  expect(Number.isFinite(model.predict(rowOf(rows, 0)).score)).toBe(true);
});

it("linear learns in TypeScript", async () => {
  const { learner, options } = chooseLearner("value", "linear", {});
  const values = Float64Array.from({ length: rows.rows }, (_, row) => rows.data[row * 12]!);
  const model = await learner.fit(rows, { values }, options, context);
  expect(model.predict(rowOf(rows, 7))).toBeCloseTo(values[7]!, 4);
});

it("what cannot do without says so", async () => {
  const { learner, options } = chooseLearner("anomaly", "gmm", {});
  await expect(learner.fit(rows, options, context)).rejects.toThrow();
});
