import type { Shape } from "./seed-centres.js";

/**
 * How far a covariance of few rows is to be drawn towards a multiple of the identity: the optimum of Ledoit & Wolf, J.
 * Multivariate Analysis 88 (2004) 365–411. (1 − s) C + s trace(C) / n I is never singular.
 * @param centred rows less their mean, row-major
 * @param covariance of these rows, divided by their number
 * @returns s, 0..1
 */
export function ledoitWolf(centred: Float64Array, { rows, columns }: Shape, covariance: Float64Array): number {
  let trace = 0;
  let squares = 0;
  for (let i = 0; i < columns; i++) trace += covariance[i * columns + i]!;
  for (const value of covariance) squares += value * value;
  const dispersion = (squares - trace ** 2 / columns) / columns;
  let fourth = 0;
  for (let row = 0; row < rows; row++) {
    let length = 0;
    for (let at = row * columns; at < (row + 1) * columns; at++) length += centred[at]! ** 2;
    fourth += length ** 2 / rows;
  }
  const error = Math.max(0, fourth - squares) / (rows * columns);
  return dispersion > 0 ? Math.min(1, error / dispersion) : 1;
}
