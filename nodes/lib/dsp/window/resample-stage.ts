import { Resampler } from "../resample/index.js";
import type { WindowCounts } from "./counts.js";
import type { Cutter } from "./cutter.js";
import { Cell, newRow, type Row } from "./row.js";

/** Of a value that was filled or is stuck: the least weight in a resampled one with which that is flagged too. */
const LEAST_WEIGHT = 0.05;

/**
 * Brings rows to a fixed rate before they are cut. What was filled, or is stuck, must not lose its flag on the way: beside
 * each channel runs one of flags (0 or 1) through the same resampler, so a resampled value is flagged where one that was
 * flagged has a part in it.
 */
export class ResampleStage implements Cutter {
  /** Hz: of the rows that come; undefined for single readings. */
  from: number | undefined;
  readonly #columns: number;
  readonly #next: Cutter;
  readonly #resampler: Resampler;
  readonly #row: Row;
  /** Values and flags; undefined where nothing is ever flagged. */
  readonly #flagged: Float64Array | undefined;
  /** Of each channel: what its flag means. */
  readonly #kinds: Uint8Array;
  #isEvent = false;

  /**
   * @param hasFlags whether rows may have values that were filled, or are stuck
   * @throws EdgeMlError EDGE_ML_SETTING
   */
  constructor(
    { rate, limit }: { rate: number; limit: number },
    columns: number,
    hasFlags: boolean,
    counts: WindowCounts,
    next: Cutter,
  ) {
    this.#columns = columns;
    this.#next = next;
    this.#row = newRow(columns);
    this.#kinds = new Uint8Array(columns);
    if (hasFlags) this.#flagged = new Float64Array(2 * columns);
    this.#resampler = new Resampler({ rate, limit, channels: hasFlags ? 2 * columns : columns }, counts, {
      row: (time, values, label) => this.#give(time, values, label),
      interrupt: () => next.interrupt(),
    });
  }

  /** Bytes held. */
  get bytes(): number {
    return this.#resampler.bytes;
  }

  /** @throws EdgeMlError EDGE_ML_SETTING when the rate cannot be reached from that of the rows */
  take(row: Row): void {
    if (row.event) this.#isEvent = true;
    const values = this.#flagged === undefined ? row.values : this.#withFlags(row, this.#flagged);
    this.#resampler.push(row.time, values, row.label, this.from);
  }

  /** Nothing: a window is complete when its last row has come out of the filter, which is later than its time. */
  advance(): void {
    // See above.
  }

  interrupt(): void {
    this.#resampler.reset();
    this.#next.interrupt();
    this.#isEvent = false;
  }

  #withFlags({ values, cells, bad }: Row, out: Float64Array): Float64Array {
    const columns = this.#columns;
    for (let c = 0; c < columns; c++) {
      const cell = bad === 0 ? Cell.good : cells[c]!;
      const isFlagged = cell === Cell.filled || cell === Cell.stuck;
      out[c] = values[c]!;
      out[columns + c] = isFlagged ? 1 : 0;
      if (isFlagged) this.#kinds[c] = cell;
    }
    return out;
  }

  #give(time: number, values: Float64Array, label: string | undefined): void {
    const row = this.#row;
    const columns = this.#columns;
    row.time = time;
    row.label = label;
    row.event = this.#isEvent;
    this.#isEvent = false;
    row.bad = 0;
    for (let c = 0; c < columns; c++) {
      const value = values[c]!;
      let cell: number = Cell.good;
      if (Number.isNaN(value)) cell = Cell.missing;
      else if (this.#flagged !== undefined && Math.abs(values[columns + c]!) >= LEAST_WEIGHT) cell = this.#kinds[c]!;
      row.values[c] = value;
      row.cells[c] = cell;
      if (cell !== Cell.good) row.bad++;
    }
    this.#next.take(row);
  }
}
