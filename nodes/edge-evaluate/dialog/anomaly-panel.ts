import { drawCurve } from "../../editor/plot/curve-plot.js";
import { scoreScale, valueAt } from "../../editor/plot/scale.js";
import { drawScores } from "../../editor/plot/score-plot.js";
import { surfaceOf } from "../../editor/plot/surface.js";
import { atThreshold } from "../../lib/evaluate/at-threshold.js";
import { between } from "../../lib/evaluate/best-threshold.js";
import { labelledScores } from "../../lib/evaluate/moment.js";
import { rank } from "../../lib/evaluate/ranking.js";
import type { AnomalyPicture } from "../picture.js";
import { unpackMoments } from "../picture.js";
import { offerBest, offerUse } from "./threshold-buttons.js";
import { curveOf, nearest } from "./threshold-curve.js";
import { showNumbers } from "./threshold-numbers.js";
import { dragged } from "./threshold-slider.js";
import type { Text } from "./words.js";

/**
 * Scores over time and a curve, with a threshold to drag. Everything at a threshold is worked out here, by the library's
 * own functions, from the moments that the node has kept.
 * @param id of the node
 */
export function anomalyPanel(panel: JQuery, picture: AnomalyPicture, id: string, text: Text): void {
  const moments = unpackMoments(picture.moments);
  const { scores, faulty } = labelledScores(moments);
  const ranking = rank(scores, faulty);
  const all = moments.flatMap(({ score }) => (score === undefined ? [] : [score]));
  const scale = scoreScale(all, picture.threshold);
  let threshold = picture.threshold ?? valueAt(scale, 0.5);
  let operation = atThreshold(moments, threshold, picture.rules);

  panel.empty().append(markup(text));
  const scoreCanvas = panel.find<HTMLCanvasElement>(".edge-scores")[0]!;
  const curveCanvas = panel.find<HTMLCanvasElement>(".edge-curve")[0]!;
  const field = panel.find(".edge-threshold");
  const kind = panel.find(".edge-curve-kind");

  const draw = () => {
    const scoreSurface = surfaceOf(scoreCanvas);
    const focused = document.activeElement === scoreCanvas;
    if (scoreSurface) drawScores(scoreSurface, { moments, scale, threshold, focused });
    const curveSurface = surfaceOf(curveCanvas);
    if (curveSurface) drawCurve(curveSurface, curveOf(String(kind.val()), ranking, operation, text));
  };
  let drawing = 0;
  /** @param typed the field says it already */
  const set = (value: number, typed = false) => {
    if (!Number.isFinite(value)) return;
    threshold = value;
    scoreCanvas.setAttribute("aria-valuenow", String(value));
    if (!typed) field.val(String(value)).removeClass("input-error");
    // At most once for each picture on the screen.
    if (drawing === 0)
      drawing = requestAnimationFrame(() => {
        drawing = 0;
        operation = atThreshold(moments, threshold, picture.rules);
        draw();
        showNumbers(panel, operation, text);
      });
  };

  dragged(scoreCanvas, scale, set, () => threshold);
  $(scoreCanvas).on("focus blur", draw);
  curveCanvas.addEventListener("pointerdown", (event) => {
    const point = nearest(curveCanvas, event, String(kind.val()), ranking);
    if (point >= 0) set(between(ranking.scores[point + 1], ranking.scores[point]!));
  });
  kind.on("change", draw);
  field.on("input", () => {
    const value = Number(String(field.val()).trim() || "x");
    field.toggleClass("input-error", !Number.isFinite(value));
    set(value, true);
  });
  // Enter would leave the dialog.
  field.on("keydown", (event) => event.key !== "Enter");
  set(threshold);
  offerUse(panel, id, () => threshold, text);
  // Seen first, then worked out: of many moments this takes a while.
  setTimeout(() => offerBest(panel, picture, moments, set, text));
}

function markup(text: Text): JQuery {
  const words = (key: string) =>
    $("<span>")
      .text(text(`picture.${key}`))
      .html();
  return $(`<div class="edge-evaluation">
    <div class="edge-plots">
      <canvas class="edge-scores" role="slider" tabindex="0"></canvas>
      <div class="edge-curve-box"><canvas class="edge-curve" role="img"></canvas></div>
    </div>
    <div class="edge-controls">
      <label>${words("threshold")} <input type="text" class="edge-threshold" autocomplete="off"></label>
      <span class="edge-use"></span>
      <select class="edge-curve-kind">
        <option value="roc">${words("roc")}</option>
        <option value="precisionRecall">${words("precisionRecall")}</option>
      </select>
    </div>
    <div class="edge-said" role="status"></div>
    <div class="edge-numbers">
      <div>
        <table class="edge-confusion"></table>
        <div class="edge-best"></div>
      </div>
      <dl class="edge-metrics"></dl>
    </div>
  </div>`)
    .find(".edge-scores")
    .attr("aria-label", text("picture.slider"))
    .end()
    .find(".edge-curve")
    .attr("aria-label", text("picture.curve"))
    .end()
    .find(".edge-curve-kind")
    .attr("aria-label", text("picture.curve"))
    .end();
}
