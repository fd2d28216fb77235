/**
 * The power spectrum of a frame in float32, four numbers at a time, for plans whose precision is "single". Stockham's
 * stages of radix 4 as in fft.ts, and one of radix 2 before the last where the length asks for it. The last stage, the
 * split of RealFft (../../math/real-fft.ts) and the squares are one loop.
 *
 * In the buffers the imaginary parts lie IMAGINARY bytes behind their real ones, always as far, so that no address has to
 * be added up for them.
 */
import { Layout } from "./layout.ts";

/** What 2048 points take, and a little more: at a multiple of 4096 the processor would mistake one part for the other. */
const IMAGINARY: usize = 8448;
const ROOT_2: f32 = 1.41421356;

/**
 * Weighs the frame at `samples`; its spectrum goes to where the layout says. Half of each number, and the root of the
 * gain (the gain itself for a magnitude), are in the weights. Returns the spectrum's sum.
 */
export function singleSpectrum(layout: Layout, samples: usize): f64 {
  const points = layout.points;
  let front = layout.front;
  let back = layout.back;
  firstStage(layout, samples, front);
  let stride = 4;
  for (; points > 8 * stride; stride <<= 2) {
    middleStage(front, back, layout.turns, points, stride);
    const swap = front;
    front = back;
    back = swap;
  }
  if (points == 8 * stride) {
    stageOfTwo(front, back, layout.turns + <usize>points * 6, stride);
    front = back;
    stride <<= 1;
  }
  return layout.magnitude ? lastStage(layout, front, true) : lastStage(layout, front, false);
}

function evens(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 0, 2, 4, 6);
}

function odds(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 1, 3, 5, 7);
}

function weighed(from: usize, weights: usize): v128 {
  return f32x4.mul(v128.load(from), v128.load(weights));
}

function storeTransposed(to: usize, a: v128, b: v128, c: v128, d: v128): void {
  const ac = v128.shuffle<f32>(a, c, 0, 4, 1, 5);
  const bd = v128.shuffle<f32>(b, d, 0, 4, 1, 5);
  const acHigh = v128.shuffle<f32>(a, c, 2, 6, 3, 7);
  const bdHigh = v128.shuffle<f32>(b, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(ac, bd, 0, 4, 1, 5));
  v128.store(to, v128.shuffle<f32>(ac, bd, 2, 6, 3, 7), 16);
  v128.store(to, v128.shuffle<f32>(acHigh, bdHigh, 0, 4, 1, 5), 32);
  v128.store(to, v128.shuffle<f32>(acHigh, bdHigh, 2, 6, 3, 7), 48);
}

function firstStage(layout: Layout, samples: usize, y: usize): void {
  // Bytes of a quarter of the samples, and of their weights.
  const quarter = (<usize>layout.points) << 1;
  const end = samples + quarter;
  let weights = layout.weights;
  let turns = layout.firstTurns;
  for (let a = samples; a < end; a += 32, weights += 32, turns += 96, y += 64) {
    const b = a + quarter;
    const c = b + quarter;
    const d = c + quarter;
    const weightsB = weights + quarter;
    const weightsC = weightsB + quarter;
    const weightsD = weightsC + quarter;
    const a0 = weighed(a, weights);
    const a1 = weighed(a + 16, weights + 16);
    const c0 = weighed(c, weightsC);
    const c1 = weighed(c + 16, weightsC + 16);
    const aRe = evens(a0, a1);
    const aIm = odds(a0, a1);
    const cRe = evens(c0, c1);
    const cIm = odds(c0, c1);
    const sumRe = f32x4.add(aRe, cRe);
    const sumIm = f32x4.add(aIm, cIm);
    const gapRe = f32x4.sub(aRe, cRe);
    const gapIm = f32x4.sub(aIm, cIm);
    const b0 = weighed(b, weightsB);
    const b1 = weighed(b + 16, weightsB + 16);
    const d0 = weighed(d, weightsD);
    const d1 = weighed(d + 16, weightsD + 16);
    const bRe = evens(b0, b1);
    const bIm = odds(b0, b1);
    const dRe = evens(d0, d1);
    const dIm = odds(d0, d1);
    const oddSumRe = f32x4.add(bRe, dRe);
    const oddSumIm = f32x4.add(bIm, dIm);
    const oddGapRe = f32x4.sub(bRe, dRe);
    const oddGapIm = f32x4.sub(bIm, dIm);
    const oneRe = f32x4.add(gapRe, oddGapIm);
    const oneIm = f32x4.sub(gapIm, oddGapRe);
    const twoRe = f32x4.sub(sumRe, oddSumRe);
    const twoIm = f32x4.sub(sumIm, oddSumIm);
    const threeRe = f32x4.sub(gapRe, oddGapIm);
    const threeIm = f32x4.add(gapIm, oddGapRe);
    const w1Re = v128.load(turns);
    const w1Im = v128.load(turns, 16);
    const w2Re = v128.load(turns, 32);
    const w2Im = v128.load(turns, 48);
    const w3Re = v128.load(turns, 64);
    const w3Im = v128.load(turns, 80);
    storeTransposed(
      y,
      f32x4.add(sumRe, oddSumRe),
      f32x4.sub(f32x4.mul(oneRe, w1Re), f32x4.mul(oneIm, w1Im)),
      f32x4.sub(f32x4.mul(twoRe, w2Re), f32x4.mul(twoIm, w2Im)),
      f32x4.sub(f32x4.mul(threeRe, w3Re), f32x4.mul(threeIm, w3Im)),
    );
    storeTransposed(
      y + IMAGINARY,
      f32x4.add(sumIm, oddSumIm),
      f32x4.add(f32x4.mul(oneRe, w1Im), f32x4.mul(oneIm, w1Re)),
      f32x4.add(f32x4.mul(twoRe, w2Im), f32x4.mul(twoIm, w2Re)),
      f32x4.add(f32x4.mul(threeRe, w3Im), f32x4.mul(threeIm, w3Re)),
    );
  }
}

function middleStage(x: usize, y: usize, turns: usize, points: i32, stride: i32): void {
  const quarter = <usize>points;
  const step = (<usize>stride) << 2;
  const end = x + quarter;
  const turn = <usize>stride * 24;
  for (let p = x; p < end; turns += turn, y += 3 * step) {
    const w1Re = v128.load32_splat(turns);
    const w1Im = v128.load32_splat(turns, 4);
    const w2Re = v128.load32_splat(turns, 8);
    const w2Im = v128.load32_splat(turns, 12);
    const w3Re = v128.load32_splat(turns, 16);
    const w3Im = v128.load32_splat(turns, 20);
    for (const last = p + step; p < last; p += 16, y += 16) {
      const b = p + quarter;
      const c = b + quarter;
      const d = c + quarter;
      const aRe = v128.load(p);
      const aIm = v128.load(p, IMAGINARY);
      const bRe = v128.load(b);
      const bIm = v128.load(b, IMAGINARY);
      const cRe = v128.load(c);
      const cIm = v128.load(c, IMAGINARY);
      const dRe = v128.load(d);
      const dIm = v128.load(d, IMAGINARY);
      const sumRe = f32x4.add(aRe, cRe);
      const sumIm = f32x4.add(aIm, cIm);
      const gapRe = f32x4.sub(aRe, cRe);
      const gapIm = f32x4.sub(aIm, cIm);
      const oddSumRe = f32x4.add(bRe, dRe);
      const oddSumIm = f32x4.add(bIm, dIm);
      const oddGapRe = f32x4.sub(bRe, dRe);
      const oddGapIm = f32x4.sub(bIm, dIm);
      const oneRe = f32x4.add(gapRe, oddGapIm);
      const oneIm = f32x4.sub(gapIm, oddGapRe);
      const twoRe = f32x4.sub(sumRe, oddSumRe);
      const twoIm = f32x4.sub(sumIm, oddSumIm);
      const threeRe = f32x4.sub(gapRe, oddGapIm);
      const threeIm = f32x4.add(gapIm, oddGapRe);
      const y1 = y + step;
      const y2 = y1 + step;
      const y3 = y2 + step;
      v128.store(y, f32x4.add(sumRe, oddSumRe));
      v128.store(y, f32x4.add(sumIm, oddSumIm), IMAGINARY);
      v128.store(y1, f32x4.sub(f32x4.mul(oneRe, w1Re), f32x4.mul(oneIm, w1Im)));
      v128.store(y1, f32x4.add(f32x4.mul(oneRe, w1Im), f32x4.mul(oneIm, w1Re)), IMAGINARY);
      v128.store(y2, f32x4.sub(f32x4.mul(twoRe, w2Re), f32x4.mul(twoIm, w2Im)));
      v128.store(y2, f32x4.add(f32x4.mul(twoRe, w2Im), f32x4.mul(twoIm, w2Re)), IMAGINARY);
      v128.store(y3, f32x4.sub(f32x4.mul(threeRe, w3Re), f32x4.mul(threeIm, w3Im)));
      v128.store(y3, f32x4.add(f32x4.mul(threeRe, w3Im), f32x4.mul(threeIm, w3Re)), IMAGINARY);
    }
  }
}

/** Eight points left in each transform: radix 2, turned by the four powers of e^(−2πi/8) at `turns`. */
function stageOfTwo(x: usize, y: usize, turns: usize, stride: i32): void {
  const step = (<usize>stride) << 2;
  const half = step << 2;
  const end = x + half;
  for (let p = x; p < end; turns += 8, y += step) {
    const wRe = v128.load32_splat(turns);
    const wIm = v128.load32_splat(turns, 4);
    for (const last = p + step; p < last; p += 16, y += 16) {
      const aRe = v128.load(p);
      const aIm = v128.load(p, IMAGINARY);
      const bRe = v128.load(p + half);
      const bIm = v128.load(p + half, IMAGINARY);
      const gapRe = f32x4.sub(aRe, bRe);
      const gapIm = f32x4.sub(aIm, bIm);
      v128.store(y, f32x4.add(aRe, bRe));
      v128.store(y, f32x4.add(aIm, bIm), IMAGINARY);
      v128.store(y + step, f32x4.sub(f32x4.mul(gapRe, wRe), f32x4.mul(gapIm, wIm)));
      v128.store(y + step, f32x4.add(f32x4.mul(gapRe, wIm), f32x4.mul(gapIm, wRe)), IMAGINARY);
    }
  }
}

/**
 * Four points left in each of s transforms. The points j and s − j of all four parts make four pairs k, points − k, of
 * which the split makes eight numbers of the spectrum: j = 0 by itself, then four j at a time up to s/2.
 */
function lastStage(layout: Layout, x: usize, magnitude: bool): f64 {
  // Bytes of s numbers.
  const s = <usize>layout.points;
  const spectrum = layout.spectrum;
  let splits = layout.splits;
  let sum = first(x, s, spectrum, magnitude);
  let total = f32x4.splat(0);
  const half = s >> 1;
  for (let j: usize = 4; j <= half; j += 16, splits += 128) {
    const a = x + j;
    const b = a + s;
    const c = b + s;
    const d = c + s;
    const aRe = v128.load(a);
    const aIm = v128.load(a, IMAGINARY);
    const bRe = v128.load(b);
    const bIm = v128.load(b, IMAGINARY);
    const cRe = v128.load(c);
    const cIm = v128.load(c, IMAGINARY);
    const dRe = v128.load(d);
    const dIm = v128.load(d, IMAGINARY);
    const sumRe = f32x4.add(aRe, cRe);
    const sumIm = f32x4.add(aIm, cIm);
    const gapRe = f32x4.sub(aRe, cRe);
    const gapIm = f32x4.sub(aIm, cIm);
    const oddSumRe = f32x4.add(bRe, dRe);
    const oddSumIm = f32x4.add(bIm, dIm);
    const oddGapRe = f32x4.sub(bRe, dRe);
    const oddGapIm = f32x4.sub(bIm, dIm);
    // s − j, s − j − 1 …: from the last to the first.
    const mirror = s - j - 12;
    const e = x + mirror;
    const f = e + s;
    const g = f + s;
    const h = g + s;
    const eRe = reversed(v128.load(e));
    const eIm = reversed(v128.load(e, IMAGINARY));
    const fRe = reversed(v128.load(f));
    const fIm = reversed(v128.load(f, IMAGINARY));
    const gRe = reversed(v128.load(g));
    const gIm = reversed(v128.load(g, IMAGINARY));
    const hRe = reversed(v128.load(h));
    const hIm = reversed(v128.load(h, IMAGINARY));
    const mirrorSumRe = f32x4.add(eRe, gRe);
    const mirrorSumIm = f32x4.add(eIm, gIm);
    const mirrorGapRe = f32x4.sub(eRe, gRe);
    const mirrorGapIm = f32x4.sub(eIm, gIm);
    const mirrorOddSumRe = f32x4.add(fRe, hRe);
    const mirrorOddSumIm = f32x4.add(fIm, hIm);
    const mirrorOddGapRe = f32x4.sub(fRe, hRe);
    const mirrorOddGapIm = f32x4.sub(fIm, hIm);
    const up = spectrum + j;
    const down = spectrum + mirror;
    total = f32x4.add(
      total,
      Split.of(
        f32x4.add(sumRe, oddSumRe),
        f32x4.add(sumIm, oddSumIm),
        f32x4.sub(mirrorGapRe, mirrorOddGapIm),
        f32x4.add(mirrorGapIm, mirrorOddGapRe),
        splits,
        up,
        down + 3 * s,
        magnitude,
        true,
      ),
    );
    total = f32x4.add(
      total,
      Split.of(
        f32x4.add(gapRe, oddGapIm),
        f32x4.sub(gapIm, oddGapRe),
        f32x4.sub(mirrorSumRe, mirrorOddSumRe),
        f32x4.sub(mirrorSumIm, mirrorOddSumIm),
        splits + 32,
        up + s,
        down + 2 * s,
        magnitude,
        true,
      ),
    );
    total = f32x4.add(
      total,
      Split.of(
        f32x4.add(mirrorGapRe, mirrorOddGapIm),
        f32x4.sub(mirrorGapIm, mirrorOddGapRe),
        f32x4.sub(sumRe, oddSumRe),
        f32x4.sub(sumIm, oddSumIm),
        splits + 64,
        up + 2 * s,
        down + s,
        magnitude,
        false,
      ),
    );
    total = f32x4.add(
      total,
      Split.of(
        f32x4.add(mirrorSumRe, mirrorOddSumRe),
        f32x4.add(mirrorSumIm, mirrorOddSumIm),
        f32x4.sub(gapRe, oddGapIm),
        f32x4.add(gapIm, oddGapRe),
        splits + 96,
        up + 3 * s,
        down,
        magnitude,
        false,
      ),
    );
  }
  // The numbers of j = s/2 came twice, for it is its own partner.
  for (let at = spectrum + half; at < spectrum + 4 * s; at += s) sum -= <f64>load<f32>(at);
  // What fills the last vector: an ordinary number.
  v128.store(spectrum + 4 * s, v128.load32_splat(spectrum + 4 * s));
  sum += <f64>f32x4.extract_lane(total, 0) + <f64>f32x4.extract_lane(total, 1);
  return sum + <f64>f32x4.extract_lane(total, 2) + <f64>f32x4.extract_lane(total, 3);
}

function reversed(x: v128): v128 {
  return v128.shuffle<f32>(x, x, 3, 2, 1, 0);
}

/** A class, for only the functions of one can be told to become part of the loop that calls them: the calls took a tenth. */
class Split {
  /**
   * Splits four numbers k of the complex transform from their partners: k is `up` where k goes up with j, else `down`.
   * Returns the sums of both.
   */
  @inline
  static of(
    re: v128,
    im: v128,
    otherRe: v128,
    otherIm: v128,
    splits: usize,
    up: usize,
    down: usize,
    magnitude: bool,
    rising: bool,
  ): v128 {
    const evenRe = f32x4.add(re, otherRe);
    const evenIm = f32x4.sub(im, otherIm);
    const oddRe = f32x4.add(im, otherIm);
    const oddIm = f32x4.sub(otherRe, re);
    const c = v128.load(splits);
    const s = v128.load(splits, 16);
    const turnedRe = f32x4.sub(f32x4.mul(c, oddRe), f32x4.mul(s, oddIm));
    const turnedIm = f32x4.add(f32x4.mul(c, oddIm), f32x4.mul(s, oddRe));
    let own = squared(f32x4.add(evenRe, turnedRe), f32x4.add(evenIm, turnedIm));
    let other = squared(f32x4.sub(evenRe, turnedRe), f32x4.sub(evenIm, turnedIm));
    if (magnitude) {
      own = f32x4.sqrt(own);
      other = f32x4.sqrt(other);
    }
    v128.store(up, rising ? own : other);
    v128.store(down, reversed(rising ? other : own));
    return f32x4.add(own, other);
  }
}

function squared(re: v128, im: v128): v128 {
  return f32x4.add(f32x4.mul(re, re), f32x4.mul(im, im));
}

/** j = 0: the five numbers of the spectrum that lie s apart. Returns their sum. */
function first(x: usize, s: usize, spectrum: usize, magnitude: bool): f64 {
  const aRe = load<f32>(x);
  const aIm = load<f32>(x, IMAGINARY);
  const bRe = load<f32>(x + s);
  const bIm = load<f32>(x + s, IMAGINARY);
  const cRe = load<f32>(x + 2 * s);
  const cIm = load<f32>(x + 2 * s, IMAGINARY);
  const dRe = load<f32>(x + 3 * s);
  const dIm = load<f32>(x + 3 * s, IMAGINARY);
  const re = aRe + cRe + (bRe + dRe);
  const im = aIm + cIm + (bIm + dIm);
  // The points s and 3s are partners, turned by e^(−πi/4); all four have lost a factor of 2 to the weights.
  const evenRe: f32 = 2 * (aRe - cRe);
  const evenIm: f32 = 2 * (dRe - bRe);
  const turnedRe = ROOT_2 * (aIm - cIm - (bIm - dIm));
  const turnedIm = -ROOT_2 * (aIm - cIm + (bIm - dIm));
  return (
    put(spectrum, 2 * (re + im), 0, magnitude) +
    put(spectrum + s, evenRe + turnedRe, evenIm + turnedIm, magnitude) +
    put(spectrum + 2 * s, 2 * (aRe + cRe - (bRe + dRe)), 2 * (aIm + cIm - (bIm + dIm)), magnitude) +
    put(spectrum + 3 * s, evenRe - turnedRe, evenIm - turnedIm, magnitude) +
    put(spectrum + 4 * s, 2 * (re - im), 0, magnitude)
  );
}

function put(to: usize, re: f32, im: f32, magnitude: bool): f64 {
  let value = re * re + im * im;
  if (magnitude) value = sqrt(value);
  store<f32>(to, value);
  return <f64>value;
}
