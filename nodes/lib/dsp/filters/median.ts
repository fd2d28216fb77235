import { SlidingMedian } from "../math/sliding-median.js";
import type { Filter } from "./filter.js";
import { checkOdd, widthOption } from "./odd-width.js";

/** The median of each sample and its neighbours: scipy.ndimage.median_filter with mode="nearest". */
export const median: Filter<{ width: number }> = {
  id: "median",
  version: 1,
  title: "Median",
  about: "Takes single spikes away and keeps steps sharp.",
  cost: "O(samples · log(width))",
  options: { type: "object", additionalProperties: false, properties: { width: widthOption } },
  plan(channel, { width }) {
    checkOdd(width);
    const filter = new SlidingMedian(width);
    return { output: channel, apply: (x, y) => filter.apply(x, y) };
  },
};
