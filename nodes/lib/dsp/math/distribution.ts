/** Bins of the histogram that the entropy is taken of. */
const BINS = 100;
/** So many numbers are sorted by insertion. */
const FEW = 48;

/**
 * How some numbers are distributed, by their histogram of 100 bins of equal width from the smallest to the largest. A
 * percentile looks only into its own bin, so the numbers need not be sorted: O(count), and O(count · log count) where
 * most of them crowd in a few bins. Nothing is allocated. One must not be used from two places at once.
 */
export class Distribution {
  readonly #counts = new Float64Array(BINS);
  readonly #few = new Float64Array(FEW);
  /** Of each number. */
  readonly #bins: Uint8Array;
  #x: Float64Array = this.#counts;
  #low = 0;
  #range = 0;
  #sorted = false;

  /** @param most the largest count there will be */
  constructor(most: number) {
    this.#bins = new Uint8Array(most);
  }

  /** @param x at least one number, all finite; `percentile` may sort them */
  read(x: Float64Array): void {
    const counts = this.#counts.fill(0);
    const bins = this.#bins;
    const count = x.length;
    let low = x[0]!;
    let high = low;
    for (let i = 0; i < count; i++) {
      const value = x[i]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    this.#x = x;
    this.#low = low;
    this.#range = high - low;
    this.#sorted = false;
    if (high === low) return;
    const range = high - low;
    const step = range / BINS;
    for (let i = 0; i < count; i++) {
      const value = x[i]!;
      let bin = Math.min(BINS - 1, Math.floor(((value - low) / range) * BINS));
      // A bin goes from its edge to before the next; a product may be rounded across.
      if (value < bin * step + low) bin--;
      else if (bin < BINS - 1 && value >= (bin + 1) * step + low) bin++;
      bins[i] = bin;
      counts[bin]!++;
    }
  }

  /**
   * −Σ p·ln p over the shares p of the bins, in nats (numpy.histogram, then scipy.stats.entropy). 0 when all numbers are
   * the same.
   */
  entropy(): number {
    if (this.#range === 0) return 0;
    const counts = this.#counts;
    const count = this.#x.length;
    let entropy = 0;
    for (let bin = 0; bin < BINS; bin++) {
      const p = counts[bin]! / count;
      if (p > 0) entropy -= p * Math.log(p);
    }
    return entropy;
  }

  /** The number that has this many per cent of the others below it, the nearest one: index ⌊(count − 1)·percent/100 + ½⌋. */
  percentile(percent: number): number {
    const x = this.#x;
    const counts = this.#counts;
    let rank = Math.floor(((x.length - 1) * percent) / 100 + 0.5);
    if (this.#range === 0) return this.#low;
    if (this.#sorted) return x[rank]!;
    const all = rank;
    let bin = 0;
    while (rank >= counts[bin]!) rank -= counts[bin++]!;
    if (counts[bin]! <= FEW) return this.#inBin(bin, rank);
    x.sort();
    this.#sorted = true;
    return x[all]!;
  }

  /** The number of a rank among those of one bin: sorted by insertion. */
  #inBin(bin: number, rank: number): number {
    const x = this.#x;
    const bins = this.#bins;
    const few = this.#few;
    let found = 0;
    for (let i = 0; i < x.length; i++) {
      if (bins[i] !== bin) continue;
      const value = x[i]!;
      let at = found++;
      while (at > 0 && few[at - 1]! > value) {
        few[at] = few[at - 1]!;
        at--;
      }
      few[at] = value;
    }
    return few[rank]!;
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
