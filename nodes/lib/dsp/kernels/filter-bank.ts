import type { FilterBank } from "./frame-plan.js";

/**
 * The filter bank of a matrix without its zeros left and right of each band.
 * @param rows bands × bins
 */
export function filterBank(rows: readonly Float64Array[]): FilterBank {
  const starts = new Int32Array(rows.length);
  const offsets = new Int32Array(rows.length + 1);
  const weights: number[] = [];
  for (const [band, row] of rows.entries()) {
    const start = row.findIndex((weight) => weight !== 0);
    const end = row.findLastIndex((weight) => weight !== 0) + 1;
    starts[band] = Math.max(start, 0);
    if (start >= 0) weights.push(...row.subarray(start, end));
    offsets[band + 1] = weights.length;
  }
  return { starts, offsets, weights: Float64Array.from(weights) };
}
