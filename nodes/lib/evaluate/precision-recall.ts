import type { Ranking } from "./ranking.js";

export interface PrecisionRecallPoint {
  /** What scores at least this is called positive. */
  threshold: number;
  /** Of the positives, those found: 0..1. */
  recall: number;
  /** Of what is called positive, what is: 0..1. */
  precision: number;
}

/**
 * Precision against recall, from the highest score down, one point for each different score.
 * @returns no points without positives
 */
export function precisionRecallCurve({
  scores,
  truePositives,
  falsePositives,
  positives,
}: Ranking): PrecisionRecallPoint[] {
  if (!(positives > 0)) return [];
  return Array.from(scores, (threshold, i) => ({
    threshold,
    recall: truePositives[i]! / positives,
    precision: truePositives[i]! / (truePositives[i]! + falsePositives[i]!),
  }));
}

/** Mean of the precisions, each weighed by the recall that it adds (scikit-learn's average_precision_score); NaN without positives. */
export function averagePrecision(ranking: Ranking): number {
  if (!(ranking.positives > 0)) return Number.NaN;
  let area = 0;
  let before = 0;
  for (const { recall, precision } of precisionRecallCurve(ranking)) {
    area += (recall - before) * precision;
    before = recall;
  }
  return area;
}
