import { copyChannel } from "../math/channel.js";
import { PeakInterpolator, type PeakPosition } from "../math/spectral-peak.js";
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

interface DominantFrequenciesOptions extends SpectrumSettings, RangeSettings {
  count: number;
  /** Hz */
  distance: number;
  /** x */
  threshold: number;
  /** % of the largest peak's amplitude */
  share: number;
  order: "amplitude" | "frequency";
}

/**
 * The largest peaks of each channel's amplitude spectrum: frequency and amplitude, both interpolated between the lines
 * (see PeakInterpolator), so that a sine of amplitude 1 reads 1 wherever it lies. What is left is the leakage of other
 * sines, of the mean and of the negative frequency: from 8 periods in a part on, Hann below 0.01 %, Blackman 0.005 %,
 * Hamming 0.3 %. A peak is a line above its neighbours, inside the range. A peak that is not there has frequency 0 and
 * amplitude 0.
 */
export const dominantFrequencies: Block<DominantFrequenciesOptions> = {
  id: "dominant-frequencies",
  version: 1,
  title: "Dominant frequencies",
  group: "frequency",
  about: "The strongest vibrations and how strong they are: for machines whose speed changes.",
  cost: "O(samples · log FFT length)",
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      count: { type: "integer", minimum: 1, maximum: 32, default: 3, title: "How many" },
      ...rangeOptions,
      distance: {
        type: "number",
        minimum: 0,
        default: 0,
        title: "Apart at least (Hz)",
        description: "Of peaks that are closer, the larger one counts.",
      },
      threshold: { type: "number", minimum: 0, default: 0, title: "Smallest amplitude" },
      share: {
        type: "number",
        minimum: 0,
        maximum: 100,
        default: 3,
        title: "Smallest share of the largest (%)",
        description: "Beside a pure sine the taper leaves small peaks: Hann 2.7 %, Hamming 0.7 %, Blackman 0.1 %.",
      },
      order: { type: "string", enum: ["amplitude", "frequency"], default: "amplitude", title: "In the order of" },
      ...spectrumOptions,
      taper: { ...spectrumOptions.taper, enum: ["hann", "hamming", "blackman"] },
    },
  },
  plan(window, options) {
    const { count, threshold, order } = options;
    const transform = planSpectrum(window, options, "Dominant frequencies");
    const { bins, step } = transform;
    const [from, to] = linesBetween(transform, frequencyRange(options, window.rate!));
    const [first, last] = [Math.max(1, from), Math.min(bins - 2, to)];
    const interpolator = new PeakInterpolator(transform.weights, transform.fftLength);
    const clear = Math.floor(options.distance / step);
    const { samples, channels } = window;
    const columns = channels.length;
    const x = new Float64Array(samples);
    const lines = new Float64Array(bins);
    const taken = new Uint8Array(bins);
    const position: PeakPosition = { line: 0, factor: 1 };
    const frequencies = new Float64Array(count);
    const amplitudes = new Float64Array(count);
    const ranks = Array.from({ length: count }, (_, i) => i + 1);

    /** The highest line that is a peak and not taken, or 0. */
    const next = (): number => {
      let best = 0;
      let height = 0;
      for (let k = first; k <= last; k++) {
        const line = lines[k]!;
        if (line > height && taken[k] === 0 && line > lines[k - 1]! && line >= lines[k + 1]!) {
          best = k;
          height = line;
        }
      }
      return best;
    };
    const findPeaks = (): number => {
      taken.fill(0);
      let found = 0;
      let least = threshold;
      while (found < count) {
        const k = next();
        if (k === 0) break;
        interpolator.find(k, lines[k - 1]!, lines[k]!, lines[k + 1]!, position);
        const amplitude = lines[k]! * position.factor;
        if (amplitude < least) break;
        if (found === 0) least = Math.max(least, (amplitude * options.share) / 100);
        let at = found++;
        const frequency = position.line * step;
        if (order === "frequency") {
          for (; at > 0 && frequencies[at - 1]! > frequency; at--) {
            frequencies[at] = frequencies[at - 1]!;
            amplitudes[at] = amplitudes[at - 1]!;
          }
        }
        frequencies[at] = frequency;
        amplitudes[at] = amplitude;
        taken.fill(1, Math.max(0, k - clear), k + clear + 1);
      }
      return found;
    };
    return {
      shape: [columns * 2 * count],
      names: channels.flatMap((channel) =>
        ranks.flatMap((rank) => [`${channel} peak ${rank} frequency`, `${channel} peak ${rank} amplitude`]),
      ),
      channels: channels.flatMap((channel) => ranks.flatMap(() => [channel, channel])),
      units: channels.flatMap(() => ranks.flatMap(() => ["Hz", "x"])),
      compute(data, out, offset) {
        for (let channel = 0; channel < columns; channel++) {
          copyChannel(data, channel, columns, x);
          transform.compute(x, lines);
          const unknown = Number.isNaN(lines[first]!);
          // All lines as amplitudes of a sine that is nowhere near 0 Hz and half the rate.
          for (let k = 1; k < bins - 1; k++) lines[k] = Math.sqrt(2 * lines[k]!);
          lines[0] = 2 * Math.sqrt(lines[0]!);
          lines[bins - 1] = 2 * Math.sqrt(lines[bins - 1]!);
          const found = unknown ? 0 : findPeaks();
          const nothing = unknown ? Number.NaN : 0;
          const at = offset + channel * 2 * count;
          for (let i = 0; i < count; i++) {
            out[at + 2 * i] = i < found ? frequencies[i]! : nothing;
            out[at + 2 * i + 1] = i < found ? amplitudes[i]! : nothing;
          }
        }
      },
    };
  },
};
