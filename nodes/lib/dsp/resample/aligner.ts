import { TimeOrder } from "../../frame/index.js";
import { checkRowsWithin, firstAfter, GridResampler, LONGEST_LAG, MAX_MISSING_ROWS } from "./grid-resampler.js";
import { ReadingQueue } from "./reading-queue.js";
import { hasMissing, type ResampleCounts, type RowOutput } from "./row-output.js";

export interface AlignerOptions {
  channels: number;
  /** The moments of the rows: a grid of so many Hz (k · 1000 / rate ms since 1970), or the readings of a channel. */
  clock: { rate: number } | { channel: number };
  /** "asof": the last value at or before the row. "interpolate": on the line between the values around it. */
  method: "asof" | "interpolate";
  /** ms: how old a value may be ("asof"), or how far apart the two around it ("interpolate"). */
  limit: number;
  /**
   * ms by which one channel's readings may come after another's of the same time. "interpolate" waits for `limit` at
   * least: it needs the value after the row; on a grid 17 rows more, for the filters.
   */
  wait: number;
  /** ms: a channel that goes back by more begins everything anew: see TimeOrder. */
  reset: number;
}

/** The readings of a channel that may wait; beyond, rows are given before all channels have come. */
const MAX_WAITING = 4096;

/**
 * Channels that come in readings of their own → rows of all channels. A row is given when every channel has come as far
 * as its time, or when one channel is more than `wait` ms further: what has not come by then is NaN. The first row is at
 * the first value; channels that begin later are NaN until then. A NaN that came is a value like others: it is neither
 * skipped nor held over.
 *
 * "interpolate" on a grid brings each channel there on its own, with a low-pass for one that is faster than the grid: see
 * GridResampler. "asof", and the readings of a channel as the clock, take values as they are, and what is faster folds.
 */
export class Aligner {
  readonly #channels: number;
  /** Hz; NaN with a channel as clock. */
  readonly #rate: number;
  /** The channel that is the clock, or -1. */
  readonly #master: number;
  readonly #interpolates: boolean;
  readonly #limit: number;
  #wait: number;
  readonly #counts: ResampleCounts;
  readonly #output: RowOutput;
  readonly #queues: ReadingQueue[];
  readonly #orders: TimeOrder[];
  /** Of each channel; undefined where values are taken as they are. */
  readonly #resamplers: GridResampler[] | undefined;
  /** How far each channel has come; NaN before it has. */
  readonly #come: Float64Array;
  readonly #row: Float64Array;
  readonly #single = new Float64Array(1);
  /** A channel that had not come as far as the next row when it was looked at last. */
  #behind = 0;
  /** The latest time of all channels. */
  #newest = Number.NaN;
  /** The row that was given last. */
  #given = Number.NaN;
  /** Number of the next grid point. */
  #k = 0;
  #bytes = 0;

  /** @throws EdgeMlError EDGE_ML_SETTING when more than 250 000 rows fit into the limit */
  constructor(options: AlignerOptions, counts: ResampleCounts, output: RowOutput) {
    const { channels, clock, method, limit, wait, reset } = options;
    this.#channels = channels;
    this.#rate = "rate" in clock ? clock.rate : Number.NaN;
    this.#master = "rate" in clock ? -1 : clock.channel;
    this.#interpolates = method === "interpolate";
    this.#limit = limit;
    this.#wait = this.#interpolates ? Math.max(wait, limit) : wait;
    if (this.#master < 0) checkRowsWithin(Math.max(limit, this.#wait), this.#rate);
    this.#counts = counts;
    this.#output = output;
    this.#queues = Array.from({ length: channels }, () => new ReadingQueue(MAX_WAITING));
    this.#orders = Array.from({ length: channels }, () => new TimeOrder(reset));
    this.#come = new Float64Array(channels).fill(Number.NaN);
    this.#row = new Float64Array(channels);
    if (this.#interpolates && this.#master < 0) {
      this.#wait += (LONGEST_LAG * 1000) / this.#rate;
      this.#resamplers = this.#queues.map((_, channel) => this.#resampler(channel, limit));
      for (const { bytes } of this.#resamplers) this.#bytes += bytes;
    }
    for (const { bytes } of this.#queues) this.#bytes += bytes;
  }

  /** Bytes held. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Takes a reading of one channel, and gives the rows that it completes.
   * @param channel its number, 0 … channels − 1
   * @param time ms since 1970
   * @param value NaN when there is none
   */
  push(channel: number, time: number, value: number, label?: string): void {
    const order = this.#orders[channel]!;
    if (!this.#inOrder(order, time)) return;
    order.last = time;
    // Too late for a row that it belongs to; the rows to come may still need it.
    if (time <= this.#given) this.#counts.late++;
    const resampler = this.#resamplers?.[channel];
    if (resampler === undefined) this.#enter(channel, time, value, label);
    else {
      const { bytes } = resampler;
      this.#single[0] = value;
      resampler.push(time, this.#single, label);
      this.#bytes += resampler.bytes - bytes;
    }
  }

  /** Brings the readings of a channel onto the grid. What is not known of one channel is no break for the others. */
  #resampler(channel: number, limit: number): GridResampler {
    const own = { late: 0, missing: 0, breaks: 0 };
    return new GridResampler({ rate: this.#rate, channels: 1, limit }, own, {
      row: (time, values, label) => {
        if (!(time <= this.#given)) this.#enter(channel, time, values[0]!, label);
      },
      interrupt: () => {
        // See above: its rows are missing.
      },
    });
  }

  #enter(channel: number, time: number, value: number, label: string | undefined): void {
    const queue = this.#queues[channel]!;
    if (this.#master < 0 && Number.isNaN(this.#newest)) this.#k = firstAfter(time, this.#rate);
    this.#makeRoom(queue);
    const { bytes } = queue;
    queue.push(time, value, label);
    this.#bytes += queue.bytes - bytes;
    this.#come[channel] = time;
    if (!(time <= this.#newest)) this.#newest = time;
    for (let next = this.#next; next <= this.#newest && this.#ready(next); next = this.#next) this.#give(next);
  }

  /** As new: no reading before has to do with those that come. */
  reset(): void {
    for (const queue of this.#queues) queue.clear();
    for (const order of this.#orders) order.last = Number.NaN;
    for (const resampler of this.#resamplers ?? []) resampler.reset();
    this.#come.fill(Number.NaN);
    this.#newest = Number.NaN;
    this.#given = Number.NaN;
  }

  /** Whether a reading counts, by its time. Begins anew where time made a leap. */
  #inOrder(order: TimeOrder, time: number): boolean {
    const judged = order.judge(time, true);
    if (judged === "late" || judged === "duplicate") {
      this.#counts.late++;
      return false;
    }
    if (judged === "restart") this.#break();
    if (this.#master >= 0) return true;
    if (!(Math.abs(time) * this.#rate < 1000 * Number.MAX_SAFE_INTEGER)) {
      this.#counts.late++;
      return false;
    }
    const reach = Math.max(this.#limit, this.#wait) + (MAX_MISSING_ROWS * 1000) / this.#rate;
    if (time - this.#newest > reach) {
      while (this.#next <= this.#newest) this.#give(this.#next);
      this.#break();
    }
    return true;
  }

  /** The time of the next row, if it is known; else NaN. */
  get #next(): number {
    if (this.#master < 0) return (this.#k * 1000) / this.#rate;
    const master = this.#queues[this.#master]!;
    return master.length === 0 ? Number.NaN : master.time(0);
  }

  /** Whether all channels have come as far as a time, or have been waited for long enough. */
  #ready(time: number): boolean {
    if (this.#newest > time + this.#wait) return true;
    // The one that was behind is looked at first: with many channels that is all there is to do.
    for (let i = 0; i < this.#channels; i++) {
      if (!(this.#come[this.#behind]! >= time)) return false;
      this.#behind = this.#behind + 1 === this.#channels ? 0 : this.#behind + 1;
    }
    return true;
  }

  #give(time: number): void {
    const row = this.#row;
    let label: string | undefined;
    let labelled = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < this.#channels; c++) {
      const queue = this.#queues[c]!;
      queue.dropReplaced(time);
      row[c] = this.#valueAt(queue, time);
      if (queue.length > 0 && queue.time(0) <= time && queue.time(0) > labelled) {
        labelled = queue.time(0);
        label = queue.label(0);
      }
    }
    if (this.#master < 0) this.#k++;
    else this.#queues[this.#master]!.shift();
    this.#given = time;
    if (hasMissing(row, this.#channels)) this.#counts.missing++;
    this.#output.row(time, row, label);
  }

  /** @param queue without readings that a later one has replaced */
  #valueAt(queue: ReadingQueue, time: number): number {
    if (queue.length === 0) return Number.NaN;
    const from = queue.time(0);
    if (from > time) return Number.NaN;
    const value = queue.value(0);
    if (from === time) return value;
    if (!this.#interpolates) return time - from <= this.#limit ? value : Number.NaN;
    if (queue.length < 2) return Number.NaN;
    const span = queue.time(1) - from;
    return span <= this.#limit ? value + (queue.value(1) - value) * ((time - from) / span) : Number.NaN;
  }

  /** Before a reading is added to a queue. */
  #makeRoom(queue: ReadingQueue): void {
    queue.dropReplaced(this.#next);
    while (queue.full) {
      if (this.#next <= this.#newest) this.#give(this.#next);
      else {
        // The clock has not come at all, and too much would wait for it.
        queue.shift();
        this.#counts.late++;
      }
      queue.dropReplaced(this.#next);
    }
  }

  #break(): void {
    this.reset();
    this.#counts.breaks++;
    this.#output.interrupt();
  }
}
