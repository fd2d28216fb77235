import type { ManifestThreshold } from "../../../model/index.js";
import { quantile, sorted } from "../../math/quantile.js";
import { brief } from "../../words.js";
import { manyStreams, noGap, notByStream, thinned, tooFew } from "./amount.js";
import { type Check, type Evidence, sentences } from "./check.js";
import { drift } from "./drift.js";
import { collinear, constant } from "./features.js";
import { outliers, polluted } from "./pollution.js";

export interface AnomalyEvidence extends Evidence {
  trainingScores: Float32Array;
  holdOutScores: Float32Array;
  threshold: ManifestThreshold;
  extrapolated: boolean;
  timeStandsStill: boolean;
  /** The learner's id. */
  method: string;
}

/** These explain a score by a covariance, which features that go together share. */
const BY_COVARIANCE = new Set(["pca", "mahalanobis"]);

const holdOutDiffers: Check<AnomalyEvidence> = ({ trainingScores, holdOutScores }) => {
  const training = sorted(trainingScores);
  const usual = quantile(training, 0.5);
  const high = quantile(training, 0.95);
  const median = quantile(sorted(holdOutScores), 0.5);
  if (!(median > high)) return undefined;
  return `The frames held out score far above those it learned from (median ${brief(median)}, there ${brief(usual)}): it has not seen all that is normal. Let it learn for longer.`;
};

const extrapolated: Check<AnomalyEvidence> = ({ extrapolated, threshold }) => {
  if (!extrapolated) return undefined;
  const { falseAlarmsPerDay, framesPerDay, holdOut } = threshold;
  const oneIn = Math.round(framesPerDay / falseAlarmsPerDay);
  return `The threshold is extrapolated: the wish is one false alarm in ${oneIn} frames, and ${holdOut.frames} were held out.`;
};

const clock: Check<AnomalyEvidence> = ({ timeStandsStill }) =>
  timeStandsStill
    ? "The frames' times do not move on: false alarms per day are reckoned with one frame per second."
    : undefined;

const sharedBlame: Check<AnomalyEvidence> = (evidence) =>
  BY_COVARIANCE.has(evidence.method) ? collinear(evidence) : undefined;

/** Short sentences, the most important first. */
export function anomalyWarnings(evidence: AnomalyEvidence): string[] {
  return sentences(
    [
      polluted,
      holdOutDiffers,
      drift,
      outliers,
      tooFew,
      extrapolated,
      constant,
      sharedBlame,
      noGap,
      notByStream,
      clock,
      thinned,
      manyStreams,
    ],
    evidence,
  );
}
