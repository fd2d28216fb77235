import { describe, EdgeMlError } from "../lib/errors/index.js";
import { compileSettings } from "../lib/frame/index.js";
import { type Again, type Amount, chooseLearner, type LearningSettings, labelList } from "../lib/learn/index.js";
import { AUTO, type LearnSettings, migrated, schema, UNITS } from "./config.js";

const checkTypes = compileSettings<LearnSettings>(schema);

/**
 * The settings of a node, checked, also those that the learner itself has.
 * @throws EdgeMlError EDGE_ML_SETTING
 */
export function readSettings(raw: object): LearnSettings {
  const settings = checkTypes(migrated(raw));
  const { task, method, options, amount, valueFrom, feature, unlabelled, labels } = settings;
  if (method !== AUTO) chooseLearner(task, method, options);
  if (amount === "each" && task !== "class")
    throw wrong("amount", amount, 'something else: only the task "class" has classes');
  if (task === "value" && valueFrom === "feature" && feature.trim() === "") {
    throw wrong("feature", feature, "the name of a feature");
  }
  if (task === "anomaly" && !unlabelled && labelList(labels).length === 0) {
    throw wrong("labels", labels, "at least one label, or frames without a label must count as normal");
  }
  return settings;
}

function wrong(field: keyof LearnSettings, got: unknown, expected: string): EdgeMlError {
  return new EdgeMlError("EDGE_ML_SETTING", { field, got: describe(got), expected });
}

/** What the library needs of them. */
export function learningSettings(
  settings: LearnSettings,
  model: string,
  madeBy: LearningSettings["madeBy"],
): LearningSettings {
  const { task, method, options, valueFrom, feature, ahead } = settings;
  return {
    model,
    task,
    method,
    options: method === AUTO ? {} : options,
    amount: amountOf(settings),
    holdOut: settings.holdOut / 100,
    holdOutBy: settings.holdOutBy,
    folds: settings.folds === 1 ? 0 : settings.folds,
    falseAlarmsPerDay: settings.falseAlarms,
    normal: { labels: labelList(settings.labels), unlabelled: settings.unlabelled },
    classes: labelList(settings.classes),
    ...(task === "value"
      ? { value: valueFrom === "label" ? { from: "label" } : { from: "feature", feature: feature.trim(), ahead } }
      : {}),
    limits: { seconds: settings.limitTime * 60, megabytes: settings.limitMemory },
    start: settings.start,
    again: againOf(settings),
    madeBy,
  };
}

function amountOf({ amount, frames, duration, durationUnit, each }: LearnSettings): Amount {
  switch (amount) {
    case "frames":
      return { frames };
    case "duration":
      return { duration: duration * UNITS[durationUnit] };
    case "each":
      return { each };
    case "told":
      return { told: true };
  }
}

function againOf({ after, every, everyUnit }: LearnSettings): Again | undefined {
  if (after === "stop") return undefined;
  return after === "again" ? { by: "frames" } : { by: "time", every: every * UNITS[everyUnit] };
}
