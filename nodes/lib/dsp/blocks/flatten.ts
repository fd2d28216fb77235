import { EdgeMlError } from "../../errors/index.js";
import { KURTOSIS, momentsAbout, SKEWNESS, VARIANCE } from "../math/moments.js";
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
  /** Means of so many windows, this one included, are averaged; none when left out or 0. */
  movingAverage?: number;
}

/** The means of the last windows of a stream, channel by channel in a ring; empty until the first window. */
interface MeansOfWindows {
  ring: Float64Array;
  columns: number;
  /** Of each channel: how many means have come. */
  counts: Float64Array;
}

/**
 * Statistics of each channel over the window (Edge Impulse: Flatten): mean, minimum, maximum, RMS, population standard
 * deviation, biased skewness m3 / m2^1.5 and excess kurtosis m4 / m2² − 3, where mk is the k-th central moment; and,
 * with `movingAverage`, the average of the means of the stream's last windows, of fewer while there have not been as many.
 * A constant channel has no skewness or kurtosis: both are 0. A channel with a value that is NaN or infinite gives NaN,
 * and its moving average passes over that window.
 */
export const flatten: Block<FlattenOptions, MeansOfWindows> = {
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
        // None is fine where there is a moving average.
        minItems: 0,
        uniqueItems: true,
        default: STATISTICS,
      },
      movingAverage: {
        type: "integer",
        minimum: 0,
        maximum: 1000,
        default: 0,
        title: "Moving average of the mean (windows)",
        description: "0 leaves it out.",
      },
    },
  },
  later: ["movingAverage"],
  plan({ samples, channels }, { scale, statistics, movingAverage = 0 }) {
    const wanted = STATISTICS.filter((statistic) => statistics.includes(statistic));
    if (wanted.length === 0 && movingAverage === 0) {
      throw new EdgeMlError("EDGE_ML_SETTING", {
        field: "statistics",
        got: "empty",
        expected: "at least one statistic",
      });
    }
    const columns = channels.length;
    const picks = Uint8Array.from(wanted, (statistic) => STATISTICS.indexOf(statistic));
    const titles = wanted.map((statistic) => TITLES[statistic]);
    if (movingAverage > 0) titles.push([`mean over ${movingAverage} windows`, "x"]);
    const column = new Float64Array(samples);
    const found = new Float64Array(STATISTICS.length);
    return {
      shape: [columns * titles.length],
      names: channels.flatMap((channel) => titles.map(([name]) => `${channel} ${name}`)),
      channels: channels.flatMap((channel) => titles.map(() => channel)),
      units: channels.flatMap(() => titles.map(([, unit]) => unit)),
      compute(window, out, offset, _, memory) {
        let at = offset;
        for (let channel = 0; channel < columns; channel++) {
          describeChannel(window, channel, columns, scale, column, found);
          for (let i = 0; i < picks.length; i++) out[at++] = found[picks[i]!]!;
          if (movingAverage > 0) {
            const mean = found[0]!;
            out[at++] = memory ? averageWith(memory, mean, channel, columns, movingAverage) : mean;
          }
        }
      },
    };
  },
  remember({ movingAverage = 0 }) {
    return movingAverage > 0 ? { ring: new Float64Array(0), columns: 0, counts: new Float64Array(0) } : undefined;
  },
};

/** Puts the mean into the ring of its channel. @returns the average of the ring */
function averageWith(memory: MeansOfWindows, mean: number, channel: number, columns: number, windows: number): number {
  if (memory.columns !== columns) {
    memory.ring = new Float64Array(columns * windows);
    memory.counts = new Float64Array(columns);
    memory.columns = columns;
  }
  if (Number.isNaN(mean)) return mean;
  const { ring, counts } = memory;
  const from = channel * windows;
  ring[from + (counts[channel]! % windows)] = mean;
  counts[channel]!++;
  // Summed anew: a running sum would keep the rounding of each outlier for ever.
  const end = from + Math.min(windows, counts[channel]!);
  let sum = 0;
  for (let i = from; i < end; i++) sum += ring[i]!;
  return sum / (end - from);
}

const SHAPES = new Float64Array(4);

/** @param out in the order of STATISTICS */
function describeChannel(
  window: Float32Array,
  channel: number,
  columns: number,
  scale: number,
  column: Float64Array,
  out: Float64Array,
): void {
  const samples = column.length;
  // Two of each, so that an addition need not wait for the one before it.
  let sum = 0;
  let otherSum = 0;
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  const pairs = samples - 1;
  // V8 tests no sum of indices that it knows to be short.
  const step = columns & 0xfffffff;
  let i = 0;
  let from = channel & 0xfffffff;
  for (; i < pairs; i += 2, from = (from + 2 * step) & 0xfffffff) {
    const x = window[from]! * scale;
    const y = window[from + step]! * scale;
    column[i] = x;
    column[i + 1] = y;
    sum += x;
    otherSum += y;
    if (x < minimum) minimum = x;
    if (x > maximum) maximum = x;
    if (y < minimum) minimum = y;
    if (y > maximum) maximum = y;
  }
  if (i < samples) {
    const x = window[from]! * scale;
    column[i] = x;
    sum += x;
    if (x < minimum) minimum = x;
    if (x > maximum) maximum = x;
  }
  const mean = (sum + otherSum) / samples;
  if (!Number.isFinite(mean)) {
    out.fill(Number.NaN);
    return;
  }
  momentsAbout(mean, column, samples, column, SHAPES);
  // Rounding leaves a trace of spread in a constant channel whose mean is not exact: that is not a shape.
  const constant = minimum === maximum;
  const variance = constant ? 0 : SHAPES[VARIANCE]!;
  out[0] = mean;
  out[1] = minimum;
  out[2] = maximum;
  out[3] = Math.sqrt(mean * mean + variance);
  out[4] = Math.sqrt(variance);
  out[5] = constant ? 0 : SHAPES[SKEWNESS]!;
  out[6] = constant ? 0 : SHAPES[KURTOSIS]!;
}
