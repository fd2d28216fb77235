import { EdgeMlError } from "../../errors/index.js";
import { copyChannel } from "../math/channel.js";
import { bandSum, spectralBand } from "../math/spectral-band.js";
import { VIBRATION_ZONES, type ZoneLimits, zoneOf } from "../math/vibration-zones.js";
import { type Block, needSamples } from "./block.js";
import { planSpectrum, type SpectrumSettings, settingError, spectrumOptions } from "./spectrum-settings.js";

/** What makes mm/s² or mm/s of the channel's unit, and whether it is a velocity already. */
const INPUTS = {
  "m/s²": { factor: 1000, velocity: false },
  g: { factor: 9806.65, velocity: false },
  "mm/s²": { factor: 1, velocity: false },
  "mm/s": { factor: 1, velocity: true },
  "m/s": { factor: 1000, velocity: true },
} as const;
const OWN = "own limits";
const LIMITS = ["A/B", "B/C", "C/D"] as const;
const MEASURES = ["velocity RMS", "zone", "share of the limit"] as const;
const UNITS = ["mm/s", "", ""];

interface VelocityRmsOptions extends SpectrumSettings {
  input: keyof typeof INPUTS;
  from: number;
  to: number;
  machine: keyof typeof VIBRATION_ZONES | typeof OWN;
  limits: number[];
  limit: (typeof LIMITS)[number];
  /** Always in the order of MEASURES. */
  measures: (typeof MEASURES)[number][];
}

const TITLE = "Vibration velocity";

/**
 * The vibration velocity of a machine, mm/s RMS, and its zone by ISO 10816-3 (now ISO 20816-3) or ISO 10816-1 as a number:
 * 1 = A … 4 = D. An acceleration is integrated in the frequency domain, each line's power over (2πf)²; a velocity is only
 * limited to the band. The band is flat to its ends: it reaches two lines further, so that a sine on an end counts in
 * full. (ISO 2954 asks for +10 −20 % there.) Near the lower end the integration over a line's width reads a sine slightly
 * high: Hann taper, 0.5 % for 10 periods in a part of the window, up to 3.5 % for 4, which is the least that is taken.
 */
export const velocityRms: Block<VelocityRmsOptions> = {
  id: "velocity-rms",
  version: 1,
  title: TITLE,
  group: "vibration",
  about: "How hard a machine shakes, and its zone A to D by ISO 10816 and 20816: from acceleration or velocity.",
  cost: "O(samples · log FFT length)",
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      input: { type: "string", enum: Object.keys(INPUTS), default: "m/s²", title: "The channels are in" },
      from: {
        type: "number",
        minimum: 0.1,
        default: 10,
        title: "From (Hz)",
        description: "ISO 10816 and 20816: 10 Hz, or 2 Hz for machines below 600 rpm.",
      },
      to: { type: "number", minimum: 0.1, default: 1000, title: "To (Hz)" },
      machine: {
        type: "string",
        enum: [...Object.keys(VIBRATION_ZONES), OWN],
        default: "ISO 10816-3 group 2, rigid",
        title: "Machine and foundation",
        description: "Group 1 is above 300 kW, group 2 from 15 kW. Class I is up to 15 kW, class II up to 75 kW.",
      },
      limits: {
        type: "array",
        items: { type: "number" },
        minItems: 3,
        maxItems: 3,
        default: [1.4, 2.8, 4.5],
        title: "Limits A/B, B/C, C/D (mm/s)",
      },
      measures: {
        type: "array",
        title: "Values",
        items: { enum: MEASURES },
        minItems: 1,
        uniqueItems: true,
        default: MEASURES,
      },
      limit: { type: "string", enum: LIMITS, default: "C/D", title: "Share of the limit" },
      ...spectrumOptions,
    },
  },
  when: { limits: { machine: [OWN] } },
  plan(window, options) {
    const { from, to, machine } = options;
    const { factor, velocity } = INPUTS[options.input];
    if (from >= to) throw settingError("from", `${from} Hz`, `below ${to} Hz`);
    const limits: ZoneLimits = machine === OWN ? ownLimits(options.limits) : VIBRATION_ZONES[machine];
    const transform = planSpectrum(window, options, TITLE);
    const { bins, step } = transform;
    const rate = window.rate!;
    if (to > rate / 2) {
      const [got, expected] = [`a sample rate of ${rate} Hz`, `at least ${2 * to} Hz, twice the highest frequency`];
      throw new EdgeMlError("EDGE_ML_WINDOW", { block: TITLE, got, expected });
    }
    const least = Math.ceil((4 * rate) / from);
    needSamples(window, least, TITLE);
    const part = transform.weights.length;
    if (part < least) throw settingError("fftLength", `${options.fftLength}`, `at least ${least}, or 0`);
    const more = (2 * rate) / part;
    const band = spectralBand(transform, from - more, Math.min(rate / 2, to + more));
    const toMeanSquare = (factor * factor * step) / transform.noiseBandwidth;
    const weights = Float64Array.from({ length: bins }, (_, k) => {
      if (velocity) return toMeanSquare;
      return k === 0 ? 0 : toMeanSquare / (2 * Math.PI * k * step) ** 2;
    });
    const limit = limits[LIMITS.indexOf(options.limit)]!;
    const wanted = MEASURES.filter((measure) => options.measures.includes(measure));
    const picks = wanted.map((measure) => MEASURES.indexOf(measure));
    const { samples, channels } = window;
    const columns = channels.length;
    const x = new Float64Array(samples);
    const power = new Float64Array(bins);
    const values = new Float64Array(MEASURES.length);
    return {
      shape: [columns * wanted.length],
      names: channels.flatMap((channel) => wanted.map((measure) => `${channel} ${measure}`)),
      channels: channels.flatMap((channel) => wanted.map(() => channel)),
      units: channels.flatMap(() => picks.map((pick) => UNITS[pick]!)),
      compute(data, out, offset) {
        let at = offset;
        for (let channel = 0; channel < columns; channel++) {
          copyChannel(data, channel, columns, x);
          transform.compute(x, power);
          for (let k = 0; k < bins; k++) power[k]! *= weights[k]!;
          const speed = Math.sqrt(bandSum(power, band));
          values[0] = speed;
          values[1] = zoneOf(speed, limits);
          values[2] = speed / limit;
          for (const pick of picks) out[at++] = values[pick]!;
        }
      },
    };
  },
};

function ownLimits([ab, bc, cd]: number[]): ZoneLimits {
  if (ab! > 0 && ab! < bc! && bc! < cd!) return [ab!, bc!, cd!];
  throw settingError("limits", `${ab}, ${bc}, ${cd}`, "three ascending numbers above 0");
}
