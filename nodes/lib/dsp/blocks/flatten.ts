import { EdgeMlError } from "../../errors/index.js";
import type { Block } from "./block.js";

const STATISTICS = ["average", "minimum", "maximum", "rms", "stdev", "skewness", "kurtosis"] as const;
type Statistic = (typeof STATISTICS)[number];

/** What a person reads; the units beside them. */
const TITLES: Record<Statistic, [name: string, unit: string]> = {
  average: ["mean", "x"],
  minimum: ["minimum", "x"],
  maximum: ["maximum", "x"],
  rms: ["RMS", "x"],
  stdev: ["standard deviation", "x"],
  skewness: ["skewness", ""],
  kurtosis: ["kurtosis", ""],
};

interface FlattenOptions {
  /** Each value is multiplied by this first. */
  scale: number;
  /** Which statistics, always in the order of STATISTICS. */
  statistics: Statistic[];
}

/**
 * Statistics of each channel over the window (Edge Impulse: Flatten): mean, minimum, maximum, RMS, population standard
 * deviation, biased skewness m3 / m2^1.5 and excess kurtosis m4 / m2² − 3, where mk is the k-th central moment.
 * A constant channel has no skewness or kurtosis: both are 0.
 */
export const flatten: Block<FlattenOptions> = {
  id: "flatten",
  version: 1,
  title: "Flatten",
  group: "statistics",
  about: "Level, spread and shape of each channel: for slow sensors and vibration levels.",
  cost: "O(samples)",
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      scale: { type: "number", default: 1, title: "Multiply by" },
      statistics: {
        type: "array",
        title: "Statistics",
        items: { enum: STATISTICS },
        minItems: 1,
        uniqueItems: true,
        default: STATISTICS,
      },
    },
  },
  plan({ samples, channels }, options) {
    const wanted = STATISTICS.filter((statistic) => options.statistics.includes(statistic));
    if (wanted.length === 0) {
      throw new EdgeMlError("EDGE_ML_SETTING", {
        field: "statistics",
        got: "empty",
        expected: "at least one statistic",
      });
    }
    const columns = channels.length;
    const statistics = new Float64Array(STATISTICS.length);
    const picks = wanted.map((statistic) => STATISTICS.indexOf(statistic));
    return {
      shape: [columns * wanted.length],
      names: channels.flatMap((channel) => wanted.map((statistic) => `${channel} ${TITLES[statistic][0]}`)),
      channels: channels.flatMap((channel) => wanted.map(() => channel)),
      units: channels.flatMap(() => wanted.map((statistic) => TITLES[statistic][1])),
      compute(window, out, offset) {
        let at = offset;
        for (let channel = 0; channel < columns; channel++) {
          describeChannel(window, channel, columns, samples, options.scale, statistics);
          for (const pick of picks) out[at++] = statistics[pick]!;
        }
      },
    };
  },
};

/** Two passes in float64: the moments are taken about the mean, so a large offset costs no digits. */
function describeChannel(
  window: Float32Array,
  channel: number,
  columns: number,
  samples: number,
  scale: number,
  out: Float64Array,
): void {
  let sum = 0;
  let squares = 0;
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  const end = samples * columns;
  for (let i = channel; i < end; i += columns) {
    const x = window[i]! * scale;
    sum += x;
    squares += x * x;
    if (x < minimum) minimum = x;
    if (x > maximum) maximum = x;
  }
  const mean = sum / samples;
  let m2 = 0;
  let m3 = 0;
  let m4 = 0;
  for (let i = channel; i < end; i += columns) {
    const d = window[i]! * scale - mean;
    const d2 = d * d;
    m2 += d2;
    m3 += d2 * d;
    m4 += d2 * d2;
  }
  m2 /= samples;
  m3 /= samples;
  m4 /= samples;
  // Rounding leaves a trace of spread in a constant channel whose mean is not exact: that is not a shape.
  const constant = minimum === maximum;
  out[0] = mean;
  out[1] = minimum;
  out[2] = maximum;
  out[3] = Math.sqrt(squares / samples);
  out[4] = constant ? 0 : Math.sqrt(m2);
  out[5] = constant ? 0 : m3 / m2 ** 1.5;
  out[6] = constant ? 0 : m4 / (m2 * m2) - 3;
}
