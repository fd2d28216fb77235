import { EdgeMlError } from "../../errors/index.js";
import { PowerSpectrum, type SpectrumOptions } from "../math/spectrum.js";
import { TAPERS, type Taper } from "../math/taper.js";
import { needSamples, rateOf, type WindowShape } from "./block.js";

/** What the blocks that work on a power spectrum let one choose about it. */
export interface SpectrumSettings {
  /** 0 = the whole window. */
  fftLength: number;
  taper: Taper;
  /** % */
  overlap: number;
}

/** A part of a spectrum. */
export interface RangeSettings {
  /** Hz */
  from: number;
  /** Hz; 0 = half the rate. */
  to: number;
}

export const spectrumOptions = {
  fftLength: {
    type: "integer",
    enum: [0, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536],
    default: 0,
    title: "FFT length (samples)",
    description: "0 takes the whole window; less averages over its parts: smoother, but with fewer lines.",
  },
  taper: { type: "string", enum: TAPERS, default: "hann", title: "Taper" },
  overlap: { type: "number", minimum: 0, maximum: 95, default: 50, title: "Overlap of the parts (%)" },
} as const;

export const rangeOptions = {
  from: { type: "number", minimum: 0, default: 0, title: "From (Hz)" },
  to: {
    type: "number",
    minimum: 0,
    default: 0,
    title: "To (Hz)",
    description: "0 goes up to half the sample rate.",
  },
} as const;

/**
 * The spectrum that a block needs of each channel.
 * @throws EdgeMlError EDGE_ML_WINDOW without a rate, or for a window of one sample
 */
export function planSpectrum(
  window: WindowShape,
  { fftLength, taper, overlap }: SpectrumSettings,
  title: string,
  more: Partial<SpectrumOptions> = {},
): PowerSpectrum {
  const rate = rateOf(window, title);
  needSamples(window, 2, title);
  const { samples } = window;
  const average = "mean";
  return new PowerSpectrum({
    ...{ samples, rate, fftLength, taper, overlap: overlap / 100, average, removeMean: true },
    ...more,
  });
}

/**
 * @returns Hz
 * @throws EdgeMlError EDGE_ML_SETTING when nothing lies between the ends, or they are beyond half the rate
 */
export function frequencyRange({ from, to }: RangeSettings, rate: number): [from: number, to: number] {
  const half = rate / 2;
  const end = to === 0 ? half : to;
  if (end > half) throw settingError("to", `${end} Hz`, `at most ${half} Hz, half the sample rate`);
  if (from >= end) throw settingError("from", `${from} Hz`, `below ${end} Hz`);
  return [from, end];
}

/**
 * The lines within a range.
 * @throws EdgeMlError EDGE_ML_SETTING when there are none
 */
export function linesBetween(
  { step, bins }: PowerSpectrum,
  [from, to]: [number, number],
): [first: number, last: number] {
  // A line that is meant by "50 Hz" may be at 49.999999999 Hz.
  const first = Math.max(0, Math.ceil(from / step - 1e-6));
  const last = Math.min(bins - 1, Math.floor(to / step + 1e-6));
  if (first <= last) return [first, last];
  throw settingError("from", `${from} to ${to} Hz`, `a range with a line in it: there is one every ${step} Hz`);
}

export function settingError(field: string, got: string, expected: string): EdgeMlError {
  return new EdgeMlError("EDGE_ML_SETTING", { field, got, expected });
}

/** A line's frequency as people read it, with as many digits as tell it from the next line. */
export function hertz(frequency: number, step: number): string {
  const digits = Math.min(12, Math.max(0, Math.ceil(-Math.log10(step)) + 2));
  return `${Number(frequency.toFixed(digits))} Hz`;
}
