import { Cell, isMissing, type Row, type RowSink } from "./row.js";

/** What is remembered of each channel, side by side. */
const STATE = 3;
const GOOD = 0;
/** 1 when the last good value was one of a stuck channel: one that also drops out is still stuck. */
const STUCK = 1;
const HELD = 2;

/** Puts the last good value in place of a missing one, for up to `limit` samples in a row. */
export class HoldFill {
  readonly #limit: number;
  readonly #next: RowSink;
  readonly #state: Float64Array;

  constructor(limit: number, columns: number, next: RowSink) {
    this.#limit = limit;
    this.#next = next;
    this.#state = new Float64Array(STATE * columns);
    this.interrupt();
  }

  get bytes(): number {
    return 0;
  }

  take(row: Row): void {
    const { values, cells } = row;
    const state = this.#state;
    for (let c = 0, at = 0; at < state.length; c++, at += STATE) {
      const cell = row.bad === 0 ? Cell.good : cells[c]!;
      if (!isMissing(cell)) {
        state[at + GOOD] = values[c]!;
        state[at + STUCK] = cell === Cell.stuck ? 1 : 0;
        state[at + HELD] = 0;
      } else if (state[at + HELD]! < this.#limit && !Number.isNaN(state[at + GOOD]!)) {
        state[at + HELD]!++;
        values[c] = state[at + GOOD]!;
        cells[c] = state[at + STUCK] === 1 ? Cell.stuck : Cell.filled;
      }
    }
    this.#next.take(row);
  }

  flush(): void {
    // Nothing waits.
  }

  interrupt(): void {
    const state = this.#state;
    for (let at = 0; at < state.length; at += STATE) {
      state[at + GOOD] = Number.NaN;
      state[at + HELD] = 0;
    }
  }
}
