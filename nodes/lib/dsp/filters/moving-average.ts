import type { Filter } from "./filter.js";
import { checkOdd, widthOption } from "./odd-width.js";

/**
 * The mean of each sample and its neighbours; beyond the ends, the first and the last sample go on
 * (scipy.ndimage.uniform_filter1d with mode="nearest").
 *
 * Each sum is of the samples from its beginning to the end of a section of `width` samples, and of those from there on:
 * both come from sums that run within a section (van Herk's way). So nothing is ever subtracted: no drift, and a NaN,
 * an infinity or a huge number is felt by its neighbours only.
 */
export const movingAverage: Filter<{ width: number }> = {
  id: "moving-average",
  version: 1,
  title: "Moving average",
  about: "Smooths: each sample becomes the mean of its neighbourhood.",
  cost: "O(samples)",
  options: { type: "object", additionalProperties: false, properties: { width: widthOption } },
  plan(channel, { width }) {
    checkOdd(width);
    const half = (width - 1) / 2;
    const length = channel.samples + 2 * half;
    const extended = new Float64Array(length);
    const toEnd = new Float64Array(length);
    return {
      output: channel,
      apply(x, y) {
        const samples = x.length;
        extended.fill(x[0]!, 0, half);
        extended.set(x, half);
        extended.fill(x[samples - 1]!, half + samples);
        let sum = 0;
        for (let i = length - 1; i >= 0; i--) {
          if (i % width === width - 1) sum = 0;
          sum += extended[i]!;
          toEnd[i] = sum;
        }
        // Of the section that the last neighbour is in, up to that one.
        let fromStart = 0;
        for (let i = 0; i < width - 1; i++) fromStart += extended[i]!;
        for (let i = 0; i < samples; i++) {
          const last = i + width - 1;
          fromStart = last % width === 0 ? extended[last]! : fromStart + extended[last]!;
          y[i] = (i % width === 0 ? fromStart : toEnd[i]! + fromStart) / width;
        }
      },
    };
  },
};
