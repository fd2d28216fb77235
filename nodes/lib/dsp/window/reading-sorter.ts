import type { Reading } from "../../frame/index.js";

/** The most readings of a stream that wait to be sorted; beyond, the oldest goes on. */
const MAX_WAITING = 1024;
/** Of a reading with one value, about. */
const READING_BYTES = 200;

/**
 * Brings readings of single moments into the order of their time: each waits until one has come that is newer by more
 * than the tolerance.
 */
export class ReadingSorter {
  readonly #tolerance: number;
  readonly #take: (reading: Reading) => void;
  /** In the order of their time. */
  readonly #waiting: Reading[] = [];
  #newest = Number.NaN;
  #values = 0;

  constructor(tolerance: number, take: (reading: Reading) => void) {
    this.#tolerance = tolerance;
    this.#take = take;
  }

  /** Bytes held for readings that wait, about. */
  get bytes(): number {
    return this.#waiting.length * READING_BYTES + 8 * this.#values;
  }

  /** ms by which a time lies too far back to be sorted in; 0 = it does not. */
  lateness(time: number): number {
    return time < this.#newest - this.#tolerance ? this.#newest - time : 0;
  }

  /**
   * @param reading that is not late
   * @returns whether it came after a newer one and was put in its place
   */
  push(reading: Reading): boolean {
    const { time } = reading;
    const waiting = this.#waiting;
    let at = waiting.length;
    while (at > 0 && waiting[at - 1]!.time > time) at--;
    const isSorted = at < waiting.length;
    if (isSorted) waiting.splice(at, 0, reading);
    else waiting.push(reading);
    this.#values += reading.values.values.length;
    if (!(time <= this.#newest)) this.#newest = time;
    let ready = Math.max(0, waiting.length - MAX_WAITING);
    while (ready < waiting.length && waiting[ready]!.time < this.#newest - this.#tolerance) ready++;
    this.#release(ready);
    return isSorted;
  }

  /** Hands on all that wait: what comes next does not belong among them. */
  flush(): void {
    this.#newest = Number.NaN;
    this.#release(this.#waiting.length);
  }

  #release(count: number): void {
    if (count === 0) return;
    for (const reading of this.#waiting.splice(0, count)) {
      this.#values -= reading.values.values.length;
      this.#take(reading);
    }
  }
}
