import { symmetricEigen } from "./eigen.js";

export interface InverseRoot {
  /** A^(−1/2), symmetric, row-major [n, n]: for rows d, |d A^(−1/2)|² = d A⁻¹ dᵀ, one part of the sum for each feature. */
  root: Float64Array;
  /** log det A */
  logDeterminant: number;
}

/**
 * The symmetric root of a covariance's inverse. A direction with less than `least` of the largest variance gets so much:
 * along it float32 could not tell anything. O(n³)
 */
export function inverseRoot(covariance: Float64Array, n: number, least: number): InverseRoot {
  const { values, vectors } = symmetricEigen(covariance, n);
  const floor = least * Math.max(values[0]!, Number.MIN_VALUE);
  const variances = values.map((value) => Math.max(value, floor));
  const weights = variances.map((value) => 1 / Math.sqrt(value));
  const root = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += weights[k]! * vectors[i * n + k]! * vectors[j * n + k]!;
      root[i * n + j] = sum;
      root[j * n + i] = sum;
    }
  }
  return { root, logDeterminant: variances.reduce((sum, value) => sum + Math.log(value), 0) };
}
