import { describe, expect, it } from "vitest";
import type { Matrix } from "../../../../nodes/lib/learn/math/matrix.ts";
import { correlated, fitValues, gaussian, golden, matrix, rowOf, worstOfValues } from "../support.ts";

const g = golden<{
  rows: number;
  columns: number;
  data: number[];
  values: number[];
  fresh: number[];
  linear: number[];
  r2: number;
  ridge: { alpha: number; values: number[] }[];
  best: { alpha: number; values: number[] };
}>("linear");
const rows = matrix(g.rows, g.columns, g.data);
const values = Float64Array.from(g.values);
const fresh = matrix(g.fresh.length / g.columns, g.columns, g.fresh);

/** A target that depends on all features. */
function targetOf({ rows, columns, data }: Matrix, noise = 0.1): Float64Array {
  const normal = gaussian(77);
  return Float64Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let i = 0; i < columns; i++) sum += ((i % 5) - 2) * data[row * columns + i]!;
    return sum + noise * normal();
  });
}

describe("linear regression", () => {
  it("agrees with scikit-learn, also where features are sums of others or constant", async () => {
    const model = await fitValues("linear", rows, values);
    g.linear.forEach((value, row) => {
      expect(model.predict(rowOf(fresh, row)) / value).toBeCloseTo(1, 5);
    });
    expect(model.found.determination).toBeCloseTo(g.r2, 6);
  });
});

describe("ridge regression", () => {
  it.each(g.ridge)("agrees with scikit-learn at a penalty of $alpha", async ({ alpha, values: expected }) => {
    const model = await fitValues("ridge", rows, values, { alpha });
    expected.forEach((value, row) => {
      expect(model.predict(rowOf(fresh, row)) / value).toBeCloseTo(1, 5);
    });
  });

  it("chooses the penalty by generalised cross-validation", async () => {
    const model = await fitValues("ridge", rows, values);
    expect(model.found.alpha! / g.best.alpha).toBeCloseTo(1, 9);
    g.best.values.forEach((value, row) => {
      expect(model.predict(rowOf(fresh, row)) / value).toBeCloseTo(1, 5);
    });
  });

  it("stays calm with more features than rows", async () => {
    const few = correlated(1, 30, 60, 3);
    const more = correlated(2, 200, 60, 3);
    const [target, truth] = [targetOf(few), targetOf(more)];
    const model = await fitValues("ridge", few, target);
    const mean = truth.reduce((sum, value) => sum + value / truth.length, 0);
    let [left, all] = [0, 0];
    truth.forEach((value, row) => {
      left += (value - model.predict(rowOf(more, row))) ** 2;
      all += (value - mean) ** 2;
    });
    expect(left / all).toBeLessThan(0.3);
  });
});

describe.each(["linear", "ridge"])("%s", (id) => {
  const far = correlated(5, 200, 4, 2);
  far.data[13] = 3e38;
  it.each([
    ["correlated features", correlated(1, 500, 8, 3)],
    ["one feature", correlated(2, 100, 1, 1)],
    ["a large offset", { ...correlated(3, 300, 5, 2), data: correlated(3, 300, 5, 2).data.map((x) => x + 1e5) }],
    ["more features than rows", correlated(4, 20, 40, 5)],
    ["a far outlier", far],
    ["all rows alike", matrix(20, 2, new Array(40).fill(7))],
    ["so many that a kernel multiplies", correlated(6, 3000, 12, 3)],
  ] as [string, Matrix][])("is the same function in ONNX: %s", async (_, each) => {
    expect(await worstOfValues(await fitValues(id, each, targetOf(each)), each)).toBeLessThan(1e-5);
  });

  it("gives the mean of values that never change", async () => {
    const model = await fitValues(id, far, new Float64Array(200).fill(12.5));
    expect(model.predict(rowOf(far, 3))).toBeCloseTo(12.5, 9);
    expect(model.found.determination).toBe(0);
  });
});
