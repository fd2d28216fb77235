import { RealFft } from "./real-fft.js";
import { powerOfTwoFrom } from "./spectrum.js";

/**
 * The envelope of a signal: the magnitude of its analytic signal x + i·H(x), by the Fourier transform (Marple 1999;
 * scipy.signal.hilbert with N = the next power of two). A gain over the frequencies may go with it: a filter without
 * phase shift, for which a transform is there anyway.
 */
export class Envelope {
  readonly #samples: number;
  readonly #fft: RealFft;
  /** The real gain of each line, [fftLength/2 + 1]. */
  readonly #gain: Float64Array;
  readonly #x: Float64Array;
  readonly #re: Float64Array;
  readonly #im: Float64Array;
  readonly #hartley: Float64Array;
  readonly #outRe: Float64Array;
  readonly #outIm: Float64Array;
  readonly #filtered: Float64Array;

  /**
   * @param samples of the signal
   * @param gain of a frequency given as a share of the sample rate, 0 … 0.5; 1 everywhere without
   */
  constructor(samples: number, gain: (frequency: number) => number = () => 1) {
    const length = powerOfTwoFrom(samples);
    const fft = new RealFft(length);
    this.#samples = samples;
    this.#fft = fft;
    this.#gain = Float64Array.from({ length: fft.bins }, (_, k) => gain(k / length));
    this.#x = new Float64Array(length);
    this.#hartley = new Float64Array(length);
    this.#filtered = new Float64Array(samples);
    this.#re = new Float64Array(fft.bins);
    this.#im = new Float64Array(fft.bins);
    this.#outRe = new Float64Array(fft.bins);
    this.#outIm = new Float64Array(fft.bins);
  }

  /**
   * @param x [samples]
   * @param out [samples]
   */
  compute(x: Float64Array, out: Float64Array): void {
    const samples = this.#samples;
    const length = this.#fft.length;
    const half = length / 2;
    const re = this.#re;
    const im = this.#im;
    const gain = this.#gain;
    const hartley = this.#hartley;
    const filtered = this.#filtered;
    for (let i = 0; i < samples; i++) this.#x[i] = x[i]!;
    this.#fft.transform(this.#x, re, im);
    for (let k = 0; k <= half; k++) {
      re[k]! *= gain[k]!;
      im[k]! *= gain[k]!;
    }
    // Back again with the same transform: the Hartley spectrum Re − Im of a real signal is its own inverse but for 1/N.
    hartley[0] = re[0]!;
    hartley[half] = re[half]!;
    for (let k = 1; k < half; k++) {
      hartley[k] = re[k]! - im[k]!;
      hartley[length - k] = re[k]! + im[k]!;
    }
    this.#back(filtered);
    // H(x) has the spectrum −i·X for positive frequencies: its real part is Im X, its imaginary part −Re X.
    hartley[0] = 0;
    hartley[half] = 0;
    for (let k = 1; k < half; k++) {
      hartley[k] = im[k]! + re[k]!;
      hartley[length - k] = im[k]! - re[k]!;
    }
    this.#back(out);
    for (let i = 0; i < samples; i++) out[i] = Math.sqrt(filtered[i]! * filtered[i]! + out[i]! * out[i]!);
  }

  /** The first `samples` numbers of the signal whose Hartley spectrum stands in #hartley. */
  #back(out: Float64Array): void {
    const length = this.#fft.length;
    const half = length / 2;
    const re = this.#outRe;
    const im = this.#outIm;
    this.#fft.transform(this.#hartley, re, im);
    for (let i = 0; i < out.length; i++) {
      out[i] = (i <= half ? re[i]! - im[i]! : re[length - i]! + im[length - i]!) / length;
    }
  }
}
