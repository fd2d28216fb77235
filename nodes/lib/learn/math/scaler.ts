import type { Matrix } from "./matrix.js";

/** Standardises features: z = (x − mean) / scale, clipped to ±MAX_Z. Every array has one entry per feature. */
export interface Scaler {
  /** Rounded to float32, as the graph holds them: predictions here and there then start from the same numbers. */
  mean: Float32Array;
  /** The standard deviation, or a floor for a constant feature; never 0. Rounded to float32. */
  scale: Float32Array;
  /** Population standard deviation (divided by n), before any floor. */
  std: Float64Array;
  /** Features that do not change within float32's precision. */
  constant: boolean[];
}

/**
 * The largest |z|. A feature that explodes still gives a finite float32 score: (1e6)² × 4096 features is 4e15, and even
 * divided by the smallest limit it stays far below 3.4e38.
 */
export const MAX_Z = 1e6;

/** A spread below this share of the largest magnitude is float32's rounding, not a signal. */
const ROUNDING = 1e-6;

/**
 * One unit of z of a constant feature, as a share of its magnitude: a set point of 20 °C that moves by 0.5 °C gives
 * z = 2.5. The data do not say how far it may move, only that it never did.
 */
const CONSTANT_SHARE = 0.01;

/** Two passes in float64: the spread is taken about the mean, so a large offset costs no digits. O(rows × columns) */
export function fitScaler({ rows, columns, data }: Matrix): Scaler {
  const mean = new Float64Array(columns);
  const largest = new Float64Array(columns);
  for (let at = 0, row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, at++) {
      const x = data[at]!;
      mean[column]! += x;
      const size = x < 0 ? -x : x;
      if (size > largest[column]!) largest[column] = size;
    }
  }
  for (let column = 0; column < columns; column++) mean[column]! /= rows;
  const std = new Float64Array(columns);
  for (let at = 0, row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, at++) {
      const difference = data[at]! - mean[column]!;
      std[column]! += difference * difference;
    }
  }
  const constant: boolean[] = [];
  const scale = new Float32Array(columns);
  for (let column = 0; column < columns; column++) {
    std[column] = Math.sqrt(std[column]! / rows);
    constant.push(!(std[column]! > ROUNDING * largest[column]!));
    const unit = constant[column] ? CONSTANT_SHARE * (largest[column]! || 1) : std[column]!;
    // Dividing by a subnormal would overflow before the clip can help.
    scale[column] = Math.max(unit, 1e-30);
  }
  return { mean: Float32Array.from(mean), scale, std, constant };
}

/** One row standardised into `out`, with float32 rounding at each step as in the graph. */
export function standardise(
  { mean, scale }: Pick<Scaler, "mean" | "scale">,
  row: ArrayLike<number>,
  out: Float64Array,
  offset = 0,
): void {
  for (let i = 0; i < mean.length; i++) out[i] = zOf(row[i + offset]!, mean[i]!, scale[i]!);
}

/** All rows standardised, float64 [rows, columns]. */
export function standardiseAll(
  { mean, scale }: Pick<Scaler, "mean" | "scale">,
  { rows, columns, data }: Matrix,
): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let at = 0, row = 0; row < rows; row++) {
    for (let i = 0; i < columns; i++, at++) out[at] = zOf(data[at]!, mean[i]!, scale[i]!);
  }
  return out;
}

function zOf(x: number, mean: number, scale: number): number {
  const z = Math.fround(Math.fround(x - mean) / scale);
  // Math.max and Math.min would take as long again as all the rest.
  if (z > MAX_Z) return MAX_Z;
  if (z < -MAX_Z) return -MAX_Z;
  return z;
}
