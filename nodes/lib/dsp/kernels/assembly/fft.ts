/**
 * The complex transform of radix 4 of RealFft (../../math/real-fft.ts) in float32, four at a time. Real and imaginary
 * parts lie apart. From stride 4 on, the four neighbours of a vector take the same turn; in the first stage each takes
 * its own, and what comes out is transposed.
 */
import { Layout } from "./layout";

/** Weighs the frame at `from` and transforms it. Returns the buffer of the result: real parts, then imaginary ones. */
export function transform(layout: Layout, from: usize): usize {
  const points = layout.points;
  let front = layout.front;
  let back = layout.back;
  if (layout.emphasised) firstStage(layout, from, front, true);
  else firstStage(layout, from, front, false);
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

/** Where the imaginary parts begin in a buffer. */
export function imaginary(points: i32): usize {
  return (<usize>points + 4) << 2;
}

function weighed(from: usize, weights: usize, emphasised: bool, rest: v128): v128 {
  let x = v128.load(from);
  if (emphasised) {
    // x − factor · before, written so that two large neighbours cost no digits.
    const before = v128.load(from - 4);
    x = f32x4.add(f32x4.sub(x, before), f32x4.mul(rest, before));
  }
  return f32x4.mul(x, v128.load(weights));
}

function evens(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 0, 2, 4, 6);
}

function odds(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 1, 3, 5, 7);
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

function firstStage(layout: Layout, samples: usize, y: usize, emphasised: bool): void {
  const points = <usize>layout.points;
  const imag = imaginary(layout.points);
  const rest = f32x4.splat(layout.emphasisRest);
  // Bytes of a quarter of the samples.
  const quarter = points << 1;
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
    const a0 = weighed(a, weights, emphasised, rest);
    const a1 = weighed(a + 16, weights + 16, emphasised, rest);
    const c0 = weighed(c, weightsC, emphasised, rest);
    const c1 = weighed(c + 16, weightsC + 16, emphasised, rest);
    const aRe = evens(a0, a1);
    const aIm = odds(a0, a1);
    const cRe = evens(c0, c1);
    const cIm = odds(c0, c1);
    const sumRe = f32x4.add(aRe, cRe);
    const sumIm = f32x4.add(aIm, cIm);
    const gapRe = f32x4.sub(aRe, cRe);
    const gapIm = f32x4.sub(aIm, cIm);
    const b0 = weighed(b, weightsB, emphasised, rest);
    const b1 = weighed(b + 16, weightsB + 16, emphasised, rest);
    const d0 = weighed(d, weightsD, emphasised, rest);
    const d1 = weighed(d + 16, weightsD + 16, emphasised, rest);
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
      y + imag,
      f32x4.add(sumIm, oddSumIm),
      f32x4.add(f32x4.mul(oneRe, w1Im), f32x4.mul(oneIm, w1Re)),
      f32x4.add(f32x4.mul(twoRe, w2Im), f32x4.mul(twoIm, w2Re)),
      f32x4.add(f32x4.mul(threeRe, w3Im), f32x4.mul(threeIm, w3Re)),
    );
  }
}

function middleStage(x: usize, y: usize, turns: usize, points: i32, stride: i32): void {
  const imag = imaginary(points);
  const quarter = <usize>points;
  const step = (<usize>stride) << 2;
  const end = x + quarter;
  const turn = <usize>stride * 24;
  for (let p = x; p < end; p += step, turns += turn, y += 4 * step) {
    const w1Re = v128.load32_splat(turns);
    const w1Im = v128.load32_splat(turns, 4);
    const w2Re = v128.load32_splat(turns, 8);
    const w2Im = v128.load32_splat(turns, 12);
    const w3Re = v128.load32_splat(turns, 16);
    const w3Im = v128.load32_splat(turns, 20);
    for (let q: usize = 0; q < step; q += 16) {
      const a = p + q;
      const b = a + quarter;
      const c = b + quarter;
      const d = c + quarter;
      const aRe = v128.load(a);
      const aIm = v128.load(a + imag);
      const bRe = v128.load(b);
      const bIm = v128.load(b + imag);
      const cRe = v128.load(c);
      const cIm = v128.load(c + imag);
      const dRe = v128.load(d);
      const dIm = v128.load(d + imag);
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
      const y0 = y + q;
      const y1 = y0 + step;
      const y2 = y1 + step;
      const y3 = y2 + step;
      v128.store(y0, f32x4.add(sumRe, oddSumRe));
      v128.store(y0 + imag, f32x4.add(sumIm, oddSumIm));
      v128.store(y1, f32x4.sub(f32x4.mul(oneRe, w1Re), f32x4.mul(oneIm, w1Im)));
      v128.store(y1 + imag, f32x4.add(f32x4.mul(oneRe, w1Im), f32x4.mul(oneIm, w1Re)));
      v128.store(y2, f32x4.sub(f32x4.mul(twoRe, w2Re), f32x4.mul(twoIm, w2Im)));
      v128.store(y2 + imag, f32x4.add(f32x4.mul(twoRe, w2Im), f32x4.mul(twoIm, w2Re)));
      v128.store(y3, f32x4.sub(f32x4.mul(threeRe, w3Re), f32x4.mul(threeIm, w3Im)));
      v128.store(y3 + imag, f32x4.add(f32x4.mul(threeRe, w3Im), f32x4.mul(threeIm, w3Re)));
    }
  }
}

function lastStage(x: usize, y: usize, points: i32, stride: i32): void {
  const imag = imaginary(points);
  const step = (<usize>stride) << 2;
  const end = x + step;
  for (; x < end; x += 16, y += 16) {
    const b = x + step;
    const c = b + step;
    const d = c + step;
    const aRe = v128.load(x);
    const aIm = v128.load(x + imag);
    const bRe = v128.load(b);
    const bIm = v128.load(b + imag);
    const cRe = v128.load(c);
    const cIm = v128.load(c + imag);
    const dRe = v128.load(d);
    const dIm = v128.load(d + imag);
    const sumRe = f32x4.add(aRe, cRe);
    const sumIm = f32x4.add(aIm, cIm);
    const gapRe = f32x4.sub(aRe, cRe);
    const gapIm = f32x4.sub(aIm, cIm);
    const oddSumRe = f32x4.add(bRe, dRe);
    const oddSumIm = f32x4.add(bIm, dIm);
    const oddGapRe = f32x4.sub(bRe, dRe);
    const oddGapIm = f32x4.sub(bIm, dIm);
    const y1 = y + step;
    const y2 = y1 + step;
    const y3 = y2 + step;
    v128.store(y, f32x4.add(sumRe, oddSumRe));
    v128.store(y + imag, f32x4.add(sumIm, oddSumIm));
    v128.store(y1, f32x4.add(gapRe, oddGapIm));
    v128.store(y1 + imag, f32x4.sub(gapIm, oddGapRe));
    v128.store(y2, f32x4.sub(sumRe, oddSumRe));
    v128.store(y2 + imag, f32x4.sub(sumIm, oddSumIm));
    v128.store(y3, f32x4.sub(gapRe, oddGapIm));
    v128.store(y3 + imag, f32x4.add(gapIm, oddGapRe));
  }
}

function lastStageOfTwo(x: usize, y: usize, points: i32, stride: i32): void {
  const imag = imaginary(points);
  const step = (<usize>stride) << 2;
  const end = x + step;
  for (; x < end; x += 16, y += 16) {
    const aRe = v128.load(x);
    const aIm = v128.load(x + imag);
    const bRe = v128.load(x + step);
    const bIm = v128.load(x + step + imag);
    v128.store(y, f32x4.add(aRe, bRe));
    v128.store(y + imag, f32x4.add(aIm, bIm));
    v128.store(y + step, f32x4.sub(aRe, bRe));
    v128.store(y + step + imag, f32x4.sub(aIm, bIm));
  }
}
