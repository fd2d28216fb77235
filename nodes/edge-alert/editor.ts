import {
  duration,
  type EditorNode,
  fillMissing,
  isNumber,
  keeps,
  numberRule,
  sentence,
  showRow,
  watch,
} from "../editor/dialog.js";
import { type AlertSettings, bounds, defaults, labelList } from "./config.js";
import { type Fields, KeywordPreset, keywordPlan, type Text, wrongThresholds } from "./editor-keyword.js";

type Bounded = keyof typeof bounds;

/** Which settings matter, by what else is set. */
const matters: Partial<Record<Bounded, (field: Fields) => boolean>> = {
  factor: (field) => field("when") === "model",
  confidence: (field) => field("when") === "class",
  uncertainRatio: (field) => field("when") === "keyword",
  remindEvery: (field) => field("when") !== "keyword",
  smoothingSize: (field) => field("smoothing") !== "none",
  criticalFactor: (field) => field("severity") === "score",
};

const hasLimit = (when: unknown) => when === "score" || when === "above" || when === "below";

/** The validator of a number: of the stored node, or of the dialog's fields (see `problem`). */
function rule(name: Bounded) {
  const when = matters[name];
  return numberRule(`edge-alert.wrong.${name}`, {
    ...bounds[name],
    ...(when && { when: (node) => when((other) => String(node[other] ?? "")) }),
  });
}

/** What is wrong with the dialog's fields, as a sentence, or undefined. */
function problem(field: Fields, text: Text): string | undefined {
  if (hasLimit(field("when")) && !isNumber(field("limit"))) return text("wrong.limit");
  if (field("when") === "class" && labelList(field("labels")).length === 0) return text("wrong.labels");
  if (field("when") === "keyword") {
    const wrong = wrongThresholds(field("labels"), field("thresholds"));
    if (wrong !== undefined) return text(`wrong.${wrong.key}`, { ...wrong });
  }
  for (const name of Object.keys(bounds) as Bounded[]) {
    if (matters[name]?.(field) === false) continue;
    if (!keeps(bounds[name], field(name))) return text(`wrong.${name}`, { ...bounds[name] });
  }
  return Number(field("needed")) > Number(field("among")) ? text("wrong.order") : undefined;
}

/** In words what the node will do. */
function plan(field: Fields, text: Text): string {
  const number = (name: string) => Number(field(name));
  const time = (name: string, key: string) =>
    number(name) > 0 ? text(`sentence.${key}`, { time: duration(number(name)) }) : "";
  const [needed, among] = [number("needed"), number("among")];
  const name = hasLimit(field("when")) && field("when") !== "score" ? field("valueName").trim() : "";
  const noun = (key: string) => text(`sentence.${name === "" ? "result" : "value"}.${key}`, { name });
  const counts = { needed, among, one: noun("one"), many: noun("many") };
  const ratio = number("clearRatio");
  const severity = text(`sentence.severity.${field("severity")}`, { factor: number("criticalFactor") });
  const data = time("noDataAfter", "data");
  if (field("when") === "keyword") return keywordPlan(field, text, severity, data);
  return text("sentence.all", {
    severity,
    results: text(`sentence.${results(needed, among)}`, counts),
    condition: condition(field, text),
    held: time("raiseAfter", "held"),
    calm: text(`sentence.${calm(needed, among, number("clearAfter") > 0)}`, counts),
    clearing: clearing(field, text, ratio),
    rest: time("clearAfter", "held"),
    data,
  });
}

function results(needed: number, among: number): string {
  if (among === 1) return "one";
  if (needed === among) return "row";
  return needed === 1 ? "any" : "some";
}

function calm(needed: number, among: number, held: boolean): string {
  if (among === 1) return held ? "calmHeld" : "calmOne";
  if (needed === 1) return "calmNone";
  return needed === among && !held ? "calmRow" : "calmFewer";
}

function condition(field: Fields, text: Text): string {
  switch (field("when")) {
    case "model": {
      const factor = Number(field("factor"));
      return factor === 1 ? text("sentence.threshold") : text("sentence.thresholdTimes", { factor });
    }
    case "class":
      return text("sentence.class", {
        labels: labelList(field("labels")).join(text("sentence.or")),
        confidence: Number(field("confidence")),
      });
    case "below":
      return text("sentence.below", { limit: Number(field("limit")) });
    default:
      return text("sentence.above", { limit: Number(field("limit")) });
  }
}

/** The same limits as the library's `scaled`. */
function clearing(field: Fields, text: Text, ratio: number): string {
  const limit = Number(field("limit"));
  const inwards = (1 - ratio / 100) * Math.abs(limit);
  const round = (value: number) => Number(value.toPrecision(4));
  switch (field("when")) {
    case "model":
      return text("sentence.ofIt", { ratio });
    case "class":
      return text("sentence.classAgain", {
        confidence: round((ratio / 100) * Number(field("confidence"))),
      });
    case "below":
      return text("sentence.below", { limit: round(limit + inwards) });
    default:
      return text("sentence.above", { limit: round(limit - inwards) });
  }
}

RED.nodes.registerType<AlertSettings & { name: string }>("edge-alert", {
  category: "edge ML",
  color: "#9AC7BF",
  defaults: {
    name: { value: "" },
    when: { value: defaults.when },
    factor: { value: defaults.factor, validate: rule("factor") },
    limit: {
      value: "",
      validate(this: EditorNode & AlertSettings, value: unknown, _options: unknown) {
        return !hasLimit(this.when) || isNumber(value) ? true : this._("edge-alert.wrong.limit");
      },
    },
    labels: {
      value: defaults.labels,
      validate(this: EditorNode & AlertSettings, value: unknown, _options: unknown) {
        if (this.when !== "class" || labelList(String(value ?? "")).length > 0) return true;
        return this._("edge-alert.wrong.labels");
      },
    },
    confidence: { value: defaults.confidence, validate: rule("confidence") },
    thresholds: {
      value: defaults.thresholds,
      validate(this: EditorNode & AlertSettings, value: unknown, _options: unknown) {
        const wrong =
          this.when === "keyword" ? wrongThresholds(String(this.labels ?? ""), String(value ?? "")) : undefined;
        return wrong === undefined ? true : this._(`edge-alert.wrong.${wrong.key}`, { ...wrong });
      },
    },
    uncertainRatio: { value: defaults.uncertainRatio, validate: rule("uncertainRatio") },
    tellOver: { value: defaults.tellOver },
    valueName: { value: defaults.valueName },
    smoothing: { value: defaults.smoothing },
    smoothingSize: { value: defaults.smoothingSize, validate: rule("smoothingSize") },
    needed: {
      value: defaults.needed,
      validate(this: EditorNode & AlertSettings, value: unknown, _options: unknown) {
        const valid = rule("needed").call(this, value, _options);
        if (valid !== true) return valid;
        return Number(value) > Number(this.among) ? this._("edge-alert.wrong.order") : true;
      },
    },
    among: { value: defaults.among, validate: rule("among") },
    raiseAfter: { value: defaults.raiseAfter, validate: rule("raiseAfter") },
    clearRatio: { value: defaults.clearRatio, validate: rule("clearRatio") },
    clearAfter: { value: defaults.clearAfter, validate: rule("clearAfter") },
    refractory: { value: defaults.refractory, validate: rule("refractory") },
    severity: { value: defaults.severity },
    criticalFactor: { value: defaults.criticalFactor, validate: rule("criticalFactor") },
    noDataAfter: { value: defaults.noDataAfter, validate: rule("noDataAfter") },
    remindEvery: { value: defaults.remindEvery, validate: rule("remindEvery") },
    streams: { value: defaults.streams, validate: rule("streams") },
  },
  inputs: 1,
  outputs: 2,
  icon: "edge-alert.svg",
  paletteLabel() {
    return this._("edge-alert.paletteLabel");
  },
  label() {
    return this.name || this._("edge-alert.paletteLabel");
  },
  labelStyle() {
    return this.name ? "node_label_italic" : "";
  },
  outputLabels(index) {
    return this._(index === 0 ? "edge-alert.output.alerts" : "edge-alert.output.state");
  },
  oneditprepare() {
    const text: Text = (key, values) => this._(`edge-alert.${key}`, values);
    fillMissing(this, defaults);
    const preset = new KeywordPreset($("#node-input-when").val() === "keyword");
    const texts = ["valueName", "limit", "labels", "thresholds", "smoothing", "severity", "tellOver"];
    watch(this, ["when", ...texts, ...Object.keys(bounds)], (field) => {
      const keyword = field("when") === "keyword";
      preset.update(keyword);
      showRow("limit", hasLimit(field("when")));
      showRow("valueName", field("when") === "above" || field("when") === "below");
      showRow("labels", field("when") === "class" || keyword);
      $("#edge-alert-labels").text(text(`label.${keyword ? "words" : "labels"}`));
      $("#node-input-labels").attr("placeholder", text(`placeholder.${keyword ? "words" : "labels"}`));
      for (const name of ["thresholds", "tellOver"]) showRow(name, keyword);
      $("#node-input-smoothing option[value=model]").toggle(keyword);
      const elsewhere = field("smoothing") === "model" ? "resultsElse" : "results";
      $("#edge-alert-smoothing-unit").text(text(`label.${elsewhere}`));
      for (const name of Object.keys(matters) as Bounded[]) showRow(name, matters[name]?.(field) ?? true);
      const wrong = problem(field, text);
      if (wrong === undefined) sentence("#edge-alert-sentence", plan(field, text));
      else sentence("#edge-alert-sentence", wrong, "wrong");
    });
  },
});
