import { addReason, type Quality, type QualityCode, reason } from "../../frame/index.js";
import { Cell, isMissing, type Row } from "./row.js";

const CELLS = 6;
const REASONS: readonly (QualityCode | undefined)[] = [
  undefined,
  "missing",
  "not-a-number",
  "out-of-range",
  "stuck",
  undefined,
];

const FIRST_CAPACITY = 16;

/**
 * The newest rows (one value per channel, with its time) of a stream, oldest first. Adding and dropping a row is O(1)
 * amortised and allocates nothing once the ring has grown to its need; a window is one copy. What is wrong with the
 * values is counted as rows come and go, so a window's quality costs nothing while all is well.
 */
export class RowRing {
  readonly columns: number;
  /** The most rows. */
  readonly limit: number;
  length = 0;
  #capacity: number;
  #head = 0;
  #data: Float32Array;
  #cells: Uint8Array;
  #times: Float64Array;
  /** 1 where a row has a cell that is not good. */
  #marked: Uint8Array;
  #markedRows = 0;
  /** How many cells of each kind each channel has. */
  readonly #tally: Int32Array;

  constructor(columns: number, limit: number) {
    this.columns = columns;
    this.limit = limit;
    this.#capacity = Math.min(limit, FIRST_CAPACITY);
    this.#data = new Float32Array(this.#capacity * columns);
    this.#cells = new Uint8Array(this.#capacity * columns);
    this.#times = new Float64Array(this.#capacity);
    this.#marked = new Uint8Array(this.#capacity);
    this.#tally = new Int32Array(CELLS * columns);
  }

  /** The rows for which there is room by now. */
  get capacity(): number {
    return this.#capacity;
  }

  /** Bytes that the ring holds. */
  get bytes(): number {
    return this.#capacity * (5 * this.columns + 9);
  }

  get firstTime(): number {
    return this.#times[this.#head]!;
  }

  get lastTime(): number {
    return this.#times[this.#at(this.length - 1)]!;
  }

  /** Adds a row; there must be room: `length` < `limit`. */
  push(row: Row): void {
    if (this.length === this.#capacity) this.#grow();
    const at = this.#at(this.length++);
    this.#times[at] = row.time;
    const columns = this.columns;
    const base = at * columns;
    const { values } = row;
    for (let c = 0; c < columns; c++) this.#data[base + c] = values[c]!;
    if (row.bad === 0) {
      this.#marked[at] = 0;
      return;
    }
    this.#marked[at] = 1;
    this.#markedRows++;
    const { cells } = row;
    for (let c = 0; c < columns; c++) {
      const cell = cells[c]!;
      this.#cells[base + c] = cell;
      if (cell !== Cell.good) this.#tally[cell * columns + c]!++;
    }
  }

  /** Drops the oldest row. */
  shift(): void {
    const row = this.#head;
    if (this.#marked[row] === 1) this.#forget(row);
    this.#head = row + 1 === this.#capacity ? 0 : row + 1;
    this.length--;
  }

  /** Drops the rows older than a time. */
  dropBefore(time: number): void {
    while (this.length > 0 && this.#times[this.#head]! < time) this.shift();
  }

  clear(): void {
    this.#head = 0;
    this.length = 0;
    this.#markedRows = 0;
    this.#tally.fill(0);
  }

  /** All rows, row-major, in an array of their own. */
  copy(): Float32Array {
    const { columns, length } = this;
    const head = this.#head;
    const first = Math.min(length, this.#capacity - head);
    const start = head * columns;
    if (first === length) return this.#data.slice(start, start + length * columns);
    const out = new Float32Array(length * columns);
    out.set(this.#data.subarray(start, start + first * columns));
    out.set(this.#data.subarray(0, (length - first) * columns), first * columns);
    return out;
  }

  /** Whether all rows together can be trusted. */
  quality(channels: readonly string[]): Quality {
    const quality: Quality = { ok: true, reasons: [], missing: 0, filled: 0 };
    if (this.#markedRows === 0) return quality;
    const columns = this.columns;
    for (let c = 0; c < columns; c++) {
      for (let cell = 1; cell < CELLS; cell++) {
        const count = this.#tally[cell * columns + c]!;
        if (count === 0) continue;
        if (cell === Cell.filled) quality.filled += count;
        else if (isMissing(cell)) quality.missing += count;
        const code = REASONS[cell];
        if (code === undefined) continue;
        quality.ok = false;
        addReason(quality.reasons, reason(code, channels[c]));
      }
    }
    return quality;
  }

  #at(index: number): number {
    const row = this.#head + index;
    return row < this.#capacity ? row : row - this.#capacity;
  }

  #forget(row: number): void {
    this.#markedRows--;
    const columns = this.columns;
    for (let c = 0; c < columns; c++) {
      const cell = this.#cells[row * columns + c]!;
      if (cell !== Cell.good) this.#tally[cell * columns + c]!--;
    }
  }

  /** Doubles the room and lays the rows out from the start. */
  #grow(): void {
    const capacity = Math.min(this.limit, this.#capacity * 2);
    const { columns } = this;
    this.#data = unroll(this.#data, this.#head * columns, new Float32Array(capacity * columns));
    this.#cells = unroll(this.#cells, this.#head * columns, new Uint8Array(capacity * columns));
    this.#times = unroll(this.#times, this.#head, new Float64Array(capacity));
    this.#marked = unroll(this.#marked, this.#head, new Uint8Array(capacity));
    this.#capacity = capacity;
    this.#head = 0;
  }
}

/** Copies a full ring into a longer array, beginning at its head. */
function unroll<T extends Float32Array | Float64Array | Uint8Array>(from: T, head: number, to: T): T {
  to.set(from.subarray(head));
  to.set(from.subarray(0, head), from.length - head);
  return to;
}
