import type { ManifestExpectedAlarms } from "../../model/index.js";
import { clopperPearson } from "../math/beta.js";
import { quantile, sorted } from "../math/quantile.js";
import type { Random } from "../math/random.js";
import { fitTail, type Tail, tailProbability, tailQuantile } from "../math/tail.js";
import type { Threshold } from "./calibrate.js";

const CONFIDENCE = 0.95;

/** Draws of the bootstrap: the ends of a 95 % interval are then the 10th of 400 from either side. */
const DRAWS = 400;

/** A tail of fewer exceedances than this is not drawn again. */
const MIN_TAIL = 5;

/**
 * What a threshold can really be expected to give per day, with 95 % confidence.
 *
 * Clopper-Pearson: of the exceedances in the hold-out, with as many frames as say something of their own. The threshold was
 * set on the same scores; for an order statistic the rate beyond it is beta distributed, and this interval holds it.
 *
 * Bootstrap, for a threshold that was extrapolated: that there was no exceedance then says little. So hold-outs are drawn
 * from the fitted tail, as many independent frames as there were; each is fitted in its turn, and the interval is that of
 * the rates which those fits give at the threshold (Efron & Tibshirani 1993, chapter 13: percentiles). It relies on the
 * shape of the tail; what no exceedance in so many frames rules out whatever the shape, stays ruled out.
 */
export function expectedAlarms(
  scores: ArrayLike<number>,
  threshold: Threshold,
  framesPerDay: number,
  effective: number,
  random: Random,
): ManifestExpectedAlarms {
  const n = scores.length;
  const found = (threshold.exceedances * effective) / n;
  let { low, high } = clopperPearson(found, effective, CONFIDENCE);
  let method: ManifestExpectedAlarms["method"] = "clopper-pearson";
  if (threshold.extrapolated) {
    method = "bootstrap";
    const rates = drawnRates(fitTail(sorted(scores)), Math.round(effective), threshold.value, random);
    high = Math.min(high, quantile(rates, (1 + CONFIDENCE) / 2));
    low = Math.min(high, quantile(rates, (1 - CONFIDENCE) / 2));
  }
  return {
    low: low * framesPerDay,
    high: high * framesPerDay,
    confidence: CONFIDENCE,
    method,
    effectiveFrames: effective,
  };
}

/** The rates at the value of tails that were fitted to draws from the tail, ascending. */
function drawnRates(tail: Tail, frames: number, value: number, random: Random): Float64Array {
  const rates = new Float64Array(DRAWS);
  for (let draw = 0; draw < DRAWS; draw++) {
    const count = Math.max(MIN_TAIL, binomial(frames, tail.share, random));
    const exceedances = Float64Array.from({ length: count }, () =>
      tailQuantile(tail, tail.share * (1 - random())),
    ).sort();
    const drawn = fitTail(exceedances, { threshold: tail.threshold, share: Math.min(1, count / Math.max(frames, 1)) });
    rates[draw] = tailProbability(drawn, value);
  }
  return rates.sort();
}

/** By its definition: some thousand frames, a few hundred times, take milliseconds. */
function binomial(trials: number, share: number, random: Random): number {
  let count = 0;
  for (let i = 0; i < trials; i++) if (random() < share) count++;
  return count;
}
