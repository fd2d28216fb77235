/** A pivot below this share of its diagonal entry: the column is a combination of those before it. */
const SINGULAR = 1e-12;

/**
 * L of a symmetric positive definite matrix A = LLᵀ, row-major [n, n] with zeros above the diagonal; undefined when the
 * matrix is singular. O(n³ / 6)
 */
export function cholesky(matrix: Float64Array, n: number): Float64Array | undefined {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= l[i * n + k]! * l[j * n + k]!;
      if (i !== j) l[i * n + j] = sum / l[j * n + j]!;
      else if (sum > SINGULAR * matrix[i * n + i]!) l[i * n + i] = Math.sqrt(sum);
      else return undefined;
    }
  }
  return l;
}

/** log det A of A = LLᵀ. */
export function logDeterminant(l: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += 2 * Math.log(l[i * n + i]!);
  return sum;
}

/** (L⁻¹)ᵀ, row-major: y = d (L⁻¹)ᵀ has |y|² = d A⁻¹ dᵀ for rows d. */
export function inverseTransposed(l: Float64Array, n: number): Float64Array {
  const inverse = new Float64Array(n * n);
  for (let column = 0; column < n; column++) {
    for (let i = column; i < n; i++) {
      let sum = i === column ? 1 : 0;
      // inverse holds the transpose: row `column` is column `column` of L⁻¹.
      for (let k = column; k < i; k++) sum -= l[i * n + k]! * inverse[column * n + k]!;
      inverse[column * n + i] = sum / l[i * n + i]!;
    }
  }
  return inverse;
}
