import type { Matrix } from "../math/matrix.js";
import { quantile, sorted } from "../math/quantile.js";
import { fitScaler, standardise } from "../math/scaler.js";

/** Frames that are scattered far more widely than the others, and around them. */
export interface WideMinority {
  /** Of all frames, 0..1. */
  share: number;
  /** How many times as far apart they are as the others. */
  ratio: number;
}

/** Frames that are compared with each other; the work is their square times the features. */
const MAX_ROWS = 1000;
const MIN_ROWS = 40;
const MAX_STEPS = 4e8;

/** The neighbour whose distance tells how densely frames lie. */
const NEIGHBOUR = 5;

/** Fewer wide frames than this have no density. */
const MIN_WIDE = 6;

/** Above this share they are no minority: the machine itself is restless. */
const MAX_SHARE = 0.45;

/** Ten to this is how many times wider they are at least. */
const MIN_DIFFERENCE = 0.5;

/** How clearly the two kinds are two, in their common standard deviations (Ashman's D; above 2 they are apart). */
const MIN_SEPARATION = 3.3;

/** How far the others are from the wide ones, beside how far these are from each other. */
const MAX_DISTANCE = 1.75;

/** The share of the wide frames that the distance to them reaches over: stragglers of other states are not all of it. */
const REACH = 0.2;

/**
 * Whether a set of normal frames is made of two kinds, of which the smaller one is scattered much more widely and lies all
 * around the larger: a contaminated distribution (Tukey 1960). What is far from the larger kind is then still near some
 * frame of the smaller one, and a detector that learned from both is blind to it: k-means and kNN no longer see a fan's
 * imbalance (100 % → 0 % found) when frames of the fan being moved by hand are among the normal ones.
 *
 * The logarithms of the distances to the 5th neighbour are parted in two where the variance between the parts is largest
 * (Otsu 1979). It is said when the wide part is a minority, the distances in it are 3 times as large or more, the two are
 * apart (Ashman, Bird & Zepf 1994), and a frame of the dense part is about as near to the wide ones as these are to each
 * other. The last tells it from a machine with a quiet and a restless state, which lie apart from each other.
 *
 * Measured (`npm run evaluate -- pollution FOLDER` prints all four numbers of each set): a fan with 30, 75 and 149 frames of
 * it being moved among 300, and 149 among 1,200 of four speeds: D of 3.6 to 7, difference of .7 to .9, distance of .9 to 1.6:
 * said, and k-means finds 2, 0 and 0 % of the imbalance. With 15 it is not said, and k-means still finds 100 %. 24 clean
 * sets (each speed and several, two air handling units by minute, 10 minutes and hour, a water circuit, gestures): where the
 * wide part is a minority, D up to 3.1; not said.
 */
export function wideMinority(matrix: Matrix): WideMinority | undefined {
  const found = partsOfScatter(matrix);
  if (!found) return undefined;
  const { share, difference, separation, distance } = found;
  const wide =
    share <= MAX_SHARE && difference >= MIN_DIFFERENCE && separation >= MIN_SEPARATION && distance <= MAX_DISTANCE;
  return wide ? { share, ratio: 10 ** difference } : undefined;
}

/** A set of frames parted by how widely they are scattered. */
export interface ScatterParts {
  /** Of the wide part, 0..1. */
  share: number;
  /** Of the mean logarithms (base 10) of the distances to the 5th neighbour. */
  difference: number;
  /** Ashman's D. */
  separation: number;
  /** From the dense part to the wide one, in distances within the wide one. */
  distance: number;
}

/** @returns undefined for too few frames, or when one part has hardly any */
export function partsOfScatter(matrix: Matrix): ScatterParts | undefined {
  const z = sample(matrix);
  const { rows, columns } = z;
  if (rows < MIN_ROWS || columns === 0) return undefined;
  const distances = distancesOf(z);
  const all = Array.from({ length: rows }, (_, i) => i);
  const near = all.map((i) => nth(distances, rows, i, all, NEIGHBOUR));
  // Frames that repeat each other exactly have no logarithm.
  const least = 1e-2 * quantile(sorted(near), 0.5) + 1e-3 * Math.sqrt(columns);
  const logs = near.map((distance) => Math.log10(Math.max(distance, least)));
  const order = all.sort((a, b) => logs[a]! - logs[b]!);
  const { cut, difference, separation } = partInTwo(order.map((i) => logs[i]!));
  const dense = order.slice(0, cut);
  const wide = order.slice(cut);
  if (wide.length < MIN_WIDE || dense.length < MIN_WIDE) return undefined;
  const reach = Math.ceil(REACH * wide.length);
  const median = (of: number[]) => quantile(sorted(of.map((i) => nth(distances, rows, i, wide, reach))), 0.5);
  return { share: wide.length / rows, difference, separation, distance: median(dense) / median(wide) };
}

/** Evenly chosen rows, standardised, without constant features. */
function sample(matrix: Matrix): { rows: number; columns: number; data: Float64Array } {
  const scaler = fitScaler(matrix);
  const kept = Array.from(scaler.mean.keys()).filter((i) => !scaler.constant[i]);
  const most = Math.floor(Math.sqrt(MAX_STEPS / Math.max(1, kept.length)));
  const rows = Math.min(matrix.rows, MAX_ROWS, Math.max(MIN_ROWS, most));
  const data = new Float64Array(rows * kept.length);
  const z = new Float64Array(matrix.columns);
  for (let k = 0; k < rows; k++) {
    standardise(scaler, matrix.data, z, Math.floor((k * matrix.rows) / rows) * matrix.columns);
    kept.forEach((i, j) => {
      data[k * kept.length + j] = z[i]!;
    });
  }
  return { rows, columns: kept.length, data };
}

/** Euclidean, [rows, rows]. */
function distancesOf({ rows, columns, data }: { rows: number; columns: number; data: Float64Array }): Float32Array {
  const distances = new Float32Array(rows * rows);
  for (let a = 0; a < rows; a++) {
    for (let b = 0; b < a; b++) {
      let sum = 0;
      for (let j = 0; j < columns; j++) sum += (data[a * columns + j]! - data[b * columns + j]!) ** 2;
      distances[a * rows + b] = distances[b * rows + a] = Math.sqrt(sum);
    }
  }
  return distances;
}

/** The distance of a frame to the n-th nearest of some others; it is not a neighbour of its own. */
function nth(distances: Float32Array, rows: number, i: number, others: readonly number[], n: number): number {
  // The nearest so far, ascending: n is small, and hardly any frame comes in after the first ones.
  const nearest = new Float32Array(n).fill(Number.POSITIVE_INFINITY);
  for (const j of others) {
    const distance = distances[i * rows + j]!;
    if (j === i || distance >= nearest[n - 1]!) continue;
    let at = n - 1;
    while (at > 0 && nearest[at - 1]! > distance) {
      nearest[at] = nearest[at - 1]!;
      at--;
    }
    nearest[at] = distance;
  }
  return nearest[n - 1]!;
}

/** Where ascending values fall into two groups; `separation` is Ashman's D. */
function partInTwo(ascending: readonly number[]): { cut: number; difference: number; separation: number } {
  const n = ascending.length;
  const total = ascending.reduce((sum, value) => sum + value, 0);
  let below = 0;
  let best = { cut: 1, between: -1 };
  for (let cut = 1; cut < n; cut++) {
    below += ascending[cut - 1]!;
    const between = cut * (n - cut) * (below / cut - (total - below) / (n - cut)) ** 2;
    if (between > best.between) best = { cut, between };
  }
  const low = moments(ascending.slice(0, best.cut));
  const high = moments(ascending.slice(best.cut));
  const difference = high.mean - low.mean;
  return {
    cut: best.cut,
    difference,
    separation: (Math.SQRT2 * difference) / Math.sqrt(low.variance + high.variance + 1e-9),
  };
}

function moments(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
}
