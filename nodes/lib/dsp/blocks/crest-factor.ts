import { copyChannel, meanOf } from "../math/channel.js";
import type { Block } from "./block.js";

const MEASURES = [
  "peak",
  "peak-to-peak",
  "RMS",
  "crest factor",
  "shape factor",
  "impulse factor",
  "clearance factor",
] as const;
type Measure = (typeof MEASURES)[number];

interface CrestFactorOptions {
  removeMean: boolean;
  /** Always in the order of MEASURES. */
  measures: Measure[];
}

/**
 * How spiky each channel is: peak = max |x|, peak-to-peak, RMS, crest factor = peak / RMS, shape factor = RMS / mean |x|,
 * impulse factor = peak / mean |x|, clearance factor = peak / (mean √|x|)². A sine has the crest factor √2. Where there is
 * nothing to divide by (a constant channel whose mean is removed), the factor is 0.
 */
export const crestFactor: Block<CrestFactorOptions> = {
  id: "crest-factor",
  version: 1,
  title: "Crest factor",
  group: "vibration",
  about: "Peaks against the level: grows when a bearing or a gear starts to knock.",
  cost: "O(samples)",
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
        default: ["peak", "RMS", "crest factor"],
      },
      removeMean: { type: "boolean", default: true, title: "Remove the mean" },
    },
  },
  plan({ samples, channels }, { measures, removeMean }) {
    const wanted = MEASURES.filter((measure) => measures.includes(measure));
    const picks = wanted.map((measure) => MEASURES.indexOf(measure));
    const columns = channels.length;
    const x = new Float64Array(samples);
    const values = new Float64Array(MEASURES.length);
    return {
      shape: [columns * wanted.length],
      names: channels.flatMap((channel) => wanted.map((measure) => `${channel} ${measure}`)),
      channels: channels.flatMap((channel) => wanted.map(() => channel)),
      units: channels.flatMap(() => picks.map((pick) => (pick < 3 ? "x" : ""))),
      compute(data, out, offset) {
        let at = offset;
        for (let channel = 0; channel < columns; channel++) {
          copyChannel(data, channel, columns, x);
          measure(x, removeMean, values);
          for (const pick of picks) out[at++] = values[pick]!;
        }
      },
    };
  },
};

/** All of MEASURES, in float64. */
function measure(x: Float64Array, removeMean: boolean, out: Float64Array): void {
  const mean = removeMean ? meanOf(x) : 0;
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  let squares = 0;
  let sizes = 0;
  let roots = 0;
  for (let i = 0; i < x.length; i++) {
    const d = x[i]! - mean;
    const size = Math.abs(d);
    if (d < minimum) minimum = d;
    if (d > maximum) maximum = d;
    squares += d * d;
    sizes += size;
    roots += Math.sqrt(size);
  }
  const rms = Math.sqrt(squares / x.length);
  const size = sizes / x.length;
  const root = (roots / x.length) ** 2;
  // A comparison leaves NaN out: the sums do not.
  const peak = Number.isNaN(rms) ? Number.NaN : Math.max(maximum, -minimum);
  out[0] = peak;
  out[1] = Number.isNaN(rms) ? Number.NaN : maximum - minimum;
  out[2] = rms;
  out[3] = ratio(peak, rms);
  out[4] = ratio(rms, size);
  out[5] = ratio(peak, size);
  out[6] = ratio(peak, root);
}

/** 0 when there is nothing to divide by. */
function ratio(a: number, b: number): number {
  return b === 0 ? 0 : a / b;
}
