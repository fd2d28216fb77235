/** Follows a FramePlan (../frame-plan.ts) in float32, four numbers at a time. Everything lies where `layout` says. */
import { imaginary, transform } from "./fft";
import { Layout } from "./layout";
import { ln } from "./logarithm";

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
  const z = transform(layout, samples);
  const total = spectrumOf(layout, z);
  // Written so that NaN is doubtful too.
  if (!(total >= layout.least && total <= layout.most) && !silent(layout, samples)) return false;
  const source = layout.groups ? applyBank(layout) : layout.spectrum;
  const target = layout.matrix ? layout.compressed : out;
  if (layout.logarithm) {
    if (!compress(layout, source, target, total)) return false;
  } else {
    const size = (<usize>layout.values) << 2;
    for (let i: usize = 0; i < size; i += 16) v128.store(target + i, v128.load(source + i));
  }
  if (layout.matrix) multiply(layout, target, out);
  if (layout.energyFirst) {
    const energy = max(total, layout.energyFloor);
    if (!(energy >= LEAST_NORMAL)) return false;
    store<f32>(out, f32x4.extract_lane(ln(f32x4.splat(energy)), 0));
  }
  return true;
}

/** Splits the transform of half the length as RealFft does, k and points − k together. Returns the spectrum's sum. */
function spectrumOf(layout: Layout, z: usize): f32 {
  const points = layout.points;
  const imag = imaginary(points);
  const end = (<usize>points) << 2;
  const spectrum = layout.spectrum;
  const magnitude = layout.magnitude;
  // Even and odd parts are taken twice as large as they are.
  const gain = f32x4.splat(magnitude ? 0.5 * layout.gain : 0.25 * layout.gain);
  // The point after the last is the first.
  store<f32>(z + end, load<f32>(z));
  store<f32>(z + end + imag, load<f32>(z + imag));
  let sum = f32x4.splat(0);
  let splits = layout.splits;
  for (let k = z, other = z + end - 12, to = spectrum, mirror = spectrum + end - 12; k < other; ) {
    const re = v128.load(k);
    const im = v128.load(k + imag);
    const otherRe = reversed(v128.load(other));
    const otherIm = reversed(v128.load(other + imag));
    const evenRe = f32x4.add(re, otherRe);
    const evenIm = f32x4.sub(im, otherIm);
    const oddRe = f32x4.add(im, otherIm);
    const oddIm = f32x4.sub(otherRe, re);
    const c = v128.load(splits);
    const s = v128.load(splits, 16);
    const turnedRe = f32x4.sub(f32x4.mul(c, oddRe), f32x4.mul(s, oddIm));
    const turnedIm = f32x4.add(f32x4.mul(c, oddIm), f32x4.mul(s, oddRe));
    let low = squared(f32x4.add(evenRe, turnedRe), f32x4.add(evenIm, turnedIm));
    let high = squared(f32x4.sub(evenRe, turnedRe), f32x4.sub(evenIm, turnedIm));
    if (magnitude) {
      low = f32x4.sqrt(low);
      high = f32x4.sqrt(high);
    }
    low = f32x4.mul(low, gain);
    high = f32x4.mul(high, gain);
    sum = f32x4.add(sum, f32x4.add(low, high));
    v128.store(to, low);
    v128.store(mirror, reversed(high));
    k += 16;
    to += 16;
    splits += 32;
    other -= 16;
    mirror -= 16;
  }
  // The bin in the middle is its own partner.
  const re = load<f32>(z + (end >> 1));
  const im = load<f32>(z + (end >> 1) + imag);
  let middle = re * re + im * im;
  if (magnitude) middle = sqrt(middle);
  middle *= layout.gain;
  store<f32>(spectrum + (end >> 1), middle);
  // What fills the last vector: an ordinary number.
  v128.store(spectrum + end, v128.load32_splat(spectrum + end));
  return (
    f32x4.extract_lane(sum, 0) +
    f32x4.extract_lane(sum, 1) +
    (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3)) +
    middle
  );
}

function reversed(x: v128): v128 {
  return v128.shuffle<f32>(x, x, 3, 2, 1, 0);
}

function squared(re: v128, im: v128): v128 {
  return f32x4.add(f32x4.mul(re, re), f32x4.mul(im, im));
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
  const sums = layout.compressed;
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

/** The logarithm and what comes after it. Returns false where float32 does not do. */
function compress(layout: Layout, source: usize, target: usize, total: f32): bool {
  const floor = f32x4.splat(layout.floor);
  const offset = f32x4.splat(layout.offset);
  const slope = f32x4.splat(layout.slope);
  const shift = f32x4.splat(layout.shift);
  const low = f32x4.splat(layout.low);
  const high = f32x4.splat(layout.high);
  const size = (<usize>layout.values) << 2;
  let least = f32x4.splat(1);
  for (let i: usize = 0; i < size; i += 16) {
    const x = f32x4.add(f32x4.max(v128.load(source + i), floor), offset);
    least = f32x4.min(least, x);
    const y = f32x4.add(f32x4.mul(ln(x), slope), shift);
    v128.store(target + i, f32x4.min(f32x4.max(y, low), high));
    if (layout.steps > 0 && !round(layout, target + i, x, total)) return false;
  }
  return !v128.any_true(f32x4.lt(least, f32x4.splat(LEAST_NORMAL)));
}

/**
 * Rounds four values to whole steps. Returns false where one of them lies so near the middle of two steps that the
 * errors of float32 may have moved it across: the transform's errors are even over all bins, and so are larger for a
 * band that is quiet beside the frame.
 */
function round(layout: Layout, at: usize, x: v128, total: f32): bool {
  const steps = f32x4.splat(layout.steps);
  const scaled = f32x4.mul(v128.load(at), steps);
  const whole = f32x4.floor(f32x4.add(scaled, f32x4.splat(0.5)));
  v128.store(at, f32x4.div(whole, steps));
  const distance = f32x4.sub(f32x4.splat(0.5), f32x4.abs(f32x4.sub(scaled, whole)));
  const quiet = f32x4.sqrt(f32x4.div(f32x4.splat(total), x));
  const doubt = f32x4.mul(f32x4.splat(layout.doubt), f32x4.add(f32x4.splat(1), quiet));
  return !v128.any_true(f32x4.lt(distance, doubt));
}

/** Four coefficients at a time. */
function multiply(layout: Layout, values: usize, out: usize): void {
  const row = (<usize>layout.coefficients) << 4;
  const end = values + ((<usize>layout.terms) << 2);
  for (let column: usize = 0; column < row; column += 16) {
    let sum = f32x4.splat(0);
    for (let at = values, weights = layout.matrix + column; at < end; at += 4, weights += row) {
      sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(at), v128.load(weights)));
    }
    v128.store(out + column, sum);
  }
}
