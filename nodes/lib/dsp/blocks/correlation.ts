import { EdgeMlError } from "../../errors/index.js";
import { copyChannel, isConstant, meanOf } from "../math/channel.js";
import { type Block, needSamples } from "./block.js";

const TITLE = "Correlation of channels";
const MAX_CHANNELS = 16;

interface CorrelationOptions {
  /** Samples; 0 = none. */
  maxLag: number;
}

/**
 * Pearson's r of every pair of channels, −1 … 1. With a largest lag also the r of largest magnitude when one channel is
 * moved against the other, Σ (a[i] − mean a)·(b[i+k] − mean b) / (n·σa·σb), and the lag k where it is found: positive when
 * the second channel follows the first; in seconds, or in samples when the rate is not known. Of equal ones the
 * shortest lag counts. A constant channel correlates with nothing: 0.
 */
export const correlation: Block<CorrelationOptions> = {
  id: "correlation",
  version: 1,
  title: TITLE,
  group: "time",
  about: "Whether channels move together, and which one follows: a broken coupling shows here first.",
  cost: "O(channels² · samples · lags)",
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      maxLag: {
        type: "integer",
        minimum: 0,
        maximum: 1000,
        default: 0,
        title: "Largest lag (samples)",
        description: "0 compares the channels as they are.",
      },
    },
  },
  plan(window, { maxLag }) {
    const { samples, channels, rate } = window;
    const columns = channels.length;
    if (columns < 2 || columns > MAX_CHANNELS) {
      throw new EdgeMlError("EDGE_ML_WINDOW", {
        block: TITLE,
        got: `${columns} channels`,
        expected: `2 to ${MAX_CHANNELS} channels`,
      });
    }
    needSamples(window, Math.max(2, maxLag + 2), TITLE);
    const pairs: [number, number][] = [];
    for (let a = 0; a < columns; a++) for (let b = a + 1; b < columns; b++) pairs.push([a, b]);
    const kinds = maxLag === 0 ? ["correlation"] : ["correlation", "largest correlation", "lag"];
    const units = maxLag === 0 ? [""] : ["", "", rate === undefined ? "samples" : "s"];
    const standardised = channels.map(() => new Float64Array(samples));
    return {
      shape: [pairs.length * kinds.length],
      names: pairs.flatMap(([a, b]) => kinds.map((kind) => `${kind} of ${channels[a]} and ${channels[b]}`)),
      channels: pairs.flatMap(() => kinds.map(() => undefined)),
      units: pairs.flatMap(() => units),
      compute(data, out, offset) {
        for (let c = 0; c < columns; c++) {
          copyChannel(data, c, columns, standardised[c]!);
          standardise(standardised[c]!);
        }
        let at = offset;
        for (const [a, b] of pairs) {
          const x = standardised[a]!;
          const y = standardised[b]!;
          const now = correlated(x, y, 0);
          out[at++] = now;
          if (maxLag === 0) continue;
          let best = now;
          let lag = 0;
          for (let k = 1; k <= maxLag; k++) {
            const after = correlated(x, y, k);
            const before = correlated(y, x, k);
            if (Math.abs(after) > Math.abs(best)) {
              best = after;
              lag = k;
            }
            if (Math.abs(before) > Math.abs(best)) {
              best = before;
              lag = -k;
            }
          }
          out[at++] = best;
          out[at++] = Number.isNaN(now) ? Number.NaN : lag / (rate ?? 1);
        }
      },
    };
  },
};

/** To mean 0 and Σ x² = 1; a constant to zeros. */
function standardise(x: Float64Array): void {
  if (isConstant(x)) {
    x.fill(0);
    return;
  }
  const mean = meanOf(x);
  let squares = 0;
  for (let i = 0; i < x.length; i++) squares += (x[i]! - mean) ** 2;
  const length = Math.sqrt(squares);
  for (let i = 0; i < x.length; i++) x[i] = (x[i]! - mean) / length;
}

function correlated(x: Float64Array, y: Float64Array, lag: number): number {
  let sum = 0;
  for (let i = lag; i < y.length; i++) sum += x[i - lag]! * y[i]!;
  return sum;
}
