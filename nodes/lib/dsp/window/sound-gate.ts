import { filterSections, type Sections, steadyState } from "../math/iir.js";
import { butterworth } from "../math/iir-design.js";

export interface SoundGateOptions {
  /** dB above the noise floor from which on it is sound. */
  margin: number;
  /** dB of full scale (a mean square of 1): what is below is never sound. */
  level: number;
  /** ms that the gate stays open beyond a window's length after the last sound. */
  hold: number;
}

/** Hz: rumble, hum and an offset below are no speech. */
const LOWEST = 100;
/** ms over which one power is taken. */
const BLOCK = 10;
/** ms: time constants of the power that opens the gate, and of the one whose minimum is the noise floor. */
const FAST = 30;
const SLOW = 100;
/** The noise floor is the minimum over so many parts of so many blocks: 4 s, longer than speech goes without a breath. */
const PARTS = 8;
const PART = 50;

/**
 * Tells whether there is sound: the power above 100 Hz is some dB above the noise floor. The floor is the minimum of the
 * smoothed power over the last 4 s (minimum statistics: R. Martin, Noise power spectral density estimation based on
 * optimal smoothing and minimum statistics, IEEE Trans. Speech and Audio Processing 9, 2001; here in one band): it falls
 * at once and rises after 4 s, so a noise that begins and stays closes the gate again. Until the first 4 s have been heard
 * it is open. One filter and a few sums for each sample.
 */
export class SoundGate {
  readonly #columns: number;
  readonly #sections: Sections;
  readonly #steady: Float64Array;
  /** Of each channel: the samples of the block, the last good one, and the filter's state. */
  readonly #blocks: Float64Array[];
  readonly #last: Float64Array;
  readonly #states: Float64Array[];
  readonly #length: number;
  readonly #fastWeight = 1 - Math.exp(-BLOCK / FAST);
  readonly #slowWeight = 1 - Math.exp(-BLOCK / SLOW);
  readonly #margin: number;
  readonly #level: number;
  /** In blocks. */
  readonly #hold: number;
  /** Of the block: samples so far, and how many values of them are none. */
  #filled = 0;
  #missing = 0;
  #fast = Number.NaN;
  #slow = Number.NaN;
  /** The least slow power of each part, a ring; and of the one that runs. */
  readonly #minima = new Float64Array(PARTS).fill(Number.POSITIVE_INFINITY);
  #part = 0;
  #inPart = 0;
  #minimum = Number.POSITIVE_INFINITY;
  /** Blocks heard, until the floor is known; and since the last sound. */
  #heard = 0;
  #quiet = 0;

  /**
   * @param columns channels; it is their mean power that counts
   * @param rate Hz
   * @param window ms, of one window
   */
  constructor({ margin, level, hold }: SoundGateOptions, columns: number, rate: number, window: number) {
    this.#columns = columns;
    this.#length = Math.max(1, Math.round((rate * BLOCK) / 1000));
    this.#sections = butterworth(2, "high", Math.min(LOWEST, rate / 10), rate);
    this.#steady = steadyState(this.#sections);
    this.#blocks = Array.from({ length: columns }, () => new Float64Array(this.#length));
    this.#last = new Float64Array(columns).fill(Number.NaN);
    this.#states = Array.from({ length: columns }, () => new Float64Array(this.#steady.length));
    this.#margin = 10 ** (margin / 10);
    this.#level = 10 ** (level / 10);
    this.#hold = Math.ceil((window + hold) / ((this.#length * 1000) / rate));
  }

  /** There has been sound within the last window and the time to hold, or nobody knows yet. */
  get isOpen(): boolean {
    return this.#heard < PARTS * PART || this.#quiet < this.#hold;
  }

  /** Takes the next sample of all channels; what is NaN is passed over. */
  push(values: Float64Array): void {
    for (let c = 0; c < this.#columns; c++) {
      let value = values[c]!;
      if (Number.isNaN(value)) {
        this.#missing++;
        value = this.#last[c]!;
      } else {
        // A signal that begins on an offset begins without a step.
        if (Number.isNaN(this.#last[c]!)) this.#begin(c, value);
        this.#last[c] = value;
      }
      this.#blocks[c]![this.#filled] = Number.isNaN(value) ? 0 : value;
    }
    if (++this.#filled === this.#length) this.#block();
  }

  /** The next sample does not follow the last one. What is known of the noise stays. */
  interrupt(): void {
    this.#filled = 0;
    this.#missing = 0;
    this.#last.fill(Number.NaN);
    for (const state of this.#states) state.fill(0);
  }

  #begin(channel: number, value: number): void {
    const state = this.#states[channel]!;
    for (let i = 0; i < state.length; i++) state[i] = this.#steady[i]! * value;
  }

  #block(): void {
    let sum = 0;
    for (let c = 0; c < this.#columns; c++) {
      const block = this.#blocks[c]!;
      filterSections(this.#sections, block, this.#states[c]!);
      for (let i = 0; i < block.length; i++) sum += block[i]! * block[i]!;
    }
    const count = this.#length * this.#columns;
    const isKnown = 2 * this.#missing <= count;
    this.#filled = 0;
    this.#missing = 0;
    // Half of nothing says nothing, neither of sound nor of silence.
    if (isKnown) this.#hear(sum / count);
  }

  #hear(power: number): void {
    if (Number.isNaN(this.#fast)) {
      this.#fast = power;
      this.#slow = power;
    }
    this.#fast += this.#fastWeight * (power - this.#fast);
    this.#slow += this.#slowWeight * (power - this.#slow);
    this.#minimum = Math.min(this.#minimum, this.#slow);
    let floor = this.#minimum;
    for (let i = 0; i < PARTS; i++) floor = Math.min(floor, this.#minima[i]!);
    if (++this.#inPart === PART) {
      this.#minima[this.#part] = this.#minimum;
      this.#part = (this.#part + 1) % PARTS;
      this.#minimum = Number.POSITIVE_INFINITY;
      this.#inPart = 0;
    }
    const isSound = this.#fast >= Math.max(floor * this.#margin, this.#level);
    if (this.#heard < PARTS * PART) this.#heard++;
    this.#quiet = isSound ? 0 : this.#quiet + 1;
  }
}
