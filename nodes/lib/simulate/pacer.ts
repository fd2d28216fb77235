/** Never more readings at once than this: each becomes a message, and the event loop stays free. */
export const MAX_BURST = 500;

/**
 * Tells how many readings are due, without drift: the count follows the clock, not the timer. When the process was
 * asleep, at most one second's worth is made up for; the simulated time then lags, and nothing is left out of it.
 */
export class Pacer {
  /** Readings that were due and are not made up for. */
  skipped = 0;

  readonly #period: number;
  readonly #burst: number;
  /** The time of reading 0, and how many were taken since. */
  #origin: number;
  #taken = 0;

  /**
   * @param period ms between two readings by the real clock; may be far below 1
   * @param now ms of a clock that never goes back
   */
  constructor(period: number, now: number) {
    this.#period = period;
    this.#burst = Math.min(MAX_BURST, Math.max(1, Math.ceil(1000 / period)));
    this.#origin = now;
  }

  /** ms until it is worth looking again: the next reading's time, within 20 ms and a minute. */
  wait(now: number): number {
    return Math.min(60_000, Math.max(20, this.#origin + this.#taken * this.#period - now));
  }

  /** How many readings are due now; they count as taken. The first is due at once. */
  take(now: number): number {
    // The small share absorbs rounding: a reading due exactly now is due.
    const due = Math.floor((now - this.#origin) / this.#period + 1e-6) + 1 - this.#taken;
    if (due <= this.#burst) {
      this.#taken += Math.max(0, due);
      return Math.max(0, due);
    }
    this.skipped += due - this.#burst;
    this.#origin = now;
    this.#taken = 1;
    return this.#burst;
  }
}
