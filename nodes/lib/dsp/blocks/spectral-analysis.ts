import { EdgeMlError } from "../../errors/index.js";
import { Decimation, type DecimationRatio } from "../math/decimation.js";
import { crossingRate, Distribution } from "../math/distribution.js";
import { filterSections, type Sections } from "../math/iir.js";
import { butterworth } from "../math/iir-design.js";
import { MaxHoldSpectrum } from "../math/max-hold-spectrum.js";
import { KURTOSIS, MEAN, moments, SKEWNESS, VARIANCE } from "../math/moments.js";
import { WAVELETS, WaveletTransform } from "../math/wavelet.js";
import { type Block, needSamples, rateOf } from "./block.js";

interface SpectralAnalysisOptions {
  /** Each value is multiplied by this first. */
  scale: number;
  /** One of so many samples is kept. */
  decimation: DecimationRatio;
  filter: "none" | "low" | "high";
  /** Hz */
  cutoff: number;
  /** Poles of the Butterworth filter; 0 leaves the signal as it is and just the bins out. */
  order: number;
  analysis: "FFT" | "wavelet";
  fftLength: number;
  logarithm: boolean;
  overlap: boolean;
  extraLowFrequency: boolean;
  wavelet: string;
  level: number;
  /** Edge Impulse's version of the block: 2 has no wavelets; 2 and 3 neither decimate nor describe the spectrum's shape. */
  implementation: 2 | 3 | 4;
}

/** What is computed of one channel that is filtered. */
interface Analysis {
  /** Without the channel. */
  names: string[];
  units: string[];
  /** Where the channel's samples go before `compute`, which leaves them without their mean. */
  x: Float64Array;
  compute(out: Float32Array, offset: number): void;
}

const TITLE = "Spectral analysis";

/**
 * Level, shape and spectrum of each channel (Edge Impulse: Spectral analysis). Each channel is decimated, filtered and
 * freed of its mean; then come RMS, skewness, excess kurtosis and a max-hold periodogram |X|²/N with its skewness and
 * kurtosis, or 14 statistics of each band of a wavelet transform. `scale` is applied, and the filter's coefficients are
 * rounded, in float32, as there.
 *
 * A power of 0 counts as 1e-10 in the logarithm. A constant channel has RMS, skewness and kurtosis 0. A channel with a
 * value that is NaN or infinite gives NaN for all its features.
 */
export const spectralAnalysis: Block<SpectralAnalysisOptions> = {
  id: "spectral-analysis",
  version: 1,
  title: TITLE,
  group: "frequency",
  about: "Level, shape and frequencies of each channel: for vibration and repeated motion.",
  cost: "O(samples · log FFT length)",
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      scale: { type: "number", default: 1, title: "Multiply by" },
      decimation: {
        type: "integer",
        enum: [1, 3, 10, 30, 100, 1000],
        default: 1,
        title: "Keep one sample of",
        description: "For slow signals sampled fast; a low-pass filter comes first.",
      },
      filter: { type: "string", enum: ["none", "low", "high"], default: "none", title: "Filter (pass)" },
      cutoff: { type: "number", exclusiveMinimum: 0, default: 3, title: "Cut-off (Hz)" },
      order: {
        type: "integer",
        enum: [0, 2, 4, 6, 8],
        default: 6,
        title: "Filter order",
        description: "0 does not filter: it only leaves out the frequencies beyond the cut-off.",
      },
      analysis: { type: "string", enum: ["FFT", "wavelet"], default: "FFT", title: "Analysis" },
      fftLength: {
        type: "integer",
        enum: [4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192],
        default: 16,
        title: "FFT length (samples)",
        description: "Longer tells frequencies further apart, and gives more features.",
      },
      logarithm: { type: "boolean", default: true, title: "Logarithm of the spectrum" },
      overlap: { type: "boolean", default: true, title: "Overlap the FFT frames by half" },
      extraLowFrequency: {
        type: "boolean",
        default: false,
        title: "Low frequencies once more",
        description: "Adds the same features of the signal decimated by 10.",
      },
      wavelet: { type: "string", enum: WAVELETS, default: "db4", title: "Wavelet" },
      level: { type: "integer", minimum: 0, maximum: 15, default: 1, title: "Wavelet levels" },
      implementation: {
        type: "integer",
        enum: [2, 3, 4],
        default: 4,
        title: "Edge Impulse's version",
        description: "An older one for models that were made with it.",
      },
    },
  },
  when: {
    decimation: { implementation: [4] },
    cutoff: { filter: ["low", "high"] },
    order: { filter: ["low", "high"] },
    fftLength: { analysis: ["FFT"] },
    logarithm: { analysis: ["FFT"] },
    overlap: { analysis: ["FFT"] },
    extraLowFrequency: { analysis: ["FFT"], implementation: [4] },
    wavelet: { analysis: ["wavelet"] },
    level: { analysis: ["wavelet"] },
  },
  plan(window, options) {
    const { samples, channels } = window;
    const { filter, cutoff, order, fftLength, implementation } = options;
    const wavelets = options.analysis === "wavelet";
    if (wavelets && implementation === 2) {
      throw new EdgeMlError("EDGE_ML_SETTING", {
        field: "analysis",
        got: "wavelet",
        expected: "FFT, as Edge Impulse's version 2 has nothing else",
      });
    }
    const ratio = implementation === 4 ? options.decimation : 1;
    const decimation = ratio > 1 ? new Decimation(samples, ratio) : undefined;
    const rate = wavelets && filter === "none" ? 0 : rateOf(window, TITLE) / ratio;
    if (filter !== "none" && ratio > 1 && cutoff > 0.45 * rate) throw cutoffError(cutoff, `at most ${0.45 * rate} Hz`);
    const sections = filter === "none" || order === 0 ? undefined : filterFor(filter, order, cutoff, rate);
    const state = new Float64Array(sections ? (2 * sections.length) / 5 : 0);

    // A block that decimates keeps the first sample of each group.
    const needs = (least: number): void => needSamples(window, (least - 1) * ratio + 1, TITLE);
    if (wavelets) needs(32 * 2 ** options.level);
    const kept = decimation ? decimation.samples : samples;
    const main = wavelets ? waveletAnalysis(kept, options) : spectrumAnalysis(kept, rate, options, "");
    let low: Analysis | undefined;
    let lowDecimation: Decimation | undefined;
    if (!wavelets && implementation === 4 && options.extraLowFrequency) {
      needs((fftLength / 2 - 1) * 10 + 1);
      lowDecimation = new Decimation(kept, 10);
      low = spectrumAnalysis(lowDecimation.samples, rate / 10, options, "low-frequency ");
    }

    const columns = channels.length;
    const length = main.names.length;
    const lowLength = low ? low.names.length : 0;
    const scale = Math.fround(options.scale);
    const { x } = main;
    const input = decimation ? new Float64Array(samples) : x;
    const parts = low ? [main, low] : [main];
    return {
      shape: [columns * (length + lowLength)],
      names: parts.flatMap(({ names }) => channels.flatMap((channel) => names.map((name) => `${channel} ${name}`))),
      channels: parts.flatMap(({ names }) => channels.flatMap((channel) => names.map(() => channel))),
      units: parts.flatMap(({ units }) => channels.flatMap(() => units)),
      compute(data, out, offset) {
        for (let channel = 0; channel < columns; channel++) {
          const at = offset + channel * length;
          const lowAt = offset + columns * length + channel * lowLength;
          let sum = 0;
          for (let i = 0, from = channel; i < samples; i++, from += columns) {
            const value = Math.fround(data[from]! * scale);
            input[i] = value;
            sum += value;
          }
          if (!Number.isFinite(sum)) {
            // What is left of a spectrum would look like numbers.
            out.fill(Number.NaN, at, at + length);
            out.fill(Number.NaN, lowAt, lowAt + lowLength);
            continue;
          }
          if (decimation) decimation.apply(input, x);
          if (sections) filterSections(sections, x, state.fill(0));
          main.compute(out, at);
          if (low && lowDecimation) {
            lowDecimation.apply(x, low.x);
            low.compute(out, lowAt);
          }
        }
      },
    };
  },
};

/** The Butterworth sections, rounded as the reference rounds them. @throws EdgeMlError EDGE_ML_SETTING */
function filterFor(pass: "low" | "high", order: number, cutoff: number, rate: number): Sections {
  if (cutoff >= rate / 2) throw cutoffError(cutoff, `less than ${rate / 2} Hz, half the sample rate`);
  const sections = butterworth(order, pass, cutoff, rate).map(Math.fround);
  for (let i = 0; i < sections.length; i += 5) {
    const a1 = sections[i + 3]!;
    const a2 = sections[i + 4]!;
    // Rounding may push a pole onto the unit circle, where it rings for ever.
    if (!(Math.abs(a2) < 1 && Math.abs(a1) < 1 + a2)) {
      throw cutoffError(cutoff, "further from 0 Hz and from half the sample rate: the filter would be unstable");
    }
  }
  return sections;
}

function cutoffError(cutoff: number, expected: string): EdgeMlError {
  return new EdgeMlError("EDGE_ML_SETTING", { field: "cutoff", got: `${cutoff} Hz`, expected });
}

function spectrumAnalysis(samples: number, rate: number, options: SpectralAnalysisOptions, prefix: string): Analysis {
  const { fftLength, overlap, logarithm } = options;
  const shaped = options.implementation === 4;
  const [first, end] = binsOf(options, rate);
  const spacing = rate / fftLength;
  // Two decimals, and more where bins are closer than that.
  const decimals = Math.min(100, Math.max(2, Math.ceil(1 - Math.log10(spacing))));
  const names = ["RMS", "skewness", "kurtosis", ...(shaped ? ["spectral skewness", "spectral kurtosis"] : [])];
  const units = ["x", "", "", ...(shaped ? ["", ""] : [])];
  for (let bin = first; bin < end; bin++) {
    const edges = [bin - 0.5, bin + 0.5].map((edge) => (edge * spacing).toFixed(decimals));
    names.push(`spectral power ${edges.join("-")} Hz`);
    units.push(logarithm ? "log10 x²" : "x²");
  }
  const spectrum = new MaxHoldSpectrum(samples, fftLength, overlap);
  const powers = new Float64Array(spectrum.bins);
  const deviations = new Float64Array(spectrum.bins);
  const found = new Float64Array(4);
  const padded = new Float64Array(samples + fftLength);
  return {
    names: names.map((name) => prefix + name),
    units,
    x: padded.subarray(0, samples),
    compute(out, offset) {
      moments(padded, samples, padded, found);
      let at = offset;
      out[at++] = Math.sqrt(found[VARIANCE]!);
      out[at++] = found[SKEWNESS]!;
      out[at++] = found[KURTOSIS]!;
      spectrum.compute(padded, powers);
      if (shaped) {
        moments(powers, powers.length, deviations, found);
        out[at++] = found[SKEWNESS]!;
        out[at++] = found[KURTOSIS]!;
      }
      for (let bin = first; bin < end; bin++) {
        const power = powers[bin]!;
        out[at++] = logarithm ? Math.log10(power === 0 ? 1e-10 : power) : power;
      }
    },
  };
}

/**
 * The bins that are features, from the first to before the last: those that the filter lets through, never bin 0.
 * @throws EdgeMlError EDGE_ML_SETTING when there are none
 */
function binsOf({ filter, cutoff, fftLength }: SpectralAnalysisOptions, rate: number): [first: number, end: number] {
  const half = fftLength / 2;
  const bin = (Math.min(cutoff, rate / 2) * fftLength) / rate;
  if (filter === "high") return [Math.max(1, Math.trunc(bin - 0.5) + 1), half + 1];
  if (filter !== "low") return [1, half + 1];
  const end = Math.trunc(bin + 0.5) + 1;
  if (end > 1) return [1, end];
  throw cutoffError(cutoff, `at least ${rate / fftLength / 2} Hz, or the FFT longer: no frequency is left`);
}

const BAND_STATISTICS: readonly (readonly [name: string, unit: string])[] = [
  ["entropy", ""],
  ["zero-crossing rate", ""],
  ["mean-crossing rate", ""],
  ["5th percentile", "x"],
  ["25th percentile", "x"],
  ["75th percentile", "x"],
  ["95th percentile", "x"],
  ["median", "x"],
  ["mean", "x"],
  ["standard deviation", "x"],
  ["variance", "x²"],
  ["RMS", "x"],
  ["skewness", ""],
  ["kurtosis", ""],
];

function waveletAnalysis(samples: number, options: SpectralAnalysisOptions): Analysis {
  const { wavelet, level } = options;
  const x = new Float64Array(samples);
  const transform = new WaveletTransform(wavelet, samples, level);
  const all = new Float64Array(transform.length);
  let end = 0;
  const bands = transform.lengths.map((length) => {
    end += length;
    return all.subarray(end - length, end);
  });
  const bandNames = bands.map((_, i) => (i === 0 ? `approximation ${level}` : `detail ${level + 1 - i}`));
  const deviations = new Float64Array(transform.length);
  const distribution = new Distribution(transform.length);
  const found = new Float64Array(4);
  return {
    names: bandNames.flatMap((band) => BAND_STATISTICS.map(([name]) => `${band} ${name}`)),
    units: bands.flatMap(() => BAND_STATISTICS.map(([, unit]) => unit)),
    x,
    compute(out, offset) {
      moments(x, samples, x, found);
      transform.transform(x, all);
      let at = offset;
      for (let i = 0; i < bands.length; i++) {
        const band = bands[i]!;
        const count = band.length;
        moments(band, count, deviations, found);
        distribution.read(band);
        out[at++] = distribution.entropy();
        out[at++] = crossingRate(band, 0);
        out[at++] = crossingRate(band, found[MEAN]!);
        // May sort the band: its order counts no more.
        out[at++] = distribution.percentile(5);
        out[at++] = distribution.percentile(25);
        out[at++] = distribution.percentile(75);
        out[at++] = distribution.percentile(95);
        out[at++] = distribution.percentile(50);
        out[at++] = found[MEAN]!;
        out[at++] = Math.sqrt(found[VARIANCE]!);
        out[at++] = (found[VARIANCE]! * count) / (count - 1);
        out[at++] = rootMeanSquare(found);
        out[at++] = found[SKEWNESS]!;
        out[at++] = found[KURTOSIS]!;
      }
    },
  };
}

/** √(m2 + mean²), which is √(Σx²/n). */
function rootMeanSquare(found: Float64Array): number {
  return Math.sqrt(found[VARIANCE]! + found[MEAN]! * found[MEAN]!);
}
