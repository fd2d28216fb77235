import { rateOf } from "../blocks/block.js";
import { butterworth } from "../math/iir-design.js";
import type { Filter } from "./filter.js";
import { type ButterworthOptions, butterworthOptions, checkBand, frequencyOption, recursivePlan } from "./recursive.js";

interface BandStopOptions extends ButterworthOptions {
  /** Hz, where the gain is 1/√2 (1/2 with `zeroPhase`). */
  low: number;
  high: number;
}

/**
 * A Butterworth band-stop: scipy.signal.butter with sosfilt from the steady state, or with sosfiltfilt. It has twice as
 * many poles as its order says, that many on either side of the band.
 */
export const bandStop: Filter<BandStopOptions> = {
  id: "band-stop",
  version: 1,
  title: "Band-stop",
  about: "Takes one band of frequencies away.",
  cost: "O(samples · order)",
  options: {
    type: "object",
    additionalProperties: false,
    properties: { low: frequencyOption("From (Hz)", 5), high: frequencyOption("To (Hz)", 20), ...butterworthOptions },
  },
  plan(channel, { low, high, order, zeroPhase }) {
    const rate = rateOf(channel, "Band-stop");
    checkBand(low, high, rate);
    return recursivePlan(butterworth(order, "stop", [low, high], rate), channel, zeroPhase);
  },
};
