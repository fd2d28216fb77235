import type { Reading } from "../../frame/index.js";

/** The most readings of a stream that wait to be sorted; beyond, the oldest goes on. */
const MAX_WAITING = 1024;
/** Of a reading with one value, about. */
const READING_BYTES = 200;
/** Places of readings that have gone are given up so many at a time. */
const COMPACT = 32;

/**
 * Brings readings of single moments into the order of their time: each waits until one has come that is newer by more
 * than the tolerance.
 */
export class ReadingSorter {
  readonly #tolerance: number;
  readonly #take: (reading: Reading) => void;
  /** In the order of their time, from `head` on; those before have gone. */
  readonly #waiting: (Reading | undefined)[] = [];
  #head = 0;
  #newest = Number.NaN;
  #values = 0;

  constructor(tolerance: number, take: (reading: Reading) => void) {
    this.#tolerance = tolerance;
    this.#take = take;
  }

  /** Bytes held for readings that wait, about. */
  get bytes(): number {
    return (this.#waiting.length - this.#head) * READING_BYTES + 8 * this.#values;
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
    while (at > this.#head && waiting[at - 1]!.time > time) at--;
    const isSorted = at < waiting.length;
    if (isSorted) waiting.splice(at, 0, reading);
    else waiting.push(reading);
    this.#values += reading.values.values.length;
    if (!(time <= this.#newest)) this.#newest = time;
    while (waiting.length - this.#head > MAX_WAITING) this.#release();
    while (this.#head < waiting.length && waiting[this.#head]!.time < this.#newest - this.#tolerance) this.#release();
    return isSorted;
  }

  /** Hands on all that wait: what comes next does not belong among them. */
  flush(): void {
    this.#newest = Number.NaN;
    while (this.#head < this.#waiting.length) this.#release();
  }

  /** Hands on the oldest. It has gone when it is taken: whoever takes it may flush the rest. */
  #release(): void {
    const waiting = this.#waiting;
    const reading = waiting[this.#head]!;
    waiting[this.#head++] = undefined;
    if (this.#head === waiting.length) {
      waiting.length = 0;
      this.#head = 0;
    } else if (this.#head >= COMPACT && 2 * this.#head >= waiting.length) {
      waiting.splice(0, this.#head);
      this.#head = 0;
    }
    this.#values -= reading.values.values.length;
    this.#take(reading);
  }
}
