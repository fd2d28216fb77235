import { EdgeMlError } from "../../errors/index.js";
import { PolyphaseResampler } from "./polyphase-resampler.js";
import { MAX_FACTOR } from "./rational.js";
import { hasMissing, type ResampleCounts, type RowOutput } from "./row-output.js";

export interface GridOptions {
  /** Hz: of the grid. */
  rate: number;
  channels: number;
  /** ms: between readings further apart than this nothing is known, and the grid's rows there are missing. */
  limit: number;
}

/** A pause is filled with at most so many missing rows beyond the limit; after a longer one the grid begins anew. */
export const MAX_MISSING_ROWS = 1000;
/** The most rows that may lie between two readings within the limit. */
const MAX_ROWS_WITHIN = 250_000;
/** The same on the finer grid; longer pauses of a source that fast count as beyond the limit. */
const MAX_FINE_ROWS = 1_000_000;
/** Intervals (of the source or of the grid) after which the source's rate is known. */
const MEASURED = 16;
/** Rows by which the output of a source may lag behind its newest reading, in the beginning or for the filter. */
export const LONGEST_LAG = MEASURED + 1;
/** A source at most this much faster than the grid is taken as equally fast: no low-pass. */
const EQUAL = 1.1;
/** The rate is looked at again after so many readings; a source that became faster by more than FASTER begins anew. */
const WATCHED = 64;
const FASTER = 1.5;

/**
 * Readings at any times → rows at k · 1000 / rate ms since 1970, each on the line between the two readings around it.
 * Where those are further apart than the limit, or one of them is NaN, the value is NaN: nothing is invented. Each
 * reading acts on its own, so the same readings give the same rows, bit for bit, in whatever pieces they come.
 *
 * A source that is faster than the grid would fold its high frequencies into the rows. So its rate is measured over its
 * first 16 intervals (or 16 of the grid, if that is sooner). If it is more than 1.1 times the grid's, the line is drawn on
 * a grid finer by a whole factor, at least as fast as the source, and a polyphase filter takes the rows out of it. A
 * missing value then reaches 10 rows to either side, and of an unbroken run the first and the last 10 rows are not given.
 * The factor stays until the grid begins anew: after a break, or when the source has become 1.5 times as fast.
 *
 * The line costs accuracy at high frequencies: a tone of frequency f in readings of rate r keeps about sinc²(f/r) of its
 * amplitude (.992 at r/20, .81 at r/4).
 */
export class GridResampler {
  readonly #rate: number;
  readonly #channels: number;
  readonly #limit: number;
  readonly #counts: ResampleCounts;
  readonly #output: RowOutput;
  /** The reading before. */
  readonly #values: Float64Array;
  #time = Number.NaN;
  #label: string | undefined;
  readonly #row: Float64Array;
  /** The next grid point: number `k` of the grid, and `fine` of `factor` parts on the way to the next. */
  #k = 0;
  #fine = 0;
  #factor = 1;
  #decimator: PolyphaseResampler | undefined;
  /** The first readings, held until the source's rate is known. */
  readonly #held: { times: Float64Array; values: Float64Array; labels: (string | undefined)[] };
  #holding = 0;
  #known = false;
  /** Since when, and how many readings, the rate is watched. */
  #since = 0;
  #watched = 0;

  /** @throws EdgeMlError EDGE_ML_SETTING when more than 250 000 rows fit into the limit */
  constructor({ rate, channels, limit }: GridOptions, counts: ResampleCounts, output: RowOutput) {
    checkRowsWithin(limit, rate);
    this.#rate = rate;
    this.#channels = channels;
    this.#limit = limit;
    this.#counts = counts;
    this.#output = output;
    this.#values = new Float64Array(channels);
    this.#row = new Float64Array(channels);
    this.#held = {
      times: new Float64Array(MEASURED + 1),
      values: new Float64Array((MEASURED + 1) * channels),
      labels: new Array<string | undefined>(MEASURED + 1).fill(undefined),
    };
  }

  /** Bytes held. */
  get bytes(): number {
    return 8 * (MEASURED + 3) * this.#channels + (this.#decimator?.bytes ?? 0);
  }

  /**
   * Takes a reading, and gives the rows that it completes. One that is not later than the one before is left out.
   * @param values one per channel; may be longer
   */
  push(time: number, values: Float64Array, label?: string): void {
    if (time <= this.#time || !(Math.abs(time) * this.#rate < 1000 * Number.MAX_SAFE_INTEGER)) {
      this.#counts.late++;
      return;
    }
    if (time - this.#time > this.#reach + (MAX_MISSING_ROWS * 1000) / this.#rate) {
      this.#counts.breaks++;
      this.reset();
      this.#output.interrupt();
    }
    if (!this.#known) this.#hold(time, values, label);
    else {
      this.#take(time, values, 0, label);
      this.#watch(time);
    }
    this.#time = time;
  }

  /** As new: no reading before this one has to do with those that come. */
  reset(): void {
    this.#time = Number.NaN;
    this.#known = false;
    this.#holding = 0;
  }

  /** ms: the readings on either side of a longer pause have nothing between them. */
  get #reach(): number {
    return this.#factor === 1 ? this.#limit : Math.min(this.#limit, (MAX_FINE_ROWS * 1000) / this.#rate / this.#factor);
  }

  /** Keeps a reading until enough have come to tell the source's rate; then takes them all. */
  #hold(time: number, values: Float64Array, label: string | undefined): void {
    const { times, values: rows, labels } = this.#held;
    const channels = this.#channels;
    const at = this.#holding++;
    times[at] = time;
    for (let c = 0; c < channels; c++) rows[at * channels + c] = values[c]!;
    labels[at] = label;
    const span = time - times[0]!;
    if (at < MEASURED && span * this.#rate < MEASURED * 1000) return;

    this.#begin((at * 1000) / span, times[0]!);
    for (let i = 0; i < this.#holding; i++) {
      this.#take(times[i]!, rows, i * channels, labels[i]);
      this.#time = times[i]!;
    }
    this.#since = time;
    this.#watched = 0;
  }

  /** @param sourceRate Hz @param time of the first reading */
  #begin(sourceRate: number, time: number): void {
    const ratio = sourceRate / this.#rate;
    const factor = ratio <= EQUAL ? 1 : Math.min(Math.ceil(ratio), MAX_FACTOR);
    if (factor === 1) this.#decimator = undefined;
    else if (factor === this.#factor && this.#decimator !== undefined) this.#decimator.reset();
    else {
      const give = (fineTime: number, row: Float64Array, label: string | undefined): void =>
        // The grid's own number for the time, not one that went through the finer grid's.
        this.#give((Math.round((fineTime * this.#rate) / 1000) * 1000) / this.#rate, row, label);
      this.#decimator = new PolyphaseResampler({ up: 1, down: factor }, this.#channels, give);
    }
    this.#factor = factor;
    this.#fine = 0;
    this.#k = firstAfter(time, this.#rate);
    this.#time = Number.NaN;
    this.#known = true;
  }

  /** Gives the rows from the reading before, which it does not include, to this one. */
  #take(time: number, values: Float64Array, base: number, label: string | undefined): void {
    const channels = this.#channels;
    const before = this.#values;
    const row = this.#row;
    const span = time - this.#time;
    const near = span <= this.#reach;
    for (;;) {
      const at = (this.#k * 1000) / this.#rate + (this.#fine * 1000) / this.#rate / this.#factor;
      if (at > time) break;
      if (at === time) for (let c = 0; c < channels; c++) row[c] = values[base + c]!;
      else if (near) {
        const share = (at - this.#time) / span;
        for (let c = 0; c < channels; c++) row[c] = before[c]! + (values[base + c]! - before[c]!) * share;
      } else row.fill(Number.NaN);
      const its = at === time ? label : this.#label;
      if (this.#decimator === undefined) this.#give(at, row, its);
      else this.#decimator.push(at, row, its);
      if (++this.#fine === this.#factor) {
        this.#fine = 0;
        this.#k++;
      }
    }
    for (let c = 0; c < channels; c++) before[c] = values[base + c]!;
    this.#label = label;
  }

  #give(time: number, row: Float64Array, label: string | undefined): void {
    if (hasMissing(row, this.#channels)) this.#counts.missing++;
    this.#output.row(time, row, label);
  }

  /** A source that has become faster than the finer grid would alias. */
  #watch(time: number): void {
    const span = (time - this.#since) * this.#rate;
    if (++this.#watched < WATCHED || span < MEASURED * 1000) return;
    if (this.#watched * 1000 > FASTER * this.#factor * span && this.#factor < MAX_FACTOR) {
      this.#counts.breaks++;
      this.reset();
      this.#output.interrupt();
    }
    this.#since = time;
    this.#watched = 0;
  }
}

/** The number of the first grid point that is not before a time. */
export function firstAfter(time: number, rate: number): number {
  const k = Math.floor((time * rate) / 1000);
  return (k * 1000) / rate < time ? k + 1 : k;
}

/** @throws EdgeMlError EDGE_ML_SETTING when a pause within the limit could become more rows than one reading may cost */
export function checkRowsWithin(limit: number, rate: number): void {
  if ((limit * rate) / 1000 <= MAX_ROWS_WITHIN) return;
  throw new EdgeMlError("EDGE_ML_SETTING", {
    field: "alignLimit",
    got: `${limit} ms at ${rate} Hz`,
    expected: `at most ${MAX_ROWS_WITHIN} samples (${Math.floor((MAX_ROWS_WITHIN * 1000) / rate)} ms)`,
  });
}
