/**
 * The discrete Fourier transform of real numbers, X[k] = Σ x[n]·e^(−2πi·kn/N), for lengths that are a power of two.
 * Tables are made once; a transform allocates nothing. One plan must not be used from two places at once.
 *
 * The even samples are taken for real parts and the odd ones for imaginary parts of a complex transform of half the
 * length, whose result is split afterwards (Press et al., Numerical Recipes, 12.3). The complex transform is Stockham's:
 * each stage reads one buffer and writes the other, so that the result comes out in order without a bit reversal. All
 * stages have radix 4, but for a last one of radix 2 where the length asks for it. Each number is read once into a local
 * and indices are kept 32-bit by `| 0`: V8 does neither by itself.
 */
export class RealFft {
  /** N */
  readonly length: number;
  /** N/2 + 1 */
  readonly bins: number;
  /** Complex numbers: real part, imaginary part, … */
  #from: Float64Array;
  #to: Float64Array;
  /** w, w², w³ of w = e^(−2πi·p/(N/2)), p < N/8: six numbers for each p. */
  readonly #turns: Float64Array;
  /** e^(−2πi·k/N), k = 0 … N/4 */
  readonly #splits: Float64Array;
  /** Float32 input is copied here: one type of array reaches the first stage, and V8 keeps it fast. */
  readonly #wide: Float64Array;

  /** @throws TypeError when the length is not a power of two from 2 */
  constructor(length: number) {
    if (!Number.isInteger(length) || length < 2 || (length & (length - 1)) !== 0) {
      throw new TypeError(`"length" is ${length}, not a power of two`);
    }
    this.length = length;
    this.bins = length / 2 + 1;
    this.#from = new Float64Array(length);
    this.#to = new Float64Array(length);
    this.#wide = new Float64Array(length);
    this.#turns = new Float64Array(6 * Math.floor(length / 8));
    for (let i = 0; i < this.#turns.length / 2; i++) {
      const angle = (-4 * Math.PI * Math.floor(i / 3) * ((i % 3) + 1)) / length;
      this.#turns[2 * i] = Math.cos(angle);
      this.#turns[2 * i + 1] = Math.sin(angle);
    }
    this.#splits = new Float64Array(2 * (Math.floor(length / 4) + 1));
    for (let k = 0; k < this.#splits.length / 2; k++) {
      this.#splits[2 * k] = Math.cos((-2 * Math.PI * k) / length);
      this.#splits[2 * k + 1] = Math.sin((-2 * Math.PI * k) / length);
    }
  }

  /**
   * @param x N numbers from `from`
   * @param re N/2 + 1 numbers
   * @param im N/2 + 1 numbers
   */
  transform(x: Float64Array | Float32Array, re: Float64Array, im: Float64Array, from = 0): void {
    const z = this.#complexHalf(x, from);
    const half = this.length / 2;
    const splits = this.#splits;
    re[0] = z[0]! + z[1]!;
    im[0] = 0;
    re[half] = z[0]! - z[1]!;
    im[half] = 0;
    for (let k = 1, other = half - 1; k <= other; k++, other--) {
      const zRe = z[2 * k]!;
      const zIm = z[2 * k + 1]!;
      const otherRe = z[2 * other]!;
      const otherIm = z[2 * other + 1]!;
      const evenRe = 0.5 * (zRe + otherRe);
      const evenIm = 0.5 * (zIm - otherIm);
      const oddRe = 0.5 * (zIm + otherIm);
      const oddIm = 0.5 * (otherRe - zRe);
      const c = splits[2 * k]!;
      const s = splits[2 * k + 1]!;
      const turnedRe = c * oddRe - s * oddIm;
      const turnedIm = c * oddIm + s * oddRe;
      re[k] = evenRe + turnedRe;
      im[k] = evenIm + turnedIm;
      re[other] = evenRe - turnedRe;
      im[other] = turnedIm - evenIm;
    }
  }

  /** |X[k]|², k = 0 … N/2. @param out N/2 + 1 numbers */
  power(x: Float64Array | Float32Array, out: Float64Array, from = 0): void {
    const z = this.#complexHalf(x, from);
    const half = this.length / 2;
    const splits = this.#splits;
    out[0] = (z[0]! + z[1]!) * (z[0]! + z[1]!);
    out[half] = (z[0]! - z[1]!) * (z[0]! - z[1]!);
    for (let k = 1, other = half - 1; k <= other; k++, other--) {
      // Twice the numbers above.
      const zRe = z[2 * k]!;
      const zIm = z[2 * k + 1]!;
      const otherRe = z[2 * other]!;
      const otherIm = z[2 * other + 1]!;
      const evenRe = zRe + otherRe;
      const evenIm = zIm - otherIm;
      const oddRe = zIm + otherIm;
      const oddIm = otherRe - zRe;
      const c = splits[2 * k]!;
      const s = splits[2 * k + 1]!;
      const turnedRe = c * oddRe - s * oddIm;
      const turnedIm = c * oddIm + s * oddRe;
      const re = evenRe + turnedRe;
      const im = evenIm + turnedIm;
      out[k] = 0.25 * (re * re + im * im);
      const lastRe = evenRe - turnedRe;
      const lastIm = evenIm - turnedIm;
      out[other] = 0.25 * (lastRe * lastRe + lastIm * lastIm);
    }
  }

  /** The transform of the N/2 complex numbers x[2n] + i·x[2n+1]. */
  #complexHalf(x: Float64Array | Float32Array, from: number): Float64Array {
    const half = this.length / 2;
    if (half < 4) return this.#shortest(x, from);
    if (x instanceof Float64Array) firstStage(x, from, this.#to, this.#turns, half);
    else {
      const wide = this.#wide;
      for (let i = 0; i < wide.length; i++) wide[i] = x[from + i]!;
      firstStage(wide, 0, this.#to, this.#turns, half);
    }
    this.#swap();
    let stride = 4;
    for (; half / stride > 4; stride *= 4) {
      middleStage(this.#from, this.#to, this.#turns, half, stride);
      this.#swap();
    }
    if (half / stride === 4) {
      lastStage(this.#from, this.#to, stride);
      this.#swap();
    } else if (half / stride === 2) {
      lastStageOfTwo(this.#from, this.#to, stride);
      this.#swap();
    }
    return this.#from;
  }

  /** One complex number, or two. */
  #shortest(x: Float64Array | Float32Array, from: number): Float64Array {
    const z = this.#from;
    for (let i = 0; i < this.length; i++) z[i] = x[from + i]!;
    if (this.length === 2) return z;
    lastStageOfTwo(z, this.#to, 1);
    return this.#to;
  }

  #swap(): void {
    const from = this.#from;
    this.#from = this.#to;
    this.#to = from;
  }
}

/**
 * Stockham's stage of radix 4 and stride 1, from the samples themselves. With n points left and m = n/4, y = Σ over the
 * four x[p + j·m], turned by w^p, w^2p, w^3p.
 */
function firstStage(x: Float64Array, from: number, y: Float64Array, turns: Float64Array, n: number): void {
  const quarter = n / 2;
  const end = from + quarter;
  for (let a = from, t = 0, to = 0; a < end; a += 2, t += 6, to += 8) {
    const b = (a + quarter) | 0;
    const c = (b + quarter) | 0;
    const d = (c + quarter) | 0;
    const aRe = x[a]!;
    const aIm = x[a + 1]!;
    const bRe = x[b]!;
    const bIm = x[b + 1]!;
    const cRe = x[c]!;
    const cIm = x[c + 1]!;
    const dRe = x[d]!;
    const dIm = x[d + 1]!;
    const sumRe = aRe + cRe;
    const sumIm = aIm + cIm;
    const gapRe = aRe - cRe;
    const gapIm = aIm - cIm;
    const oddSumRe = bRe + dRe;
    const oddSumIm = bIm + dIm;
    const oddGapRe = bRe - dRe;
    const oddGapIm = bIm - dIm;
    const oneRe = gapRe + oddGapIm;
    const oneIm = gapIm - oddGapRe;
    const twoRe = sumRe - oddSumRe;
    const twoIm = sumIm - oddSumIm;
    const threeRe = gapRe - oddGapIm;
    const threeIm = gapIm + oddGapRe;
    y[to] = sumRe + oddSumRe;
    y[to + 1] = sumIm + oddSumIm;
    y[to + 2] = oneRe * turns[t]! - oneIm * turns[t + 1]!;
    y[to + 3] = oneRe * turns[t + 1]! + oneIm * turns[t]!;
    y[to + 4] = twoRe * turns[t + 2]! - twoIm * turns[t + 3]!;
    y[to + 5] = twoRe * turns[t + 3]! + twoIm * turns[t + 2]!;
    y[to + 6] = threeRe * turns[t + 4]! - threeIm * turns[t + 5]!;
    y[to + 7] = threeRe * turns[t + 5]! + threeIm * turns[t + 4]!;
  }
}

/** The same with stride: n/stride points left in each of `stride` interleaved transforms. */
function middleStage(x: Float64Array, y: Float64Array, turns: Float64Array, n: number, stride: number): void {
  const quarter = n / 2;
  const step = 2 * stride;
  for (let p = 0, t = 0, to = 0; p < quarter; p += step, t += 6 * stride, to += 4 * step) {
    const w1Re = turns[t]!;
    const w1Im = turns[t + 1]!;
    const w2Re = turns[t + 2]!;
    const w2Im = turns[t + 3]!;
    const w3Re = turns[t + 4]!;
    const w3Im = turns[t + 5]!;
    const end = p + step;
    for (let a = p, y0 = to; a < end; a += 2, y0 += 2) {
      const b = (a + quarter) | 0;
      const c = (b + quarter) | 0;
      const d = (c + quarter) | 0;
      const aRe = x[a]!;
      const aIm = x[a + 1]!;
      const bRe = x[b]!;
      const bIm = x[b + 1]!;
      const cRe = x[c]!;
      const cIm = x[c + 1]!;
      const dRe = x[d]!;
      const dIm = x[d + 1]!;
      const sumRe = aRe + cRe;
      const sumIm = aIm + cIm;
      const gapRe = aRe - cRe;
      const gapIm = aIm - cIm;
      const oddSumRe = bRe + dRe;
      const oddSumIm = bIm + dIm;
      const oddGapRe = bRe - dRe;
      const oddGapIm = bIm - dIm;
      const oneRe = gapRe + oddGapIm;
      const oneIm = gapIm - oddGapRe;
      const twoRe = sumRe - oddSumRe;
      const twoIm = sumIm - oddSumIm;
      const threeRe = gapRe - oddGapIm;
      const threeIm = gapIm + oddGapRe;
      const y1 = (y0 + step) | 0;
      const y2 = (y1 + step) | 0;
      const y3 = (y2 + step) | 0;
      y[y0] = sumRe + oddSumRe;
      y[y0 + 1] = sumIm + oddSumIm;
      y[y1] = oneRe * w1Re - oneIm * w1Im;
      y[y1 + 1] = oneRe * w1Im + oneIm * w1Re;
      y[y2] = twoRe * w2Re - twoIm * w2Im;
      y[y2 + 1] = twoRe * w2Im + twoIm * w2Re;
      y[y3] = threeRe * w3Re - threeIm * w3Im;
      y[y3 + 1] = threeRe * w3Im + threeIm * w3Re;
    }
  }
}

/** Four points left in each transform: nothing is turned. */
function lastStage(x: Float64Array, y: Float64Array, stride: number): void {
  const step = 2 * stride;
  for (let a = 0; a < step; a += 2) {
    const b = (a + step) | 0;
    const c = (b + step) | 0;
    const d = (c + step) | 0;
    const aRe = x[a]!;
    const aIm = x[a + 1]!;
    const bRe = x[b]!;
    const bIm = x[b + 1]!;
    const cRe = x[c]!;
    const cIm = x[c + 1]!;
    const dRe = x[d]!;
    const dIm = x[d + 1]!;
    const sumRe = aRe + cRe;
    const sumIm = aIm + cIm;
    const gapRe = aRe - cRe;
    const gapIm = aIm - cIm;
    const oddSumRe = bRe + dRe;
    const oddSumIm = bIm + dIm;
    const oddGapRe = bRe - dRe;
    const oddGapIm = bIm - dIm;
    y[a] = sumRe + oddSumRe;
    y[a + 1] = sumIm + oddSumIm;
    y[b] = gapRe + oddGapIm;
    y[b + 1] = gapIm - oddGapRe;
    y[c] = sumRe - oddSumRe;
    y[c + 1] = sumIm - oddSumIm;
    y[d] = gapRe - oddGapIm;
    y[d + 1] = gapIm + oddGapRe;
  }
}

/** Two points left. */
function lastStageOfTwo(x: Float64Array, y: Float64Array, stride: number): void {
  const step = 2 * stride;
  for (let a = 0; a < step; a++) {
    const b = (a + step) | 0;
    const first = x[a]!;
    const second = x[b]!;
    y[a] = first + second;
    y[b] = first - second;
  }
}
