import { type PolyphaseFilter, polyphaseFilter } from "./polyphase-filter.js";
import type { Ratio } from "./rational.js";

type Give = (time: number, values: Float64Array, label: string | undefined) => void;

/**
 * Changes the rate of uniformly sampled rows by up / down, with a low-pass at the lower of the two Nyquist frequencies
 * against aliases. The result is that of scipy.signal.resample_poly (its default filter), in whatever pieces the rows
 * come, bit for bit.
 *
 * A row is given when that which lies 10 periods of the lower rate later has come; its time is that of the signal,
 * without this delay. Each output costs 20 · max(1, down / up) multiplications for each channel; nothing is allocated
 * after construction. NaN and Infinity spoil the rows whose filter reaches over them, and no others.
 *
 * Edges: with "skip" no row is given whose filter reaches before the first row (10 periods of the lower rate at the start
 * of each unbroken run). With "zero" it is as if zeros lay around the rows, as scipy has it: for a closed block, which
 * ends with `finish`.
 */
export class PolyphaseResampler {
  readonly #filter: PolyphaseFilter;
  readonly #give: Give;
  readonly #channels: number;
  readonly #skip: boolean;
  /** The newest `taps` samples of each channel, twice one behind the other: always a whole run of them. */
  readonly #history: Float64Array;
  readonly #times: Float64Array;
  readonly #labels: (string | undefined)[];
  readonly #values: Float64Array;
  /** Where the next row goes, 0 … taps − 1. */
  #at = 0;
  /** Rows to come before the next output can be made. */
  #due = 0;
  #phase = 0;
  /** Rows since the start, and output rows since then. */
  #rows = 0;
  #given = 0;

  constructor(ratio: Ratio, channels: number, give: Give, edges: "skip" | "zero" = "skip") {
    const filter = polyphaseFilter(ratio);
    this.#filter = filter;
    this.#give = give;
    this.#channels = channels;
    this.#skip = edges === "skip";
    this.#history = new Float64Array(2 * filter.taps * channels);
    this.#times = new Float64Array(2 * filter.taps);
    this.#labels = new Array<string | undefined>(2 * filter.taps).fill(undefined);
    this.#values = new Float64Array(channels);
    this.reset();
  }

  /** Bytes held. */
  get bytes(): number {
    return 8 * (this.#history.length + 2 * this.#times.length + this.#values.length);
  }

  /**
   * Takes a row, and gives those that it completes.
   * @param time ms since 1970
   * @param values one per channel; may be longer
   */
  push(time: number, values: Float64Array, label?: string): void {
    const { taps, up, down } = this.#filter;
    const at = this.#at;
    const history = this.#history;
    for (let c = 0; c < this.#channels; c++) {
      const base = 2 * taps * c + at;
      history[base] = values[c]!;
      history[base + taps] = values[c]!;
    }
    this.#times[at] = time;
    this.#times[at + taps] = time;
    this.#labels[at] = label;
    this.#labels[at + taps] = label;
    this.#at = at + 1 === taps ? 0 : at + 1;
    this.#rows++;
    while (this.#due === 0) {
      this.#make();
      this.#phase += down;
      this.#due = Math.floor(this.#phase / up);
      this.#phase -= this.#due * up;
    }
    this.#due--;
  }

  /**
   * The end of a closed block: with edges "zero", gives the rows that are left, ceil(rows · up / down) in all. As new then.
   */
  finish(): void {
    const { up, down, taps } = this.#filter;
    if (!this.#skip && this.#rows > 0) {
      const rows = this.#rows;
      const all = Math.ceil((rows * up) / down);
      const zeros = new Float64Array(this.#channels);
      const newest = (this.#at === 0 ? taps : this.#at) - 1;
      const last = this.#times[newest]!;
      const step = rows === 1 ? 0 : last - this.#times[(newest + taps - 1) % taps]!;
      const label = this.#labels[newest];
      for (let i = 1; this.#given < all; i++) this.push(last + i * step, zeros, label);
    }
    this.reset();
  }

  /** As new: no row before this one has to do with those that come. */
  reset(): void {
    const { up, down, half } = this.#filter;
    // Output m lies at m·down steps (of 1/up row). It needs the rows up to (m·down + half) / up; with "skip" the first
    // one is that which needs no row before the first, that is, none at −up or further back.
    const first = this.#skip ? Math.max(0, Math.ceil((half - up + 1) / down)) : 0;
    const reach = first * down + half;
    this.#due = Math.floor(reach / up);
    this.#phase = reach - this.#due * up;
    this.#at = 0;
    this.#rows = 0;
    this.#given = 0;
    this.#history.fill(0);
  }

  #make(): void {
    const { taps, phases, up, half } = this.#filter;
    const history = this.#history;
    const coefficients = this.#phase * taps;
    for (let c = 0; c < this.#channels; c++) {
      // The oldest of the newest `taps` samples lies where the next one goes.
      const base = 2 * taps * c + this.#at;
      this.#values[c] = dot(phases, coefficients, history, base, taps);
    }
    // The moment that the output describes lies `half` steps before the newest one that it needs.
    const back = Math.ceil((half - this.#phase) / up);
    const between = (this.#phase - half + back * up) / up;
    const row = this.#at + taps - 1 - back;
    const before = this.#times[row]!;
    // A row that ends on the newest one (half = 0) has none after it.
    const time = between === 0 ? before : before + between * (this.#times[row + 1]! - before);
    const label = this.#labels[row];
    this.#given++;
    this.#give(time, this.#values, label);
  }
}

/** Four sums side by side: one alone waits for itself at every step. */
function dot(a: Float64Array, atA: number, b: Float64Array, atB: number, length: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 3 < length; i += 4) {
    s0 += a[atA + i]! * b[atB + i]!;
    s1 += a[atA + i + 1]! * b[atB + i + 1]!;
    s2 += a[atA + i + 2]! * b[atB + i + 2]!;
    s3 += a[atA + i + 3]! * b[atB + i + 3]!;
  }
  for (; i < length; i++) s0 += a[atA + i]! * b[atB + i]!;
  return s0 + s1 + (s2 + s3);
}
