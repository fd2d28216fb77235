import { percentiles } from "../evaluate/index.js";

/** In milliseconds: half of all are below p50, all but one in a hundred below p99. */
export interface Spread {
  p50: number;
  p95: number;
  p99: number;
}

/** The last so many durations, in memory that never grows. */
export class Durations {
  readonly #last: Float64Array;
  #count = 0;

  /** @param size how many are remembered */
  constructor(size = 1000) {
    this.#last = new Float64Array(size);
  }

  add(ms: number): void {
    this.#last[this.#count++ % this.#last.length] = ms;
  }

  clear(): void {
    this.#count = 0;
  }

  /** Undefined before the first. Sorts them all: for a status, not for each frame. */
  spread(): Spread | undefined {
    if (this.#count === 0) return undefined;
    const [p50, p95, p99] = percentiles(this.#last.subarray(0, this.#count), [50, 95, 99]);
    return { p50: p50!, p95: p95!, p99: p99! };
  }
}
