import type { Sections } from "./iir.js";

/** What a Butterworth filter lets through. */
export type PassBand = "low" | "high" | "band" | "stop";

interface Complex {
  re: number;
  im: number;
}

/** Zeros, poles and gain: H = gain · Π(s − zero) / Π(s − pole). All of them, both halves of a conjugate pair. */
interface Zpk {
  zeros: Complex[];
  poles: Complex[];
  gain: number;
}

/**
 * A Butterworth filter: an analog prototype, shifted, then the bilinear transform with the cut-off pre-warped, so that
 * the gain there is 1/√2. The same sections as scipy.signal.butter(order, cutoff, pass, fs=rate, output="sos").
 * @param order 1–12; a "band" or a "stop" has twice as many poles
 * @param cutoff Hz; two, ascending, for "band" and "stop"
 * @param rate Hz
 * @throws TypeError when the order or a cut-off is out of range
 */
export function butterworth(
  order: number,
  pass: PassBand,
  cutoff: number | readonly [number, number],
  rate: number,
): Sections {
  const edges = (typeof cutoff === "number" ? [cutoff] : cutoff).map((frequency) => prewarped(frequency, rate));
  const banded = pass === "band" || pass === "stop";
  if (edges.length !== (banded ? 2 : 1) || (banded && edges[0]! >= edges[1]!)) {
    throw new TypeError(`"cutoff" is ${cutoff}: not what a "${pass}" pass takes`);
  }
  const poles = angles(order).map((angle) => ({ re: -Math.cos(angle), im: -Math.sin(angle) }));
  const prototype: Zpk = { zeros: [], poles, gain: 1 };
  const [low, high] = edges as [number, number];
  const analog = {
    low: () => toLow(prototype, low),
    high: () => toHigh(prototype, low),
    band: () => toBand(prototype, Math.sqrt(low * high), high - low),
    stop: () => toStop(prototype, Math.sqrt(low * high), high - low),
  }[pass]();
  return asSections(bilinear(analog));
}

/**
 * A Chebyshev type I low-pass, the same sections as scipy.signal.cheby1(order, ripple, cutoff, fs=rate, output="sos").
 * With an even order its gain at 0 Hz is −ripple.
 * @param order 1–12
 * @param ripple dB, in the pass band
 * @param cutoff Hz, where the gain leaves the ripple
 * @param rate Hz
 * @throws TypeError when the order or the cut-off is out of range
 */
export function chebyshevLowPass(order: number, ripple: number, cutoff: number, rate: number): Sections {
  // Poles on an ellipse: −sinh(µ + iθ), ε² = 10^(ripple/10) − 1, µ = asinh(1/ε)/order.
  const epsilon = Math.sqrt(10 ** (0.1 * ripple) - 1);
  const mu = Math.asinh(1 / epsilon) / order;
  const poles = angles(order).map((angle) => ({
    re: -Math.sinh(mu) * Math.cos(angle),
    im: -Math.cosh(mu) * Math.sin(angle),
  }));
  const gain = realProduct(poles.map(negative)) / (order % 2 === 0 ? Math.sqrt(1 + epsilon * epsilon) : 1);
  return asSections(bilinear(toLow({ zeros: [], poles, gain }, prewarped(cutoff, rate))));
}

/**
 * A notch: one section with a gain of 0 at a frequency and of 1 at 0 Hz and half the rate (Orfanidis, Introduction to
 * Signal Processing, 11.3; the same as scipy.signal.iirnotch).
 * @param frequency Hz
 * @param quality frequency / bandwidth, the bandwidth between the two points where the gain is 1/√2
 * @param rate Hz
 * @throws TypeError when the frequency is out of range, or the bandwidth half the rate or more
 */
export function notch(frequency: number, quality: number, rate: number): Sections {
  checkFrequency(frequency, rate);
  const w = (2 * Math.PI * frequency) / rate;
  if (!(quality > w / Math.PI)) throw new TypeError(`"quality" is ${quality}, not above ${w / Math.PI}`);
  const gain = 1 / (1 + Math.tan(w / quality / 2));
  const middle = -2 * gain * Math.cos(w);
  return Float64Array.of(gain, middle, gain, middle, 2 * gain - 1);
}

/** Of the prototype's poles about the negative real axis; exactly 0 in the middle of an odd order. */
function angles(order: number): number[] {
  if (!Number.isInteger(order) || order < 1 || order > 12) throw new TypeError(`"order" is ${order}, not 1 to 12`);
  return Array.from({ length: order }, (_, i) => (Math.PI * (2 * i + 1 - order)) / (2 * order));
}

function checkFrequency(frequency: number, rate: number): void {
  if (frequency > 0 && frequency < rate / 2) return;
  throw new TypeError(`a frequency is ${frequency} Hz, not between 0 and half the rate of ${rate} Hz`);
}

/** The analog frequency that the bilinear transform (for two samples a second, as in scipy) takes to this one. */
function prewarped(frequency: number, rate: number): number {
  checkFrequency(frequency, rate);
  return 4 * Math.tan((Math.PI * frequency) / rate);
}

function toLow({ poles, gain }: Zpk, cutoff: number): Zpk {
  return { zeros: [], poles: poles.map((pole) => times(pole, cutoff)), gain: gain * cutoff ** poles.length };
}

function toHigh({ poles, gain }: Zpk, cutoff: number): Zpk {
  return {
    zeros: poles.map(() => ({ re: 0, im: 0 })),
    poles: poles.map((pole) => divide({ re: cutoff, im: 0 }, pole)),
    gain: gain / realProduct(poles.map(negative)),
  };
}

function toBand({ poles, gain }: Zpk, centre: number, width: number): Zpk {
  return {
    zeros: poles.map(() => ({ re: 0, im: 0 })),
    poles: split(
      poles.map((pole) => times(pole, width / 2)),
      centre,
    ),
    gain: gain * width ** poles.length,
  };
}

function toStop({ poles, gain }: Zpk, centre: number, width: number): Zpk {
  return {
    zeros: poles.flatMap(() => [
      { re: 0, im: centre },
      { re: 0, im: -centre },
    ]),
    poles: split(
      poles.map((pole) => divide({ re: width / 2, im: 0 }, pole)),
      centre,
    ),
    gain: gain / realProduct(poles.map(negative)),
  };
}

/** p ± √(p² − centre²) */
function split(poles: Complex[], centre: number): Complex[] {
  return poles.flatMap((pole) => {
    const square = multiply(pole, pole);
    const root = squareRoot({ re: square.re - centre * centre, im: square.im });
    return [
      { re: pole.re + root.re, im: pole.im + root.im },
      { re: pole.re - root.re, im: pole.im - root.im },
    ];
  });
}

/** s → (4 + s)/(4 − s); the zeros at infinity come to −1, half the rate. */
function bilinear({ zeros, poles, gain }: Zpk): Zpk {
  const up = (s: Complex): Complex => ({ re: 4 + s.re, im: s.im });
  const down = (s: Complex): Complex => ({ re: 4 - s.re, im: -s.im });
  const moved = (s: Complex): Complex => divide(up(s), down(s));
  const atInfinity = Array.from({ length: poles.length - zeros.length }, () => ({ re: -1, im: 0 }));
  return {
    zeros: [...zeros.map(moved), ...atInfinity],
    poles: poles.map(moved),
    gain: (gain * realProduct(zeros.map(down))) / realProduct(poles.map(down)),
  };
}

/**
 * Pairs of poles with the zeros nearest to them, the poles nearest to the unit circle last, the gain in the first
 * section: the order of scipy.signal.zpk2sos with pairing="nearest", which keeps what is in between from overflowing.
 * As many zeros as poles, as the bilinear transform leaves them.
 */
function asSections(zpk: Zpk): Sections {
  const poles = halves(zpk.poles);
  const zeros = halves(zpk.zeros);
  // An odd order: a pole and a zero at the origin, which cancel each other, fill the last pair.
  if (zpk.poles.length % 2 === 1) for (const list of [poles, zeros]) list.push({ re: 0, im: 0 });
  const count = Math.ceil(zpk.poles.length / 2);
  const sections = new Float64Array(5 * count);
  for (let at = 5 * (count - 1); at >= 0; at -= 5) {
    const first = take(poles, (pole) => Math.abs(1 - size(pole)));
    const [a1, a2] = quadratic(first, () => take(poles, (pole) => (real(pole) ? Math.abs(1 - size(pole)) : FAR)));
    const distance = (zero: Complex): number => Math.hypot(zero.re - first.re, zero.im - first.im);
    const [b1, b2] = quadratic(take(zeros, distance), () => take(zeros, (zero) => (real(zero) ? distance(zero) : FAR)));
    sections.set([1, b1, b2, a1, a2], at);
  }
  for (let i = 0; i < 3; i++) sections[i]! *= zpk.gain;
  return sections;
}

/** One of each conjugate pair, then the real ones, each in ascending order. */
function halves(all: Complex[]): Complex[] {
  const ascending = (a: Complex, b: Complex): number => a.re - b.re || a.im - b.im;
  const upper = all.filter((value) => !real(value) && value.im > 0).sort(ascending);
  const reals = all.filter(real).map(({ re }) => ({ re, im: 0 }));
  return [...upper, ...reals.sort(ascending)];
}

/** z² + c1·z + c2 of a root and its conjugate, or of a real root and another. */
function quadratic(root: Complex, another: () => Complex): [c1: number, c2: number] {
  if (!real(root)) return [-2 * root.re, root.re * root.re + root.im * root.im];
  const { re } = another();
  return [-(root.re + re), root.re * re];
}

/** Takes the first of the smallest out of the list. */
function take(list: Complex[], measure: (value: Complex) => number): Complex {
  let best = 0;
  for (let i = 1; i < list.length; i++) if (measure(list[i]!) < measure(list[best]!)) best = i;
  return list.splice(best, 1)[0]!;
}

const FAR = Number.POSITIVE_INFINITY;

function real({ re, im }: Complex): boolean {
  return Math.abs(im) <= 100 * Number.EPSILON * Math.hypot(re, im);
}

function size({ re, im }: Complex): number {
  return Math.hypot(re, im);
}

function negative({ re, im }: Complex): Complex {
  return { re: -re, im: -im };
}

function times({ re, im }: Complex, factor: number): Complex {
  return { re: re * factor, im: im * factor };
}

function multiply(a: Complex, b: Complex): Complex {
  return { re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re };
}

function divide(a: Complex, b: Complex): Complex {
  const norm = b.re * b.re + b.im * b.im;
  return { re: (a.re * b.re + a.im * b.im) / norm, im: (a.im * b.re - a.re * b.im) / norm };
}

/** The principal one: its real part is not negative. */
function squareRoot({ re, im }: Complex): Complex {
  const length = Math.hypot(re, im);
  if (length === 0) return { re: 0, im: 0 };
  // The larger part first, so that the other one loses no digits.
  const larger = Math.sqrt((length + Math.abs(re)) / 2);
  const smaller = im / 2 / larger;
  return re >= 0 ? { re: larger, im: smaller } : { re: Math.abs(smaller), im: im < 0 ? -larger : larger };
}

/** Of a list that has the conjugate of each of its members. */
function realProduct(list: Complex[]): number {
  return list.reduce(multiply, { re: 1, im: 0 }).re;
}
