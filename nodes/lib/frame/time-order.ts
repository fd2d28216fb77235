/** What to do with a reading, by its time. */
export type Order = "next" | "late" | "duplicate" | "restart";

/** After so many late readings in a row it is the clock that was wrong before, not the readings. */
const LATE_IN_A_ROW = 10;

/**
 * Keeps a stream's time running forward. A reading older than the last is late and is left out; one that lies further
 * back than `reset`, or the tenth late one in a row, means that the clock was set back or the source began again: the
 * stream restarts. A reading of a single moment that repeats the last timestamp is a duplicate (a message delivered
 * twice); samples without a timestamp of their own, and those of a chunk, may share one.
 */
export class TimeOrder {
  last = Number.NaN;
  readonly #reset: number;
  #late = 0;

  constructor(reset: number) {
    this.#reset = reset;
  }

  /** Of a reading whose first sample is at `time`. @param single one moment with a timestamp of its own */
  judge(time: number, single: boolean): Order {
    if (!(time < this.last)) {
      if (single && time === this.last) return "duplicate";
      this.#late = 0;
      return "next";
    }
    return this.behind(this.last - time);
  }

  /** Of a reading that is late by so many ms. */
  behind(lateness: number): "late" | "restart" {
    if (lateness > this.#reset || ++this.#late >= LATE_IN_A_ROW) {
      this.#late = 0;
      return "restart";
    }
    return "late";
  }
}
