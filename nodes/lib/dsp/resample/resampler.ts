import { checkRowsWithin, GridResampler } from "./grid-resampler.js";
import { PolyphaseResampler } from "./polyphase-resampler.js";
import { ratioOf } from "./rational.js";
import { hasMissing, type ResampleCounts, type RowOutput } from "./row-output.js";

export interface ResamplerOptions {
  /** Hz: of the rows that go. */
  rate: number;
  channels: number;
  /** ms: between readings further apart than this nothing is known. */
  limit: number;
}

/**
 * Brings the rows of one stream to a fixed rate. Rows of a chunk with a rate go through a polyphase filter (their times
 * stay as they are: no common grid), single readings with times of their own onto a grid. Each row acts on its own: the
 * same rows give the same output, bit for bit, in whatever pieces they come.
 */
export class Resampler {
  readonly #options: ResamplerOptions;
  readonly #counts: ResampleCounts;
  readonly #output: RowOutput;
  #grid: GridResampler | undefined;
  #polyphase: PolyphaseResampler | undefined;
  /** Hz: of the rows that came last; NaN before the first. */
  #from: number | undefined = Number.NaN;
  #last = Number.NaN;

  /** @throws EdgeMlError EDGE_ML_SETTING when too many rows fit into the limit */
  constructor(options: ResamplerOptions, counts: ResampleCounts, output: RowOutput) {
    this.#options = options;
    this.#counts = counts;
    this.#output = output;
    checkRowsWithin(options.limit, options.rate);
  }

  /** Bytes held. */
  get bytes(): number {
    return (this.#grid?.bytes ?? 0) + (this.#polyphase?.bytes ?? 0);
  }

  /**
   * Takes a row, and gives those that it completes.
   * @param time ms since 1970; rows with a rate may share one
   * @param values one per channel; may be longer
   * @param from Hz: of the chunk that the row is part of; undefined for a single reading
   * @throws EdgeMlError EDGE_ML_SETTING when one rate is more than 1000 times the other
   */
  push(time: number, values: Float64Array, label: string | undefined, from: number | undefined): void {
    if (from !== this.#from) this.#change(from);
    if (this.#grid !== undefined) this.#grid.push(time, values, label);
    else if (this.#polyphase !== undefined) {
      if (time < this.#last || time - this.#last > Math.max(this.#options.limit, 2000 / from!)) this.#break();
      this.#last = time;
      this.#polyphase.push(time, values, label);
    }
  }

  /** As new: nothing before has to do with what comes. */
  reset(): void {
    this.#grid?.reset();
    this.#polyphase?.reset();
    this.#last = Number.NaN;
  }

  #change(from: number | undefined): void {
    const { rate, channels } = this.#options;
    const first = Number.isNaN(this.#from);
    if (from === undefined) {
      this.#grid = new GridResampler(this.#options, this.#counts, this.#output);
      this.#polyphase = undefined;
    } else {
      this.#polyphase = new PolyphaseResampler(ratioOf(from, rate), channels, (time, row, label) => {
        if (hasMissing(row, channels)) this.#counts.missing++;
        this.#output.row(time, row, label);
      });
      this.#grid = undefined;
    }
    this.#from = from;
    this.#last = Number.NaN;
    if (first) return;
    this.#counts.breaks++;
    this.#output.interrupt();
  }

  #break(): void {
    this.#polyphase?.reset();
    this.#counts.breaks++;
    this.#output.interrupt();
  }
}
