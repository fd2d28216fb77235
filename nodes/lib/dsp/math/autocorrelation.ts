import { RealFft } from "./real-fft.js";

/**
 * r[k] = Σ (x[i] − mean)·(x[i+k] − mean) / Σ (x[i] − mean)² for k = 0 … lags − 1: the biased estimate, as by
 * statsmodels' acf. Through the power spectrum (Wiener and Khinchin), padded so that nothing wraps: O(n log n).
 */
export class Autocorrelation {
  readonly #fft: RealFft;
  readonly #padded: Float64Array;
  readonly #re: Float64Array;
  readonly #im: Float64Array;

  constructor(samples: number) {
    let length = 2;
    while (length < 2 * samples) length *= 2;
    this.#fft = new RealFft(length);
    this.#padded = new Float64Array(length);
    this.#re = new Float64Array(length / 2 + 1);
    this.#im = new Float64Array(length / 2 + 1);
  }

  /** @param centred samples minus their mean, not all 0 @param out as many lags as it is long */
  compute(centred: Float64Array, out: Float64Array): void {
    const padded = this.#padded;
    padded.fill(0);
    padded.set(centred);
    this.#fft.transform(padded, this.#re, this.#im);
    const { bins, length } = this.#fft;
    // The power spectrum is even, so its inverse transform is its transform.
    for (let k = 0; k < bins; k++) {
      const power = this.#re[k]! ** 2 + this.#im[k]! ** 2;
      padded[k] = power;
      if (k > 0) padded[length - k] = power;
    }
    this.#fft.transform(padded, this.#re, this.#im);
    const total = this.#re[0]!;
    for (let k = 0; k < out.length; k++) out[k] = this.#re[k]! / total;
  }
}
