import { copyChannel } from "../math/channel.js";
import type { Block } from "./block.js";
import {
  frequencyRange,
  linesBetween,
  planSpectrum,
  type RangeSettings,
  rangeOptions,
  type SpectrumSettings,
  spectrumOptions,
} from "./spectrum-settings.js";

const MEASURES = ["centroid", "spread", "roll-off", "entropy", "flatness"] as const;
type Measure = (typeof MEASURES)[number];

interface SpectralShapeOptions extends SpectrumSettings, RangeSettings {
  /** Always in the order of MEASURES. */
  measures: Measure[];
  weight: "power" | "amplitude";
  /** % */
  rollOff: number;
}

/**
 * The shape of each channel's spectrum, whatever its level. With the lines' power (or amplitude) as weights w over the
 * frequencies f, line 0 left out:
 * centroid Σwf/Σw; spread √(Σw(f − centroid)²/Σw); roll-off, the first line up to which the given share of Σw lies;
 * entropy −Σp·ln p / ln(lines) with p = w/Σw, 0 (one line) … 1 (all alike); flatness, the geometric over the arithmetic mean
 * of the power (Wiener entropy), 0 … 1, where a line counts at least 1e-12 of that mean. (As librosa's spectral_centroid,
 * _bandwidth, _rolloff and _flatness.) A channel without vibration has 0 everywhere.
 */
export const spectralShape: Block<SpectralShapeOptions> = {
  id: "spectral-shape",
  version: 1,
  title: "Spectral shape",
  group: "frequency",
  about: "Where the vibration lies and whether it is a tone or noise: five numbers whatever the level.",
  cost: "O(samples · log FFT length)",
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      measures: {
        type: "array",
        title: "Values",
        items: { enum: MEASURES },
        minItems: 1,
        uniqueItems: true,
        default: MEASURES,
      },
      weight: { type: "string", enum: ["power", "amplitude"], default: "power", title: "Weight of a line" },
      rollOff: {
        type: "number",
        exclusiveMinimum: 0,
        maximum: 100,
        default: 85,
        title: "Roll-off (%)",
        description: "The frequency below which this share lies.",
      },
      ...rangeOptions,
      ...spectrumOptions,
    },
  },
  plan(window, options) {
    const transform = planSpectrum(window, options, "Spectral shape");
    const { bins, step } = transform;
    const [from, last] = linesBetween(transform, frequencyRange(options, window.rate!));
    const first = Math.min(last, Math.max(1, from));
    const { samples, channels } = window;
    const wanted = MEASURES.filter((measure) => options.measures.includes(measure));
    const picks = wanted.map((measure) => MEASURES.indexOf(measure));
    const columns = channels.length;
    const x = new Float64Array(samples);
    const power = new Float64Array(bins);
    const values = new Float64Array(MEASURES.length);

    const describe = (): void => {
      const flatness = flatnessOf(power, first, last);
      if (options.weight === "amplitude")
        for (let k = first; k <= last; k++) power[k] = transform.amplitude(k, power[k]!);
      let sum = 0;
      let moment = 0;
      for (let k = first; k <= last; k++) {
        sum += power[k]!;
        moment += power[k]! * k;
      }
      // NaN goes on.
      if (sum === 0) {
        values.fill(0);
        return;
      }
      const centroid = moment / sum;
      let spread = 0;
      let entropy = 0;
      let below = 0;
      let rollOff = Number.isNaN(sum) ? Number.NaN : -1;
      for (let k = first; k <= last; k++) {
        const share = power[k]! / sum;
        spread += share * (k - centroid) ** 2;
        if (share !== 0) entropy -= share * Math.log(share);
        below += power[k]!;
        if (rollOff === -1 && below >= (options.rollOff / 100) * sum) rollOff = k;
      }
      values[0] = centroid * step;
      values[1] = Math.sqrt(spread) * step;
      values[2] = (rollOff === -1 ? last : rollOff) * step;
      // One line has no disorder; NaN goes on through the sum.
      values[3] = last > first ? entropy / Math.log(last - first + 1) : 0 * sum;
      values[4] = flatness;
    };
    return {
      shape: [columns * wanted.length],
      names: channels.flatMap((channel) => wanted.map((measure) => `${channel} spectral ${measure}`)),
      channels: channels.flatMap((channel) => wanted.map(() => channel)),
      units: channels.flatMap(() => picks.map((pick) => (pick < 3 ? "Hz" : ""))),
      compute(data, out, offset) {
        let at = offset;
        for (let channel = 0; channel < columns; channel++) {
          copyChannel(data, channel, columns, x);
          transform.compute(x, power);
          describe();
          for (const pick of picks) out[at++] = values[pick]!;
        }
      },
    };
  },
};

function flatnessOf(power: Float64Array, first: number, last: number): number {
  const lines = last - first + 1;
  let mean = 0;
  for (let k = first; k <= last; k++) mean += power[k]! / lines;
  if (mean === 0) return 0;
  let logarithms = 0;
  for (let k = first; k <= last; k++) logarithms += Math.log(Math.max(power[k]! / mean, 1e-12));
  return Math.exp(logarithms / lines);
}
