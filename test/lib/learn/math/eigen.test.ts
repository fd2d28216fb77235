import { describe, expect, it } from "vitest";
import { symmetricEigen } from "../../../../nodes/lib/learn/math/eigen.ts";
import { gaussian, golden } from "../support.ts";

/** The largest entry of A V − V Λ and of Vᵀ V − I. */
function residual(matrix: ArrayLike<number>, n: number): number {
  const { values, vectors } = symmetricEigen(matrix, n);
  let worst = 0;
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      let av = 0;
      let dot = 0;
      for (let j = 0; j < n; j++) {
        av += matrix[i * n + j]! * vectors[j * n + k]!;
        dot += vectors[j * n + i]! * vectors[j * n + k]!;
      }
      worst = Math.max(worst, Math.abs(av - values[k]! * vectors[i * n + k]!), Math.abs(dot - (i === k ? 1 : 0)));
    }
  }
  return worst;
}

describe("symmetricEigen", () => {
  const cases = golden<{ name: string; n: number; matrix: number[]; values: number[] }[]>("eigen");
  it.each(cases)("gives numpy's eigenvalues in descending order: $name", ({ n, matrix, values }) => {
    const found = symmetricEigen(matrix, n);
    values.forEach((value, k) => {
      expect(found.values[k]).toBeCloseTo(value, 9);
    });
    expect(residual(matrix, n)).toBeLessThan(1e-10);
  });

  it.each([
    ["one number", 1, [5]],
    ["zeros", 3, new Array(9).fill(0)],
    ["the identity", 3, [1, 0, 0, 0, 1, 0, 0, 0, 1]],
    ["a diagonal out of order", 3, [1, 0, 0, 0, 3, 0, 0, 0, 2]],
    ["two that are nearly alike", 2, [1, 1 - 1e-12, 1 - 1e-12, 1]],
    ["huge", 2, [1e150, 2e149, 2e149, 1e150].map((value) => value / 1e150)],
  ])("solves %s", (_, n, matrix) => {
    expect(residual(matrix, n)).toBeLessThan(1e-12);
  });

  it("solves 128 features", () => {
    const n = 128;
    const normal = gaussian(4);
    const matrix = new Float64Array(n * n);
    for (let i = 0; i < n; i++) for (let j = i; j < n; j++) matrix[i * n + j] = matrix[j * n + i] = normal();
    expect(residual(matrix, n)).toBeLessThan(1e-11);
  });
});
