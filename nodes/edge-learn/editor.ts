import { duration, type EditorNode, keeps, numberRule, sentence, showRow, watch } from "../editor/dialog.js";
import { defaults, type LearnSettings, RANGES, UNITS } from "./config.js";

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
    labels: {
      value: defaults.labels,
      validate(this: EditorNode & LearnSettings, value: unknown, _options: unknown) {
        return this.unlabelled || namesLabel(String(value ?? "")) || this._("edge-learn.wrong.labels");
      },
    },
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
      this,
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
        if (value("unlabelled") !== "true" && !namesLabel(value("labels"))) {
          return sentence("#edge-learn-sentence", text("wrong.labels"), "wrong");
        }
        const amount = text(...amountInWords(value, hopBefore(this)));
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

/** Whether a list, separated by commas, names a label. */
function namesLabel(list: string): boolean {
  return list.replaceAll(",", "").trim() !== "";
}

/** The amount to learn from, as a key of the catalog and its values. */
function amountInWords(value: (name: string) => string, hop: number | undefined): [key: string, values: Values] {
  if (value("amount") === "duration") {
    const unit = UNITS[value("durationUnit") as keyof typeof UNITS] ?? UNITS.s;
    return ["plan.duration", { time: duration((Number(value("duration")) * unit) / 1000) }];
  }
  const count = Number(value("frames"));
  if (hop === undefined) return ["plan.frames", { count }];
  return ["plan.framesFor", { count, time: duration((count * hop) / 1000) }];
}

/** ms between the frames of a stream, when an edge-window by time is wired in front; undefined when nobody can know. */
function hopBefore(node: object): number | undefined {
  const seen = new Set<object>();
  let layer = [node];
  for (let depth = 0; depth < 5 && layer.length > 0; depth++) {
    const sources = layer.flatMap((target) => RED.nodes.filterLinks({ target }).map((link) => link.source));
    for (const { type, by, hop, hopUnit } of sources) {
      const unit = { ms: 1, ...UNITS }[String(hopUnit) as "ms" | keyof typeof UNITS];
      if (type === "edge-window" && by === "time" && Number(hop) > 0 && unit) return Number(hop) * unit;
    }
    layer = sources.filter((source) => !seen.has(source));
    for (const source of layer) seen.add(source);
  }
  return undefined;
}
