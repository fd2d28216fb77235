import { describe, expect, it } from "vitest";
import { rocAuc } from "../../../../nodes/lib/evaluate/index.ts";
import type { FittedClassifier } from "../../../../nodes/lib/learn/learners/index.ts";
import type { Matrix } from "../../../../nodes/lib/learn/math/matrix.ts";
import { seeded } from "../../../../nodes/lib/learn/math/random.ts";
import { askForest, growForest } from "../../../../nodes/lib/learn/trees/forest.ts";
import { encodeModel } from "../../../../nodes/lib/model/index.ts";
import { correlated, fitClasses, fitValues, golden, matrix, rowOf, runGraph } from "../support.ts";

interface Told {
  maxDepth: number;
  minLeaf: number;
}

const small = golden<{
  rows: number;
  columns: number;
  data: number[];
  classes: number[];
  values: number[];
  fresh: number[];
  trees: (Told & { balanced: boolean; probabilities: (number[] | null)[] })[];
  valueTrees: (Told & { values: (number[] | null)[] })[];
}>("trees");
const smallRows = matrix(small.rows, small.columns, small.data);
const smallFresh = matrix(60, small.columns, small.fresh);
const smallTarget = { classes: Int32Array.from(small.classes), count: 3 };

interface ForestNumbers {
  probabilities: number[];
  auc: number;
  accuracy: number;
}

const large = golden<{
  rows: number;
  columns: number;
  data: number[];
  test: number[];
  classes: number[];
  testClasses: number[];
  plain: ForestNumbers;
  balanced: ForestNumbers;
  values: number[];
  testValues: number[];
  regression: { values: number[]; r2: number };
}>("forests");
const largeRows = matrix(large.rows, large.columns, large.data);
const largeTest = matrix(large.testClasses.length, large.columns, large.test);
const largeTarget = { classes: Int32Array.from(large.classes), count: 2 };
const seeds = Array.from({ length: 8 }, (_, seed) => seed);

/** The largest difference between the probabilities, or values, of ONNX and of TypeScript. */
async function apart(model: FittedClassifier, rows: Matrix): Promise<number> {
  const { probabilities } = await runGraph(model, rows);
  let worst = 0;
  for (let row = 0; row < rows.rows; row++) {
    const expected = model.predict(rowOf(rows, row));
    expect(expected.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 6);
    expected.forEach((p, c) => {
      worst = Math.max(worst, Math.abs(probabilities[row * expected.length + c]! - p));
    });
  }
  return worst;
}

describe("decision tree", () => {
  it.each(small.trees)("is scikit-learn's, $maxDepth deep, balanced: $balanced", async (expected) => {
    const { probabilities, ...options } = expected;
    const model = await fitClasses("decision-tree", smallRows, smallTarget, options);
    probabilities.forEach((row, i) => {
      if (!row) return;
      const got = model.predict(rowOf(smallFresh, i));
      for (let c = 0; c < 3; c++) expect(got[c]).toBeCloseTo(row[c]!, 6);
    });
  });

  it.each(small.valueTrees)("tells values as scikit-learn's, $maxDepth deep", ({ values, ...options }) => {
    const target = {
      slots: 1,
      slot: new Uint16Array(small.rows),
      weight: new Float64Array(small.rows).fill(1),
      value: Float64Array.from(small.values, (value) => value - 101325),
    };
    const trees = growForest(
      smallRows,
      target,
      { trees: 1, bootstrap: false, tried: 5, ...options },
      { random: seeded(1), progress: () => undefined },
    );
    values.forEach((row, i) => {
      if (row) expect(101325 + askForest(trees, 1, rowOf(smallFresh, i))[0]!).toBeCloseTo(row[0]!, 3);
    });
  });

  it("finds what two features say only together", async () => {
    const random = seeded(4);
    const rows = matrix(200, 2, Array.from({ length: 400 }, random));
    const classes = Int32Array.from({ length: 200 }, (_, row) =>
      rows.data[2 * row]! > 0.5 !== rows.data[2 * row + 1]! > 0.5 ? 1 : 0,
    );
    const model = await fitClasses("decision-tree", rows, { classes, count: 2 }, { minLeaf: 1 });
    const right = Array.from(classes).filter((label, row) => model.predict(rowOf(rows, row))[label]! > 0.5).length;
    expect(right).toBeGreaterThan(195);
  });

  it("splits between numbers that are next to each other in float32, and far from 0", async () => {
    const step = 2 ** -23;
    const data = Array.from({ length: 40 }, (_, i) => 101325 * (1 + (i % 2) * 64 * step));
    const rows = matrix(40, 1, data);
    const classes = Int32Array.from({ length: 40 }, (_, i) => i % 2);
    const model = await fitClasses("decision-tree", rows, { classes, count: 2 });
    expect(model.predict([rows.data[0]!])[0]).toBe(1);
    expect(model.predict([rows.data[1]!])[1]).toBe(1);
    expect(await apart(model, rows)).toBe(0);
  });
});

describe("random forest", () => {
  it.each(["plain", "balanced"] as const)("agrees with scikit-learn's on average: %s", async (kind) => {
    const expected = large[kind];
    const models = await Promise.all(
      seeds.map((seed) => fitClasses("random-forest", largeRows, largeTarget, { balanced: kind === "balanced" }, seed)),
    );
    const answers = models.map((model) => large.testClasses.map((_, row) => model.predict(rowOf(largeTest, row))[1]!));
    const mean = (of: (one: number[]) => number) => answers.reduce((sum, one) => sum + of(one) / answers.length, 0);
    const difference = expected.probabilities.reduce(
      (sum, p, row) => sum + Math.abs(mean((one) => one[row]!) - p) / expected.probabilities.length,
      0,
    );
    expect(difference).toBeLessThan(0.02);
    expect(Math.abs(mean((one) => rocAuc(one, large.testClasses)) - expected.auc)).toBeLessThan(0.01);
    const accuracy = mean(
      (one) => one.filter((p, row) => p > 0.5 === (large.testClasses[row] === 1)).length / one.length,
    );
    expect(Math.abs(accuracy - expected.accuracy)).toBeLessThan(0.01);
  });

  it("tells values as scikit-learn's does on average", async () => {
    const values = Float64Array.from(large.values);
    const models = await Promise.all(seeds.map((seed) => fitValues("random-forest", largeRows, values, {}, seed)));
    let apart = 0;
    large.regression.values.forEach((expected, row) => {
      const mean = models.reduce((sum, model) => sum + model.predict(rowOf(largeTest, row)) / models.length, 0);
      apart += Math.abs(mean - expected) / large.regression.values.length;
    });
    // The values' own standard deviation is about 1.7.
    expect(apart).toBeLessThan(0.06);
    const r2 = models.map((model) => {
      const usual = large.testValues.reduce((sum, y) => sum + y, 0) / large.testValues.length;
      let left = 0;
      let all = 0;
      large.testValues.forEach((y, row) => {
        left += (y - model.predict(rowOf(largeTest, row))) ** 2;
        all += (y - usual) ** 2;
      });
      return 1 - left / all;
    });
    expect(Math.abs(r2.reduce((sum, one) => sum + one, 0) / r2.length - large.regression.r2)).toBeLessThan(0.02);
  });

  it("is the same function in ONNX, with a large offset, too", async () => {
    const values = Float64Array.from(small.values);
    const model = await fitValues("random-forest", smallRows, values);
    const got = await runGraph(model, smallFresh);
    for (let row = 0; row < 60; row++) {
      expect(Math.abs(got.values[row]! - model.predict(rowOf(smallFresh, row)))).toBeLessThan(0.008);
    }
  });

  it("is the same model for the same seed, and another for another", async () => {
    const bytes = async (seed: number) => {
      const model = await fitClasses("random-forest", smallRows, smallTarget, { trees: 10 }, seed);
      return encodeModel(model.graph(), { producerName: "t", producerVersion: "1" });
    };
    expect(await bytes(1)).toEqual(await bytes(1));
    expect(await bytes(1)).not.toEqual(await bytes(2));
  });
});

const random = seeded(11);
const six = correlated(1, 400, 6, 2);
const bySign = (rows: Matrix) =>
  Int32Array.from({ length: rows.rows }, (_, row) => (rows.data[row * rows.columns]! > 0 ? 1 : 0));
const cases: [string, Matrix, { classes: Int32Array; count: number }][] = [
  ["three classes, one of them rare", smallRows, smallTarget],
  [
    "five rows of one class in 400",
    six,
    { classes: Int32Array.from({ length: 400 }, (_, i) => (i < 5 ? 1 : 0)), count: 2 },
  ],
  ["classes by chance", six, { classes: Int32Array.from({ length: 400 }, () => Math.floor(random() * 7)), count: 7 }],
  ["whole numbers, many of them equal", { ...six, data: six.data.map(Math.round) }, { classes: bySign(six), count: 2 }],
  [
    "each row twice, in two classes",
    doubled(six),
    { classes: Int32Array.from({ length: 800 }, (_, i) => i % 2), count: 2 },
  ],
  [
    "all rows alike",
    matrix(40, 3, new Array(120).fill(20)),
    { classes: Int32Array.from({ length: 40 }, (_, i) => i % 2), count: 2 },
  ],
  ["a feature that never changes", withConstant(six), { classes: bySign(six), count: 2 }],
  ["more numbers than bins", correlated(2, 3000, 3, 1), { classes: bySign(correlated(2, 3000, 3, 1)), count: 2 }],
];

describe.each(["decision-tree", "random-forest"])("%s", (id) => {
  it.each(cases)("is the same function in ONNX: %s", async (_, rows, target) => {
    const model = await fitClasses(id, rows, target);
    expect(await apart(model, rows)).toBeLessThan(1e-5);
    const fresh = { ...rows, data: rows.data.map((x, i) => x * (1 + 0.3 * Math.sin(i))) };
    expect(await apart(model, fresh)).toBeLessThan(1e-5);
    expect(await apart(model, { ...rows, rows: 1, data: new Float32Array(rows.columns).fill(3e38) })).toBeLessThan(
      1e-5,
    );
  });
});

it("a forest's bundle is bounded by depth and rows in a leaf", async () => {
  const rows = correlated(3, 3000, 8, 3);
  const classes = Int32Array.from({ length: 3000 }, () => Math.floor(random() * 3));
  const size = async (options: object) => {
    const model = await fitClasses("random-forest", rows, { classes, count: 3 }, { trees: 5, ...options });
    return encodeModel(model.graph(), { producerName: "t", producerVersion: "1" }).length / 5;
  };
  // Of classes that nothing tells apart the trees are as large as they get.
  expect(await size({})).toBeLessThan(60_000);
  expect(await size({ maxDepth: 6 })).toBeLessThan(5_000);
});

function doubled({ rows, columns, data }: Matrix): Matrix {
  const out: number[] = [];
  for (let row = 0; row < rows; row++) {
    const part = data.subarray(row * columns, (row + 1) * columns);
    out.push(...part, ...part);
  }
  return matrix(2 * rows, columns, out);
}

function withConstant({ rows, columns, data }: Matrix): Matrix {
  const out: number[] = [];
  for (let row = 0; row < rows; row++) out.push(...data.subarray(row * columns, (row + 1) * columns), 20);
  return matrix(rows, columns + 1, out);
}
