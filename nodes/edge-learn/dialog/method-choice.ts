import { optionFields, type Text } from "../../editor/option-fields.js";
import type { Row } from "../../editor/option-rules.js";
import { AUTO, defaults, FIRST_METHOD, type LearnSettings, optionsOf, type Task } from "../config.js";
import { taskOf, type Value, type Values } from "./fields.js";
import { learnerOf } from "./rules.js";

/** The method of the task, and the options of the method. */
export function methodChoice(
  node: LearnSettings,
  text: Text,
  change: () => void,
): { show(value: Value): void; options(): Row } {
  const select = $("#node-input-method");
  const container = $("#edge-learn-options");
  /** What was chosen and typed: going back to a task or a method brings it back. */
  const methods = new Map<string, string>();
  const typed = new Map<string, Row>();
  let task: Task | undefined;
  let method: string | undefined;
  let read: () => Row = () => ({});
  const key = () => `${task}.${method}`;

  const showTask = (next: Task) => {
    const chosen = task === undefined ? String(node.method ?? defaults.method) : methods.get(next);
    task = next;
    const options = [{ id: AUTO, title: text("auto.title") }].concat(
      EDGE_ML_LEARNERS[task].map(({ id }) => ({ id, title: text(`learner.${task}.${id}.title`) })),
    );
    const wanted = chosen ?? FIRST_METHOD[task];
    // From another version of this package, perhaps: it is kept until something else is chosen.
    if (!options.some(({ id }) => id === wanted)) options.push({ id: wanted, title: wanted });
    select.empty().append(options.map(({ id, title }) => $("<option>").val(id).text(title)));
    select.val(wanted);
  };

  const showMethod = (next: string) => {
    method = next;
    methods.set(task!, next);
    const learner = learnerOf(task!, next);
    const about = next === AUTO ? text("auto.about") : learner ? text(`learner.${task}.${next}.about`) : "";
    $("#edge-learn-about").text(about);
    container.empty();
    const values = typed.get(key()) ?? {};
    read = learner
      ? optionFields(container, learner, values, text, `learner.${task}.${next}`, change)
      : () => (next === AUTO ? {} : values);
    container.toggle(learner !== undefined && Object.keys(learner.options).length > 0);
  };

  const first = taskOf(node as unknown as Values);
  typed.set(`${first}.${node.method ?? defaults.method}`, optionsOf(node));
  container.data("read", () => read());
  return {
    show(value) {
      const next = taskOf({ task: value("task") });
      const other = next !== task;
      if (task !== undefined && (other || value("method") !== method)) typed.set(key(), read());
      if (other) showTask(next);
      const chosen = String(select.val());
      if (other || chosen !== method) showMethod(chosen);
    },
    options: () => read(),
  };
}
