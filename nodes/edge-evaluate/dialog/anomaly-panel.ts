import { duration } from "../../editor/dialog.js";
import { type CurvePlot, curveArea, drawCurve } from "../../editor/plot/curve-plot.js";
import { placeOf, type Scale, scoreScale, valueAt } from "../../editor/plot/scale.js";
import { drawScores, scoreArea } from "../../editor/plot/score-plot.js";
import { surfaceOf } from "../../editor/plot/surface.js";
import { atThreshold, type Operation } from "../../lib/evaluate/at-threshold.js";
import { bestThresholds, between } from "../../lib/evaluate/best-threshold.js";
import { labelledScores } from "../../lib/evaluate/moment.js";
import { averagePrecision, precisionRecallCurve } from "../../lib/evaluate/precision-recall.js";
import { type Ranking, rank } from "../../lib/evaluate/ranking.js";
import { areaUnderRoc, rocCurve } from "../../lib/evaluate/roc-curve.js";
import { thinCurve } from "../../lib/evaluate/thin-curve.js";
import type { AnomalyPicture } from "../picture.js";
import { unpackMoments } from "../picture.js";
import { thresholdNodes, titleOf, useThreshold } from "./upstream.js";
import { rateText, short, type Text } from "./words.js";

const DRAWN_POINTS = 400;
/** Of the axis: what an arrow key moves, and what a page key does. */
const STEP = 0.01;
const LEAP = 0.1;

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

/** Moves the threshold with the pointer and with the keys of a slider. */
function dragged(canvas: HTMLCanvasElement, scale: Scale, set: (value: number) => void, current: () => number): void {
  const at = (place: number) => set(Number(valueAt(scale, place).toPrecision(4)));
  const follow = (event: PointerEvent) => {
    const { top, height } = scoreArea({ width: canvas.clientWidth, height: canvas.clientHeight });
    at(1 - (event.clientY - canvas.getBoundingClientRect().top - top) / height);
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    canvas.focus();
    event.preventDefault();
    follow(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) follow(event);
  });
  canvas.setAttribute("aria-valuemin", String(scale.low));
  canvas.setAttribute("aria-valuemax", String(scale.high));
  canvas.addEventListener("keydown", (event) => {
    const place = placeOf(scale, current());
    const steps: Record<string, number> = {
      ArrowUp: place + (event.shiftKey ? LEAP : STEP),
      ArrowRight: place + (event.shiftKey ? LEAP : STEP),
      ArrowDown: place - (event.shiftKey ? LEAP : STEP),
      ArrowLeft: place - (event.shiftKey ? LEAP : STEP),
      PageUp: place + LEAP,
      PageDown: place - LEAP,
      Home: 0,
      End: 1,
    };
    const next = steps[event.key];
    if (next === undefined) return;
    // The editor has keys of its own.
    event.preventDefault();
    event.stopPropagation();
    at(next);
  });
}

function curveOf(kind: string, ranking: Ranking, { rates }: Operation, text: Text): CurvePlot {
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
function nearest(canvas: HTMLCanvasElement, event: PointerEvent, kind: string, ranking: Ranking): number {
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

/** What the threshold makes of the moments: the confusion, and what a technician asks for. */
function showNumbers(panel: JQuery, { confusion, rates, alarms }: Operation, text: Text): void {
  const words = (key: string, values?: Record<string, unknown>) => text(`picture.${key}`, values);
  const cell = (value: number, kind: "right" | "wrong") => $("<td>").addClass(`edge-${kind}`).text(value);
  panel
    .find(".edge-confusion")
    .empty()
    .append(
      $("<tr>").append("<th>", $("<th>").text(words("alarm")), $("<th>").text(words("quiet"))),
      $("<tr>").append(
        $("<th>").text(words("faulty")),
        cell(confusion.truePositives, "right"),
        cell(confusion.falseNegatives, "wrong"),
      ),
      $("<tr>").append(
        $("<th>").text(words("normal")),
        cell(confusion.falsePositives, "wrong"),
        cell(confusion.trueNegatives, "right"),
      ),
    );
  const { falseAlarmsPerDay, alarmsPerDay, falseAlarms, normalDays, days, found, events, delay } = alarms;
  const metrics: [string, string][] = [
    ["recall", rateText(rates.recall, text)],
    ["falsePositives", rateText(rates.falsePositiveRate, text)],
    ["precision", rateText(rates.precision, text)],
    falseAlarmsPerDay === undefined && alarmsPerDay !== undefined
      ? ["alarmsPerDay", words("perDay", { rate: short(alarmsPerDay), count: alarms.alarms, days: short(days) })]
      : [
          "falseAlarms",
          falseAlarmsPerDay === undefined
            ? "–"
            : words("perDay", { rate: short(falseAlarmsPerDay), count: falseAlarms, days: short(normalDays) }),
        ],
    ["faultsFound", events === 0 ? "–" : words("of", { found, events })],
    ["delay", late(delay, found, words)],
  ];
  panel
    .find(".edge-metrics")
    .empty()
    .append(
      metrics.flatMap(([key, value]) => [
        $("<dt>").text(words(`metric.${key}`)),
        $("<dd>").attr("data-metric", key).text(value),
      ]),
    );
}

/** One number for one fault; of several the middle and the longest. */
function late(delay: Operation["alarms"]["delay"], found: number, words: Text): string {
  if (!delay) return "–";
  if (found === 1) return time(delay.longest);
  return words("late", { median: time(delay.median), longest: time(delay.longest) });
}

function time(ms: number): string {
  return ms === 0 ? "0 s" : duration(ms / 1000);
}

/** Buttons that move the threshold to where something is best, and back to the one in use. */
function offerBest(
  panel: JQuery,
  { rules, falseAlarmsPerDay, threshold }: AnomalyPicture,
  moments: ReturnType<typeof unpackMoments>,
  set: (value: number) => void,
  text: Text,
): void {
  const place = panel.find(".edge-best");
  const button = (goal: string, label: string, value: number) =>
    $('<button type="button" class="red-ui-button red-ui-button-small">')
      .attr({ "data-goal": goal, title: String(value) })
      .text(label)
      .on("click", () => set(value))
      .appendTo(place);
  if (threshold !== undefined) button("inUse", text("picture.goal.inUse"), threshold);
  for (const { goal, threshold: value } of bestThresholds(moments, falseAlarmsPerDay, rules)) {
    button(goal, text(`picture.goal.${goal}`, { wished: falseAlarmsPerDay }), value);
  }
}

/** Writes the threshold into the node that made the scores, and copies it. */
function offerUse(panel: JQuery, id: string, current: () => number, text: Text): void {
  const place = panel.find(".edge-use");
  const nodes = thresholdNodes(id);
  const choice = $("<select>").attr("aria-label", text("picture.useIn"));
  for (const node of nodes) choice.append($("<option>").val(node.id).text(titleOf(node)));
  const said = panel.find(".edge-said");
  const button = (key: string, icon: string, act: () => void) =>
    $('<button type="button" class="red-ui-button">')
      .append($("<i>").addClass(`fa ${icon}`), " ", $("<span>").text(text(`picture.${key}`)))
      .addClass(`edge-do-${key}`)
      .on("click", act);
  const use = button("use", "fa-level-up", () => {
    const node = nodes.find((each) => each.id === choice.val()) ?? nodes[0];
    if (!node) return;
    useThreshold(node, current());
    said.text(text("picture.used", { node: titleOf(node), threshold: current() }));
  });
  const copy = button("copy", "fa-clipboard", () => {
    panel.find<HTMLInputElement>(".edge-threshold").trigger("select");
    document.execCommand("copy");
    said.text(text("picture.copied", { threshold: current() }));
  });
  if (nodes.length > 0) place.append(use);
  if (nodes.length > 1) place.append(choice);
  place.append(copy);
  if (nodes.length === 0) said.text(text("picture.noNode"));
  if (nodes.length === 1) use.attr("title", text("picture.useTitle", { node: titleOf(nodes[0]!) }));
}
