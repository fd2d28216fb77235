/**
 * The discrete Fourier transform of real numbers, X[k] = Σ x[n]·e^(−2πi·kn/N), for lengths that are a power of two.
 * Tables are made once; a transform allocates nothing. One plan must not be used from two places at once.
 *
 * The even samples are taken for real parts and the odd ones for imaginary parts of a complex transform of half the
 * length, whose result is split afterwards (Press et al., Numerical Recipes, 12.3). The complex transform is Stockham's:
 * each stage reads one buffer and writes the other, so that the result comes out in order without a bit reversal. All
 * stages have radix 4, but for a last one of radix 2 where the length asks for it. Where only the power is wanted, the last
 * stage, the split and the squares are one. Each number is read once into a local: V8 does not see to it by itself.
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
    const half = this.length / 2;
    if (half === 1) {
      const first = x[from]!;
      const second = x[from + 1]!;
      out[0] = (first + second) * (first + second);
      out[1] = (first - second) * (first - second);
      return;
    }
    const stride = this.#toLastStage(x, from);
    if (half / stride === 4) lastStagePower(this.#from, out, this.#splits, stride);
    else lastStageOfTwoPower(this.#from, out, this.#splits, stride);
  }

  /** The transform of the N/2 complex numbers x[2n] + i·x[2n+1]. */
  #complexHalf(x: Float64Array | Float32Array, from: number): Float64Array {
    const half = this.length / 2;
    const stride = this.#toLastStage(x, from);
    if (half === 1) return this.#from;
    if (half / stride === 4) lastStage(this.#from, this.#to, stride);
    else lastStageOfTwo(this.#from, this.#to, stride);
    return this.#to;
  }

  /** All stages but the last, which is left in #from. @returns the stride of the last one */
  #toLastStage(x: Float64Array | Float32Array, from: number): number {
    const half = this.length / 2;
    if (half <= 4) {
      for (let i = 0; i < this.length; i++) this.#from[i] = x[from + i]!;
      return 1;
    }
    if (x instanceof Float64Array) firstStage(x, from, this.#to, this.#turns, half);
    else {
      widen(x, from, this.#wide);
      firstStage(this.#wide, 0, this.#to, this.#turns, half);
    }
    this.#swap();
    let stride = 4;
    for (; half / stride > 4; stride *= 4) {
      middleStage(this.#from, this.#to, this.#turns, half, stride);
      this.#swap();
    }
    return stride;
  }

  #swap(): void {
    const from = this.#from;
    this.#from = this.#to;
    this.#to = from;
  }
}

/** No array is longer. A number that was cut to it is known to leave room for sums in 32 bits, so that V8 tests none. */
const LARGEST_INDEX = 0xfffffff;

/** By fours: most of the time would be the loop itself. */
function widen(x: Float32Array, from: number, out: Float64Array): void {
  const start = from & LARGEST_INDEX;
  for (let i = 0; i < out.length; i += 4) {
    out[i] = x[start + i]!;
    out[i + 1] = x[start + i + 1]!;
    out[i + 2] = x[start + i + 2]!;
    out[i + 3] = x[start + i + 3]!;
  }
}

/**
 * Stockham's stage of radix 4 and stride 1, from the samples themselves. With n points left and m = n/4, y = Σ over the
 * four x[p + j·m], turned by w^p, w^2p, w^3p.
 */
function firstStage(x: Float64Array, from: number, y: Float64Array, turns: Float64Array, n: number): void {
  const quarter = (n >> 1) & LARGEST_INDEX;
  const start = from & LARGEST_INDEX;
  const end = start + quarter;
  for (let a = start, t = 0, to = 0; a < end; a += 2, t += 6, to += 8) {
    const b = a + quarter;
    const c = b + quarter;
    const d = c + quarter;
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
  const quarter = (n >> 1) & LARGEST_INDEX;
  const step = (2 * stride) & LARGEST_INDEX;
  const turn = 3 * step;
  for (let p = 0, t = 0, to = 0; p < quarter; p += step, t += turn, to += 4 * step) {
    const w1Re = turns[t]!;
    const w1Im = turns[t + 1]!;
    const w2Re = turns[t + 2]!;
    const w2Im = turns[t + 3]!;
    const w3Re = turns[t + 4]!;
    const w3Im = turns[t + 5]!;
    const end = p + step;
    for (let a = p, y0 = to; a < end; a += 2, y0 += 2) {
      const b = a + quarter;
      const c = b + quarter;
      const d = c + quarter;
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
      const y1 = y0 + step;
      const y2 = y1 + step;
      const y3 = y2 + step;
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
  const step = (2 * stride) & LARGEST_INDEX;
  for (let a = 0; a < step; a += 2) {
    const b = a + step;
    const c = b + step;
    const d = c + step;
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
  const step = (2 * stride) & LARGEST_INDEX;
  for (let a = 0; a < step; a++) {
    const b = a + step;
    const first = x[a]!;
    const second = x[b]!;
    y[a] = first + second;
    y[b] = first - second;
  }
}

/**
 * lastStage, the split and the squares in one: what comes of the points j and stride − j makes four pairs k, N/2 − k.
 */
function lastStagePower(x: Float64Array, out: Float64Array, splits: Float64Array, stride: number): void {
  const s = stride & LARGEST_INDEX;
  const step = 2 * s;
  const sumRe = x[0]! + x[2 * step]!;
  const sumIm = x[1]! + x[2 * step + 1]!;
  const gapRe = x[0]! - x[2 * step]!;
  const gapIm = x[1]! - x[2 * step + 1]!;
  const oddSumRe = x[step]! + x[3 * step]!;
  const oddSumIm = x[step + 1]! + x[3 * step + 1]!;
  const oddGapRe = x[step]! - x[3 * step]!;
  const oddGapIm = x[step + 1]! - x[3 * step + 1]!;
  lonePowers(sumRe + oddSumRe, sumIm + oddSumIm, sumRe - oddSumRe, sumIm - oddSumIm, out, 2 * s);
  pairPower(gapRe + oddGapIm, gapIm - oddGapRe, gapRe - oddGapIm, gapIm + oddGapRe, splits, out, s, 3 * s);
  for (let j = 1, i = s - 1; j <= i; j++, i--) {
    const a = 2 * j;
    const b = a + step;
    const c = b + step;
    const d = c + step;
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
    const z0Re = sumRe + oddSumRe;
    const z0Im = sumIm + oddSumIm;
    const z1Re = gapRe + oddGapIm;
    const z1Im = gapIm - oddGapRe;
    const z2Re = sumRe - oddSumRe;
    const z2Im = sumIm - oddSumIm;
    const z3Re = gapRe - oddGapIm;
    const z3Im = gapIm + oddGapRe;
    const e = 2 * i;
    const f = e + step;
    const g = f + step;
    const h = g + step;
    const eRe = x[e]!;
    const eIm = x[e + 1]!;
    const fRe = x[f]!;
    const fIm = x[f + 1]!;
    const gRe = x[g]!;
    const gIm = x[g + 1]!;
    const hRe = x[h]!;
    const hIm = x[h + 1]!;
    const otherSumRe = eRe + gRe;
    const otherSumIm = eIm + gIm;
    const otherGapRe = eRe - gRe;
    const otherGapIm = eIm - gIm;
    const otherOddSumRe = fRe + hRe;
    const otherOddSumIm = fIm + hIm;
    const otherOddGapRe = fRe - hRe;
    const otherOddGapIm = fIm - hIm;
    pairPower(z0Re, z0Im, otherGapRe - otherOddGapIm, otherGapIm + otherOddGapRe, splits, out, j, i + 3 * s);
    pairPower(z1Re, z1Im, otherSumRe - otherOddSumRe, otherSumIm - otherOddSumIm, splits, out, j + s, i + 2 * s);
    pairPower(otherGapRe + otherOddGapIm, otherGapIm - otherOddGapRe, z2Re, z2Im, splits, out, i + s, j + 2 * s);
    pairPower(otherSumRe + otherOddSumRe, otherSumIm + otherOddSumIm, z3Re, z3Im, splits, out, i, j + 3 * s);
  }
}

/** The same for lastStageOfTwo. */
function lastStageOfTwoPower(x: Float64Array, out: Float64Array, splits: Float64Array, stride: number): void {
  const s = stride & LARGEST_INDEX;
  const step = 2 * s;
  lonePowers(x[0]! + x[step]!, x[1]! + x[step + 1]!, x[0]! - x[step]!, x[1]! - x[step + 1]!, out, s);
  for (let j = 1, i = s - 1; j <= i; j++, i--) {
    const a = 2 * j;
    const b = a + step;
    const c = 2 * i;
    const d = c + step;
    const aRe = x[a]!;
    const aIm = x[a + 1]!;
    const bRe = x[b]!;
    const bIm = x[b + 1]!;
    const cRe = x[c]!;
    const cIm = x[c + 1]!;
    const dRe = x[d]!;
    const dIm = x[d + 1]!;
    pairPower(aRe + bRe, aIm + bIm, cRe - dRe, cIm - dIm, splits, out, j, i + s);
    pairPower(cRe + dRe, cIm + dIm, aRe - bRe, aIm - bIm, splits, out, i, j + s);
  }
}

/** The numbers that have no partner: the first of the complex transform, and the one in the middle. */
function lonePowers(
  zRe: number,
  zIm: number,
  middleRe: number,
  middleIm: number,
  out: Float64Array,
  middle: number,
): void {
  out[0] = (zRe + zIm) * (zRe + zIm);
  out[middle] = middleRe * middleRe + middleIm * middleIm;
  out[2 * middle] = (zRe - zIm) * (zRe - zIm);
}

/** Splits number k of the complex transform from its partner, N/2 − k; k is at most N/4. */
function pairPower(
  zRe: number,
  zIm: number,
  otherRe: number,
  otherIm: number,
  splits: Float64Array,
  out: Float64Array,
  k: number,
  other: number,
): void {
  // Twice what they are in `transform`.
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
