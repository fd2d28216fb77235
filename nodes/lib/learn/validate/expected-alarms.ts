import type { ManifestExpectedAlarms } from "../../model/index.js";
import { clopperPearson } from "../math/beta.js";
import { sorted } from "../math/quantile.js";
import { largestRate } from "../math/tail-interval.js";
import type { Threshold } from "./calibrate.js";

const CONFIDENCE = 0.95;

/**
 * What a threshold can really be expected to give per day, with 95 % confidence.
 *
 * Clopper-Pearson: of the exceedances in the hold-out, with as many frames as say something of their own. The threshold was
 * set on the same scores; for an order statistic the rate beyond it is beta distributed, and this interval holds it.
 *
 * Profile, for a threshold that was extrapolated: that there was no exceedance then says little, and the upper end is
 * that of the tail's likelihood, the lower one 0. It relies on a tail that goes on as it begins; what no exceedance in so
 * many frames rules out whatever the shape, stays ruled out.
 *
 * A test draws hold-outs of known distributions: the interval holds the true rate in 94 % of them and more.
 */
export function expectedAlarms(
  scores: ArrayLike<number>,
  threshold: Threshold,
  framesPerDay: number,
  effective: number,
): ManifestExpectedAlarms {
  const n = scores.length;
  const found = (threshold.exceedances * effective) / n;
  let { low, high } = clopperPearson(found, effective, CONFIDENCE);
  let method: ManifestExpectedAlarms["method"] = "clopper-pearson";
  if (threshold.extrapolated) {
    method = "profile";
    high = Math.min(high, largestRate(sorted(scores), threshold.value, effective / n));
    low = 0;
  }
  return {
    low: low * framesPerDay,
    high: high * framesPerDay,
    confidence: CONFIDENCE,
    method,
    effectiveFrames: effective,
  };
}
