/**
 * The complex transform of radix 4 of RealFft (../../math/real-fft.ts), two numbers at a time: in float64, for the errors
 * of float32 are even over all bins, and drown those that lie 60 dB below the loudest. In the buffers two real
 * parts stand before their two imaginary ones. From stride 4 on, neighbours take the same turn; in the first stage each takes its own, and what comes out is
 * transposed.
 */
import { Layout } from "./layout.ts";

/** Weighs the frame at `from` and transforms it. Returns the buffer of the result. */
export function transform(layout: Layout, from: usize): usize {
  const points = layout.points;
  let front = layout.front;
  let back = layout.back;
  firstStage(layout, from, front);
  let stride = 4;
  for (; points > 4 * stride; stride <<= 2) {
    middleStage(front, back, layout.turns, points, stride);
    const swap = front;
    front = back;
    back = swap;
  }
  if (points == 4 * stride) lastStage(front, back, points, stride);
  else if (points == 2 * stride) lastStageOfTwo(front, back, points, stride);
  else return front;
  return back;
}

/** Two float32 numbers. */
function pair(from: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(from));
}

function weighed(from: usize, weights: usize): v128 {
  return f64x2.mul(pair(from), v128.load(weights));
}

/** x − factor · before */
function emphasised(from: usize, weights: usize, factor: v128): v128 {
  return f64x2.mul(f64x2.sub(pair(from), f64x2.mul(factor, pair(from - 4))), v128.load(weights));
}

function firsts(a: v128, b: v128): v128 {
  return v128.shuffle<f64>(a, b, 0, 2);
}

function seconds(a: v128, b: v128): v128 {
  return v128.shuffle<f64>(a, b, 1, 3);
}

/** Every second vector from `to`: real parts, or imaginary ones. */
function storeTransposed(to: usize, a: v128, b: v128, c: v128, d: v128): void {
  v128.store(to, firsts(a, b));
  v128.store(to, firsts(c, d), 32);
  v128.store(to, seconds(a, b), 64);
  v128.store(to, seconds(c, d), 96);
}

function firstStage(layout: Layout, samples: usize, y: usize): void {
  const isEmphasised = layout.emphasised;
  const factor = f64x2.splat(layout.emphasis);
  // Bytes of a quarter of the samples.
  const quarter = (<usize>layout.points) << 1;
  const end = samples + quarter;
  let weights = layout.weights;
  let turns = layout.firstTurns;
  for (let a = samples; a < end; a += 16, weights += 32, turns += 96, y += 128) {
    const b = a + quarter;
    const c = b + quarter;
    const d = c + quarter;
    const weightsB = weights + 2 * quarter;
    const weightsC = weightsB + 2 * quarter;
    const weightsD = weightsC + 2 * quarter;
    // Real and imaginary part of one, then of its neighbour.
    let a0: v128, a1: v128, b0: v128, b1: v128, c0: v128, c1: v128, d0: v128, d1: v128;
    if (isEmphasised) {
      a0 = emphasised(a, weights, factor);
      a1 = emphasised(a + 8, weights + 16, factor);
      b0 = emphasised(b, weightsB, factor);
      b1 = emphasised(b + 8, weightsB + 16, factor);
      c0 = emphasised(c, weightsC, factor);
      c1 = emphasised(c + 8, weightsC + 16, factor);
      d0 = emphasised(d, weightsD, factor);
      d1 = emphasised(d + 8, weightsD + 16, factor);
    } else {
      a0 = weighed(a, weights);
      a1 = weighed(a + 8, weights + 16);
      b0 = weighed(b, weightsB);
      b1 = weighed(b + 8, weightsB + 16);
      c0 = weighed(c, weightsC);
      c1 = weighed(c + 8, weightsC + 16);
      d0 = weighed(d, weightsD);
      d1 = weighed(d + 8, weightsD + 16);
    }
    const aRe = firsts(a0, a1);
    const aIm = seconds(a0, a1);
    const bRe = firsts(b0, b1);
    const bIm = seconds(b0, b1);
    const cRe = firsts(c0, c1);
    const cIm = seconds(c0, c1);
    const dRe = firsts(d0, d1);
    const dIm = seconds(d0, d1);
    const sumRe = f64x2.add(aRe, cRe);
    const sumIm = f64x2.add(aIm, cIm);
    const gapRe = f64x2.sub(aRe, cRe);
    const gapIm = f64x2.sub(aIm, cIm);
    const oddSumRe = f64x2.add(bRe, dRe);
    const oddSumIm = f64x2.add(bIm, dIm);
    const oddGapRe = f64x2.sub(bRe, dRe);
    const oddGapIm = f64x2.sub(bIm, dIm);
    const oneRe = f64x2.add(gapRe, oddGapIm);
    const oneIm = f64x2.sub(gapIm, oddGapRe);
    const twoRe = f64x2.sub(sumRe, oddSumRe);
    const twoIm = f64x2.sub(sumIm, oddSumIm);
    const threeRe = f64x2.sub(gapRe, oddGapIm);
    const threeIm = f64x2.add(gapIm, oddGapRe);
    const w1Re = v128.load(turns);
    const w1Im = v128.load(turns, 16);
    const w2Re = v128.load(turns, 32);
    const w2Im = v128.load(turns, 48);
    const w3Re = v128.load(turns, 64);
    const w3Im = v128.load(turns, 80);
    storeTransposed(
      y,
      f64x2.add(sumRe, oddSumRe),
      f64x2.sub(f64x2.mul(oneRe, w1Re), f64x2.mul(oneIm, w1Im)),
      f64x2.sub(f64x2.mul(twoRe, w2Re), f64x2.mul(twoIm, w2Im)),
      f64x2.sub(f64x2.mul(threeRe, w3Re), f64x2.mul(threeIm, w3Im)),
    );
    storeTransposed(
      y + 16,
      f64x2.add(sumIm, oddSumIm),
      f64x2.add(f64x2.mul(oneRe, w1Im), f64x2.mul(oneIm, w1Re)),
      f64x2.add(f64x2.mul(twoRe, w2Im), f64x2.mul(twoIm, w2Re)),
      f64x2.add(f64x2.mul(threeRe, w3Im), f64x2.mul(threeIm, w3Re)),
    );
  }
}

function middleStage(x: usize, y: usize, turns: usize, points: i32, stride: i32): void {
  const quarter = (<usize>points) << 2;
  const step = (<usize>stride) << 4;
  const end = x + quarter;
  const turn = <usize>stride * 48;
  for (let p = x; p < end; p += step, turns += turn, y += 4 * step) {
    const w1Re = v128.load64_splat(turns);
    const w1Im = v128.load64_splat(turns, 8);
    const w2Re = v128.load64_splat(turns, 16);
    const w2Im = v128.load64_splat(turns, 24);
    const w3Re = v128.load64_splat(turns, 32);
    const w3Im = v128.load64_splat(turns, 40);
    for (let q: usize = 0; q < step; q += 32) {
      const a = p + q;
      const b = a + quarter;
      const c = b + quarter;
      const d = c + quarter;
      const aRe = v128.load(a);
      const aIm = v128.load(a, 16);
      const bRe = v128.load(b);
      const bIm = v128.load(b, 16);
      const cRe = v128.load(c);
      const cIm = v128.load(c, 16);
      const dRe = v128.load(d);
      const dIm = v128.load(d, 16);
      const sumRe = f64x2.add(aRe, cRe);
      const sumIm = f64x2.add(aIm, cIm);
      const gapRe = f64x2.sub(aRe, cRe);
      const gapIm = f64x2.sub(aIm, cIm);
      const oddSumRe = f64x2.add(bRe, dRe);
      const oddSumIm = f64x2.add(bIm, dIm);
      const oddGapRe = f64x2.sub(bRe, dRe);
      const oddGapIm = f64x2.sub(bIm, dIm);
      const oneRe = f64x2.add(gapRe, oddGapIm);
      const oneIm = f64x2.sub(gapIm, oddGapRe);
      const twoRe = f64x2.sub(sumRe, oddSumRe);
      const twoIm = f64x2.sub(sumIm, oddSumIm);
      const threeRe = f64x2.sub(gapRe, oddGapIm);
      const threeIm = f64x2.add(gapIm, oddGapRe);
      const y0 = y + q;
      const y1 = y0 + step;
      const y2 = y1 + step;
      const y3 = y2 + step;
      v128.store(y0, f64x2.add(sumRe, oddSumRe));
      v128.store(y0, f64x2.add(sumIm, oddSumIm), 16);
      v128.store(y1, f64x2.sub(f64x2.mul(oneRe, w1Re), f64x2.mul(oneIm, w1Im)));
      v128.store(y1, f64x2.add(f64x2.mul(oneRe, w1Im), f64x2.mul(oneIm, w1Re)), 16);
      v128.store(y2, f64x2.sub(f64x2.mul(twoRe, w2Re), f64x2.mul(twoIm, w2Im)));
      v128.store(y2, f64x2.add(f64x2.mul(twoRe, w2Im), f64x2.mul(twoIm, w2Re)), 16);
      v128.store(y3, f64x2.sub(f64x2.mul(threeRe, w3Re), f64x2.mul(threeIm, w3Im)));
      v128.store(y3, f64x2.add(f64x2.mul(threeRe, w3Im), f64x2.mul(threeIm, w3Re)), 16);
    }
  }
}

function lastStage(x: usize, y: usize, points: i32, stride: i32): void {
  const step = (<usize>stride) << 4;
  const end = x + step;
  for (; x < end; x += 32, y += 32) {
    const b = x + step;
    const c = b + step;
    const d = c + step;
    const aRe = v128.load(x);
    const aIm = v128.load(x, 16);
    const bRe = v128.load(b);
    const bIm = v128.load(b, 16);
    const cRe = v128.load(c);
    const cIm = v128.load(c, 16);
    const dRe = v128.load(d);
    const dIm = v128.load(d, 16);
    const sumRe = f64x2.add(aRe, cRe);
    const sumIm = f64x2.add(aIm, cIm);
    const gapRe = f64x2.sub(aRe, cRe);
    const gapIm = f64x2.sub(aIm, cIm);
    const oddSumRe = f64x2.add(bRe, dRe);
    const oddSumIm = f64x2.add(bIm, dIm);
    const oddGapRe = f64x2.sub(bRe, dRe);
    const oddGapIm = f64x2.sub(bIm, dIm);
    const y1 = y + step;
    const y2 = y1 + step;
    const y3 = y2 + step;
    v128.store(y, f64x2.add(sumRe, oddSumRe));
    v128.store(y, f64x2.add(sumIm, oddSumIm), 16);
    v128.store(y1, f64x2.add(gapRe, oddGapIm));
    v128.store(y1, f64x2.sub(gapIm, oddGapRe), 16);
    v128.store(y2, f64x2.sub(sumRe, oddSumRe));
    v128.store(y2, f64x2.sub(sumIm, oddSumIm), 16);
    v128.store(y3, f64x2.sub(gapRe, oddGapIm));
    v128.store(y3, f64x2.add(gapIm, oddGapRe), 16);
  }
}

function lastStageOfTwo(x: usize, y: usize, points: i32, stride: i32): void {
  const step = (<usize>stride) << 4;
  const end = x + step;
  for (; x < end; x += 32, y += 32) {
    const aRe = v128.load(x);
    const aIm = v128.load(x, 16);
    const bRe = v128.load(x + step);
    const bIm = v128.load(x + step, 16);
    v128.store(y, f64x2.add(aRe, bRe));
    v128.store(y, f64x2.add(aIm, bIm), 16);
    v128.store(y + step, f64x2.sub(aRe, bRe));
    v128.store(y + step, f64x2.sub(aIm, bIm), 16);
  }
}
