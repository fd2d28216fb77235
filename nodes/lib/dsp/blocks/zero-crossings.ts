import { copyChannel, meanOf } from "../math/channel.js";
import { type Block, needSamples, rateOf } from "./block.js";

const TITLE = "Zero crossings";

interface ZeroCrossingsOptions {
  reference: "mean" | "zero";
  /** In the channel's unit: a crossing counts once the signal is this far on the other side. */
  hysteresis: number;
  result: "share" | "count" | "rate";
}

/**
 * How often each channel crosses its mean (or zero): a cheap measure of its frequency. A sample that lies within the
 * hysteresis of the reference, or on it, belongs to the side of the sample before it. "share" is crossings / (samples − 1),
 * "rate" is crossings per second. A constant channel has none.
 */
export const zeroCrossings: Block<ZeroCrossingsOptions> = {
  id: "zero-crossings",
  version: 1,
  title: TITLE,
  group: "time",
  about: "How often each channel crosses its mean or zero: a cheap measure of its frequency.",
  cost: "O(samples)",
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      reference: { type: "string", enum: ["mean", "zero"], default: "mean", title: "Crossings of" },
      hysteresis: {
        type: "number",
        minimum: 0,
        default: 0,
        title: "Hysteresis",
        description: "In the channel's unit: noise smaller than this does not count.",
      },
      result: {
        type: "string",
        enum: ["share", "count", "rate"],
        default: "share",
        title: "Result",
        description: "Share of the samples, number, or crossings per second.",
      },
    },
  },
  plan(window, { reference, hysteresis, result }) {
    needSamples(window, 2, TITLE);
    const { samples, channels } = window;
    const factor = result === "count" ? 1 : result === "share" ? 1 / (samples - 1) : rateOf(window, TITLE) / samples;
    const x = new Float64Array(samples);
    return {
      shape: [channels.length],
      names: channels.map((channel) => `${channel} ${reference} crossings`),
      channels,
      units: channels.map(() => (result === "rate" ? "1/s" : "")),
      compute(data, out, offset) {
        for (let c = 0; c < channels.length; c++) {
          copyChannel(data, c, channels.length, x);
          const mean = meanOf(x);
          out[offset + c] = Number.isNaN(mean)
            ? Number.NaN
            : factor * crossings(x, reference === "mean" ? mean : 0, hysteresis);
        }
      },
    };
  },
};

/**
 * Without a branch that depends on the samples, for a processor guesses half of the crossings of noise wrong; two samples
 * at a time.
 */
function crossings(x: Float64Array, reference: number, hysteresis: number): number {
  const high = reference + hysteresis;
  const low = reference - hysteresis;
  const length = x.length;
  let i = 0;
  while (i < length && !(x[i]! > high || x[i]! < low)) i++;
  if (i === length) return 0;
  let above = +(x[i]! > high);
  let count = 0;
  for (const last = length - 1; i < last; i += 2) {
    const a = x[i]!;
    const b = x[i + 1]!;
    const first = +(a > high) | (above & +!(a < low));
    const second = +(b > high) | (first & +!(b < low));
    count = (count + (first ^ above) + (first ^ second)) | 0;
    above = second;
  }
  if (i < length) count += above ^ (+(x[i]! > high) | (above & +!(x[i]! < low)));
  return count;
}
