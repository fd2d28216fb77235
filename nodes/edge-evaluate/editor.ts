import { duration, fillMissing, keeps, numberRule, sentence, showRow, watch } from "../editor/dialog.js";
import type { ResultCounts } from "../lib/evaluate/index.js";
import { bounds, defaults, type EvaluateSettings, labelList } from "./config.js";
import { anomalyPanel } from "./dialog/anomaly-panel.js";
import { classPanel } from "./dialog/class-panel.js";
import { addStyle } from "./dialog/style.js";
import { valuePanel } from "./dialog/value-panel.js";
import type { Text } from "./dialog/words.js";
import type { EvaluationPicture } from "./picture.js";

type Bounded = keyof typeof bounds;
type Fields = (name: string) => string;

/** Which settings matter, by what else is set. */
const matters: Partial<Record<string, (field: Fields) => boolean>> = {
  normal: (field) => field("task") === "auto" || field("task") === "anomaly",
  positive: (field) => field("task") !== "value",
  value: (field) => field("task") === "auto" || field("task") === "value",
  falseAlarms: (field) => field("task") === "auto" || field("task") === "anomaly",
  gap: (field) => field("task") === "auto" || field("task") === "anomaly",
  longestStep: (field) => field("task") === "auto" || field("task") === "anomaly",
};

/** The validator of a number: it holds only while the field is shown. */
function rule(name: Bounded) {
  return numberRule(`edge-evaluate.wrong.${name}`, {
    ...bounds[name],
    when: (node) => isShown(name, (other) => String(node[other] ?? "")),
  });
}

function isShown(name: string, field: Fields): boolean {
  if (name === "reportEvery") return field("reportOn") !== "command";
  return matters[name]?.(field) ?? true;
}

/** What is wrong with the dialog's fields, as a sentence, or undefined. */
function problem(field: Fields, text: Text): string | undefined {
  for (const name of Object.keys(bounds) as Bounded[]) {
    if (isShown(name, field) && !keeps(bounds[name], field(name))) return text(`wrong.${name}`, { ...bounds[name] });
  }
  return undefined;
}

/** In words what the node will do. */
function plan(field: Fields, text: Text): string {
  const labels = (name: string) => labelList(field(name)).join(text("sentence.or"));
  const parts = [text(`sentence.task.${field("task")}`)];
  if (isShown("normal", field)) {
    const faulty = labels("positive");
    parts.push(
      text(faulty === "" ? "sentence.normal" : "sentence.faulty", {
        normal: labels("normal") || text("sentence.none"),
        faulty,
      }),
      text("sentence.gap", { gap: duration(Number(field("gap"))) }),
    );
  }
  parts.push(text(`sentence.report.${field("reportOn")}`, { every: field("reportEvery").trim() }));
  return parts.join(" ");
}

RED.nodes.registerType<EvaluateSettings & { name: string }>("edge-evaluate", {
  category: "edge ML",
  color: "#9AC7BF",
  defaults: {
    name: { value: "" },
    task: { value: defaults.task },
    normal: { value: defaults.normal },
    positive: { value: defaults.positive },
    value: { value: defaults.value },
    reportOn: { value: defaults.reportOn },
    reportEvery: { value: defaults.reportEvery, validate: rule("reportEvery") },
    csv: { value: defaults.csv },
    falseAlarms: { value: defaults.falseAlarms, validate: rule("falseAlarms") },
    gap: { value: defaults.gap, validate: rule("gap") },
    longestStep: { value: defaults.longestStep, validate: rule("longestStep") },
    keep: { value: defaults.keep, validate: rule("keep") },
  },
  inputs: 1,
  outputs: 2,
  icon: "edge-evaluate.svg",
  paletteLabel() {
    return this._("edge-evaluate.paletteLabel");
  },
  label() {
    return this.name || this._("edge-evaluate.paletteLabel");
  },
  labelStyle() {
    return this.name ? "node_label_italic" : "";
  },
  outputLabels(index) {
    return this._(index === 0 ? "edge-evaluate.output.report" : "edge-evaluate.output.csv");
  },
  oneditprepare() {
    const text: Text = (key, values) => this._(`edge-evaluate.${key}`, values);
    addStyle();
    fillMissing(this, defaults);
    watch(this, Object.keys(defaults), (field) => {
      for (const name of Object.keys(matters)) showRow(name, isShown(name, field));
      $("#node-input-reportEvery").toggle(isShown("reportEvery", field));
      const wrong = problem(field, text);
      if (wrong === undefined) sentence("#edge-evaluate-sentence", plan(field, text));
      else sentence("#edge-evaluate-sentence", wrong, "wrong");
    });
    const button = (name: string, act: () => void) =>
      $(`#edge-evaluate-${name}`)
        .attr({ title: text(`picture.${name}`), "aria-label": text(`picture.${name}`) })
        .on("click", act);
    button("refresh", () => fetchPicture(this.id, text));
    button("reset", () => {
      $.ajax(pathOf(this.id), { method: "DELETE" })
        .done(() => fetchPicture(this.id, text))
        .fail(() => RED.notify(text("picture.notReset"), "error"));
    });
    fetchPicture(this.id, text);
  },
});

function pathOf(id: string): string {
  return `edge-ml/evaluate/${encodeURIComponent(id)}`;
}

/** Asks the running node for what it has collected, and draws it. */
function fetchPicture(id: string, text: Text): void {
  const says = $("#edge-evaluate-picture-says");
  const panel = $("#edge-evaluate-picture");
  const settings = $("#edge-evaluate-settings");
  const none = (key: string) => {
    says.text(text(key));
    panel.empty();
    settings.prop("open", true);
  };
  $.ajax(pathOf(id))
    .done((picture: EvaluationPicture) => {
      // The dialog was closed meanwhile.
      if (!says[0]?.isConnected) return;
      if (picture.task === "undeployed") return none("picture.undeployed");
      if (picture.task === "none" || picture.counts.results === 0) return none("picture.nothing");
      says.text(told(picture, text));
      if (picture.task === "anomaly") anomalyPanel(panel, picture, id, text);
      else if (picture.task === "class") classPanel(panel, picture, text);
      else valuePanel(panel, picture, text);
      // The tray has the size of what was in it before.
      $(window).trigger("resize");
    })
    .fail((request) => {
      if (!says[0]?.isConnected) return;
      const reasons: Record<number, string> = {
        401: "picture.forbidden",
        403: "picture.forbidden",
      };
      none(reasons[request.status] ?? "picture.unreachable");
    });
}

function told({ counts }: { counts: ResultCounts }, text: Text): string {
  const { results, unscored, unlabelled, forgotten } = counts;
  const parts = [text("picture.results", { count: results })];
  if (unscored > 0) parts.push(text("picture.unscored", { count: unscored }));
  if (unlabelled > 0) parts.push(text("picture.unlabelled", { count: unlabelled }));
  if (forgotten > 0) parts.push(text("picture.forgotten", { count: forgotten }));
  return parts.join(", ");
}
