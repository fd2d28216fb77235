import type { Matrix } from "../math/matrix.js";

/** The most bins of a feature: a code fits into a byte. */
export const MAX_BINS = 256;

/** The most bins of a feature that has more different numbers than MAX_BINS: each bin costs time in every search. */
const MANY_NUMBERS_BINS = 128;

/** Features cut into bins of about as many rows each: a tree then looks for splits between bins, not between rows. */
export interface Bins {
  rows: number;
  /** The bin of each row, by feature: column-major [features, rows] */
  codes: Uint8Array;
  /** How many bins a feature has, at most MAX_BINS; [features] */
  counts: Int32Array;
  /** The least and largest number in each bin, [features, MAX_BINS]; a feature's numbers do not decrease. */
  low: Float32Array;
  high: Float32Array;
}

/**
 * Bins of equal counts, as far as equal numbers allow: these are always in one bin. With at most MAX_BINS different
 * numbers each has a bin of its own, and splits are those that a search through all rows would find.
 * O(features × rows × log rows)
 */
export function binFeatures({ rows, columns, data }: Matrix, progress: (share: number) => void): Bins {
  const codes = new Uint8Array(rows * columns);
  const counts = new Int32Array(columns);
  const low = new Float32Array(columns * MAX_BINS);
  const high = new Float32Array(columns * MAX_BINS);
  const column = new Float32Array(rows);
  for (let feature = 0; feature < columns; feature++) {
    for (let row = 0, at = feature; row < rows; row++, at += columns) column[row] = data[at]!;
    const ordered = column.slice().sort();
    const from = feature * MAX_BINS;
    const bins = cut(ordered, low.subarray(from, from + MAX_BINS), high.subarray(from, from + MAX_BINS));
    counts[feature] = bins;
    for (let row = 0, at = feature * rows; row < rows; row++, at++) codes[at] = binOf(column[row]!, high, from, bins);
    progress((feature + 1) / columns);
  }
  return { rows, codes, counts, low, high };
}

/** Writes the limits of the bins of ascending numbers, and returns how many there are. */
function cut(ordered: Float32Array, low: Float32Array, high: Float32Array): number {
  let different = 1;
  for (let i = 1; i < ordered.length; i++) if (ordered[i]! !== ordered[i - 1]!) different++;
  const few = different <= MAX_BINS;
  let bin = 0;
  for (let from = 0; from < ordered.length; bin++) {
    const share = few ? 1 : (ordered.length - from) / (MANY_NUMBERS_BINS - bin);
    let end = Math.max(from + 1, Math.round(from + share));
    let equal = end - 1;
    while (equal > from && ordered[equal - 1]! === ordered[end - 1]!) equal--;
    while (end < ordered.length && ordered[end]! === ordered[end - 1]!) end++;
    // Many equal numbers are a bin of their own, as long as there is one left for what follows.
    if (equal > from && end - equal >= share && (few || bin + 1 < MANY_NUMBERS_BINS)) end = equal;
    low[bin] = ordered[from]!;
    high[bin] = ordered[end - 1]!;
    from = end;
  }
  return bin;
}

/** The first bin whose largest number is at least x. */
function binOf(x: number, high: Float32Array, from: number, bins: number): number {
  let least = 0;
  let most = bins - 1;
  while (least < most) {
    const middle = (least + most) >> 1;
    if (high[from + middle]! < x) least = middle + 1;
    else most = middle;
  }
  return least;
}
