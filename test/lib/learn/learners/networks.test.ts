import { describe, expect, it } from "vitest";
import type { Matrix } from "../../../../nodes/lib/learn/math/matrix.ts";
import {
  correlated,
  fitAnomaly,
  fitClasses,
  fitValues,
  gaussian,
  golden,
  matrix,
  rowOf,
  worstDifference,
  worstOfClasses,
  worstOfValues,
} from "../support.ts";

interface Rows {
  rows: number;
  columns: number;
  data: number[];
}

const g = golden<{
  classes: (Rows & { name: string; classes: number[]; accuracy: number })[];
  values: Rows & { values: number[]; r2: number };
}>("networks");

/** The first rows are learned from, the others tested. */
const LEARNED = 300;

/** A quarter of what is usual for so few rows; the tests are to be quick. */
const PASSES = { epochs: 150 };

const learned = ({ columns, data }: Rows) => matrix(LEARNED, columns, data.slice(0, LEARNED * columns));

describe("the neural network for classes", () => {
  it.each(g.classes)("is as good as scikit-learn's on frames it has not seen: $name", async (each) => {
    const rows = matrix(each.rows, each.columns, each.data);
    const count = Math.max(...each.classes) + 1;
    const target = { classes: Int32Array.from(each.classes.slice(0, LEARNED)), count };
    let right = 0;
    // Two starts: one alone depends on its luck.
    for (const seed of [1, 2]) {
      const model = await fitClasses("mlp", learned(each), target, PASSES, seed);
      for (let row = LEARNED; row < each.rows; row++) {
        const probabilities = model.predict(rowOf(rows, row));
        if (probabilities.indexOf(Math.max(...probabilities)) === each.classes[row]) right++;
      }
      expect(await worstOfClasses(model, rows, count)).toBeLessThan(1e-5);
    }
    expect(right / 2 / (each.rows - LEARNED)).toBeGreaterThan(each.accuracy - 0.01);
  });

  it("lets every class count the same, unless told otherwise", async () => {
    // One feature; a rare class lies where the frequent one is a fifth as dense as it.
    const normal = gaussian(4);
    const classes = Int32Array.from({ length: 600 }, (_, row) => (row % 20 === 0 ? 1 : 0));
    const rows = matrix(
      600,
      1,
      Array.from(classes, (index) => normal() + 1.5 * index),
    );
    const balanced = await fitClasses("mlp", rows, { classes, count: 2 }, { epochs: 60 });
    const plain = await fitClasses("mlp", rows, { classes, count: 2 }, { balanced: false, epochs: 60 });
    expect(balanced.predict([1.5])[1]).toBeGreaterThan(0.5);
    expect(plain.predict([1.5])[1]).toBeLessThan(0.4);
  });
});

describe("the neural network for values", () => {
  it("is as good as scikit-learn's on frames it has not seen", async () => {
    const rows = matrix(g.values.rows, g.values.columns, g.values.data);
    const model = await fitValues(
      "mlp",
      learned(g.values),
      Float64Array.from(g.values.values.slice(0, LEARNED)),
      PASSES,
    );
    const tested = g.values.values.slice(LEARNED);
    const mean = tested.reduce((sum, value) => sum + value / tested.length, 0);
    let [left, all] = [0, 0];
    tested.forEach((value, i) => {
      left += (value - model.predict(rowOf(rows, LEARNED + i))) ** 2;
      all += (value - mean) ** 2;
    });
    expect(1 - left / all).toBeGreaterThan(g.values.r2 - 0.01);
    expect(await worstOfValues(model, rows)).toBeLessThan(1e-5);
  });
});

describe("the autoencoder", () => {
  const rows = correlated(1, 600, 8, 2, 0.1);

  it("redraws what is normal, and shows the feature that broke its relation", async () => {
    const model = await fitAnomaly("autoencoder", rows, PASSES);
    expect(model.found.code).toBe(2);
    const usual = rowOf(rows, 3);
    const broken = Float32Array.from(usual);
    broken[4]! += 3;
    const { score, contributions } = model.predict(broken);
    expect(model.predict(usual).score).toBeLessThan(0.1);
    expect(score).toBeGreaterThan(10 * model.predict(usual).score);
    expect(contributions!.reduce((sum, part) => sum + part, 0) / score).toBeCloseTo(1, 12);
    // A bottleneck smears: the feature's part stands out, but it need not be the largest.
    expect(contributions![4]! / score).toBeGreaterThan(0.25);
  });

  it("gives the same model for the same seed", async () => {
    const again = () => fitAnomaly("autoencoder", rows, { epochs: 20 });
    const [a, b] = [await again(), await again()];
    expect(a.predict(rowOf(rows, 5))).toEqual(b.predict(rowOf(rows, 5)));
  });
});

const far = correlated(5, 200, 4, 2);
far.data[13] = 3e38;
const awkward: [string, Matrix][] = [
  ["one feature", correlated(2, 100, 1, 1)],
  ["a large offset", { ...correlated(3, 300, 5, 2), data: correlated(3, 300, 5, 2).data.map((x) => x + 1e5) }],
  ["more features than rows", correlated(4, 60, 90, 5)],
  ["a far outlier", far],
  ["all rows alike", matrix(60, 2, new Array(120).fill(7))],
];

describe.each(awkward)("networks are the same function in ONNX: %s", (_, rows) => {
  const strange = { rows: 2, columns: rows.columns, data: new Float32Array(2 * rows.columns).fill(3.4e38) };
  strange.data.fill(-3.4e38, rows.columns);
  const options = { epochs: 8 };

  it("the autoencoder", async () => {
    const model = await fitAnomaly("autoencoder", rows, options);
    expect(await worstDifference(model, rows, 1)).toBeLessThan(1e-5);
    expect(await worstDifference(model, strange, 1)).toBeLessThan(1e-5);
  });

  it("for classes", async () => {
    const classes = Int32Array.from({ length: rows.rows }, (_, row) => row % 3);
    const model = await fitClasses("mlp", rows, { classes, count: 3 }, { ...options, layers: 2 });
    expect(await worstOfClasses(model, rows, 3)).toBeLessThan(1e-5);
    expect(Number.isFinite(await worstOfClasses(model, strange, 3))).toBe(true);
  });

  it("for values", async () => {
    const values = Float64Array.from({ length: rows.rows }, (_, row) => 1e5 + Math.sin(row));
    const model = await fitValues("mlp", rows, values, { ...options, layers: 2 });
    expect(await worstOfValues(model, rows)).toBeLessThan(1e-5);
    expect(Number.isFinite(await worstOfValues(model, strange))).toBe(true);
  });
});
