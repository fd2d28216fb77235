import { type AlarmSummary, AlarmTotals } from "./alarm-totals.js";
import { type AlarmRules, StreamTrack } from "./alarm-track.js";
import type { Confusion } from "./confusion.js";
import type { Moment } from "./moment.js";
import { type Rate, wilson } from "./wilson.js";

/** Shares of a confusion with their confidence intervals; what is a share of nothing is missing. */
export interface ConfusionRates {
  /** Of the faulty moments, those that were found. */
  recall?: Rate;
  /** Of the normal moments, those that were taken for faulty. */
  falsePositiveRate?: Rate;
  /** Of the alarmed moments, those that are faulty. */
  precision?: Rate;
  accuracy?: Rate;
  /** Harmonic mean of precision and recall. */
  f1?: number;
  /** Mean of recall and of 1 − the false positive rate. */
  balancedAccuracy?: number;
}

export function confusionRates(counts: Confusion): ConfusionRates {
  const { truePositives, falsePositives, trueNegatives, falseNegatives } = counts;
  const [positives, negatives] = [truePositives + falseNegatives, falsePositives + trueNegatives];
  const found: ConfusionRates = {};
  const recall = wilson(truePositives, positives);
  const falsePositiveRate = wilson(falsePositives, negatives);
  const precision = wilson(truePositives, truePositives + falsePositives);
  const accuracy = wilson(truePositives + trueNegatives, positives + negatives);
  if (recall) found.recall = recall;
  if (falsePositiveRate) found.falsePositiveRate = falsePositiveRate;
  if (precision) found.precision = precision;
  if (accuracy) found.accuracy = accuracy;
  if (positives + falsePositives > 0) found.f1 = (2 * truePositives) / (positives + truePositives + falsePositives);
  if (recall && falsePositiveRate) found.balancedAccuracy = (recall.value + 1 - falsePositiveRate.value) / 2;
  return found;
}

/** What one threshold makes of the moments. */
export interface Operation {
  threshold: number;
  confusion: Confusion;
  rates: ConfusionRates;
  alarms: AlarmSummary;
}

/** What would be if everything that scores above a threshold were an alarm. O(n). @param moments in the order in which they came */
export function atThreshold(moments: Iterable<Moment>, threshold: number, rules: AlarmRules): Operation {
  const confusion: Confusion = { truePositives: 0, falsePositives: 0, trueNegatives: 0, falseNegatives: 0 };
  const totals = new AlarmTotals();
  const tracks = new Map<string, StreamTrack>();
  for (const moment of moments) {
    const { stream, score, truth } = moment;
    let track = tracks.get(stream);
    if (!track) {
      track = new StreamTrack(rules, totals);
      tracks.set(stream, track);
    }
    const alarmed = score !== undefined && score > threshold;
    track.push(moment, alarmed);
    if (score === undefined || truth === "unknown") continue;
    if (truth === "faulty") confusion[alarmed ? "truePositives" : "falseNegatives"]++;
    else confusion[alarmed ? "falsePositives" : "trueNegatives"]++;
  }
  return { threshold, confusion, rates: confusionRates(confusion), alarms: totals.summary };
}
