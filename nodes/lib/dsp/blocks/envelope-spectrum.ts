import { BEARING_FAULTS, type BearingFault, type BearingGeometry, bearingOrders } from "../math/bearing.js";
import { copyChannel, meanOf } from "../math/channel.js";
import { Envelope } from "../math/hilbert.js";

import { butterworth } from "../math/iir-design.js";
import { sectionGain } from "../math/section-gain.js";
import { PeakInterpolator, type PeakPosition } from "../math/spectral-peak.js";
import { type Block, needSamples } from "./block.js";
import {
  frequencyRange,
  hertz,
  linesBetween,
  planSpectrum,
  type RangeSettings,
  type SpectrumSettings,
  settingError,
  spectrumOptions,
} from "./spectrum-settings.js";

interface EnvelopeSpectrumOptions extends SpectrumSettings, RangeSettings, BearingGeometry {
  order: number;
  values: "fault frequencies" | "lines";
  lowest: number;
  highest: number;
  /** rpm */
  speed: number;
  bearing: "geometry" | "orders";
  bpfo: number;
  bpfi: number;
  bsf: number;
  ftf: number;
  faults: BearingFault[];
  harmonics: number;
  /** % */
  tolerance: number;
}

/** Features of an amplitude spectrum. */
interface Reading {
  /** Without the channel. */
  names: string[];
  read(lines: Float64Array, out: Float32Array, offset: number): void;
}

const TITLE = "Envelope spectrum";

/**
 * The amplitude spectrum of each channel's envelope: a damaged bearing strikes at a low frequency and rings at a high one,
 * so its strikes modulate the band in which it rings (Randall & Antoni, Rolling element bearing diagnostics, 2011).
 *
 * 1. The mean is taken off. 2. Band-pass with the gain of a digital Butterworth filter (scipy.signal.butter) but without
 * its phase: it is applied to the window's spectrum, for which the envelope needs a transform anyway, and so has no
 * transient at the window's beginning. 3. Envelope |x + i·H(x)|. 4. Its amplitude spectrum without its mean: a carrier
 * of amplitude A modulated by m·cos(2πft) reads A·m at f. 5. Lines, or the highest amplitude within the tolerance about
 * each fault frequency and its harmonics; a peak there is interpolated, so it is free of scalloping loss.
 */
export const envelopeSpectrum: Block<EnvelopeSpectrumOptions> = {
  id: "envelope-spectrum",
  version: 1,
  title: TITLE,
  group: "vibration",
  about: "Finds the blows of a damaged rolling bearing, by the part that is damaged.",
  cost: "O(samples · log samples)",
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      from: {
        type: "number",
        minimum: 0,
        default: 1000,
        title: "Band from (Hz)",
        description: "The band in which the bearing rings when struck, often 2 to 10 kHz.",
      },
      to: {
        type: "number",
        minimum: 0,
        default: 0,
        title: "Band to (Hz)",
        description: "0 goes up to half the sample rate.",
      },
      order: { type: "integer", enum: [2, 4, 6, 8], default: 4, title: "Order of the band's filter" },
      values: { type: "string", enum: ["fault frequencies", "lines"], default: "fault frequencies", title: "Values" },
      speed: { type: "number", exclusiveMinimum: 0, default: 1800, title: "Shaft speed (rpm)" },
      bearing: {
        type: "string",
        enum: ["geometry", "orders"],
        default: "geometry",
        title: "Bearing by its",
        description: "Orders are the fault frequencies per turn of the shaft, from the maker's catalogue.",
      },
      balls: { type: "integer", minimum: 3, maximum: 500, default: 9, title: "Balls or rollers" },
      ballDiameter: { type: "number", exclusiveMinimum: 0, default: 7.94, title: "Ball diameter (mm)" },
      pitchDiameter: {
        type: "number",
        exclusiveMinimum: 0,
        default: 39.04,
        title: "Pitch diameter (mm)",
        description: "From ball centre to ball centre across the bearing. The defaults are those of a 6205.",
      },
      contactAngle: { type: "number", minimum: 0, maximum: 89, default: 0, title: "Contact angle (°)" },
      bpfo: { type: "number", exclusiveMinimum: 0, default: 3.585, title: "BPFO, outer ring (per turn)" },
      bpfi: { type: "number", exclusiveMinimum: 0, default: 5.415, title: "BPFI, inner ring (per turn)" },
      bsf: { type: "number", exclusiveMinimum: 0, default: 2.357, title: "BSF, ball (per turn)" },
      ftf: { type: "number", exclusiveMinimum: 0, default: 0.3983, title: "FTF, cage (per turn)" },
      faults: {
        type: "array",
        title: "Faults",
        items: { enum: BEARING_FAULTS },
        minItems: 1,
        uniqueItems: true,
        default: BEARING_FAULTS,
      },
      harmonics: { type: "integer", minimum: 1, maximum: 20, default: 3, title: "Harmonics of each" },
      tolerance: {
        type: "number",
        minimum: 0,
        maximum: 20,
        default: 2,
        title: "Tolerance (%)",
        description: "For slip, and a speed that is not quite the one above.",
      },
      lowest: { type: "number", minimum: 0, default: 0, title: "Lines from (Hz)" },
      highest: {
        type: "number",
        minimum: 0,
        default: 500,
        title: "Lines to (Hz)",
        description: "0 goes up to half the sample rate.",
      },
      ...spectrumOptions,
    },
  },
  when: {
    speed: { values: ["fault frequencies"] },
    bearing: { values: ["fault frequencies"] },
    balls: { values: ["fault frequencies"], bearing: ["geometry"] },
    ballDiameter: { values: ["fault frequencies"], bearing: ["geometry"] },
    pitchDiameter: { values: ["fault frequencies"], bearing: ["geometry"] },
    contactAngle: { values: ["fault frequencies"], bearing: ["geometry"] },
    bpfo: { values: ["fault frequencies"], bearing: ["orders"] },
    bpfi: { values: ["fault frequencies"], bearing: ["orders"] },
    bsf: { values: ["fault frequencies"], bearing: ["orders"] },
    ftf: { values: ["fault frequencies"], bearing: ["orders"] },
    faults: { values: ["fault frequencies"] },
    harmonics: { values: ["fault frequencies"] },
    tolerance: { values: ["fault frequencies"] },
    lowest: { values: ["lines"] },
    highest: { values: ["lines"] },
  },
  plan(window, options) {
    const transform = planSpectrum(window, options, TITLE);
    const rate = window.rate!;
    const { samples, channels } = window;
    const { bins } = transform;
    const envelope = new Envelope(samples, bandGain(options, rate));
    let reading: Reading;
    if (options.values === "lines") {
      const range = frequencyRange({ from: options.lowest, to: options.highest }, rate);
      const [first, last] = linesBetween(transform, range);
      reading = lineReading(first, last, transform.step);
    } else {
      const orders = ordersOf(options);
      const turns = options.speed / 60;
      const lowest = turns * Math.min(...options.faults.map((fault) => orders[fault]));
      // Two lines at least up to the lowest: below that it is not told from the mean.
      needSamples(window, Math.ceil((2 * rate) / lowest), TITLE);
      if (transform.weights.length * lowest < 2 * rate) {
        throw settingError("fftLength", `${options.fftLength}`, `at least ${Math.ceil((2 * rate) / lowest)}, or 0`);
      }
      reading = faultReading(options, orders, turns, transform, rate);
    }
    const columns = channels.length;
    const length = reading.names.length;
    const x = new Float64Array(samples);
    const lines = new Float64Array(bins);
    return {
      shape: [columns * length],
      names: channels.flatMap((channel) => reading.names.map((name) => `${channel} ${name}`)),
      channels: channels.flatMap((channel) => reading.names.map(() => channel)),
      units: channels.flatMap(() => reading.names.map(() => "x")),
      compute(data, out, offset) {
        for (let channel = 0; channel < columns; channel++) {
          copyChannel(data, channel, columns, x);
          const mean = meanOf(x);
          for (let i = 0; i < samples; i++) x[i]! -= mean;
          envelope.compute(x, x);
          transform.compute(x, lines);
          for (let k = 0; k < bins; k++) lines[k] = transform.amplitude(k, lines[k]!);
          reading.read(lines, out, offset + channel * length);
        }
      },
    };
  },
};

/** The gain over the frequency, as a share of the rate; undefined when all of it goes through. */
function bandGain(options: EnvelopeSpectrumOptions, rate: number): ((frequency: number) => number) | undefined {
  const [from, to] = frequencyRange(options, rate);
  const [low, high] = [from > 0, to < rate / 2];
  if (!low && !high) return undefined;
  const { order } = options;
  const sections =
    low && high
      ? butterworth(order, "band", [from, to], rate)
      : butterworth(order, low ? "high" : "low", low ? from : to, rate);
  return (frequency) => sectionGain(sections, frequency);
}

function ordersOf(options: EnvelopeSpectrumOptions): Record<BearingFault, number> {
  if (options.bearing === "orders") {
    return { BPFO: options.bpfo, BPFI: options.bpfi, BSF: options.bsf, FTF: options.ftf };
  }
  if (options.ballDiameter < options.pitchDiameter) return bearingOrders(options);
  throw settingError(
    "ballDiameter",
    `${options.ballDiameter} mm`,
    `below the pitch diameter, ${options.pitchDiameter} mm`,
  );
}

function lineReading(first: number, last: number, step: number): Reading {
  return {
    names: Array.from({ length: last - first + 1 }, (_, i) => `envelope ${hertz((first + i) * step, step)}`),
    read(lines, out, offset) {
      for (let k = first; k <= last; k++) out[offset + k - first] = lines[k]!;
    },
  };
}

function faultReading(
  options: EnvelopeSpectrumOptions,
  orders: Record<BearingFault, number>,
  turns: number,
  { weights, fftLength, bins, step }: { weights: Float64Array; fftLength: number; bins: number; step: number },
  rate: number,
): Reading {
  const names: string[] = [];
  const ranges: [first: number, last: number][] = [];
  for (const fault of BEARING_FAULTS.filter((name) => options.faults.includes(name))) {
    for (let harmonic = 1; harmonic <= options.harmonics; harmonic++) {
      const frequency = orders[fault] * turns * harmonic;
      const width = (frequency * options.tolerance) / 100;
      if (frequency + width + step >= rate / 2) {
        const got = `${harmonic} of ${fault}, ${hertz(frequency, step)}`;
        throw settingError("harmonics", got, `so few that all lie below half the sample rate, ${rate / 2} Hz`);
      }
      names.push(`${fault} harmonic ${harmonic}`);
      // The nearest line at least.
      const nearest = Math.round(frequency / step);
      ranges.push([
        Math.max(1, Math.min(nearest, Math.ceil((frequency - width) / step))),
        Math.min(bins - 2, Math.max(nearest, Math.floor((frequency + width) / step))),
      ]);
    }
  }
  const interpolator = new PeakInterpolator(weights, fftLength);
  const position: PeakPosition = { line: 0, factor: 1 };
  return {
    names,
    read(lines, out, offset) {
      for (let i = 0; i < ranges.length; i++) {
        const [first, last] = ranges[i]!;
        let best = first;
        for (let k = first + 1; k <= last; k++) if (lines[k]! > lines[best]!) best = k;
        const [below, peak, above] = [lines[best - 1]!, lines[best]!, lines[best + 1]!];
        position.factor = 1;
        if (peak > 0 && peak >= below && peak >= above) interpolator.find(best, below, peak, above, position);
        out[offset + i] = peak * position.factor;
      }
    },
  };
}
