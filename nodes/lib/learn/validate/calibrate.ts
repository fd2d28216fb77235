import { sorted } from "../math/quantile.js";
import { fitTail, tailQuantile } from "../math/tail.js";

export interface Threshold {
  /** Anomalous is what scores above it. */
  value: number;
  /** quantile: an order statistic of the hold-out's scores. tail: of a distribution fitted to the largest of them. */
  method: "quantile" | "tail";
  /** The wished rate is rarer than anything the hold-out could show. */
  extrapolated: boolean;
  /** Hold-out scores above the threshold. */
  exceedances: number;
}

/** With fewer scores above it than this, an order statistic varies by a third and more. */
const MIN_ABOVE = 10;

/** A wish for more alarms than frames still leaves half of the frames alone. */
const MAX_PROBABILITY = 0.5;

/**
 * The threshold that normal frames exceed falseAlarmsPerDay times in framesPerDay frames.
 *
 * quantile: with p = falseAlarmsPerDay / framesPerDay, the ⌊p (n + 1)⌋-th largest of the n scores. For exchangeable
 * frames the expected rate of false alarms is then at most p, whatever the distribution (conformal prediction: Vovk,
 * Gammerman & Shafer 2005).
 *
 * tail: fewer than ten scores lie above that, so a generalised Pareto distribution is fitted to the top tenth, and the
 * higher of the two is taken: a fitted quantile is steadier, but its own spread alone gives some 15 % more alarms than
 * wished. Where it has to go beyond the largest score it errs towards quiet: the tail is taken as exponential at least,
 * since an end that a few dozen values seem to have is not one to rely on; and the threshold is not below that score.
 *
 * @param scores of the hold-out, at least 2, finite
 */
export function calibrate(scores: ArrayLike<number>, falseAlarmsPerDay: number, framesPerDay: number): Threshold {
  const ascending = sorted(scores);
  const n = ascending.length;
  const p = Math.min(MAX_PROBABILITY, falseAlarmsPerDay / framesPerDay);
  const above = Math.floor(p * (n + 1));
  const extrapolated = above < 1;
  const method = above >= MIN_ABOVE ? "quantile" : "tail";
  let value = ascending[n - Math.max(1, above)]!;
  if (method === "tail") {
    const tail = fitTail(ascending);
    if (extrapolated) tail.shape = Math.max(0, tail.shape);
    if (p < tail.share) value = Math.max(value, tailQuantile(tail, p));
  }
  // As float32, which the scores are: a score that equals the threshold must not exceed it by rounding.
  value = roundUp(value);
  return { value, method, extrapolated, exceedances: countAbove(ascending, value) };
}

/** The least float32 that is not below the value. */
function roundUp(value: number): number {
  const rounded = Math.fround(value);
  if (rounded >= value) return rounded;
  const bits = new DataView(new ArrayBuffer(4));
  bits.setFloat32(0, rounded);
  // Away from zero for positive numbers is the next bit pattern up, towards zero for negative ones the next down.
  bits.setInt32(0, bits.getInt32(0) + (rounded < 0 ? -1 : 1));
  return bits.getFloat32(0);
}

function countAbove(ascending: Float64Array, value: number): number {
  let count = 0;
  for (let i = ascending.length - 1; i >= 0 && ascending[i]! > value; i--) count++;
  return count;
}
