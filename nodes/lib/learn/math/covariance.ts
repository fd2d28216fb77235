import type { Shape } from "./seed-centres.js";

/** A place and a covariance: [columns] and row-major [columns, columns]. */
export interface Location {
  mean: Float64Array;
  covariance: Float64Array;
}

/** Mean and covariance (divided by their number) of some rows. */
export function covarianceOf(data: Float64Array, { columns }: Shape, rows: Int32Array): Location {
  const mean = new Float64Array(columns);
  for (const row of rows) for (let i = 0; i < columns; i++) mean[i]! += data[row * columns + i]!;
  for (let i = 0; i < columns; i++) mean[i]! /= rows.length;
  const covariance = new Float64Array(columns * columns);
  const d = new Float64Array(columns);
  for (const row of rows) {
    for (let i = 0; i < columns; i++) d[i] = data[row * columns + i]! - mean[i]!;
    for (let i = 0; i < columns; i++) {
      const di = d[i]!;
      for (let j = 0, at = i * columns; j <= i; j++, at++) covariance[at]! += di * d[j]!;
    }
  }
  for (let i = 0; i < columns; i++) {
    for (let j = 0; j <= i; j++) {
      covariance[i * columns + j]! /= rows.length;
      covariance[j * columns + i] = covariance[i * columns + j]!;
    }
  }
  return { mean, covariance };
}

/** The squared Mahalanobis distance of every row, from L of the covariance LLᵀ. O(rows × columns²) */
export function squaredDistances(
  data: Float64Array,
  { rows, columns }: Shape,
  mean: Float64Array,
  l: Float64Array,
  out: Float64Array,
): void {
  const y = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let i = 0; i < columns; i++) {
      let value = data[row * columns + i]! - mean[i]!;
      for (let k = 0, at = i * columns; k < i; k++, at++) value -= l[at]! * y[k]!;
      value /= l[i * columns + i]!;
      y[i] = value;
      sum += value * value;
    }
    out[row] = sum;
  }
}
