import type { Filter } from "./filter.js";

interface DetrendOptions {
  kind: "constant" | "linear";
}

/**
 * Takes the mean away, or the straight line that fits best (least squares): scipy.signal.detrend. A constant becomes
 * exactly 0, and so does a single sample. A NaN or an infinity makes the whole window of its channel NaN.
 */
export const detrend: Filter<DetrendOptions> = {
  id: "detrend",
  version: 1,
  title: "Remove the trend",
  about: "Takes the level or the straight slope of each window away.",
  cost: "O(samples)",
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      kind: {
        type: "string",
        enum: ["constant", "linear"],
        default: "linear",
        title: "Trend",
        description: "constant takes the mean away, linear the best straight line.",
      },
    },
  },
  plan(channel, { kind }) {
    const { samples } = channel;
    const middle = (samples - 1) / 2;
    // Σ (i − middle)²
    const spread = (samples * (samples * samples - 1)) / 12;
    const linear = kind === "linear" && samples > 1;
    return {
      output: channel,
      apply(x, y) {
        // From the first sample on: a constant is then exactly 0, and a large offset costs no digits.
        const first = x[0]!;
        let sum = 0;
        let moment = 0;
        for (let i = 0; i < samples; i++) {
          const value = x[i]! - first;
          sum += value;
          moment += (i - middle) * value;
        }
        const mean = sum / samples;
        const slope = linear ? moment / spread : 0;
        for (let i = 0; i < samples; i++) y[i] = x[i]! - first - mean - slope * (i - middle);
      },
    };
  },
};
