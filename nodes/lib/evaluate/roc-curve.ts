import type { Ranking } from "./ranking.js";

export interface RocPoint {
  /** What scores at least this is called positive; missing for the corner where nothing is. */
  threshold?: number;
  /** Of the negatives, those called positive: 0..1. */
  falsePositiveRate: number;
  /** Of the positives, those found: 0..1. */
  truePositiveRate: number;
}

/**
 * The ROC curve from (0, 0) to (1, 1), one point for each different score (scikit-learn's roc_curve without dropping).
 * @returns no points without positives or without negatives
 */
export function rocCurve({ scores, truePositives, falsePositives, positives, negatives }: Ranking): RocPoint[] {
  if (!(positives > 0 && negatives > 0)) return [];
  const points: RocPoint[] = [{ falsePositiveRate: 0, truePositiveRate: 0 }];
  for (let i = 0; i < scores.length; i++) {
    points.push({
      threshold: scores[i]!,
      falsePositiveRate: falsePositives[i]! / negatives,
      truePositiveRate: truePositives[i]! / positives,
    });
  }
  return points;
}

/** The area under the ROC curve by the trapezoidal rule, which counts ties half; NaN without both kinds. */
export function areaUnderRoc({ scores, truePositives, falsePositives, positives, negatives }: Ranking): number {
  let twice = 0;
  for (let i = 0; i < scores.length; i++) {
    const step = falsePositives[i]! - (i > 0 ? falsePositives[i - 1]! : 0);
    twice += step * (truePositives[i]! + (i > 0 ? truePositives[i - 1]! : 0));
  }
  return twice / (2 * positives * negatives);
}
