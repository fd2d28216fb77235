import { type EditorNode, fillMissing, keeps, sentence, watch } from "../editor/dialog.js";
import type { Text } from "../editor/option-fields.js";
import type { Row } from "../editor/option-rules.js";
import { defaults, type LearnSettings, optionsOf, RANGES } from "./config.js";
import {
  FIELDS,
  fieldValue,
  MATTERS,
  NUMBERS,
  openSection,
  showFields,
  type Values,
  valuesOf,
} from "./dialog/fields.js";
import { followLearning } from "./dialog/follow-learning.js";
import { methodChoice } from "./dialog/method-choice.js";
import { saying } from "./dialog/plan.js";
import { methodProblem, rule, textRule } from "./dialog/rules.js";

/** With what flows from before there were options say of PCA and k-means. */
type Settings = LearnSettings & { name: string; variance?: unknown; clusters?: unknown };

function textsOf(node: EditorNode): Text {
  return (key, values) => node._(`edge-learn.${key}`, values);
}

RED.nodes.registerType<Settings>("edge-learn", {
  category: "edge ML",
  color: "#9AC7BF",
  defaults: {
    name: { value: "" },
    model: { value: "", type: "edge-model", required: true },
    task: { value: defaults.task },
    method: { value: defaults.method },
    options: {
      value: defaults.options,
      validate(this: EditorNode & Values, _value: unknown, _options: unknown) {
        return methodProblem(this, optionsOf(this as Values), textsOf(this)) ?? true;
      },
    },
    amount: { value: defaults.amount },
    frames: { value: defaults.frames, validate: rule("frames") },
    duration: { value: defaults.duration, validate: rule("duration") },
    durationUnit: { value: defaults.durationUnit },
    each: { value: defaults.each, validate: rule("each") },
    holdOut: { value: defaults.holdOut, validate: rule("holdOut") },
    holdOutBy: { value: defaults.holdOutBy },
    folds: { value: defaults.folds, validate: rule("folds") },
    falseAlarms: { value: defaults.falseAlarms, validate: rule("falseAlarms") },
    labels: { value: defaults.labels, validate: textRule("labels") },
    unlabelled: { value: defaults.unlabelled },
    classes: { value: defaults.classes },
    valueFrom: { value: defaults.valueFrom },
    feature: { value: defaults.feature, validate: textRule("feature") },
    ahead: { value: defaults.ahead, validate: rule("ahead") },
    limitTime: { value: defaults.limitTime, validate: rule("limitTime") },
    limitMemory: { value: defaults.limitMemory, validate: rule("limitMemory") },
    start: { value: defaults.start },
    after: { value: defaults.after },
    every: { value: defaults.every, validate: rule("every") },
    everyUnit: { value: defaults.everyUnit },
    // What flows from before there were options say of PCA and k-means: the editor would drop it otherwise.
    variance: { value: undefined },
    clusters: { value: undefined },
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
  inputLabels() {
    return this._("edge-learn.input");
  },
  outputLabels() {
    return this._("edge-learn.output");
  },
  oneditprepare() {
    fillMissing(this, defaults);
    openSection(this);
    // There are many rows, and the dialog is to fit a small screen.
    $("#edge-learn-testing").siblings(".form-row").css("margin-bottom", 8);
    const text = textsOf(this);
    const choice = methodChoice(this, text, () => update());
    let update: () => void = () => undefined;
    update = watch(
      this,
      FIELDS,
      (value) => {
        choice.show(value);
        showFields(value);
        const { line, kind } = saying(this, value, choice.options(), text);
        sentence("#edge-learn-sentence", line, kind);
      },
      () => ({ options: choice.options() }),
    );
    followLearning(this, text);
  },
  oneditsave() {
    // A hidden field must not keep the node from running.
    const value = fieldValue;
    for (const name of NUMBERS) {
      if (!keeps(RANGES[name], value(name)) && !(MATTERS[name]?.(valuesOf(value)) ?? true)) {
        $(`#node-input-${name}`).val(String(defaults[name]));
      }
    }
    this.options = ($("#edge-learn-options").data("read") as (() => Row) | undefined)?.() ?? {};
    this.variance = undefined;
    this.clusters = undefined;
  },
});
