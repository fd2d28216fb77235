import { EdgeMlError } from "../../errors/index.js";
import { copyChannel, meanOf } from "../math/channel.js";
import { type Block, needSamples } from "./block.js";

const TITLE = "Sample entropy";

/** The pairs grow with the square of the samples: 2,000 of them are two million pairs, some milliseconds. */
const MAX_POINTS = 2000;

interface SampleEntropyOptions {
  /** m: how many neighbouring samples must be alike. */
  dimension: number;
  /** r, as a share of the channel's standard deviation. */
  tolerance: number;
  /** Means of so many samples in a row take their place (multiscale entropy); 1 = the samples themselves. */
  scale: number;
}

/**
 * −ln(A / B): of all pairs of places where `dimension` samples in a row are alike (B), how many go on alike (A); alike is
 * at most tolerance · population standard deviation apart. Low is regular, high is irregular. A window without such pairs
 * has the highest entropy that its length can show, ln((n − m)(n − m − 1) / 2); a constant has 0.
 * Source: Richman and Moorman, Physiological time-series analysis using approximate and sample entropy, 2000; scale:
 * Costa, Goldberger and Peng, Multiscale entropy analysis, 2002.
 */
export const sampleEntropy: Block<SampleEntropyOptions> = {
  id: "sample-entropy",
  version: 1,
  title: TITLE,
  group: "time",
  about: "How irregular each channel is: low for a steady rhythm, high for noise.",
  cost: "O((samples / scale)²)",
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      dimension: {
        type: "integer",
        minimum: 1,
        maximum: 10,
        default: 2,
        title: "Pattern length (samples)",
      },
      tolerance: {
        type: "number",
        exclusiveMinimum: 0,
        maximum: 10,
        default: 0.2,
        title: "Tolerance (share of the standard deviation)",
      },
      scale: {
        type: "integer",
        minimum: 1,
        maximum: 10_000,
        default: 1,
        title: "Scale (samples averaged)",
        description: `At most ${MAX_POINTS} values are compared: raise the scale for longer windows.`,
      },
    },
  },
  plan(window, { dimension, tolerance, scale }) {
    const points = Math.floor(window.samples / scale);
    needSamples(window, (dimension + 2) * scale, TITLE);
    if (points > MAX_POINTS) {
      throw new EdgeMlError("EDGE_ML_WINDOW", {
        block: TITLE,
        got: `${window.samples} samples`,
        expected: `at most ${MAX_POINTS * scale} samples at this scale`,
      });
    }
    const { channels } = window;
    const samples = new Float64Array(window.samples);
    const x = new Float64Array(points);
    return {
      shape: [channels.length],
      names: channels.map((channel) => `${channel} sample entropy`),
      channels,
      units: channels.map(() => ""),
      compute(data, out, offset) {
        for (let c = 0; c < channels.length; c++) {
          copyChannel(data, c, channels.length, samples);
          for (let i = 0; i < points; i++) {
            let sum = 0;
            for (let k = 0; k < scale; k++) sum += samples[i * scale + k]!;
            x[i] = sum / scale;
          }
          out[offset + c] = entropy(x, dimension, tolerance);
        }
      },
    };
  },
};

function entropy(x: Float64Array, dimension: number, tolerance: number): number {
  const n = x.length;
  const mean = meanOf(x);
  if (!Number.isFinite(mean)) return Number.NaN;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (x[i]! - mean) ** 2;
  const limit = tolerance * Math.sqrt(squares / n);
  const places = n - dimension;
  let alike = 0;
  let longer = 0;
  for (let i = 0; i < places; i++) {
    for (let j = i + 1; j < places; j++) {
      let k = 0;
      while (k < dimension && Math.abs(x[i + k]! - x[j + k]!) <= limit) k++;
      if (k < dimension) continue;
      alike++;
      if (Math.abs(x[i + dimension]! - x[j + dimension]!) <= limit) longer++;
    }
  }
  return longer === 0 ? Math.log((places * (places - 1)) / 2) : Math.log(alike / longer);
}
