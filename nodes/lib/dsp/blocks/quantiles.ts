import { EdgeMlError } from "../../errors/index.js";
import { copyChannel } from "../math/channel.js";
import type { Block } from "./block.js";

const VALUES = [
  "minimum",
  "5 %",
  "25 %",
  "median",
  "75 %",
  "95 %",
  "maximum",
  "range",
  "interquartile range",
  "median absolute deviation",
] as const;
type Value = (typeof VALUES)[number];
/** What is a quantile, and of which share. */
const SHARES: Partial<Record<Value, number>> = {
  minimum: 0,
  "5 %": 0.05,
  "25 %": 0.25,
  median: 0.5,
  "75 %": 0.75,
  "95 %": 0.95,
  maximum: 1,
};

interface QuantilesOptions {
  values: Value[];
}

/**
 * Quantiles of each channel, linearly between neighbours (as numpy's default), their differences, and the median of
 * the distances to the median: level and spread that one outlier does not move.
 */
export const quantiles: Block<QuantilesOptions> = {
  id: "quantiles",
  version: 1,
  title: "Quantiles",
  group: "statistics",
  about: "Level and spread that single outliers do not move: median, percentiles, interquartile range.",
  cost: "O(samples · log samples)",
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      values: {
        type: "array",
        items: { enum: VALUES },
        minItems: 1,
        uniqueItems: true,
        default: ["5 %", "median", "95 %", "interquartile range"],
        title: "Values",
      },
    },
  },
  plan({ samples, channels }, { values }) {
    const wanted = VALUES.filter((value) => values.includes(value));
    if (wanted.length === 0) {
      throw new EdgeMlError("EDGE_ML_SETTING", { field: "values", got: "empty", expected: "at least one value" });
    }
    const x = new Float64Array(samples);
    const deviations = new Float64Array(wanted.includes("median absolute deviation") ? samples : 0);
    return {
      shape: [channels.length * wanted.length],
      names: channels.flatMap((channel) => wanted.map((value) => `${channel} ${value}`)),
      channels: channels.flatMap((channel) => wanted.map(() => channel)),
      units: channels.flatMap(() => wanted.map(() => "x")),
      compute(data, out, offset) {
        let at = offset;
        for (let c = 0; c < channels.length; c++) {
          copyChannel(data, c, channels.length, x);
          x.sort();
          // Sorted last: one NaN, and no place among the others is known.
          const known = !Number.isNaN(x[samples - 1]!);
          for (const value of wanted) out[at++] = known ? statisticOf(value, x, deviations) : Number.NaN;
        }
      },
    };
  },
};

function statisticOf(value: Value, sorted: Float64Array, deviations: Float64Array): number {
  const share = SHARES[value];
  if (share !== undefined) return quantile(sorted, share);
  if (value === "range") return sorted[sorted.length - 1]! - sorted[0]!;
  if (value === "interquartile range") return quantile(sorted, 0.75) - quantile(sorted, 0.25);
  const median = quantile(sorted, 0.5);
  for (let i = 0; i < sorted.length; i++) deviations[i] = Math.abs(sorted[i]! - median);
  return quantile(deviations.sort(), 0.5);
}

function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const rest = place - below;
  return rest === 0 ? sorted[below]! : sorted[below]! + rest * (sorted[below + 1]! - sorted[below]!);
}
