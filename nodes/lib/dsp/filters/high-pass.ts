import { rateOf } from "../blocks/block.js";
import { butterworth } from "../math/iir-design.js";
import type { Filter } from "./filter.js";
import {
  type ButterworthOptions,
  butterworthOptions,
  checkFrequency,
  frequencyOption,
  recursivePlan,
} from "./recursive.js";

interface HighPassOptions extends ButterworthOptions {
  /** Hz, where the gain is 1/√2 (1/2 with `zeroPhase`). */
  cutoff: number;
}

/** A Butterworth high-pass: scipy.signal.butter with sosfilt from the steady state, or with sosfiltfilt. */
export const highPass: Filter<HighPassOptions> = {
  id: "high-pass",
  version: 1,
  title: "High-pass",
  about: "Keeps what changes fast: takes offset, drift and gravity away.",
  cost: "O(samples · order)",
  options: {
    type: "object",
    additionalProperties: false,
    properties: { cutoff: frequencyOption("Cut-off (Hz)", 1), ...butterworthOptions },
  },
  plan(channel, { cutoff, order, zeroPhase }) {
    const rate = rateOf(channel, "High-pass");
    checkFrequency("cutoff", cutoff, rate);
    return recursivePlan(butterworth(order, "high", cutoff, rate), channel, zeroPhase);
  },
};
