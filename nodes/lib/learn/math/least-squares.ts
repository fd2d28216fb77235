import { gram } from "../kernels/gram.js";
import { symmetricEigen } from "./eigen.js";
import type { Scaler } from "./scaler.js";
import type { Shape } from "./seed-centres.js";

/**
 * A direction with less variance than this share of the largest is a combination of other features and float32's
 * rounding: nothing can be learned along it.
 */
const RANK_TOLERANCE = 1e-9;

/** The normal equations of centred rows and values, in the coordinates in which ZᵀZ is diagonal. */
export interface NormalEquations {
  rows: number;
  /** Eigenvalues of ZᵀZ in descending order: those that count. */
  values: Float64Array;
  /** Eigenvectors, row-major [columns, columns]; column k belongs to value k. */
  vectors: Float64Array;
  /** VᵀZᵀy, one per value. */
  projected: Float64Array;
  /** Σ (y − mean)² */
  total: number;
  meanRow: Float64Array;
  meanValue: number;
}

/** w and b of b + Σ wᵢ zᵢ */
export interface LinearFunction {
  weights: Float64Array;
  intercept: number;
}

/**
 * @param z standardised rows, row-major [rows, columns]; centred here, in place. Constant features become 0.
 * O(rows × columns² + columns³)
 */
export async function normalEquations(
  z: Float64Array,
  { rows, columns }: Shape,
  y: Float64Array,
  { constant }: Pick<Scaler, "constant">,
): Promise<NormalEquations> {
  const meanRow = new Float64Array(columns);
  for (let at = 0, row = 0; row < rows; row++) for (let i = 0; i < columns; i++, at++) meanRow[i]! += z[at]!;
  for (let i = 0; i < columns; i++) meanRow[i]! /= rows;
  const meanValue = y.reduce((sum, value) => sum + value / rows, 0);
  const products = new Float64Array(columns);
  let total = 0;
  for (let at = 0, row = 0; row < rows; row++) {
    const difference = y[row]! - meanValue;
    total += difference * difference;
    for (let i = 0; i < columns; i++, at++) {
      z[at] = constant[i] ? 0 : z[at]! - meanRow[i]!;
      products[i]! += z[at]! * difference;
    }
  }
  const { values, vectors } = symmetricEigen(await gram(z, { rows, columns }), columns);
  const end = values.findIndex((value) => !(value > RANK_TOLERANCE * values[0]!));
  const kept = values.subarray(0, end < 0 ? columns : end);
  const projected = Float64Array.from(kept, (_, k) => {
    let sum = 0;
    for (let i = 0; i < columns; i++) sum += vectors[i * columns + k]! * products[i]!;
    return sum;
  });
  return { rows, values: kept, vectors, projected, total, meanRow, meanValue };
}

/** The least Σ (y − b − wz)² + alpha |w|²; of all solutions at alpha 0, the one with the least |w|. */
export function solve(equations: NormalEquations, alpha: number): LinearFunction {
  const { values, vectors, projected, meanRow, meanValue } = equations;
  const columns = meanRow.length;
  const weights = new Float64Array(columns);
  for (let k = 0; k < values.length; k++) {
    const along = projected[k]! / (values[k]! + alpha);
    for (let i = 0; i < columns; i++) weights[i]! += vectors[i * columns + k]! * along;
  }
  return { weights, intercept: meanValue - weights.reduce((sum, weight, i) => sum + weight * meanRow[i]!, 0) };
}

/** Σ (y − b − wz)² of the solution for alpha. */
export function residual({ values, projected, total }: NormalEquations, alpha: number): number {
  let sum = total;
  for (let k = 0; k < values.length; k++) {
    const all = values[k]! + alpha;
    sum -= (projected[k]! ** 2 * (values[k]! + 2 * alpha)) / all ** 2;
  }
  return Math.max(0, sum);
}

/**
 * Generalised cross-validation (Golub, Heath & Wahba, Technometrics 21 (1979) 215–223): n RSS / (n − trace of the hat
 * matrix)², the mean reckoned in.
 */
export function generalisedCrossValidation(equations: NormalEquations, alpha: number): number {
  const { rows, values } = equations;
  let freedom = rows - 1;
  for (const value of values) freedom -= value / (value + alpha);
  return (rows * residual(equations, alpha)) / Math.max(freedom, 1e-9 * rows) ** 2;
}
