import { keeps, numberRule, sentence, showRow, watch } from "../editor/dialog.js";
import { defaults, type LearnSettings, RANGES } from "./config.js";

type Field = keyof typeof RANGES;
type Values = Record<string, unknown>;

/** Which numbers matter, given the others. */
const MATTERS: Partial<Record<Field, (node: Values) => boolean>> = {
  variance: (node) => node.method === "pca",
  clusters: (node) => node.method === "kmeans",
  frames: (node) => node.amount === "frames",
  duration: (node) => node.amount === "duration",
};

const FIELDS = Object.keys(RANGES) as Field[];

function rule(field: Field) {
  const when = MATTERS[field];
  return numberRule(`edge-learn.wrong.${field}`, { ...RANGES[field], ...(when ? { when } : {}) });
}

RED.nodes.registerType<LearnSettings & { name: string }>("edge-learn", {
  category: "edge ML",
  color: "#9AC7BF",
  defaults: {
    name: { value: "" },
    model: { value: "", type: "edge-model", required: true },
    method: { value: defaults.method },
    variance: { value: defaults.variance, validate: rule("variance") },
    clusters: { value: defaults.clusters, validate: rule("clusters") },
    amount: { value: defaults.amount },
    frames: { value: defaults.frames, validate: rule("frames") },
    duration: { value: defaults.duration, validate: rule("duration") },
    durationUnit: { value: defaults.durationUnit },
    holdOut: { value: defaults.holdOut, validate: rule("holdOut") },
    falseAlarms: { value: defaults.falseAlarms, validate: rule("falseAlarms") },
    labels: { value: defaults.labels },
    unlabelled: { value: defaults.unlabelled },
    start: { value: defaults.start },
    after: { value: defaults.after },
  },
  inputs: 1,
  outputs: 1,
  icon: "edge-learn.svg",
  paletteLabel() {
    return this._("edge-learn.paletteLabel");
  },
  label() {
    return this.name || this._("edge-learn.paletteLabel");
  },
  labelStyle() {
    return this.name ? "node_label_italic" : "";
  },
  outputLabels() {
    return this._("edge-learn.output");
  },
  oneditprepare() {
    const text = (key: string, values?: Values) => this._(`edge-learn.${key}`, values);
    watch(
      [...FIELDS, "model", "method", "amount", "durationUnit", "labels", "unlabelled", "start", "after"],
      (value) => {
        const values: Values = { method: value("method"), amount: value("amount") };
        showRow("variance", MATTERS.variance!(values));
        showRow("clusters", MATTERS.clusters!(values));
        $("#edge-learn-frames").toggle(MATTERS.frames!(values));
        $("#edge-learn-duration").toggle(MATTERS.duration!(values));
        const wrong = FIELDS.find((field) => (MATTERS[field]?.(values) ?? true) && !keeps(RANGES[field], value(field)));
        if (wrong !== undefined) {
          const { min, max } = RANGES[wrong] as { min: number; max?: number };
          return sentence("#edge-learn-sentence", text(`wrong.${wrong}`, { min, max }), "wrong");
        }
        const model = value("model");
        if (model === "" || model === "_ADD_") return sentence("#edge-learn-sentence", text("wrong.model"), "wrong");
        if (value("unlabelled") !== "true" && value("labels").replaceAll(",", "").trim() === "") {
          return sentence("#edge-learn-sentence", text("wrong.labels"), "wrong");
        }
        const amount =
          value("amount") === "frames"
            ? text("plan.frames", { count: Number(value("frames")) })
            : text("plan.duration", { count: Number(value("duration")), unit: text(`unit.${value("durationUnit")}`) });
        const alarms = Number(value("falseAlarms"));
        const plan = text("plan.all", {
          amount,
          holdOut: Number(value("holdOut")),
          alarms: text(alarms === 1 ? "plan.alarm" : "plan.alarms", { count: alarms }),
        });
        const begin = value("start") === "command" ? ` ${text("plan.command")}` : "";
        const after = value("after") === "again" ? ` ${text("plan.again")}` : "";
        sentence("#edge-learn-sentence", plan + begin + after);
      },
    );
  },
});
