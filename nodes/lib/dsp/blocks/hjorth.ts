import { copyChannel, isConstant } from "../math/channel.js";
import { type Block, needSamples } from "./block.js";

const TITLE = "Hjorth parameters";

/**
 * Activity var(x), mobility √(var(x′) / var(x)) and complexity mobility(x′) / mobility(x), where x′ is the difference of
 * neighbouring samples and var the population variance. Source: B. Hjorth, EEG analysis based on time domain properties,
 * 1970. Where a variance is 0 the quotient is 0: a constant has activity, mobility and complexity 0.
 */
export const hjorth: Block<object> = {
  id: "hjorth",
  version: 1,
  title: TITLE,
  group: "time",
  about: "Activity, mobility and complexity of each channel: power, mean frequency and bandwidth without a spectrum.",
  cost: "O(samples)",
  options: { type: "object", additionalProperties: false, properties: {} },
  plan(window) {
    needSamples(window, 3, TITLE);
    const { samples, channels } = window;
    const x = new Float64Array(samples);
    return {
      shape: [3 * channels.length],
      names: channels.flatMap((channel) => ["activity", "mobility", "complexity"].map((name) => `${channel} ${name}`)),
      channels: channels.flatMap((channel) => [channel, channel, channel]),
      units: channels.flatMap(() => ["x²", "", ""]),
      compute(data, out, offset) {
        for (let c = 0; c < channels.length; c++) {
          copyChannel(data, c, channels.length, x);
          const activity = isConstant(x) ? 0 : variance(x, samples);
          difference(x, samples);
          const first = variance(x, samples - 1);
          difference(x, samples - 1);
          const second = variance(x, samples - 2);
          const mobility = root(first, activity);
          const at = offset + 3 * c;
          out[at] = activity;
          out[at + 1] = mobility;
          out[at + 2] = mobility === 0 ? 0 : root(second, first) / mobility;
        }
      },
    };
  },
};

function root(above: number, below: number): number {
  return below === 0 ? 0 : Math.sqrt(above / below);
}

/** In place: the first n − 1 numbers become differences. */
function difference(x: Float64Array, n: number): void {
  for (let i = 1; i < n; i++) x[i - 1] = x[i]! - x[i - 1]!;
}

/** Of the first n numbers, in two passes. */
function variance(x: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += x[i]!;
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (x[i]! - mean) ** 2;
  return squares / n;
}
