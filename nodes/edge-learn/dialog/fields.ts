import { showRow } from "../../editor/dialog.js";
import { defaults, type LearnSettings, type NumberName, RANGES, type Task } from "../config.js";

/** Of all settings, by their names. */
export type Values = Record<string, unknown>;

/** What a field has now, as text. */
export type Value = (name: string) => string;

export function taskOf({ task }: Values): Task {
  return task === "class" || task === "value" ? task : "anomaly";
}

export function needsFeature(node: Values): boolean {
  return taskOf(node) === "value" && node.valueFrom === "feature";
}

/** Which numbers matter, given the others. */
export const MATTERS: Partial<Record<NumberName, (node: Values) => boolean>> = {
  frames: (node) => node.amount === "frames",
  duration: (node) => node.amount === "duration",
  each: (node) => node.amount === "each",
  falseAlarms: (node) => taskOf(node) === "anomaly",
  ahead: needsFeature,
  every: (node) => node.after === "every",
};

export const NUMBERS = Object.keys(RANGES) as NumberName[];

export const FIELDS = Object.keys(defaults).filter((name) => name !== "options");

export function fieldValue(name: string): string {
  const field = $(`#node-input-${name}`);
  return field.is(":checkbox") ? String(field.prop("checked")) : String(field.val() ?? "");
}

export function valuesOf(value: Value): Values {
  return {
    ...Object.fromEntries(FIELDS.map((name) => [name, value(name)])),
    unlabelled: value("unlabelled") === "true",
  };
}

export function showFields(value: Value): void {
  const values = valuesOf(value);
  const task = taskOf(values);
  for (const name of ["labels", "falseAlarms"]) showRow(name, task === "anomaly");
  showRow("classes", task === "class");
  showRow("valueFrom", task === "value");
  for (const [id, name] of [
    ["frames", "frames"],
    ["duration", "duration"],
    ["each", "each"],
    ["every", "every"],
    ["feature", "ahead"],
  ] as const) {
    $(`#edge-learn-${id}`).toggle(MATTERS[name]!(values));
  }
  const each = $("#node-input-amount option[value=each]");
  each.prop("disabled", task !== "class").toggle(task === "class");
  if (task !== "class" && value("amount") === "each") $("#node-input-amount").val("frames").trigger("change");
}

/** A section is open when something in it is set. */
export function openSection(node: LearnSettings): void {
  const names = ["holdOut", "holdOutBy", "folds", "limitTime", "limitMemory"] as const;
  const isSet = names.some((name) => String(node[name] ?? defaults[name]) !== String(defaults[name]));
  $("#edge-learn-testing").prop("open", isSet);
}
