/** Bins of the histogram that the entropy is taken of. */
const BINS = 100;

/**
 * The entropy of the histogram of some numbers, 100 bins of equal width from the smallest to the largest: −Σ p·ln p, in
 * nats (numpy.histogram, then scipy.stats.entropy). Numbers that are all the same have none.
 * One must not be used from two places at once.
 */
export class HistogramEntropy {
  readonly #counts = new Float64Array(BINS);

  /** @param x at least one number, all finite */
  compute(x: Float64Array): number {
    const counts = this.#counts.fill(0);
    const count = x.length;
    let low = x[0]!;
    let high = low;
    for (let i = 0; i < count; i++) {
      const value = x[i]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    const range = high - low;
    if (range === 0) return 0;
    const step = range / BINS;
    for (let i = 0; i < count; i++) {
      const value = x[i]!;
      let bin = Math.min(BINS - 1, Math.floor(((value - low) / range) * BINS));
      // A bin goes from its edge to before the next; a product may be rounded across.
      if (value < bin * step + low) bin--;
      else if (bin < BINS - 1 && value >= (bin + 1) * step + low) bin++;
      counts[bin]!++;
    }
    let entropy = 0;
    for (let bin = 0; bin < BINS; bin++) {
      const p = counts[bin]! / count;
      if (p > 0) entropy -= p * Math.log(p);
    }
    return entropy;
  }
}

/** How often neighbours lie on different sides of a level: crossings for each number. */
export function crossingRate(x: Float64Array, level: number): number {
  let crossings = 0;
  let above = x[0]! > level;
  for (let i = 1; i < x.length; i++) {
    const now = x[i]! > level;
    if (now !== above) crossings++;
    above = now;
  }
  return crossings / x.length;
}

/** The number of an ascending list that has this many per cent of it below: the nearest one. */
export function percentile(sorted: Float64Array, percent: number): number {
  return sorted[Math.floor(((sorted.length - 1) * percent) / 100 + 0.5)]!;
}
