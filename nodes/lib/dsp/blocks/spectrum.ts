import { copyChannel } from "../math/channel.js";
import type { Block } from "./block.js";
import {
  frequencyRange,
  hertz,
  linesBetween,
  planSpectrum,
  type RangeSettings,
  rangeOptions,
  type SpectrumSettings,
  spectrumOptions,
} from "./spectrum-settings.js";

const SCALINGS = ["amplitude", "RMS", "power density"] as const;

interface SpectrumBlockOptions extends SpectrumSettings, RangeSettings {
  scaling: (typeof SCALINGS)[number];
  average: "mean" | "maximum";
  removeMean: boolean;
  decibel: boolean;
  /** dB: less counts as this. */
  floor: number;
}

/**
 * The spectrum of each channel by Welch's method, line by line: see PowerSpectrum. A sine of amplitude A on a line reads A
 * as "amplitude", A/√2 as "RMS"; "power density" is in x²/Hz and does not depend on the FFT's length for noise. Between
 * two lines a sine reads less (Hann taper, no zero padding: up to 1.4 dB): the blocks "Dominant frequencies" and
 * "Goertzel" read it in full. On the last line, at half the rate, a sine and its alias are one. The mean's line reads
 * |mean|. Decibels are relative to 1 x (or 1 x²/Hz); zero is the floor.
 */
export const spectrum: Block<SpectrumBlockOptions> = {
  id: "spectrum",
  version: 1,
  title: "Spectrum",
  group: "frequency",
  about: "Amplitude or power density, frequency by frequency: for machines with constant speed.",
  cost: "O(samples · log FFT length)",
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      scaling: { type: "string", enum: SCALINGS, default: "amplitude", title: "Values" },
      ...rangeOptions,
      ...spectrumOptions,
      average: {
        type: "string",
        enum: ["mean", "maximum"],
        default: "mean",
        title: "Of the parts take the",
        description: "The maximum shows what happens only for a moment.",
      },
      removeMean: { type: "boolean", default: true, title: "Remove the mean" },
      decibel: { type: "boolean", default: false, title: "In dB" },
      floor: { type: "number", default: -120, title: "Floor (dB)" },
    },
  },
  when: { floor: { decibel: [true] } },
  plan(window, options) {
    const { average, removeMean, scaling, decibel, floor } = options;
    const transform = planSpectrum(window, options, "Spectrum", { average, removeMean });
    const [first, last] = linesBetween(transform, frequencyRange(options, window.rate!));
    const { samples, channels } = window;
    const columns = channels.length;
    const x = new Float64Array(samples);
    const power = new Float64Array(transform.bins);
    const lines = Array.from({ length: last - first + 1 }, (_, i) =>
      hertz((first + i) * transform.step, transform.step),
    );
    const unit = decibel ? "dB" : scaling === "power density" ? "x²/Hz" : "x";
    const value = (k: number): number => {
      if (scaling === "power density") return power[k]! / transform.noiseBandwidth;
      return scaling === "RMS" ? Math.sqrt(power[k]!) : transform.amplitude(k, power[k]!);
    };
    const perDecade = scaling === "power density" ? 10 : 20;
    return {
      shape: [columns * lines.length],
      names: channels.flatMap((channel) => lines.map((line) => `${channel} ${scaling} ${line}`)),
      channels: channels.flatMap((channel) => lines.map(() => channel)),
      units: channels.flatMap(() => lines.map(() => unit)),
      compute(data, out, offset) {
        let at = offset;
        for (let channel = 0; channel < columns; channel++) {
          copyChannel(data, channel, columns, x);
          transform.compute(x, power);
          for (let k = first; k <= last; k++) {
            const level = value(k);
            out[at++] = decibel ? Math.max(floor, perDecade * Math.log10(level)) : level;
          }
        }
      },
    };
  },
};
