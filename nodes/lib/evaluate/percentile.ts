/**
 * A percentile with linear interpolation between the closest ranks (Hyndman & Fan 1996, type 7; numpy's default).
 * @param values in any order; not changed
 * @param percent 0..100
 * @returns NaN for no values
 */
export function percentile(values: ArrayLike<number>, percent: number): number {
  if (!(percent >= 0 && percent <= 100)) throw new RangeError(`"percent" is ${percent}, not 0 to 100`);
  if (values.length === 0) return Number.NaN;
  const sorted = Float64Array.from(values).sort();
  const rank = (percent / 100) * (sorted.length - 1);
  const below = Math.floor(rank);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (rank - below);
}

export function median(values: ArrayLike<number>): number {
  return percentile(values, 50);
}
