import type { Ratio } from "./rational.js";

/** The filter of a rational resampler, cut into its phases. */
export interface PolyphaseFilter {
  up: number;
  down: number;
  /** How far the prototype reaches to each side, in steps of 1/up of an input sample. */
  half: number;
  /** Coefficients of each phase: input samples that one output is made of. */
  taps: number;
  /** up × taps, each phase in the order of time: the last one meets the newest sample. */
  phases: Float64Array;
}

const BETA = 5;
/** The prototype reaches over so many zero crossings to each side. */
const CROSSINGS = 10;

/** A filter takes up to 170 kB and a few ms; streams of the same rates share it. */
const MAX_KEPT = 16;
const kept = new Map<string, PolyphaseFilter>();

/**
 * A sinc with its -6 dB point at the lower of the two Nyquist frequencies, in a Kaiser window (β 5): the default design
 * of scipy.signal.resample_poly, `firwin(20·max(up, down) + 1, 1 / max(up, down), window=("kaiser", 5.0)) · up`.
 * Up to .84 of that Nyquist frequency a tone keeps its amplitude within .25 %;
 * from 1.16 of it at least 53 dB are taken away, from 1.35 of it 60 dB, from twice it 71 dB.
 */
export function polyphaseFilter({ up, down }: Ratio): PolyphaseFilter {
  const key = `${up}/${down}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  if (kept.size >= MAX_KEPT) kept.delete(kept.keys().next().value!);
  const filter = design(up, down);
  kept.set(key, filter);
  return filter;
}

function design(up: number, down: number): PolyphaseFilter {
  if (up === 1 && down === 1) return { up, down, half: 0, taps: 1, phases: Float64Array.of(1) };
  const widest = Math.max(up, down);
  const half = CROSSINGS * widest;
  const length = 2 * half + 1;
  const prototype = new Float64Array(length);
  let sum = 0;
  for (let i = 0; i < length; i++) {
    const x = (i - half) / widest;
    const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    const position = (i - half) / half;
    prototype[i] = sinc * besselI0(BETA * Math.sqrt(Math.max(0, 1 - position * position)));
    sum += prototype[i]!;
  }
  const taps = Math.floor((2 * half) / up) + 1;
  const phases = new Float64Array(up * taps);
  for (let phase = 0; phase < up; phase++) {
    for (let tap = 0; phase + tap * up < length; tap++) {
      phases[phase * taps + taps - 1 - tap] = (prototype[phase + tap * up]! * up) / sum;
    }
  }
  return { up, down, half, taps, phases };
}

/** The modified Bessel function of the first kind and order 0, by its power series (Abramowitz and Stegun 9.6.12). */
function besselI0(x: number): number {
  const quarter = (x * x) / 4;
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= quarter / (k * k);
    sum += term;
  }
  return sum;
}
