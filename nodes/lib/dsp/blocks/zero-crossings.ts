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

function crossings(x: Float64Array, reference: number, hysteresis: number): number {
  let side = 0;
  let count = 0;
  for (let i = 0; i < x.length; i++) {
    const d = x[i]! - reference;
    const now = d > hysteresis ? 1 : d < -hysteresis ? -1 : side;
    if (now !== side && side !== 0) count++;
    side = now;
  }
  return count;
}
