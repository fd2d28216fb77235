import { RealFft } from "./real-fft.js";
import { type Taper, taperWeights } from "./taper.js";

export interface SpectrumOptions {
  /** Of the signal. */
  samples: number;
  /** Hz */
  rate: number;
  /** A power of two, the longest segment; 0 = one segment of all samples, padded with zeros to a power of two. */
  fftLength: number;
  taper: Taper;
  /** Of one segment with the next, 0 … < 1. */
  overlap: number;
  /** Over the segments. */
  average: "mean" | "maximum";
  /** Whether the mean of each segment is taken off it. */
  removeMean: boolean;
}

/**
 * The one-sided power spectrum of a real signal by Welch's method (1967): segments, each times the taper, their squared
 * transforms averaged; scipy.signal.welch with scaling="spectrum". A segment that is shorter than the transform is padded
 * with zeros; samples after the last whole segment are left out, as in scipy.
 *
 * Line k holds the mean square of what is at k · step Hz, the taper's gain corrected: a sine of amplitude A on a line
 * reads A²/2. The sum over the lines of a band times step / noiseBandwidth is the band's mean square; divided by
 * noiseBandwidth alone it is the power density in x²/Hz.
 */
export class PowerSpectrum {
  /** fftLength/2 + 1 */
  readonly bins: number;
  readonly fftLength: number;
  /** Hz from line to line. */
  readonly step: number;
  /** The equivalent noise bandwidth of the taper in Hz: rate · Σw² / (Σw)² (Harris 1978). */
  readonly noiseBandwidth: number;
  /** The taper, [samples of a segment]. */
  readonly weights: Float64Array;
  readonly #hop: number;
  readonly #segments: number;
  readonly #options: SpectrumOptions;
  readonly #fft: RealFft;
  readonly #segment: Float64Array;
  readonly #power: Float64Array;
  /** 1 / (Σw)² */
  readonly #gain: number;

  constructor(options: SpectrumOptions) {
    const { samples, rate, fftLength, taper, overlap } = options;
    const length = fftLength === 0 ? samples : Math.min(samples, fftLength);
    this.#options = options;
    this.fftLength = fftLength === 0 ? powerOfTwoFrom(samples) : fftLength;
    this.bins = this.fftLength / 2 + 1;
    this.step = rate / this.fftLength;
    this.weights = taperWeights(taper, length);
    this.#hop = Math.max(1, length - Math.floor(length * overlap));
    this.#segments = 1 + Math.floor((samples - length) / this.#hop);
    let sum = 0;
    let squares = 0;
    for (const weight of this.weights) {
      sum += weight;
      squares += weight * weight;
    }
    this.#gain = 1 / (sum * sum);
    this.noiseBandwidth = (rate * squares) / (sum * sum);
    this.#fft = new RealFft(this.fftLength);
    this.#segment = new Float64Array(this.fftLength);
    this.#power = new Float64Array(this.bins);
  }

  /**
   * @param x [samples]
   * @param out [bins] the mean square of each line
   */
  compute(x: Float64Array, out: Float64Array): void {
    const { removeMean, average } = this.#options;
    const segment = this.#segment;
    const power = this.#power;
    const weights = this.weights;
    const length = weights.length;
    const bins = this.bins;
    for (let s = 0; s < this.#segments; s++) {
      const start = s * this.#hop;
      let mean = 0;
      if (removeMean) {
        for (let i = 0; i < length; i++) mean += x[start + i]!;
        mean /= length;
      }
      for (let i = 0; i < length; i++) segment[i] = (x[start + i]! - mean) * weights[i]!;
      if (s === 0) this.#fft.power(segment, out);
      else {
        this.#fft.power(segment, power);
        if (average === "mean") for (let k = 0; k < bins; k++) out[k]! += power[k]!;
        else for (let k = 0; k < bins; k++) out[k] = Math.max(out[k]!, power[k]!);
      }
    }
    const gain = average === "mean" ? this.#gain / this.#segments : this.#gain;
    // Each line but 0 and the last stands for its negative frequency too.
    for (let k = 1; k < bins - 1; k++) out[k]! *= 2 * gain;
    out[0]! *= gain;
    out[bins - 1]! *= gain;
  }

  /**
   * The amplitude of a sine on line k, from the line's mean square.
   * @returns |mean| on line 0; on the last line, where a sine's phase decides how much of it is seen, the level of ±x
   */
  amplitude(k: number, meanSquare: number): number {
    return Math.sqrt(k === 0 || k === this.bins - 1 ? meanSquare : 2 * meanSquare);
  }
}

/** The smallest power of two that is not below, from 2. */
export function powerOfTwoFrom(length: number): number {
  let power = 2;
  while (power < length) power *= 2;
  return power;
}
