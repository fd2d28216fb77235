/** ms over which arrivals are watched before the clock is set. */
const WATCHED = 5000;
/** ms by which the count of samples may differ from the time of day. */
const TOLERANCE = 2000;

/**
 * When the samples of a device are. They are counted from the first on, since arrivals jitter. A device's clock differs
 * from the computer's by some 10⁻⁵, the computer's own may be set, and a device may lose samples without saying so: when
 * for 5 s everything came 2 s too late or too early, it is counted anew. (A correction in small steps would put a small
 * gap between chunks each time.)
 */
export class SampleClock {
  readonly #step: number;
  readonly #now: () => number;
  /** ms since 1970, of sample 0. */
  #origin = Number.NaN;
  /** ms: by how much the promptest of the last arrivals was late. */
  #late = Number.POSITIVE_INFINITY;
  #since = 0;

  /** @param rate Hz */
  constructor(rate: number, now: () => number = Date.now) {
    this.#step = 1000 / rate;
    this.#now = now;
  }

  /** Samples have arrived. @param total of them, since the beginning */
  arrived(total: number): void {
    const now = this.#now();
    if (Number.isNaN(this.#origin)) {
      this.#origin = now - total * this.#step;
      this.#since = now;
      return;
    }
    this.#late = Math.min(this.#late, now - this.timeOf(total));
    // The time of day may have been set back.
    if (Math.abs(now - this.#since) < WATCHED) return;
    if (Math.abs(this.#late) > TOLERANCE) this.#origin += this.#late;
    this.#since = now;
    this.#late = Number.POSITIVE_INFINITY;
  }

  /** Samples were lost: those that come are later. */
  skip(ms: number): void {
    this.#origin += ms;
  }

  /** ms since 1970 */
  timeOf(sample: number): number {
    return this.#origin + sample * this.#step;
  }
}
