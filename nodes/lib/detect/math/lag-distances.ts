import type { Packer, Unpacker } from "../packing.js";
import { Recent } from "./recent.js";

/** Where this share of what was taken away remains, rounding errors are no longer small beside it. */
const CANCELLED = 1e-6;

/**
 * The squared Euclidean distances of the last `length` readings to all windows of that length that ended up to `history`
 * readings before. From one reading to the next each takes one square more and loses one (as STOMP does: Zhu et al., ICDM
 * 2016), so that a reading costs O(history), whatever the length; where that would cancel digits, it is summed anew.
 */
export class LagDistances {
  readonly length: number;
  readonly history: number;
  readonly #values: Recent;
  /** By lag, from 1 to `lags`. */
  readonly squared: Float64Array;

  constructor(length: number, history: number) {
    this.length = length;
    this.history = history;
    this.#values = new Recent(length + history + 1);
    this.squared = new Float64Array(history + 1);
  }

  /** The largest lag that has a distance; below 1 there is none. */
  get lags(): number {
    return Math.min(this.history, this.#values.size - this.length);
  }

  push(value: number): void {
    const { length } = this;
    const values = this.#values;
    const before = this.lags;
    values.push(value);
    const lags = this.lags;
    const all = values.values;
    const last = values.end - 1;
    const squared = this.squared;
    // All but the lag that is new, whose windows have no predecessors.
    const known = Math.min(before, lags);
    const left = all[last - length]!;
    for (let lag = 1; lag <= known; lag++) {
      const added = value - all[last - lag]!;
      const taken = left - all[last - length - lag]!;
      const removed = taken * taken;
      const now = squared[lag]! + added * added - removed;
      squared[lag] = now < CANCELLED * removed ? this.#sum(lag) : now;
    }
    for (let lag = Math.max(1, known + 1); lag <= lags; lag++) squared[lag] = this.#sum(lag);
  }

  /** A reading of the current window; 0 is the last. */
  ago(readings: number): number {
    return this.#values.ago(readings);
  }

  pack(packer: Packer): void {
    this.#values.pack(packer);
  }

  unpack(unpacker: Unpacker): void {
    this.#values.unpack(unpacker);
    for (let lag = 1; lag <= this.lags; lag++) this.squared[lag] = this.#sum(lag);
  }

  #sum(lag: number): number {
    const values = this.#values;
    let sum = 0;
    for (let i = 0; i < this.length; i++) {
      const difference = values.ago(i) - values.ago(i + lag);
      sum += difference * difference;
    }
    return sum;
  }
}
