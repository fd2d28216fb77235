/**
 * The median of each sample and its neighbours, as many before as after; beyond the ends, the first and the last sample
 * go on (scipy.ndimage.median_filter, mode="nearest"). Where a NaN is among them, the median is NaN.
 *
 * The neighbours stand sorted. From one sample to the next, one number leaves and one comes: both places are found by
 * bisection, and what stands between them moves by one. In a signal those two are mostly near each other; at the worst,
 * `width` numbers move.
 */
export class SlidingMedian {
  readonly #width: number;
  readonly #sorted: Float64Array;

  /** @param width odd */
  constructor(width: number) {
    this.#width = width;
    this.#sorted = new Float64Array(width);
  }

  /** @param y as long as x, and not x itself */
  apply(x: Float64Array, y: Float64Array): void {
    const sorted = this.#sorted;
    const half = (this.#width - 1) / 2;
    const last = x.length - 1;
    let unknown = 0;
    for (let i = -half; i <= half; i++) {
      const value = x[Math.min(Math.max(i, 0), last)]!;
      sorted[i + half] = sortable(value);
      if (Number.isNaN(value)) unknown++;
    }
    sorted.sort();
    for (let i = 0; ; i++) {
      y[i] = unknown > 0 ? Number.NaN : sorted[half]!;
      if (i === last) return;
      const leaves = x[Math.max(i - half, 0)]!;
      const comes = x[Math.min(i + half + 1, last)]!;
      if (Number.isNaN(leaves)) unknown--;
      if (Number.isNaN(comes)) unknown++;
      this.#replace(sortable(leaves), sortable(comes));
    }
  }

  #replace(leaves: number, comes: number): void {
    if (leaves === comes) return;
    const sorted = this.#sorted;
    const from = this.#firstFrom(leaves);
    let to = this.#firstFrom(comes);
    if (to > from) to--;
    // Below some dozens, the call costs more than the move.
    if (to - from > 50) sorted.copyWithin(from, from + 1, to + 1);
    else if (from - to > 50) sorted.copyWithin(to + 1, to, from);
    else if (to > from) for (let i = from; i < to; i++) sorted[i] = sorted[i + 1]!;
    else for (let i = from; i > to; i--) sorted[i] = sorted[i - 1]!;
    sorted[to] = comes;
  }

  /** Where the first number stands that is not less. */
  #firstFrom(value: number): number {
    let low = 0;
    let high = this.#width;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#sorted[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** NaN has no place among sorted numbers; while one is there, the median is not looked at. */
function sortable(value: number): number {
  return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
}
