import { copyChannel } from "../math/channel.js";
import { fractionalOctaves } from "../math/octave.js";
import { bandSum, spectralBand } from "../math/spectral-band.js";
import type { Block } from "./block.js";
import {
  frequencyRange,
  planSpectrum,
  type RangeSettings,
  rangeOptions,
  type SpectrumSettings,
  settingError,
  spectrumOptions,
} from "./spectrum-settings.js";

const MEASURES = ["power", "RMS", "share", "dB"] as const;

interface BandPowerOptions extends SpectrumSettings, RangeSettings {
  division: "list" | "equal" | "octave" | "third-octave";
  bands: [from: number, to: number][];
  count: number;
  measure: (typeof MEASURES)[number];
}

interface Band {
  name: string;
  from: number;
  to: number;
}

/**
 * How much of each channel's vibration lies in which band: mean square (x²), RMS (x), share of the whole signal without
 * its mean, or dB relative to 1 x RMS (−300 for nothing). Bands that meet share a line between them, and bands from 0 Hz
 * to half the rate add up to the whole: to the variance exactly for one rectangular part, in the mean for any taper.
 * Octaves and third-octaves are those of IEC 61260-1 (base 10), named by their nominal middle; those that are narrower
 * than a line are left out. A constant channel has 0 everywhere, as a share too.
 */
export const bandPower: Block<BandPowerOptions> = {
  id: "band-power",
  version: 1,
  title: "Band power",
  group: "frequency",
  about: "Power, RMS or share of the signal in frequency bands: few numbers that change little with speed.",
  cost: "O(samples · log FFT length)",
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      division: { type: "string", enum: ["list", "equal", "octave", "third-octave"], default: "equal", title: "Bands" },
      bands: {
        type: "array",
        title: "From-to (Hz)",
        items: { type: "array", items: { type: "number" }, minItems: 2, maxItems: 2 },
        minItems: 1,
        maxItems: 64,
        default: [
          [10, 100],
          [100, 1000],
        ],
      },
      count: { type: "integer", minimum: 1, maximum: 256, default: 8, title: "How many" },
      ...rangeOptions,
      measure: { type: "string", enum: MEASURES, default: "RMS", title: "Values" },
      ...spectrumOptions,
    },
  },
  when: {
    bands: { division: ["list"] },
    count: { division: ["equal"] },
    from: { division: ["equal", "octave", "third-octave"] },
    to: { division: ["equal", "octave", "third-octave"] },
  },
  plan(window, options) {
    const { samples, channels } = window;
    const { measure } = options;
    const transform = planSpectrum(window, options, "Band power");
    const bands = bandsOf(options, window.rate!, transform.step);
    const parts = bands.map(({ from, to }) => spectralBand(transform, from, to));
    const whole = spectralBand(transform, 0, window.rate! / 2);
    const toMeanSquare = transform.step / transform.noiseBandwidth;
    const columns = channels.length;
    const x = new Float64Array(samples);
    const power = new Float64Array(transform.bins);
    const unit = { power: "x²", RMS: "x", share: "", dB: "dB" }[measure];
    return {
      shape: [columns * bands.length],
      names: channels.flatMap((channel) => bands.map(({ name }) => `${channel} ${name} ${measure}`)),
      channels: channels.flatMap((channel) => bands.map(() => channel)),
      units: channels.flatMap(() => bands.map(() => unit)),
      compute(data, out, offset) {
        let at = offset;
        for (let channel = 0; channel < columns; channel++) {
          copyChannel(data, channel, columns, x);
          transform.compute(x, power);
          const all = measure === "share" ? bandSum(power, whole) : 0;
          for (let i = 0; i < parts.length; i++) {
            const sum = bandSum(power, parts[i]!);
            if (measure === "share") out[at++] = all === 0 ? 0 : sum / all;
            else {
              const meanSquare = sum * toMeanSquare;
              if (measure === "power") out[at++] = meanSquare;
              else if (measure === "RMS") out[at++] = Math.sqrt(meanSquare);
              else out[at++] = Math.max(-300, 10 * Math.log10(meanSquare));
            }
          }
        }
      },
    };
  },
};

function bandsOf(options: BandPowerOptions, rate: number, step: number): Band[] {
  if (options.division === "list") {
    const named = options.bands.map(([from, to], i): Band => {
      if (from >= 0 && from < to && to <= rate / 2) return { name: `${from}-${to} Hz`, from, to };
      throw settingError(`bands.${i}`, `${from}-${to} Hz`, `ascending, from 0 to ${rate / 2} Hz, half the sample rate`);
    });
    const twice = named.find(({ name }, i) => named.findIndex((other) => other.name === name) < i);
    if (twice) throw settingError("bands", `${twice.name} twice`, "a list of different bands");
    return named;
  }
  const [from, to] = frequencyRange(options, rate);
  if (options.division === "equal") {
    const edge = (i: number): number => (i === options.count ? to : from + ((to - from) * i) / options.count);
    const short = (frequency: number): number => Number(frequency.toPrecision(6));
    return Array.from({ length: options.count }, (_, i) => ({
      name: `${short(edge(i))}-${short(edge(i + 1))} Hz`,
      from: edge(i),
      to: edge(i + 1),
    }));
  }
  const bands = fractionalOctaves(options.division === "octave" ? 1 : 3, Math.max(from, step), to).filter(
    (band) => band.to - band.from >= step,
  );
  if (bands.length > 0)
    return bands.map(({ middle, ...band }) => ({ name: `${middle} Hz ${options.division}`, ...band }));
  throw settingError("division", `"${options.division}"`, `another, for none lies within ${from} to ${to} Hz`);
}
