import { EdgeMlError } from "../../errors/index.js";
import { copyChannel, isConstant, meanOf } from "../math/channel.js";
import { type Block, needSamples } from "./block.js";

const TITLE = "Trend";
const VALUES = ["slope", "fit", "change", "mean step", "largest step"] as const;
type Value = (typeof VALUES)[number];
const SECONDS = { second: 1, minute: 60, hour: 3600, day: 86_400 } as const;
const SHORT = { second: "s", minute: "min", hour: "h", day: "d", sample: "sample" } as const;

interface TrendOptions {
  values: Value[];
  per: keyof typeof SHORT;
}

/**
 * Where each channel is going. slope: of the line of least squares; fit: its R², 0 … 1; change: last minus first sample;
 * mean step and largest step: of the magnitudes of the differences of neighbouring samples, as a derivative. Slope and
 * steps are per second, minute, hour or day by the window's rate, or else by its first and last time, the samples taken
 * as equally far apart; or per sample. A constant has 0 everywhere.
 */
export const trend: Block<TrendOptions> = {
  id: "trend",
  version: 1,
  title: TITLE,
  group: "time",
  about: "Where each channel is going and how fast: slope, change and steps. For temperatures, levels and wear.",
  cost: "O(samples)",
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      values: {
        type: "array",
        items: { enum: VALUES },
        minItems: 1,
        uniqueItems: true,
        default: ["slope", "fit", "mean step"],
        title: "Values",
      },
      per: { type: "string", enum: Object.keys(SHORT), default: "second", title: "Per" },
    },
  },
  plan(window, { values, per }) {
    needSamples(window, 2, TITLE);
    const wanted = VALUES.filter((value) => values.includes(value));
    if (wanted.length === 0) {
      throw new EdgeMlError("EDGE_ML_SETTING", { field: "values", got: "empty", expected: "at least one value" });
    }
    const { samples, channels, rate } = window;
    const units: Record<Value, string> = {
      slope: `x/${SHORT[per]}`,
      fit: "",
      change: "x",
      "mean step": `x/${SHORT[per]}`,
      "largest step": `x/${SHORT[per]}`,
    };
    const x = new Float64Array(samples);
    return {
      shape: [channels.length * wanted.length],
      names: channels.flatMap((channel) => wanted.map((value) => `${channel} ${value}`)),
      channels: channels.flatMap((channel) => wanted.map(() => channel)),
      units: channels.flatMap(() => wanted.map((value) => units[value])),
      compute(data, out, offset, { start, end }) {
        const perSecond = rate ?? (1000 * (samples - 1)) / (end - start);
        // Samples that all have the same time have no slope in time.
        const factor = per === "sample" ? 1 : Number.isFinite(perSecond) ? perSecond * SECONDS[per] : Number.NaN;
        let at = offset;
        for (let c = 0; c < channels.length; c++) {
          copyChannel(data, c, channels.length, x);
          const line = fitLine(x);
          for (const value of wanted) {
            if (value === "slope") out[at++] = line.slope * factor;
            else if (value === "fit") out[at++] = line.fit;
            else if (value === "change")
              out[at++] = x[samples - 1]! - x[0]! + 0 * line.slope; // NaN when any sample is
            else out[at++] = factor * step(x, value === "largest step");
          }
        }
      },
    };
  },
};

const line = { slope: 0, fit: 0 };

/** Of least squares over 0, 1, 2, …; the same object each time. */
function fitLine(x: Float64Array): typeof line {
  line.slope = 0;
  line.fit = 0;
  if (isConstant(x)) return line;
  const n = x.length;
  const mean = meanOf(x);
  const middle = (n - 1) / 2;
  let along = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const d = x[i]! - mean;
    along += (i - middle) * d;
    squares += d * d;
  }
  const spread = (n * (n * n - 1)) / 12;
  line.slope = along / spread;
  line.fit = (along * along) / (spread * squares);
  return line;
}

function step(x: Float64Array, largest: boolean): number {
  let sum = 0;
  let top = 0;
  for (let i = 1; i < x.length; i++) {
    const size = Math.abs(x[i]! - x[i - 1]!);
    sum += size;
    top = Math.max(top, size);
  }
  return largest ? top : sum / (x.length - 1);
}
