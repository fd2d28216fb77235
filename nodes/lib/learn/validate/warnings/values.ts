import type { ManifestValues } from "../../../model/index.js";
import { brief, percent } from "../../words.js";
import type { ValueMetrics } from "../value-metrics.js";
import { manyStreams, noGap, notByStream, thinned, tooFew } from "./amount.js";
import { type Check, type Evidence, sentences } from "./check.js";
import { drift } from "./drift.js";
import { useless } from "./features.js";

export interface ValueEvidence extends Evidence {
  trainingValues: Float64Array;
  holdOutValues: Float64Array;
  allValues: Float64Array;
  /** In the hold-out, and on what it learned from. */
  metrics: ValueMetrics;
  trainingMetrics: ValueMetrics;
  baselines: ManifestValues["baselines"];
}

/** More of the hold-out than this beyond what was learned: it has to guess there. */
const OUTSIDE = 0.05;

/** The error in the hold-out beside the error on what it learned from. */
const LOST = 2;

const noBetter: Check<ValueEvidence> = ({ metrics, baselines }) => {
  const best = baselines.reduce((a, b) => (b.rmse < a.rmse ? b : a));
  if (metrics.rmse < best.rmse - metrics.rmseError) return undefined;
  const simple = best.name === "mean" ? "who always says the mean" : "who says that it stays as it is";
  return `It is no better than ${simple}: off by ${brief(metrics.rmse)} to ${brief(best.rmse)} (root mean square) in the frames held out.`;
};

const constantValue: Check<ValueEvidence> = ({ allValues }) =>
  allValues.every((value) => value === allValues[0]) ? "The value to learn never changed." : undefined;

const outside: Check<ValueEvidence> = ({ trainingValues, holdOutValues }) => {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of trainingValues) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const share = holdOutValues.filter((value) => value < low || value > high).length / holdOutValues.length;
  if (!(share > OUTSIDE)) return undefined;
  return `${percent(share)} of the values held out lie outside of what it learned from (${brief(low)} to ${brief(high)}): it has not seen all that happens. Let it learn for longer.`;
};

const forgets: Check<ValueEvidence> = ({ metrics, trainingMetrics, holdOut }) => {
  const sure = metrics.rmse - 3 * metrics.rmseError > LOST * trainingMetrics.rmse;
  if (!sure || holdOut.rows < 10) return undefined;
  return `It is off by ${brief(trainingMetrics.rmse)} on what it learned from, but by ${brief(metrics.rmse)} on what was held out: it learned by heart, or the frames held out differ.`;
};

/** Short sentences, the most important first. */
export function valueWarnings(evidence: ValueEvidence): string[] {
  return sentences(
    [constantValue, noBetter, outside, forgets, drift, tooFew, useless, noGap, notByStream, thinned, manyStreams],
    evidence,
  );
}
