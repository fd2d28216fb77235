import { describe, expect, it } from "vitest";
import type { Matrix } from "../../../../nodes/lib/learn/math/matrix.ts";
import { seeded } from "../../../../nodes/lib/learn/math/random.ts";
import { referenceRows } from "../../../../nodes/lib/learn/neighbours/reference-rows.ts";
import { encodeModel } from "../../../../nodes/lib/model/index.ts";
import {
  correlated,
  fitAnomaly,
  fitClasses,
  fitValues,
  golden,
  matrix,
  rowOf,
  runGraph,
  worstDifference,
} from "../support.ts";

interface ByWeight {
  probabilities: number[];
  values: number[];
}

const g = golden<{
  rows: number;
  columns: number;
  data: number[];
  classes: number[];
  values: number[];
  fresh: number[];
  neighbours: {
    neighbours: number;
    mean: number[];
    farthest: number[];
    contributions: number[];
    uniform: ByWeight;
    distance: ByWeight;
  }[];
}>("trees");
const rows = matrix(g.rows, g.columns, g.data);
const fresh = matrix(60, g.columns, g.fresh);
const target = { classes: Int32Array.from(g.classes), count: 3 };
const learn = (of: Matrix, options: object = {}, seed = 1) => fitAnomaly("knn", of, options, seed);

describe.each(g.neighbours)("$neighbours nearest neighbours", (expected) => {
  const { neighbours } = expected;

  it.each(["mean", "farthest"] as const)("scores as scikit-learn measures, by the %s", async (distance) => {
    const model = await learn(rows, { neighbours, distance });
    const { score } = await runGraph(model, fresh);
    expected[distance].forEach((value, row) => {
      expect(model.predict(rowOf(fresh, row)).score / value).toBeCloseTo(1, 4);
      expect(score[row]! / value).toBeCloseTo(1, 4);
    });
  });

  it("says which features lie away from the neighbours", async () => {
    const model = await learn(rows, { neighbours });
    const got = Array.from({ length: 5 }, (_, row) => [...model.predict(rowOf(fresh, row)).contributions!]).flat();
    got.forEach((value, i) => {
      expect(Math.abs(value - expected.contributions[i]!)).toBeLessThan(1e-4 * Math.max(1, expected.contributions[i]!));
    });
  });

  it.each([
    ["alike", "uniform", false],
    ["by distance", "distance", true],
  ] as const)("tells classes and values as scikit-learn, %s", async (_, key, weighted) => {
    const classes = await fitClasses("knn", rows, target, { neighbours, weighted });
    const values = await fitValues("knn", rows, Float64Array.from(g.values), { neighbours, weighted });
    const inOnnx = await runGraph(classes, fresh);
    const valuesInOnnx = await runGraph(values, fresh);
    for (let row = 0; row < fresh.rows; row++) {
      const got = classes.predict(rowOf(fresh, row));
      for (let c = 0; c < 3; c++) {
        expect(Math.abs(got[c]! - expected[key].probabilities[3 * row + c]!)).toBeLessThan(1e-4);
        expect(Math.abs(inOnnx.probabilities[3 * row + c]! - got[c]!)).toBeLessThan(1e-5);
      }
      const value = values.predict(rowOf(fresh, row));
      expect(Math.abs(value - expected[key].values[row]!)).toBeLessThan(1e-3);
      // float32 holds 101325 to 0.008.
      expect(Math.abs(valuesInOnnx.values[row]! - value)).toBeLessThan(0.008);
    }
  });
});

describe("k nearest neighbours of what is normal", () => {
  it.each([
    ["correlated", correlated(1, 600, 8, 3), {}],
    ["a large offset", shifted(correlated(2, 600, 8, 3), 101325), {}],
    ["one feature", correlated(3, 100, 1, 1), { neighbours: 3 }],
    ["many features", correlated(4, 300, 120, 10), {}],
    ["one neighbour", correlated(5, 300, 6, 2), { neighbours: 1 }],
    ["fewer kept than there are", correlated(6, 900, 6, 2), { references: 100, distance: "farthest" }],
    ["rows that are far out and close to each other", farPairs(correlated(7, 300, 4, 2)), {}],
  ] as [string, Matrix, object][])("is the same function in ONNX: %s", async (_, of, options) => {
    const model = await learn(of, options);
    const tested = { ...of, data: of.data.map((x, i) => x + 0.2 * Math.sin(i) * model.scaler.scale[i % of.columns]!) };
    expect(await worstDifference(model, tested)).toBeLessThan(1e-5);
  });

  it("sees a difference that |a|² − 2 a·b + |b|² would lose", async () => {
    // Two rows 1000 deviations out, and a third one close to them: in float32 their squared lengths hold no more than 0.06.
    const of = farPairs(correlated(8, 2000, 2, 1));
    const model = await learn(of, { neighbours: 1 });
    const near = rowOf(of, of.rows - 1);
    near[0]! *= 1.00002;
    const { score } = await runGraph(model, matrix(1, 2, near));
    const expected = model.predict(near).score;
    expect(expected).toBeGreaterThan(0);
    expect(expected).toBeLessThan(0.01);
    expect(score[0]! / expected).toBeCloseTo(1, 4);
  });

  it.each([
    ["all rows alike", matrix(60, 2, new Array(120).fill(20))],
    [
      "two different rows",
      matrix(
        60,
        2,
        Array.from({ length: 120 }, (_, i) => (i % 4 < 2 ? 20 : 21)),
      ),
    ],
    ["a constant among others", withConstant(correlated(9, 200, 3, 2))],
  ] as [string, Matrix][])("gives finite scores, and notices a change: %s", async (_, of) => {
    for (const options of [{}, { references: 50 }]) {
      const model = await learn(of, options);
      const usual = rowOf(of, 0);
      const changed = Float32Array.from(usual);
      changed[of.columns - 1]! += 10;
      const { score } = await runGraph(model, matrix(2, of.columns, [...usual, ...changed]));
      expect(score[0]).toBeLessThan(2);
      expect(score[1]).toBeGreaterThan(5);
      const far = await runGraph(model, matrix(1, of.columns, new Array(of.columns).fill(3e38)));
      for (const value of [...far.score, ...far.contributions]) expect(Number.isFinite(value)).toBe(true);
    }
  });
});

describe("the rows that are kept", () => {
  const keep = (of: Matrix, most: number) =>
    referenceRows(Float64Array.from(of.data), of.columns, most, seeded(1), () => undefined);

  it("are all of them when they are few enough", () => {
    expect([...keep(correlated(1, 50, 3, 1), 50)]).toEqual([...Array(50).keys()]);
  });

  it("hold the states that come seldom", () => {
    // One row in 500 belongs to a state of its own; of 40 rows drawn evenly most likely none would.
    const of = correlated(2, 1000, 4, 2);
    for (const row of [300, 900]) of.data.fill(30, row * 4, row * 4 + 4);
    const kept = keep(of, 40);
    expect(kept.length).toBe(40);
    expect(new Set(kept).size).toBe(40);
    expect(kept.includes(300) || kept.includes(900)).toBe(true);
  });

  it("are one each of rows that are alike", () => {
    expect(
      keep(
        matrix(
          600,
          1,
          Array.from({ length: 600 }, (_, i) => i % 3),
        ),
        100,
      ).length,
    ).toBe(3);
  });

  it("hold all of a rare class, and of the others as much as their share", async () => {
    const of = correlated(3, 1000, 3, 2);
    const classes = Int32Array.from({ length: 1000 }, (_, i) => (i < 10 ? 2 : i % 2));
    const model = await fitClasses("knn", of, { classes, count: 3 }, { references: 200, neighbours: 1 });
    expect(model.found.reference).toBe(200);
    for (let row = 0; row < 10; row++) expect(model.predict(rowOf(of, row))[2]).toBe(1);
  });

  it("take at most 4 MB of a bundle", async () => {
    const model = await learn(correlated(4, 700, 2000, 3), { references: 5000 });
    expect(model.found.reference).toBe(500);
    const { length } = encodeModel(model.graph(), { producerName: "t", producerVersion: "1" });
    expect(length).toBeLessThan(4.1e6);
  });
});

function shifted(of: Matrix, offset: number): Matrix {
  return { ...of, data: Float32Array.from(of.data, (value) => value + offset) };
}

/** The last two rows are far from all others, and next to each other. */
function farPairs(of: Matrix): Matrix {
  const data = Float32Array.from(of.data);
  data.fill(1000, (of.rows - 2) * of.columns);
  return { ...of, data: data.map((x, i) => (i >= (of.rows - 1) * of.columns ? x * 1.001 : x)) };
}

function withConstant({ rows, columns, data }: Matrix): Matrix {
  const out: number[] = [];
  for (let row = 0; row < rows; row++) out.push(...data.subarray(row * columns, (row + 1) * columns), 20);
  return matrix(rows, columns + 1, out);
}
