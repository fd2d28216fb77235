import {
  type EditorNode,
  fillMissing,
  keeps,
  type NumberRule,
  numberRule,
  sentence,
  showRow,
  watch,
} from "../editor/dialog.js";
import { parseClassThresholds } from "./class-list.js";
import { defaults, type InferSettings, MAX_AGREE, MAX_QUEUE, MAX_SECONDS, MAX_TOP, SERVER_TIMEOUT } from "./config.js";

const RULES = {
  threshold: { when: (node) => node.thresholdFrom === "own" },
  contributions: { min: 0, max: 5, integer: true },
  // Flows from before these settings have none.
  agree: { min: 1, max: MAX_AGREE, integer: true, optional: true, when: runsHere },
  agreeLeast: {
    min: 0,
    max: MAX_AGREE,
    integer: true,
    optional: true,
    when: (node) => runsHere(node) && Number(node.agree) > 1,
  },
  uncertainBelow: { min: 0, max: 1 },
  top: { min: 0, max: MAX_TOP, integer: true, optional: true },
  queueLimit: { min: 1, max: MAX_QUEUE, integer: true },
  serverTimeout: { ...SERVER_TIMEOUT, when: (node) => node.runs === "server" },
  statisticsEvery: { min: 0, max: MAX_SECONDS, optional: true },
} satisfies Record<string, NumberRule>;

type Fields = Record<string, unknown>;

function runsHere(node: Fields): boolean {
  return node.runs !== "server";
}

const SERVER_FIELDS = ["serverUrl", "serverModel", "serverVersion", "serverToken", "serverTimeout", "serverFallback"];

/** An address without a password and without what follows ? or #. */
const SERVER_URL = /^\s*https?:\/\/[^\s@?#]+\s*$/;

/** What is no number; each is a sentence of the catalog while it does not hold. */
const NEEDS: Record<string, (node: Fields) => boolean> = {
  serverUrl: (node) => node.runs !== "server" || SERVER_URL.test(String(node.serverUrl)),
  serverModel: (node) => node.runs !== "server" || String(node.serverModel).trim() !== "",
  // A server's model may stand alone, when it need not run here.
  model: (node) => (node.runs === "server" && !node.serverFallback) || modelName(String(node.model)) !== undefined,
};

/** A validator for the node's defaults. */
function need(field: string) {
  return function (this: EditorNode, _value: unknown, _options?: unknown): true | string {
    return NEEDS[field]!(this as unknown as Fields) ? true : this._(`edge-infer.sentence.${field}`);
  };
}

/** The third is that of the embedding. */
const OUTPUTS = { without: 2, with: 3 };

/** A server's model that stands alone does not say which layer it has. */
function isEmbeddingKnown(node: Fields): boolean {
  return !isOn(node.embedding) || node.runs !== "server" || modelName(String(node.model)) !== undefined;
}

function isOn(value: unknown): boolean {
  return value === true || value === "true";
}

RED.nodes.registerType<InferSettings & { name: string; outputs: number }>("edge-infer", {
  category: "edge ML",
  color: "#9AC7BF",
  defaults: {
    name: { value: "" },
    model: { value: "", type: "edge-model", required: false, validate: need("model") },
    runs: { value: defaults.runs },
    serverUrl: { value: defaults.serverUrl, validate: need("serverUrl") },
    serverModel: { value: defaults.serverModel, validate: need("serverModel") },
    serverVersion: { value: defaults.serverVersion },
    serverTimeout: {
      value: defaults.serverTimeout,
      validate: numberRule("edge-infer.sentence.serverTimeout", RULES.serverTimeout),
    },
    serverFallback: { value: defaults.serverFallback },
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
    agree: { value: defaults.agree, validate: numberRule("edge-infer.sentence.agree", RULES.agree) },
    agreeLeast: {
      value: defaults.agreeLeast,
      validate: numberRule("edge-infer.sentence.agreeLeast", RULES.agreeLeast),
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
    embedding: {
      value: defaults.embedding,
      validate(this: EditorNode, _value: unknown, _options?: unknown) {
        return isEmbeddingKnown(this as unknown as Fields) ? true : this._("edge-infer.sentence.embeddingServed");
      },
    },
    outputs: { value: 2 },
    messagesChangeModel: { value: defaults.messagesChangeModel },
  },
  credentials: { serverToken: { type: "password" } },
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
    return this._(`edge-infer.output.${["results", "statistics", "embedding"][index]}`);
  },
  oneditprepare() {
    // A section is open when something in it is set.
    for (const section of $(
      "#edge-infer-agreement, #edge-infer-classes, #edge-infer-elsewhere, #edge-infer-serving",
    ).toArray()) {
      const names = $(section)
        .find("[id^=node-input-]")
        .toArray()
        .map(({ id }) => id.slice("node-input-".length) as keyof InferSettings)
        .filter((name) => name in defaults);
      const isSet = names.some((name) => String(this[name] ?? defaults[name]) !== String(defaults[name]));
      $(section).prop("open", isSet);
    }
    fillMissing(this, defaults);
    const text = (key: string, values?: Record<string, unknown>) => this._(`edge-infer.${key}`, values);
    const fields = [
      "model",
      "runs",
      ...SERVER_FIELDS,
      "thresholdFrom",
      "threshold",
      "contributions",
      "agree",
      "agreeLeast",
      "uncertainBelow",
      "classThresholds",
      "top",
      "task",
      "labels",
      "queueLimit",
      "queuePolicy",
      "embedding",
      "statisticsEvery",
      "messagesChangeModel",
    ];
    watch(this, fields, (value) => {
      const own = value("thresholdFrom") === "own";
      const served = value("runs") === "server";
      const fallback = value("serverFallback") === "true";
      showRow("threshold", own);
      const several = !served && Number(value("agree")) > 1;
      $("#edge-infer-agreement").toggle(!served);
      showRow("agreeLeast", several);
      showRow("strange", value("task") === "anomaly");
      for (const name of SERVER_FIELDS) showRow(name, served);
      const wrong = (Object.entries(RULES) as [string, NumberRule][]).find(
        ([name, rule]) =>
          (name !== "threshold" || own) &&
          (name !== "serverTimeout" || served) &&
          (name !== "agree" || !served) &&
          (name !== "agreeLeast" || several) &&
          !keeps(rule, value(name)),
      );
      const show = (line: string, kind: "plan" | "wrong") => sentence("#edge-infer-sentence", line, kind);
      if (wrong) return show(text(`sentence.${wrong[0]}`, { min: wrong[1].min, max: wrong[1].max }), "wrong");
      const thresholds = parseClassThresholds(value("classThresholds"));
      if (!thresholds) return show(text("sentence.classThresholds"), "wrong");
      const shown = Object.fromEntries(
        ["runs", "serverUrl", "serverModel", "model"].map((name) => [name, value(name)]),
      );
      const missing = Object.keys(NEEDS).find((name) => !NEEDS[name]!({ ...shown, serverFallback: fallback }));
      if (missing !== undefined) return show(text(`sentence.${missing}`), "wrong");
      const embeds = isOn(value("embedding"));
      $("#node-input-outputs").val(embeds ? OUTPUTS.with : OUTPUTS.without);
      if (!isEmbeddingKnown({ ...shown, embedding: embeds })) return show(text("sentence.embeddingServed"), "wrong");
      const model = modelName(value("model"));
      const uncertain = Number(value("uncertainBelow"));
      const parts = [
        ...(served ? servedIn(text, value, model, fallback) : [text("sentence.run", { model })]),
        own ? text("sentence.own", { threshold: value("threshold").trim() }) : model && text("sentence.models"),
        several ? agreed(text, value) : "",
        uncertain > 0 ? text("sentence.uncertain", { percent: Math.round(uncertain * 1000) / 10 }) : "",
        thresholds.length > 0 ? text("sentence.classes", { list: value("classThresholds").trim() }) : "",
        text(`sentence.${value("queuePolicy")}`, { count: value("queueLimit").trim() }),
        Number(value("statisticsEvery")) > 0 ? text("sentence.told", { count: value("statisticsEvery").trim() }) : "",
        embeds ? text("sentence.embedding") : "",
        value("messagesChangeModel") === "true" ? text("sentence.messages") : "",
      ];
      show(parts.filter(Boolean).join(" "), "plan");
    });
  },
});

/** How many versions are asked, and how many must agree. */
function agreed(
  text: (key: string, values?: Record<string, unknown>) => string,
  value: (name: string) => string,
): string {
  const [count, least] = [Number(value("agree")), Number(value("agreeLeast"))];
  const all = least === 0 || least >= count;
  return text(all ? "sentence.allAgree" : "sentence.someAgree", { count, least });
}

/** What the server does, what its outputs mean, and what happens without it. */
function servedIn(
  text: (key: string, values?: Record<string, unknown>) => string,
  value: (name: string) => string,
  model: string | undefined,
  fallback: boolean,
): string[] {
  const isRead = value("task") === "auto" ? value("labels").trim() !== "" : value("task") !== "tensors";
  const server = { model: value("serverModel").trim(), server: value("serverUrl").trim() };
  return [
    text("sentence.served", server),
    model === undefined
      ? text(isRead ? "sentence.servedOwn" : "sentence.servedRaw")
      : text("sentence.servedAs", { model }),
    fallback ? text("sentence.fallback", { model }) : text("sentence.noFallback"),
  ];
}

/** The name in an edge-model config node, or undefined when none is chosen. */
function modelName(id: string): string | undefined {
  const config = RED.nodes.node(id) as (EditorNode & Record<string, unknown>) | null;
  return typeof config?.model === "string" && config.model !== "" ? config.model : undefined;
}
