/**
 * Follows a FramePlan (../frame-plan.ts): the spectrum in float64, two numbers at a time, or in float32, four; the bank in float32, four at a
 * time; the logarithm of four in float32 and its sum in float64; the transform in float64. Everything lies where Layout
 * says.
 */
import { transform } from "./fft.ts";
import { singleSpectrum } from "./fft-single.ts";
import { Layout } from "./layout.ts";
import { exponents, lnOfMantissas, lnOfPair, upper } from "./logarithm.ts";

/** Below it, float32 loses digits. */
const LEAST_NORMAL: f32 = 1.17549435e-38;

/** The frames that lie in the samples. Returns how many of them float32 does not do for, marked in `doubtful`. */
export function compute(count: i32): i32 {
  const layout = changetype<Layout>(0);
  let doubtful = 0;
  let samples = layout.samples;
  let out = layout.out;
  for (let i = 0; i < count; i++, samples += layout.stride, out += layout.outStride) {
    const doubt = frame(layout, samples, out) ? 0 : 1;
    store<u8>(layout.doubtful + <usize>i, <u8>doubt);
    doubtful += doubt;
  }
  return doubtful;
}

/** One frame. Returns false where float32 does not do. */
function frame(layout: Layout, samples: usize, out: usize): bool {
  let total = spectrumOf(layout, samples);
  // What lies behind the frame counts as zeros, but a number that is not finite stays one when it is weighed with 0.
  if (!(total <= layout.most)) total = spectrumOf(layout, isolated(layout, samples));
  // Written so that NaN is doubtful too.
  if (!(total >= layout.least && total <= layout.most) && !silent(layout, samples)) return false;
  const source = layout.groups ? applyBank(layout) : layout.spectrum;
  if (layout.logarithm) {
    if (!compress(layout, source, out)) return false;
  } else copy(layout, source, out);
  if (layout.matrix) multiply(layout, out);
  if (layout.energyFirst) {
    const energy = <f32>max(total, layout.energyFloor);
    if (!(energy >= LEAST_NORMAL)) return false;
    const x = f32x4.splat(energy);
    const e = exponents(x);
    store<f32>(out, <f32>f64x2.extract_lane(lnOfPair(e, lnOfMantissas(x, e)), 0));
  }
  return true;
}

/** The frame where only zeros lie behind it. */
function isolated(layout: Layout, samples: usize): usize {
  const alone = layout.alone + 4;
  memory.copy(layout.alone, samples - 4, (<usize>layout.frameLength + 1) << 2);
  return alone;
}

/** The spectrum of the frame at `samples`. Returns its sum. */
function spectrumOf(layout: Layout, samples: usize): f64 {
  return layout.single ? singleSpectrum(layout, samples) : splitSpectrum(layout, transform(layout, samples));
}

/** Splits the transform of half the length as RealFft does, k and points − k together. Returns the spectrum's sum. */
function splitSpectrum(layout: Layout, z: usize): f64 {
  const points = layout.points;
  const half = (<usize>points) << 3;
  const spectrum = layout.spectrum;
  const last = spectrum + ((<usize>points) << 2);
  const magnitude = layout.magnitude;
  // Even and odd parts are taken twice as large as they are.
  const gain = f64x2.splat(magnitude ? 0.5 * layout.gain : 0.25 * layout.gain);
  let sum = f64x2.splat(0);
  let splits = layout.splits;
  let to = spectrum;
  let mirror = last - 4;
  // points − k and the one before it stand in two pairs; the point after the last is the first.
  let upperRe = v128.load(z);
  let upperIm = v128.load(z, 16);
  let other = z + 2 * half - 32;
  for (let k = z; k < other; k += 32, to += 8, splits += 32, other -= 32, mirror -= 8) {
    const re = v128.load(k);
    const im = v128.load(k, 16);
    const lowerRe = v128.load(other);
    const lowerIm = v128.load(other, 16);
    const otherRe = v128.shuffle<f64>(upperRe, lowerRe, 0, 3);
    const otherIm = v128.shuffle<f64>(upperIm, lowerIm, 0, 3);
    upperRe = lowerRe;
    upperIm = lowerIm;
    const evenRe = f64x2.add(re, otherRe);
    const evenIm = f64x2.sub(im, otherIm);
    const oddRe = f64x2.add(im, otherIm);
    const oddIm = f64x2.sub(otherRe, re);
    const c = v128.load(splits);
    const s = v128.load(splits, 16);
    const turnedRe = f64x2.sub(f64x2.mul(c, oddRe), f64x2.mul(s, oddIm));
    const turnedIm = f64x2.add(f64x2.mul(c, oddIm), f64x2.mul(s, oddRe));
    let low = squared(f64x2.add(evenRe, turnedRe), f64x2.add(evenIm, turnedIm));
    let high = squared(f64x2.sub(evenRe, turnedRe), f64x2.sub(evenIm, turnedIm));
    if (magnitude) {
      low = f64x2.sqrt(low);
      high = f64x2.sqrt(high);
    }
    low = f64x2.mul(low, gain);
    high = f64x2.mul(high, gain);
    sum = f64x2.add(sum, f64x2.add(low, high));
    v128.store64_lane(to, f32x4.demote_f64x2_zero(low), 0);
    v128.store64_lane(mirror, f32x4.demote_f64x2_zero(reversed(high)), 0);
  }
  // The bin in the middle is its own partner.
  const re = load<f64>(z + half);
  const im = load<f64>(z + half, 16);
  let middle = re * re + im * im;
  if (magnitude) middle = sqrt(middle);
  middle *= layout.gain;
  store<f32>(spectrum + (half >> 2), <f32>middle);
  // What fills the last vector: an ordinary number.
  v128.store(last, v128.load32_splat(last));
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1) + middle;
}

function reversed(x: v128): v128 {
  return v128.shuffle<f64>(x, x, 1, 0);
}

function squared(re: v128, im: v128): v128 {
  return f64x2.add(f64x2.mul(re, re), f64x2.mul(im, im));
}

/** Whether each sample of the frame is 0, and so each number of its spectrum truly 0. */
function silent(layout: Layout, samples: usize): bool {
  const start = layout.emphasised ? samples - 4 : samples;
  const end = samples + ((<usize>layout.frameLength) << 2);
  for (let at = start; at < end; at += 4) if (load<f32>(at) != 0) return false;
  return true;
}

/** Four bands at a time, over as many bins as the widest of them has. Returns where the sums lie. */
function applyBank(layout: Layout): usize {
  const sums = layout.sums;
  const end = sums + ((<usize>layout.values) << 2);
  let group = layout.groups;
  let weights = layout.bankWeights;
  for (let to = sums; to < end; to += 16, group += 20) {
    const width = load<usize>(group) << 4;
    const bins0 = load<usize>(group, 4);
    const bins1 = load<usize>(group, 8);
    const bins2 = load<usize>(group, 12);
    const bins3 = load<usize>(group, 16);
    let sum0 = f32x4.splat(0);
    let sum1 = f32x4.splat(0);
    let sum2 = f32x4.splat(0);
    let sum3 = f32x4.splat(0);
    for (let i: usize = 0; i < width; i += 16, weights += 64) {
      sum0 = f32x4.add(sum0, f32x4.mul(v128.load(weights), v128.load(bins0 + i)));
      sum1 = f32x4.add(sum1, f32x4.mul(v128.load(weights, 16), v128.load(bins1 + i)));
      sum2 = f32x4.add(sum2, f32x4.mul(v128.load(weights, 32), v128.load(bins2 + i)));
      sum3 = f32x4.add(sum3, f32x4.mul(v128.load(weights, 48), v128.load(bins3 + i)));
    }
    // Transposed, then added: the four sums side by side.
    const low02 = v128.shuffle<f32>(sum0, sum2, 0, 4, 1, 5);
    const low13 = v128.shuffle<f32>(sum1, sum3, 0, 4, 1, 5);
    const high02 = v128.shuffle<f32>(sum0, sum2, 2, 6, 3, 7);
    const high13 = v128.shuffle<f32>(sum1, sum3, 2, 6, 3, 7);
    const first = f32x4.add(v128.shuffle<f32>(low02, low13, 0, 4, 1, 5), v128.shuffle<f32>(low02, low13, 2, 6, 3, 7));
    const last = f32x4.add(
      v128.shuffle<f32>(high02, high13, 0, 4, 1, 5),
      v128.shuffle<f32>(high02, high13, 2, 6, 3, 7),
    );
    v128.store(to, f32x4.add(first, last));
  }
  return sums;
}

/** The values as they are, to the transform or out. */
function copy(layout: Layout, source: usize, out: usize): void {
  const end = source + ((<usize>layout.values) << 2);
  if (!layout.matrix) {
    for (; source < end; source += 16, out += 16) v128.store(out, v128.load(source));
    return;
  }
  for (let to = layout.terms; source < end; source += 8, to += 16) {
    v128.store(to, f64x2.promote_low_f32x4(v128.load64_zero(source)));
  }
}

/** The logarithm and what comes after it, to the transform or out. Returns false where float32 does not do. */
function compress(layout: Layout, source: usize, out: usize): bool {
  const floor = f32x4.splat(<f32>layout.floor);
  const offset = f32x4.splat(<f32>layout.offset);
  const slope = f64x2.splat(layout.slope);
  const shift = f64x2.splat(layout.shift);
  const low = f64x2.splat(layout.low);
  const high = f64x2.splat(layout.high);
  const steps = layout.steps;
  const matrix = layout.matrix;
  const end = source + ((<usize>layout.values) << 2);
  let terms = layout.terms;
  let least = f32x4.splat(1);
  let certain = true;
  for (; source < end; source += 16) {
    const x = f32x4.add(f32x4.pmax(v128.load(source), floor), offset);
    least = f32x4.pmin(least, x);
    const e = exponents(x);
    const m = lnOfMantissas(x, e);
    let front = f64x2.add(f64x2.mul(lnOfPair(e, m), slope), shift);
    let back = f64x2.add(f64x2.mul(lnOfPair(upper(e), upper(m)), slope), shift);
    front = f64x2.pmin(f64x2.pmax(front, low), high);
    back = f64x2.pmin(f64x2.pmax(back, low), high);
    if (steps > 0) {
      certain = certain && clear(front, steps, layout.doubt) && clear(back, steps, layout.doubt);
      front = rounded(front, steps);
      back = rounded(back, steps);
    }
    if (matrix) {
      v128.store(terms, front);
      v128.store(terms, back, 16);
      terms += 32;
    } else {
      v128.store(out, narrowed(front, back));
      out += 16;
    }
  }
  return certain && !v128.any_true(f32x4.lt(least, f32x4.splat(LEAST_NORMAL)));
}

function rounded(x: v128, steps: f64): v128 {
  const by = f64x2.splat(steps);
  return f64x2.div(f64x2.floor(f64x2.add(f64x2.mul(x, by), f64x2.splat(0.5))), by);
}

/** Whether no value lies so near the middle of two steps that the errors of float32 may have moved it across. */
function clear(x: v128, steps: f64, doubt: f64): bool {
  const scaled = f64x2.mul(x, f64x2.splat(steps));
  const whole = f64x2.floor(f64x2.add(scaled, f64x2.splat(0.5)));
  const distance = f64x2.sub(f64x2.splat(0.5), f64x2.abs(f64x2.sub(scaled, whole)));
  return !v128.any_true(f64x2.lt(distance, f64x2.splat(doubt)));
}

/** Four coefficients at a time. */
function multiply(layout: Layout, out: usize): void {
  const row = (<usize>layout.coefficients) << 3;
  const terms = layout.terms;
  const end = terms + ((<usize>layout.termCount) << 3);
  for (let column: usize = 0; column < row; column += 32, out += 16) {
    let front = f64x2.splat(0);
    let back = f64x2.splat(0);
    for (let at = terms, weights = layout.matrix + column; at < end; at += 8, weights += row) {
      const term = v128.load64_splat(at);
      front = f64x2.add(front, f64x2.mul(term, v128.load(weights)));
      back = f64x2.add(back, f64x2.mul(term, v128.load(weights, 16)));
    }
    v128.store(out, narrowed(front, back));
  }
}

/** Two and two float64 numbers as four float32. */
function narrowed(front: v128, back: v128): v128 {
  return v128.shuffle<f64>(f32x4.demote_f64x2_zero(front), f32x4.demote_f64x2_zero(back), 0, 2);
}
