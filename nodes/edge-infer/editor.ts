import { type EditorNode, keeps, type NumberRule, numberRule, sentence, showRow, watch } from "../editor/dialog.js";
import { parseClassThresholds } from "./class-list.js";
import { defaults, type InferSettings, MAX_QUEUE, MAX_SECONDS, MAX_TOP } from "./config.js";

const RULES = {
  threshold: { when: (node) => node.thresholdFrom === "own" },
  contributions: { min: 0, max: 5, integer: true },
  uncertainBelow: { min: 0, max: 1 },
  top: { min: 0, max: MAX_TOP, integer: true },
  queueLimit: { min: 1, max: MAX_QUEUE, integer: true },
  // Flows from before this setting have none.
  statisticsEvery: { min: 0, max: MAX_SECONDS, optional: true },
} satisfies Record<string, NumberRule>;

RED.nodes.registerType<InferSettings & { name: string }>("edge-infer", {
  category: "edge ML",
  color: "#9AC7BF",
  defaults: {
    name: { value: "" },
    model: { value: "", type: "edge-model", required: true },
    thresholdFrom: { value: defaults.thresholdFrom },
    threshold: { value: "", validate: numberRule("edge-infer.sentence.threshold", RULES.threshold) },
    contributions: {
      value: defaults.contributions,
      validate: numberRule("edge-infer.sentence.contributions", RULES.contributions),
    },
    uncertainBelow: {
      value: defaults.uncertainBelow,
      validate: numberRule("edge-infer.sentence.uncertainBelow", RULES.uncertainBelow),
    },
    classThresholds: {
      value: defaults.classThresholds,
      validate(this: EditorNode, text: string, _options: unknown) {
        return parseClassThresholds(text ?? "") ? true : this._("edge-infer.sentence.classThresholds");
      },
    },
    top: { value: defaults.top, validate: numberRule("edge-infer.sentence.top", RULES.top) },
    softmax: { value: defaults.softmax },
    task: { value: defaults.task },
    output: { value: defaults.output },
    labels: { value: defaults.labels },
    strange: { value: defaults.strange },
    order: { value: defaults.order },
    queueLimit: {
      value: defaults.queueLimit,
      validate: numberRule("edge-infer.sentence.queueLimit", RULES.queueLimit),
    },
    queuePolicy: { value: defaults.queuePolicy },
    statisticsEvery: {
      value: defaults.statisticsEvery,
      validate: numberRule("edge-infer.sentence.statisticsEvery", RULES.statisticsEvery),
    },
    messagesChangeModel: { value: defaults.messagesChangeModel },
  },
  inputs: 1,
  outputs: 2,
  icon: "edge-infer.svg",
  paletteLabel() {
    return this._("edge-infer.paletteLabel");
  },
  label() {
    return this.name || modelName(this.model) || this._("edge-infer.paletteLabel");
  },
  labelStyle() {
    return this.name ? "node_label_italic" : "";
  },
  outputLabels(index) {
    return this._(index === 0 ? "edge-infer.output.results" : "edge-infer.output.statistics");
  },
  oneditprepare() {
    if (this.statisticsEvery === undefined) $("#node-input-statisticsEvery").val(String(defaults.statisticsEvery));
    const text = (key: string, values?: Record<string, unknown>) => this._(`edge-infer.${key}`, values);
    const fields = [
      "model",
      "thresholdFrom",
      "threshold",
      "contributions",
      "uncertainBelow",
      "classThresholds",
      "top",
      "task",
      "queueLimit",
      "queuePolicy",
      "statisticsEvery",
      "messagesChangeModel",
    ];
    watch(this, fields, (value) => {
      const own = value("thresholdFrom") === "own";
      showRow("threshold", own);
      showRow("strange", value("task") === "anomaly");
      const wrong = (Object.entries(RULES) as [string, NumberRule][]).find(
        ([name, rule]) => (name !== "threshold" || own) && !keeps(rule, value(name)),
      );
      const show = (line: string, kind: "plan" | "wrong") => sentence("#edge-infer-sentence", line, kind);
      if (wrong) return show(text(`sentence.${wrong[0]}`, { min: wrong[1].min, max: wrong[1].max }), "wrong");
      const thresholds = parseClassThresholds(value("classThresholds"));
      if (!thresholds) return show(text("sentence.classThresholds"), "wrong");
      const model = modelName(value("model"));
      if (model === undefined) return show(text("sentence.model"), "wrong");
      const uncertain = Number(value("uncertainBelow"));
      const parts = [
        text("sentence.run", { model }),
        own ? text("sentence.own", { threshold: value("threshold").trim() }) : text("sentence.models"),
        uncertain > 0 ? text("sentence.uncertain", { percent: Math.round(uncertain * 1000) / 10 }) : "",
        thresholds.length > 0 ? text("sentence.classes", { list: value("classThresholds").trim() }) : "",
        text(`sentence.${value("queuePolicy")}`, { count: value("queueLimit").trim() }),
        Number(value("statisticsEvery")) > 0 ? text("sentence.told", { count: value("statisticsEvery").trim() }) : "",
        value("messagesChangeModel") === "true" ? text("sentence.messages") : "",
      ];
      show(parts.filter(Boolean).join(" "), "plan");
    });
  },
});

/** The name in an edge-model config node, or undefined when none is chosen. */
function modelName(id: string): string | undefined {
  const config = RED.nodes.node(id) as (EditorNode & Record<string, unknown>) | null;
  return typeof config?.model === "string" && config.model !== "" ? config.model : undefined;
}
