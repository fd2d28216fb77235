import { type Block, limitFeatures } from "./block.js";

interface RawOptions {
  /** Each value is multiplied by this. */
  scale: number;
}

/** The samples themselves, in time order. (Edge Impulse: Raw data.) */
export const raw: Block<RawOptions> = {
  id: "raw",
  version: 1,
  title: "Raw data",
  group: "statistics",
  about: "Every sample as it is: for windows of one sample, or a network that finds its own features.",
  cost: "O(samples)",
  options: {
    type: "object",
    additionalProperties: false,
    properties: { scale: { type: "number", default: 1, title: "Multiply by" } },
  },
  plan({ samples, channels }, { scale }) {
    const length = samples * channels.length;
    limitFeatures(length, "Raw data");
    const names: string[] = [];
    for (let i = 0; i < samples; i++) {
      for (const channel of channels) names.push(samples === 1 ? channel : `${channel} [${i}]`);
    }
    return {
      shape: [length],
      names,
      channels: Array.from({ length }, (_, i) => channels[i % channels.length]),
      units: Array.from({ length }, () => "x"),
      compute(window, out, offset) {
        if (scale === 1) out.set(window.length === length ? window : window.subarray(0, length), offset);
        else for (let i = 0; i < length; i++) out[offset + i] = window[i]! * scale;
      },
    };
  },
};
