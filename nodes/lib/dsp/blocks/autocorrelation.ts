import { EdgeMlError } from "../../errors/index.js";
import { Autocorrelation } from "../math/autocorrelation.js";
import { copyChannel, isConstant, meanOf } from "../math/channel.js";
import { type Block, needSamples } from "./block.js";

const TITLE = "Autocorrelation";
const MAX_SAMPLES = 1 << 20;

interface AutocorrelationOptions {
  /** Samples. */
  lags: number[];
  period: boolean;
}

/**
 * How alike each channel is to itself some samples later, −1 … 1 (see math/autocorrelation.ts), and its period: the lag
 * of the highest value after the autocorrelation first fell below 0, up to half the window, refined by a parabola
 * through its neighbours; in seconds, or in samples when the rate is not known. No such lag: period and periodicity 0.
 * A constant has 0 everywhere.
 */
export const autocorrelation: Block<AutocorrelationOptions> = {
  id: "autocorrelation",
  version: 1,
  title: TITLE,
  group: "time",
  about: "Finds rhythms: how alike each channel is to itself a little later, and its period.",
  cost: "O(samples · log samples)",
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      lags: {
        type: "array",
        items: { type: "number" },
        maxItems: 1000,
        default: [1, 2, 5, 10],
        title: "Lags (samples)",
      },
      period: { type: "boolean", default: true, title: "Find the period" },
    },
  },
  plan(window, { lags, period }) {
    const { samples, channels, rate } = window;
    if (lags.length === 0 && !period) {
      throw new EdgeMlError("EDGE_ML_SETTING", { field: "lags", got: "empty", expected: "at least one lag" });
    }
    for (const lag of lags) {
      if (!Number.isInteger(lag) || lag < 1 || new Set(lags).size < lags.length) {
        throw new EdgeMlError("EDGE_ML_SETTING", {
          field: "lags",
          got: lags.join(", "),
          expected: "whole numbers from 1, each once",
        });
      }
    }
    needSamples(window, Math.max(4, ...lags.map((lag) => lag + 1)), TITLE);
    if (samples > MAX_SAMPLES) {
      throw new EdgeMlError("EDGE_ML_WINDOW", {
        block: TITLE,
        got: `${samples} samples`,
        expected: `at most ${MAX_SAMPLES} samples`,
      });
    }
    const names = [...lags.map((lag) => `autocorrelation at ${lag}`), ...(period ? ["period", "periodicity"] : [])];
    const units = [...lags.map(() => ""), ...(period ? [rate === undefined ? "samples" : "s", ""] : [])];
    const x = new Float64Array(samples);
    const r = new Float64Array(Math.max(Math.floor(samples / 2) + 1, ...lags.map((lag) => lag + 1)));
    const transform = new Autocorrelation(samples);
    return {
      shape: [channels.length * names.length],
      names: channels.flatMap((channel) => names.map((name) => `${channel} ${name}`)),
      channels: channels.flatMap((channel) => names.map(() => channel)),
      units: channels.flatMap(() => units),
      compute(data, out, offset) {
        let at = offset;
        for (let c = 0; c < channels.length; c++) {
          copyChannel(data, c, channels.length, x);
          if (isConstant(x)) r.fill(0);
          else {
            const mean = meanOf(x);
            for (let i = 0; i < samples; i++) x[i] = x[i]! - mean;
            transform.compute(x, r);
          }
          for (const lag of lags) out[at++] = r[lag]!;
          if (!period) continue;
          if (Number.isNaN(r[0]!)) {
            out[at++] = Number.NaN;
            out[at++] = Number.NaN;
            continue;
          }
          const peak = firstPeak(r, Math.floor(samples / 2));
          out[at++] = refined(r, peak) / (rate ?? 1);
          out[at++] = peak === 0 ? 0 : r[peak]!;
        }
      },
    };
  },
};

/** The lag of the period, or 0. */
function firstPeak(r: Float64Array, last: number): number {
  let k = 1;
  while (k <= last && r[k]! >= 0) k++;
  let peak = 0;
  for (; k < last; k++) {
    if (r[k]! > (peak === 0 ? 0 : r[peak]!) && r[k]! >= r[k - 1]! && r[k]! >= r[k + 1]!) peak = k;
  }
  return peak;
}

/** The vertex of the parabola through a peak and its neighbours. */
function refined(r: Float64Array, peak: number): number {
  if (peak === 0) return 0;
  const bend = r[peak - 1]! - 2 * r[peak]! + r[peak + 1]!;
  return bend === 0 ? peak : peak + (r[peak - 1]! - r[peak + 1]!) / (2 * bend);
}
