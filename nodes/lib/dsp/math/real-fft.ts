/**
 * The discrete Fourier transform of real numbers, X[k] = Σ x[n]·e^(−2πi·kn/N), for lengths that are a power of two.
 * Tables are made once; a transform allocates nothing. One plan must not be used from two places at once.
 */
export class RealFft {
  /** N */
  readonly length: number;
  /** N/2 + 1 */
  readonly bins: number;
  readonly #half: number;
  readonly #re: Float64Array;
  readonly #im: Float64Array;
  readonly #order: Uint32Array;
  /** e^(−2πi·k/N), k < N/2 */
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;

  /** @throws TypeError when the length is not a power of two from 2 */
  constructor(length: number) {
    if (!Number.isInteger(length) || length < 2 || (length & (length - 1)) !== 0) {
      throw new TypeError(`"length" is ${length}, not a power of two`);
    }
    this.length = length;
    this.bins = length / 2 + 1;
    this.#half = length / 2;
    this.#re = new Float64Array(this.#half);
    this.#im = new Float64Array(this.#half);
    this.#cos = Float64Array.from({ length: this.#half }, (_, k) => Math.cos((2 * Math.PI * k) / length));
    this.#sin = Float64Array.from({ length: this.#half }, (_, k) => -Math.sin((2 * Math.PI * k) / length));
    const bits = Math.log2(this.#half);
    this.#order = Uint32Array.from({ length: this.#half }, (_, i) => reversed(i, bits));
  }

  /**
   * @param x N numbers from `from`
   * @param re N/2 + 1 numbers
   * @param im N/2 + 1 numbers
   */
  transform(x: Float64Array | Float32Array, re: Float64Array, im: Float64Array, from = 0): void {
    this.#complexHalf(x, from);
    const half = this.#half;
    const zr = this.#re;
    const zi = this.#im;
    re[0] = zr[0]! + zi[0]!;
    im[0] = 0;
    re[half] = zr[0]! - zi[0]!;
    im[half] = 0;
    for (let k = 1; k < half; k++) {
      const other = half - k;
      const evenRe = (zr[k]! + zr[other]!) / 2;
      const evenIm = (zi[k]! - zi[other]!) / 2;
      const oddRe = (zi[k]! + zi[other]!) / 2;
      const oddIm = (zr[other]! - zr[k]!) / 2;
      const c = this.#cos[k]!;
      const s = this.#sin[k]!;
      re[k] = evenRe + c * oddRe - s * oddIm;
      im[k] = evenIm + c * oddIm + s * oddRe;
    }
  }

  /** |X[k]|², k = 0 … N/2. @param out N/2 + 1 numbers */
  power(x: Float64Array | Float32Array, out: Float64Array, from = 0): void {
    this.#complexHalf(x, from);
    const half = this.#half;
    const zr = this.#re;
    const zi = this.#im;
    out[0] = (zr[0]! + zi[0]!) ** 2;
    out[half] = (zr[0]! - zi[0]!) ** 2;
    for (let k = 1; k < half; k++) {
      const other = half - k;
      const evenRe = (zr[k]! + zr[other]!) / 2;
      const evenIm = (zi[k]! - zi[other]!) / 2;
      const oddRe = (zi[k]! + zi[other]!) / 2;
      const oddIm = (zr[other]! - zr[k]!) / 2;
      const c = this.#cos[k]!;
      const s = this.#sin[k]!;
      const r = evenRe + c * oddRe - s * oddIm;
      const i = evenIm + c * oddIm + s * oddRe;
      out[k] = r * r + i * i;
    }
  }

  /** The transform of the N/2 complex numbers x[2n] + i·x[2n+1]. */
  #complexHalf(x: Float64Array | Float32Array, from: number): void {
    const half = this.#half;
    const re = this.#re;
    const im = this.#im;
    const order = this.#order;
    for (let i = 0; i < half; i++) {
      const at = from + 2 * order[i]!;
      re[i] = x[at]!;
      im[i] = x[at + 1]!;
    }
    for (let size = 2; size <= half; size *= 2) {
      const middle = size / 2;
      const step = this.length / size;
      for (let start = 0; start < half; start += size) {
        for (let k = 0; k < middle; k++) {
          const c = this.#cos[k * step]!;
          const s = this.#sin[k * step]!;
          const a = start + k;
          const b = a + middle;
          const tr = re[b]! * c - im[b]! * s;
          const ti = re[b]! * s + im[b]! * c;
          re[b] = re[a]! - tr;
          im[b] = im[a]! - ti;
          re[a] = re[a]! + tr;
          im[a] = im[a]! + ti;
        }
      }
    }
  }
}

function reversed(i: number, bits: number): number {
  let r = 0;
  for (let b = 0; b < bits; b++) if (i & (1 << b)) r |= 1 << (bits - 1 - b);
  return r;
}
