import { Cell, isMissing, newRow, type Row, type RowSink } from "./row.js";

const FIRST_CAPACITY = 4;

/** What is remembered of each channel, side by side. */
const STATE = 4;
/** The last good value, and when it came. */
const GOOD = 0;
const TIME = 1;
const STUCK = 2;
/** How many values have been missing since. */
const RUN = 3;

/**
 * Puts the values on the straight line (over time) between the good ones before and after in place of missing ones, for
 * up to `limit` of them in a row. Rows wait, `limit` at most, until it is known what they become: then they are handed on.
 * A longer run, or one at the stream's beginning, stays missing as a whole.
 */
export class InterpolateFill {
  readonly #limit: number;
  readonly #columns: number;
  readonly #next: RowSink;
  readonly #state: Float64Array;
  /** Rows that wait: a ring, oldest first. */
  #rows: Row[] = [];
  #head = 0;
  #length = 0;

  constructor(limit: number, columns: number, next: RowSink) {
    this.#limit = limit;
    this.#columns = columns;
    this.#next = next;
    this.#state = new Float64Array(STATE * columns);
    this.interrupt();
  }

  get bytes(): number {
    return this.#rows.length * (9 * this.#columns + 100);
  }

  take(row: Row): void {
    const state = this.#state;
    /** Rows from the newest back that must go on waiting. */
    let waiting = 0;
    for (let c = 0, at = 0; at < state.length; c++, at += STATE) {
      const cell = row.bad === 0 ? Cell.good : row.cells[c]!;
      if (!isMissing(cell)) {
        const run = state[at + RUN]!;
        if (run > 0 && run <= this.#limit && !Number.isNaN(state[at + GOOD]!)) this.#fill(c, run, row);
        state[at + GOOD] = row.values[c]!;
        state[at + TIME] = row.time;
        state[at + STUCK] = cell === Cell.stuck ? 1 : 0;
        state[at + RUN] = 0;
      } else {
        const run = ++state[at + RUN]!;
        if (run <= this.#limit && run > waiting && !Number.isNaN(state[at + GOOD]!)) waiting = run;
      }
    }
    if (waiting === 0 && this.#length === 0) {
      this.#next.take(row);
      return;
    }
    // All but the newest `waiting` rows, of which this is one.
    this.#release(this.#length - Math.max(0, waiting - 1));
    if (waiting === 0) this.#next.take(row);
    else this.#add(row);
  }

  flush(): void {
    this.#release(this.#length);
  }

  interrupt(): void {
    const state = this.#state;
    for (let at = 0; at < state.length; at += STATE) {
      state[at + GOOD] = Number.NaN;
      state[at + RUN] = 0;
    }
    this.#head = 0;
    this.#length = 0;
  }

  /** Fills the newest `run` rows that wait. */
  #fill(c: number, run: number, { time, values }: Row): void {
    const at = STATE * c;
    const before = this.#state[at + GOOD]!;
    const since = this.#state[at + TIME]!;
    const value = values[c]!;
    const cell = this.#state[at + STUCK] === 1 ? Cell.stuck : Cell.filled;
    for (let i = this.#length - run; i < this.#length; i++) {
      const row = this.#rows[this.#at(i)]!;
      // Of samples that share one time, each takes the value before.
      const share = time > since ? (row.time - since) / (time - since) : 0;
      row.values[c] = before * (1 - share) + value * share;
      row.cells[c] = cell;
    }
  }

  #release(count: number): void {
    for (let i = 0; i < count; i++) {
      const row = this.#rows[this.#head]!;
      this.#head = this.#head + 1 === this.#rows.length ? 0 : this.#head + 1;
      this.#length--;
      this.#next.take(row);
    }
  }

  #add(row: Row): void {
    if (this.#length === this.#rows.length) this.#grow();
    const waiting = this.#rows[this.#at(this.#length++)]!;
    waiting.time = row.time;
    waiting.label = row.label;
    waiting.event = row.event;
    waiting.bad = row.bad;
    const columns = this.#columns;
    for (let c = 0; c < columns; c++) {
      waiting.values[c] = row.values[c]!;
      waiting.cells[c] = row.bad === 0 ? Cell.good : row.cells[c]!;
    }
  }

  #at(index: number): number {
    const at = this.#head + index;
    return at < this.#rows.length ? at : at - this.#rows.length;
  }

  #grow(): void {
    const length = this.#rows.length;
    const capacity = Math.min(this.#limit, Math.max(FIRST_CAPACITY, 2 * length));
    const rows = [...this.#rows.slice(this.#head), ...this.#rows.slice(0, this.#head)];
    while (rows.length < capacity) rows.push(newRow(this.#columns));
    this.#rows = rows;
    this.#head = 0;
  }
}
