import { expect, it } from "vitest";
import { fitAnomaly, golden, matrix, rowOf } from "../support.ts";

const g = golden<{
  rows: number;
  columns: number;
  data: number[];
  strange: (0 | 1)[];
  learned: number;
  auc: Record<string, number>;
}>("anomaly-quality");
const all = matrix(g.rows, g.columns, g.data);

/** The share of the pairs of a strange and a normal frame in which the strange one scores higher. */
function auc(scores: number[], strange: (0 | 1)[]): number {
  let won = 0;
  let pairs = 0;
  scores.forEach((high, i) => {
    scores.forEach((low, j) => {
      if (strange[i] !== 1 || strange[j] !== 0) return;
      pairs++;
      won += high > low ? 1 : high === low ? 0.5 : 0;
    });
  });
  return won / pairs;
}

it.each(Object.entries(g.auc))("%s tells strange frames as well as with scikit-learn", async (id, expected) => {
  const learned = matrix(g.learned, g.columns, g.data.slice(0, g.learned * g.columns));
  // Less than is usual for so few rows: the test is to be quick.
  const model = await fitAnomaly(id, learned, id === "autoencoder" ? { epochs: 250 } : {});
  const scores = Array.from({ length: g.rows - g.learned }, (_, i) => model.predict(rowOf(all, g.learned + i)).score);
  expect(auc(scores, g.strange.slice(g.learned))).toBeGreaterThan(expected - 0.01);
});
