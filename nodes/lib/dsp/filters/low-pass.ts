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

interface LowPassOptions extends ButterworthOptions {
  /** Hz, where the gain is 1/√2 (1/2 with `zeroPhase`). */
  cutoff: number;
}

/** A Butterworth low-pass: scipy.signal.butter with sosfilt from the steady state, or with sosfiltfilt. */
export const lowPass: Filter<LowPassOptions> = {
  id: "low-pass",
  version: 1,
  title: "Low-pass",
  about: "Keeps what changes slowly: takes noise away above a frequency.",
  cost: "O(samples · order)",
  options: {
    type: "object",
    additionalProperties: false,
    properties: { cutoff: frequencyOption("Cut-off (Hz)", 10), ...butterworthOptions },
  },
  plan(channel, { cutoff, order, zeroPhase }) {
    const rate = rateOf(channel, "Low-pass");
    checkFrequency("cutoff", cutoff, rate);
    return recursivePlan(butterworth(order, "low", cutoff, rate), channel, zeroPhase);
  },
};
