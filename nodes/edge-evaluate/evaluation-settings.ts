import type { EvaluationSettings } from "../lib/evaluate/index.js";
import { compileSettings } from "../lib/frame/index.js";
import { type EvaluateSettings, labelList, schema } from "./config.js";

const readSettings = compileSettings<EvaluateSettings>(schema);

/**
 * What the dialog stored, checked.
 * @throws EdgeMlError EDGE_ML_SETTING naming the setting
 */
export function checkedSettings(raw: object): EvaluateSettings {
  const { reportOn = "command" } = raw as Partial<EvaluateSettings>;
  // What the dialog hides is never wrong.
  return readSettings(reportOn === "command" ? { ...raw, reportEvery: undefined } : raw);
}

/** As the library wants them: lists, and milliseconds. */
export function evaluationSettings(settings: EvaluateSettings): EvaluationSettings {
  return {
    task: settings.task,
    labels: { normal: labelList(settings.normal), faulty: labelList(settings.positive) },
    rules: { gap: 1000 * settings.gap, longestStep: 1000 * settings.longestStep },
    keep: settings.keep,
    falseAlarmsPerDay: settings.falseAlarms,
    value: settings.value.trim(),
  };
}
