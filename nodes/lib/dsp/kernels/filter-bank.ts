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
    let start = 0;
    let end = row.length;
    while (start < end && row[start] === 0) start++;
    while (end > start && row[end - 1] === 0) end--;
    // A band without weights is 0, wherever it stands.
    starts[band] = start < end ? start : 0;
    weights.push(...row.subarray(start, end));
    offsets[band + 1] = weights.length;
  }
  return { starts, offsets, weights: Float64Array.from(weights) };
}
