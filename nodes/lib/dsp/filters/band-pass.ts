import { rateOf } from "../blocks/block.js";
import { butterworth } from "../math/iir-design.js";
import type { Filter } from "./filter.js";
import { type ButterworthOptions, butterworthOptions, checkBand, frequencyOption, recursivePlan } from "./recursive.js";

interface BandPassOptions extends ButterworthOptions {
  /** Hz, where the gain is 1/√2 (1/2 with `zeroPhase`). */
  low: number;
  high: number;
}

/**
 * A Butterworth band-pass: scipy.signal.butter with sosfilt from the steady state, or with sosfiltfilt. It has twice as
 * many poles as its order says, that many on either side of the band.
 */
export const bandPass: Filter<BandPassOptions> = {
  id: "band-pass",
  version: 1,
  title: "Band-pass",
  about: "Keeps one band of frequencies, for example a machine's.",
  cost: "O(samples · order)",
  options: {
    type: "object",
    additionalProperties: false,
    properties: { low: frequencyOption("From (Hz)", 5), high: frequencyOption("To (Hz)", 20), ...butterworthOptions },
  },
  plan(channel, { low, high, order, zeroPhase }) {
    const rate = rateOf(channel, "Band-pass");
    checkBand(low, high, rate);
    return recursivePlan(butterworth(order, "band", [low, high], rate), channel, zeroPhase);
  },
};
