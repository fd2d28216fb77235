/** Where `moments` puts what it finds. */
export const MEAN = 0;
/** m2, the population variance. */
export const VARIANCE = 1;
/** m3 / m2^1.5, biased. */
export const SKEWNESS = 2;
/** m4 / m2² − 3, biased: 0 for a normal distribution. */
export const KURTOSIS = 3;

/**
 * Mean, variance, skewness and excess kurtosis, where mk is the k-th central moment (Fisher's g1 and g2; the same as
 * scipy.stats.skew and kurtosis with bias). Two passes in float64: the moments are taken about the mean, so a large
 * offset costs no digits. Numbers that are all the same have variance, skewness and kurtosis 0; one that is NaN or
 * infinite makes them NaN.
 * @param x the numbers, from 0
 * @param count at least 1
 * @param deviations [count], where the numbers less their mean go: may be x
 * @param out [4]
 */
export function moments(x: Float64Array, count: number, deviations: Float64Array, out: Float64Array): void {
  // Two sums of each kind: an addition need not wait for the one before it.
  const pairs = count - 1;
  let sum = 0;
  let other = 0;
  let i = 0;
  for (; i < pairs; i += 2) {
    sum += x[i]!;
    other += x[i + 1]!;
  }
  if (i < count) sum += x[i]!;
  momentsAbout((sum + other) / count, x, count, deviations, out);
}

/** `moments`, where the mean is known already. */
export function momentsAbout(
  mean: number,
  x: Float64Array,
  count: number,
  deviations: Float64Array,
  out: Float64Array,
): void {
  const pairs = count - 1;
  let a2 = 0;
  let a3 = 0;
  let a4 = 0;
  let b2 = 0;
  let b3 = 0;
  let b4 = 0;
  let i = 0;
  for (; i < pairs; i += 2) {
    const a = x[i]! - mean;
    const b = x[i + 1]! - mean;
    deviations[i] = a;
    deviations[i + 1] = b;
    const aa = a * a;
    const bb = b * b;
    a2 += aa;
    b2 += bb;
    a3 += aa * a;
    b3 += bb * b;
    a4 += aa * aa;
    b4 += bb * bb;
  }
  if (i < count) {
    const a = x[i]! - mean;
    deviations[i] = a;
    const aa = a * a;
    a2 += aa;
    a3 += aa * a;
    a4 += aa * aa;
  }
  const m2 = (a2 + b2) / count;
  out[MEAN] = mean;
  out[VARIANCE] = m2;
  if (m2 > SMALLEST && m2 < LARGEST) {
    out[SKEWNESS] = (a3 + b3) / count / (m2 * Math.sqrt(m2));
    out[KURTOSIS] = (a4 + b4) / count / (m2 * m2) - 3;
  } else {
    shapeOfExtremes(deviations, count, out);
  }
}

/** Beyond these the fourth power leaves float64: spectra of denormal or saturated signals come here. */
const SMALLEST = 1e-140;
const LARGEST = 1e140;

/** Skewness and kurtosis of deviations that are divided by the largest one first. */
function shapeOfExtremes(deviations: Float64Array, count: number, out: Float64Array): void {
  let largest = 0;
  for (let i = 0; i < count; i++) {
    const d = Math.abs(deviations[i]!);
    if (!(d <= largest)) largest = d;
    if (Number.isNaN(d)) break;
  }
  if (!(largest > 0 && largest < Number.POSITIVE_INFINITY)) {
    const shape = largest === 0 ? 0 : Number.NaN;
    out[VARIANCE] = shape;
    out[SKEWNESS] = shape;
    out[KURTOSIS] = shape;
    return;
  }
  let m2 = 0;
  let m3 = 0;
  let m4 = 0;
  for (let i = 0; i < count; i++) {
    const d = deviations[i]! / largest;
    m2 += d * d;
    m3 += d * d * d;
    m4 += d * d * d * d;
  }
  m2 /= count;
  out[SKEWNESS] = m3 / count / (m2 * Math.sqrt(m2));
  out[KURTOSIS] = m4 / count / (m2 * m2) - 3;
}
