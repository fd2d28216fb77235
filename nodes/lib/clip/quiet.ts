/** ms over which a level is measured. */
const BLOCK = 20;

/** For how long sound has been quiet by now. Each sample is looked at once. */
export class Quiet {
  readonly #block: number;
  /** The mean square below which a block is quiet. */
  readonly #limit: number;
  #sum = 0;
  #count = 0;
  /** Samples of quiet blocks in a row, up to now. */
  run = 0;

  /** @param level dB below full scale */
  constructor(rate: number, channels: number, level: number) {
    this.#block = Math.max(1, Math.round((rate * BLOCK) / 1000)) * channels;
    this.#limit = 10 ** (level / 10);
  }

  /**
   * Looks at samples until it has been quiet for so long.
   * @returns how many of them that took; all, when it has not
   */
  until(wanted: number, samples: Float32Array | Float64Array, from: number, to: number): number {
    for (let i = from; i < to; i++) {
      const sample = samples[i]!;
      // No number is no sound.
      this.#sum += Number.isNaN(sample) ? 0 : sample * sample;
      if (++this.#count < this.#block) continue;
      this.run = this.#sum < this.#limit * this.#block ? this.run + this.#block : 0;
      this.#sum = 0;
      this.#count = 0;
      if (this.run >= wanted) return i + 1 - from;
    }
    return to - from;
  }
}
