import { RealFft } from "./real-fft.js";

/**
 * The largest value of each bin over the periodograms |X[k]|² / N of overlapping frames (Welch's method with a maximum
 * in place of the mean): no taper, the last frames filled with zeros. A steady tone and a short knock both show.
 * One must not be used from two places at once.
 */
export class MaxHoldSpectrum {
  /** N/2 + 1 */
  readonly bins: number;
  readonly #fft: RealFft;
  readonly #samples: number;
  readonly #hop: number;
  readonly #frame: Float64Array;

  /**
   * @param samples of each signal
   * @param fftLength N, a power of two
   * @param overlap frames begin every N/2 samples, else every N
   */
  constructor(samples: number, fftLength: number, overlap: boolean) {
    this.#fft = new RealFft(fftLength);
    this.bins = this.#fft.bins;
    this.#samples = samples;
    this.#hop = overlap ? fftLength / 2 : fftLength;
    this.#frame = new Float64Array(this.bins);
  }

  /**
   * @param x the samples, then N zeros
   * @param out [bins], k·rate/N Hz; in the square of the signal's unit
   */
  compute(x: Float64Array, out: Float64Array): void {
    const samples = this.#samples;
    const frame = this.#frame;
    const bins = this.bins;
    for (let k = 0; k < bins; k++) out[k] = 0;
    for (let from = 0; from < samples; from += this.#hop) {
      this.#fft.power(x, frame, from);
      for (let k = 0; k < bins; k++) {
        const power = frame[k]!;
        // NaN stays: a comparison with it is false.
        if (!(power <= out[k]!)) out[k] = power;
      }
    }
    const scale = 1 / this.#fft.length;
    for (let k = 0; k < bins; k++) out[k]! *= scale;
  }
}
