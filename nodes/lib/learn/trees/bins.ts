import type { Matrix } from "../math/matrix.js";

/** The most bins of a feature: a code fits into a byte. */
export const MAX_BINS = 256;

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
  const each = different <= MAX_BINS ? 1 : ordered.length / MAX_BINS;
  let bin = 0;
  for (let i = 0; i < ordered.length; ) {
    low[bin] = ordered[i]!;
    // To the end of this bin's share, and of the numbers that equal its last one.
    let end = Math.max(i + 1, Math.min(ordered.length, Math.round((bin + 1) * each)));
    if (each === 1) end = i + 1;
    while (end < ordered.length && ordered[end]! === ordered[end - 1]!) end++;
    high[bin++] = ordered[end - 1]!;
    i = end;
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
