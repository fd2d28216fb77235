import { describe, expect, it } from "vitest";
import type { Matrix } from "../../../../nodes/lib/learn/math/matrix.ts";
import { correlated, fitClasses, golden, matrix, rowOf, worstOfClasses } from "../support.ts";

interface Case {
  name: string;
  count: number;
  freedom: number;
  balanced: boolean;
  rows: number;
  columns: number;
  data: number[];
  classes: number[];
  probabilities: number[];
}

describe("logistic regression", () => {
  it.each(golden<Case[]>("logistic"))("agrees with scikit-learn: $name", async (g) => {
    const rows = matrix(g.rows, g.columns, g.data);
    const target = { classes: Int32Array.from(g.classes), count: g.count };
    const model = await fitClasses("logistic", rows, target, { freedom: g.freedom, balanced: g.balanced });
    let worst = 0;
    g.probabilities.forEach((probability, i) => {
      const predicted = model.predict(rowOf(rows, Math.floor(i / g.count)))[i % g.count]!;
      worst = Math.max(worst, Math.abs(predicted - probability));
    });
    expect(worst).toBeLessThan(1e-3);
    expect(await worstOfClasses(model, rows, g.count)).toBeLessThan(1e-5);
  });

  const far = correlated(5, 200, 4, 2);
  far.data[13] = 3e38;
  it.each([
    ["one feature", correlated(2, 100, 1, 1)],
    ["a large offset", { ...correlated(3, 300, 5, 2), data: correlated(3, 300, 5, 2).data.map((x) => x + 1e5) }],
    ["more features than rows", correlated(4, 20, 40, 5)],
    ["a far outlier", far],
    ["all rows alike", matrix(20, 2, new Array(40).fill(7))],
  ] as [string, Matrix][])("gives probabilities, the same in ONNX: %s", async (_, rows) => {
    const classes = Int32Array.from({ length: rows.rows }, (_, row) => row % 3);
    const model = await fitClasses("logistic", rows, { classes, count: 3 });
    expect(await worstOfClasses(model, rows, 3)).toBeLessThan(1e-5);
    const sum = model.predict(rowOf(rows, 0)).reduce((total, each) => total + each, 0);
    expect(sum).toBeCloseTo(1, 12);
  });
});
