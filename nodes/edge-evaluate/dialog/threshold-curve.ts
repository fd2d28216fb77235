import { type CurvePlot, curveArea } from "../../editor/plot/curve-plot.js";
import type { Operation } from "../../lib/evaluate/at-threshold.js";
import { averagePrecision, precisionRecallCurve } from "../../lib/evaluate/precision-recall.js";
import type { Ranking } from "../../lib/evaluate/ranking.js";
import { areaUnderRoc, rocCurve } from "../../lib/evaluate/roc-curve.js";
import { thinCurve } from "../../lib/evaluate/thin-curve.js";
import { short, type Text } from "./words.js";

const DRAWN_POINTS = 400;

export function curveOf(kind: string, ranking: Ranking, { rates }: Operation, text: Text): CurvePlot {
  const { positives, negatives } = ranking;
  const none = positives === 0 || negatives === 0;
  const { recall, falsePositiveRate, precision } = rates;
  if (kind === "precisionRecall") {
    const points = none
      ? []
      : thinCurve(precisionRecallCurve(ranking), (point) => [point.recall, point.precision], DRAWN_POINTS);
    return {
      points: points.map((point) => [point.recall, point.precision] as const),
      here: recall && precision ? [recall.value, precision.value] : undefined,
      xTitle: text("picture.recallAxis"),
      yTitle: text("picture.precisionAxis"),
      note: none
        ? text("picture.noCurve")
        : text("picture.averagePrecision", { value: short(averagePrecision(ranking)) }),
      chance: none ? 0 : positives / (positives + negatives),
      corner: "lower left",
    };
  }
  const points = thinCurve(
    rocCurve(ranking),
    (point) => [point.falsePositiveRate, point.truePositiveRate],
    DRAWN_POINTS,
  );
  return {
    points: points.map((point) => [point.falsePositiveRate, point.truePositiveRate] as const),
    here: recall && falsePositiveRate ? [falsePositiveRate.value, recall.value] : undefined,
    xTitle: text("picture.falseAxis"),
    yTitle: text("picture.foundAxis"),
    note: none ? text("picture.noCurve") : text("picture.auc", { value: short(areaUnderRoc(ranking)) }),
    chance: "diagonal",
    corner: "lower right",
  };
}

/** Which of the ranking's scores lies nearest to the pointer on the curve; -1 when there is none. */
export function nearest(canvas: HTMLCanvasElement, event: PointerEvent, kind: string, ranking: Ranking): number {
  const area = curveArea({ width: canvas.clientWidth, height: canvas.clientHeight });
  const box = canvas.getBoundingClientRect();
  const x = (event.clientX - box.left - area.left) / area.width;
  const y = 1 - (event.clientY - box.top - area.top) / area.height;
  const { scores, truePositives, falsePositives, positives, negatives } = ranking;
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < scores.length; i++) {
    const recall = truePositives[i]! / positives;
    const [px, py] =
      kind === "roc"
        ? [falsePositives[i]! / negatives, recall]
        : [recall, truePositives[i]! / (truePositives[i]! + falsePositives[i]!)];
    const far = (px - x) ** 2 + (py - y) ** 2;
    if (far < least) [best, least] = [i, far];
  }
  return best;
}
