/**
 * A percentile with linear interpolation between the closest ranks (Hyndman & Fan 1996, type 7; numpy's default).
 * @param values in any order; not changed
 * @param percent 0..100
 * @returns NaN for no values
 */
export function percentile(values: ArrayLike<number>, percent: number): number {
  return percentiles(values, [percent])[0]!;
}

/** Several percentiles of the same values, which are sorted once. */
export function percentiles(values: ArrayLike<number>, percents: readonly number[]): number[] {
  const wrong = percents.find((percent) => !(percent >= 0 && percent <= 100));
  if (wrong !== undefined) throw new RangeError(`"percent" is ${wrong}, not 0 to 100`);
  const sorted = Float64Array.from(values).sort();
  return percents.map((percent) => {
    if (sorted.length === 0) return Number.NaN;
    const rank = (percent / 100) * (sorted.length - 1);
    const below = Math.floor(rank);
    const low = sorted[below]!;
    const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
    return low + (high - low) * (rank - below);
  });
}

export function median(values: ArrayLike<number>): number {
  return percentile(values, 50);
}
