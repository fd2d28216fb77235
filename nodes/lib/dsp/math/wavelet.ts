import { BIORTHOGONAL, ORTHOGONAL } from "./wavelet-filters.js";

/** Every wavelet there is a filter bank for, by PyWavelets' names. */
export const WAVELETS: readonly string[] = [
  ...Object.keys(ORTHOGONAL),
  ...Object.keys(BIORTHOGONAL).map((order) => `bior${order}`),
  ...Object.keys(BIORTHOGONAL).map((order) => `rbio${order}`),
];

/**
 * The discrete wavelet transform over several levels (Mallat's algorithm; the same as `wavedec` of PyWavelets with mode
 * "symmetric"): each level filters the approximation before it with both filters and keeps every second number,
 * y[k] = Σ h[j] · x[2k + 1 − j], where x goes on beyond its ends as its mirror image (… x1 x0 | x0 x1 …).
 * In float32 throughout, each product and sum rounded, as PyWavelets has it for float32 numbers: readings with few digits
 * put coefficients exactly on the edges of a histogram, and only the same rounding puts them into the same bins.
 * A transform allocates nothing. One plan must not be used from two places at once.
 */
export class WaveletTransform {
  /** Numbers in each band of the result: approximation of the last level, then its details, then those of finer levels. */
  readonly lengths: readonly number[];
  /** Of all bands together. */
  readonly length: number;
  readonly #samples: number;
  // Float32 numbers, all of them, in arrays from which they need not be widened each time.
  readonly #low: Float64Array;
  readonly #high: Float64Array;
  /** The signal of one level between its mirror images. */
  readonly #mirrored: Float64Array;
  readonly #approximation: Float64Array;

  /** @throws TypeError when there is no such wavelet */
  constructor(wavelet: string, samples: number, levels: number) {
    const { low, high } = analysisFilters(wavelet);
    this.#low = low;
    this.#high = high;
    this.#samples = samples;
    const details: number[] = [];
    let length = samples;
    for (let level = 0; level < levels; level++) {
      length = Math.floor((length + low.length - 1) / 2);
      details.unshift(length);
    }
    this.lengths = [length, ...details];
    this.length = this.lengths.reduce((sum, band) => sum + band, 0);
    // A signal shorter than the filter grows.
    const longest = Math.max(samples, ...details);
    this.#mirrored = new Float64Array(longest + 2 * low.length);
    this.#approximation = new Float64Array(longest);
  }

  /**
   * @param x the samples, from 0; rounded to float32
   * @param out [length], band after band as in `lengths`
   */
  transform(x: Float64Array, out: Float64Array): void {
    const low = this.#low;
    const high = this.#high;
    const taps = low.length;
    const mirrored = this.#mirrored;
    const approximation = this.#approximation;
    let samples = this.#samples;
    let largest = 0;
    for (let i = 0; i < samples; i++) largest = Math.max(largest, Math.abs(x[i]!));
    const shrink = largest > LARGEST ? LARGEST / FLOAT32_LARGEST : 1;
    for (let i = 0; i < samples; i++) approximation[i] = Math.fround(x[i]! * shrink);
    let end = this.length;
    for (let band = this.lengths.length - 1; band > 0; band--) {
      mirror(approximation, samples, taps, mirrored);
      samples = this.lengths[band]!;
      end -= samples;
      for (let k = 0; k < samples; k++) {
        // x[2k + 1] stands at `taps` + 2k + 1.
        const at = taps + 2 * k + 1;
        let a = 0;
        let d = 0;
        for (let j = 0; j < taps; j++) {
          const v = mirrored[at - j]!;
          a = Math.fround(a + Math.fround(low[j]! * v));
          d = Math.fround(d + Math.fround(high[j]! * v));
        }
        approximation[k] = a;
        out[end + k] = d;
      }
    }
    for (let k = 0; k < end; k++) out[k] = approximation[k]!;
    if (shrink !== 1) for (let k = 0; k < this.length; k++) out[k]! /= shrink;
  }
}

/** Beyond this a sum might leave float32; the factor is a power of two and costs no digits. */
const LARGEST = 2 ** 96;
const FLOAT32_LARGEST = 2 ** 128;

/** x[0 … samples − 1] at `margin`, with its mirror image on both sides, and the image's image where the signal is short. */
function mirror(x: Float64Array, samples: number, margin: number, out: Float64Array): void {
  for (let i = 0; i < samples; i++) out[margin + i] = x[i]!;
  for (let i = 0; i < margin; i++) {
    const turn = i % (2 * samples);
    const inside = turn < samples ? turn : 2 * samples - 1 - turn;
    out[margin - 1 - i] = x[inside]!;
    out[margin + samples + i] = x[samples - 1 - inside]!;
  }
}

function analysisFilters(wavelet: string): { low: Float64Array; high: Float64Array } {
  const orthogonal = own(ORTHOGONAL, wavelet);
  if (orthogonal) return filters(orthogonal, [...orthogonal].reverse());
  const spline = own(BIORTHOGONAL, wavelet.slice(4));
  if (spline && wavelet.startsWith("bior")) return filters(spline.analysis, spline.synthesis);
  if (spline && wavelet.startsWith("rbio"))
    return filters([...spline.synthesis].reverse(), [...spline.analysis].reverse());
  throw new TypeError(`there is no wavelet "${wavelet}"`);
}

/** The analysis high-pass is the synthesis low-pass with every other sign turned. */
function filters(analysis: readonly number[], synthesis: readonly number[]): { low: Float64Array; high: Float64Array } {
  return {
    low: Float64Array.from(analysis, Math.fround),
    high: Float64Array.from(synthesis, (h, k) => Math.fround(k % 2 === 0 ? -h : h)),
  };
}

function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
