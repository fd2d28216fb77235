import { aucInterval } from "./auc-interval.js";
import { averagePrecision, precisionRecallCurve } from "./precision-recall.js";
import { rank } from "./ranking.js";
import type { Curves } from "./report.js";
import { areaUnderRoc, rocCurve } from "./roc-curve.js";
import { thinCurve } from "./thin-curve.js";

const MAX_POINTS = 200;

/** Both curves with what they amount to. @param scores finite @param positive the truth */
export function curvesOf(scores: ArrayLike<number>, positive: ArrayLike<boolean | number>): Curves {
  const ranking = rank(scores, positive);
  const { positives, negatives } = ranking;
  const curves: Curves = {
    positives,
    negatives,
    roc: thinCurve(
      rocCurve(ranking),
      ({ falsePositiveRate, truePositiveRate }) => [falsePositiveRate, truePositiveRate],
      MAX_POINTS,
    ),
    precisionRecall: thinCurve(
      precisionRecallCurve(ranking),
      ({ recall, precision }) => [recall, precision],
      MAX_POINTS,
    ),
  };
  const auc = aucInterval(areaUnderRoc(ranking), positives, negatives);
  if (auc) curves.auc = auc;
  if (positives > 0) curves.averagePrecision = averagePrecision(ranking);
  return curves;
}
