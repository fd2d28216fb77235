import { duration, keeps } from "../../editor/dialog.js";
import type { Text } from "../../editor/option-fields.js";
import type { Row } from "../../editor/option-rules.js";
import { AUTO, RANGES, UNITS } from "../config.js";
import { MATTERS, NUMBERS, taskOf, type Value, type Values, valuesOf } from "./fields.js";
import { hopBefore } from "./hop-before.js";
import { methodProblem, namesLabel, textProblem } from "./rules.js";

/** What the node will do, in words, or what is wrong. */
export function saying(node: object, value: Value, options: Row, text: Text): { line: string; kind: "plan" | "wrong" } {
  const values = valuesOf(value);
  const wrong = (line: string) => ({ line, kind: "wrong" as const });
  const model = value("model");
  const number = NUMBERS.find((name) => (MATTERS[name]?.(values) ?? true) && !keeps(RANGES[name], value(name)));
  if (number !== undefined) {
    const { min, max } = RANGES[number] as { min: number; max?: number };
    return wrong(text(`wrong.${number}`, { min, max }));
  }
  const method = methodProblem(values, options, text);
  if (method !== undefined) return wrong(method);
  if (model === "" || model === "_ADD_") return wrong(text("wrong.model"));
  const problem = textProblem(values);
  if (problem !== undefined) return wrong(text(`wrong.${problem}`));
  const parts = [
    what(node, value, text),
    value("method") === AUTO ? text("plan.auto", { time: duration(Number(value("limitTime")) * 60) }) : "",
    Number(value("folds")) > 1 ? text("plan.folds", { count: value("folds").trim() }) : "",
    value("start") === "command" ? text("plan.command") : "",
    value("after") === "again" ? text("plan.again") : "",
    value("after") === "every" ? text("plan.every", { time: timeOf(value, "every", "everyUnit") }) : "",
  ];
  return { line: parts.filter(Boolean).join(" "), kind: "plan" };
}

function what(node: object, value: Value, text: Text): string {
  const task = taskOf({ task: value("task") });
  const share = Number(value("holdOut"));
  const heldOut = text(value("holdOutBy") === "stream" ? "plan.streams" : `plan.last.${task}`, { holdOut: share });
  const amount = text(...amountInWords(value, hopBefore(node)));
  if (task === "class") {
    const classes = joined(
      value("classes")
        .split(",")
        .map((name) => name.trim())
        .filter(Boolean),
      text,
    );
    return text(classes === "" ? "plan.classes" : "plan.classesNamed", { classes, amount, heldOut });
  }
  if (task === "value") {
    const later = { feature: value("feature").trim(), ahead: Number(value("ahead")) };
    if (value("valueFrom") === "label") return text("plan.value", { amount, heldOut });
    return text(later.ahead === 1 ? "plan.next" : "plan.later", { ...later, amount, heldOut });
  }
  const count = Number(value("falseAlarms"));
  const normal = { amount, heldOut, alarms: text(count === 1 ? "plan.alarm" : "plan.alarms", { count }) };
  return [text("plan.normal", normal), namesLabel(value("labels")) ? text("plan.faults") : ""]
    .filter(Boolean)
    .join(" ");
}

/** "A, B and C" */
function joined(parts: readonly string[], text: Text): string {
  if (parts.length < 2) return parts.join("");
  return text("plan.and", { list: parts.slice(0, -1).join(", "), last: parts.at(-1) });
}

function timeOf(value: Value, name: string, unit: string): string {
  return duration((Number(value(name)) * (UNITS[value(unit) as keyof typeof UNITS] ?? UNITS.s)) / 1000);
}

/** The amount to learn from, as a key of the catalog and its values. */
function amountInWords(value: Value, hop: number | undefined): [key: string, values: Values] {
  if (value("amount") === "told") return ["plan.told", {}];
  if (value("amount") === "each") return ["plan.each", { count: Number(value("each")) }];
  if (value("amount") === "duration") return ["plan.duration", { time: timeOf(value, "duration", "durationUnit") }];
  const count = Number(value("frames"));
  if (hop === undefined) return ["plan.frames", { count }];
  return ["plan.framesFor", { count, time: duration((count * hop) / 1000) }];
}
