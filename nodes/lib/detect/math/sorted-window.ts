import type { Packer, Unpacker } from "../packing.js";

/**
 * The last values of a stream, in order of arrival and in order of size. A value costs two binary searches and a move of
 * memory that is small at these sizes; median and median absolute deviation cost O(1) and O(log n).
 */
export class SortedWindow {
  readonly #ring: Float64Array;
  readonly #sorted: Float64Array;
  #next = 0;
  size = 0;

  constructor(capacity: number) {
    this.#ring = new Float64Array(capacity);
    this.#sorted = new Float64Array(capacity);
  }

  get capacity(): number {
    return this.#ring.length;
  }

  /** Adds a finite value; of a full window the oldest leaves. */
  push(value: number): void {
    const sorted = this.#sorted;
    if (this.size === this.capacity) {
      const leaving = this.#rank(this.#ring[this.#next]!);
      sorted.copyWithin(leaving, leaving + 1, this.size);
      this.size--;
    }
    const at = this.#rank(value);
    sorted.copyWithin(at + 1, at, this.size);
    sorted[at] = value;
    this.size++;
    this.#ring[this.#next] = value;
    this.#next = (this.#next + 1) % this.capacity;
  }

  /** NaN while empty. */
  median(): number {
    const { size } = this;
    if (size === 0) return Number.NaN;
    return (this.#sorted[(size - 1) >> 1]! + this.#sorted[size >> 1]!) / 2;
  }

  /** The value that this share of the others is below; NaN while empty. */
  quantile(share: number): number {
    if (this.size === 0) return Number.NaN;
    return this.#sorted[Math.round(share * (this.size - 1))]!;
  }

  /** The middle one of the distances of all values from `centre`; of an even number the upper one. */
  deviation(centre: number): number {
    const sorted = this.#sorted;
    const wanted = this.size >> 1;
    // Values below the centre by falling, and above it by rising distance: the wanted one of two sorted lists together.
    const split = this.#rank(centre);
    const below = split;
    const above = this.size - split;
    let low = Math.max(0, wanted + 1 - above);
    let high = Math.min(below, wanted + 1);
    // How many of the wanted + 1 nearest lie below.
    while (low < high) {
      const taken = (low + high) >> 1;
      const nextBelow = centre - sorted[split - 1 - taken]!;
      const lastAbove = sorted[split + wanted - taken]! - centre;
      if (nextBelow < lastAbove) low = taken + 1;
      else high = taken;
    }
    const lastBelow = low > 0 ? centre - sorted[split - low]! : 0;
    const others = wanted + 1 - low;
    const lastAbove = others > 0 ? sorted[split + others - 1]! - centre : 0;
    return Math.max(lastBelow, lastAbove);
  }

  clear(): void {
    this.#next = 0;
    this.size = 0;
  }

  pack(packer: Packer): void {
    packer.number(this.size);
    for (let i = 0; i < this.size; i++) {
      packer.number(this.#ring[(this.#next - this.size + i + this.capacity) % this.capacity]!);
    }
  }

  unpack(unpacker: Unpacker): void {
    this.clear();
    const size = unpacker.count(this.capacity);
    for (let i = 0; i < size; i++) this.#ring[i] = unpacker.finite();
    this.#sorted.set(this.#ring.subarray(0, size));
    this.#sorted.subarray(0, size).sort();
    this.size = size;
    this.#next = size % this.capacity;
  }

  /** How many values are smaller. */
  #rank(value: number): number {
    const sorted = this.#sorted;
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
