import { type EditorNode, numberRule } from "../../editor/dialog.js";
import { optionProblem, type Text } from "../../editor/option-fields.js";
import type { Description, Row } from "../../editor/option-rules.js";
import { AUTO, defaults, type NumberName, RANGES, type Task } from "../config.js";
import { MATTERS, needsFeature, taskOf, type Values } from "./fields.js";

/** A validator of a number, for the defaults. */
export function rule(field: NumberName) {
  const when = MATTERS[field];
  const check = numberRule(`edge-learn.wrong.${field}`, { ...RANGES[field], ...(when ? { when } : {}) });
  // A flow from before there was this setting has its default.
  return function (this: EditorNode, value: unknown, _options: unknown) {
    return value === undefined || check.call(this, value);
  };
}

export function learnerOf(task: Task, method: unknown): Description | undefined {
  return EDGE_ML_LEARNERS[task].find(({ id }) => id === method);
}

/** What is wrong with the method and its options, or undefined. */
export function methodProblem(node: Values, options: Row, text: Text): string | undefined {
  const { method = defaults.method } = node;
  if (method === AUTO) return undefined;
  const task = taskOf(node);
  const learner = learnerOf(task, method);
  if (!learner) return text("wrong.method", { method });
  return optionProblem(learner, options, text, `learner.${task}.${learner.id}`);
}

/** What is wrong with the texts, as a key of the catalog, or undefined. */
export function textProblem(node: Values): "labels" | "feature" | undefined {
  if (taskOf(node) === "anomaly" && node.unlabelled !== true && !namesLabel(node.labels)) return "labels";
  if (needsFeature(node) && String(node.feature ?? "").trim() === "") return "feature";
  return undefined;
}

/** A validator of a text, for the defaults. */
export function textRule(field: "labels" | "feature") {
  return function (this: EditorNode & Values, value: unknown, _options: unknown) {
    const problem = value === undefined ? undefined : textProblem({ ...this, [field]: value });
    return problem === field ? this._(`edge-learn.wrong.${field}`) : true;
  };
}

/** Whether a list, separated by commas, names a label. */
export function namesLabel(list: unknown): boolean {
  return (
    String(list ?? "")
      .replaceAll(",", "")
      .trim() !== ""
  );
}
