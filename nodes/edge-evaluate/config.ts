import { numberSetting } from "../glue/number-setting.js";
/** Settings of an edge-evaluate node as the dialog stores them; durations in seconds. */
export interface EvaluateSettings {
  task: "auto" | "anomaly" | "class" | "value";
  /** Labels with commas between them: all is well. */
  normal: string;
  /** Labels that count as a fault, or the class whose curves are wanted; empty for all that are not normal. */
  positive: string;
  /** Which value is held against the label; the first one when empty. */
  value: string;
  /** When a report is sent by itself. */
  reportOn: "command" | "results" | "minutes";
  reportEvery: number;
  csv: "results" | "summary";
  /** Wished, per day. */
  falseAlarms: number;
  /** Alarmed results no further apart are one alarm. */
  gap: number;
  /** A longer step between two results is a pause. */
  longestStep: number;
  /** Results that are kept one by one. */
  keep: number;
}

export const defaults: EvaluateSettings = {
  task: "auto",
  normal: "normal, 0",
  positive: "",
  value: "",
  reportOn: "command",
  reportEvery: 1000,
  csv: "results",
  falseAlarms: 1,
  gap: 600,
  longestStep: 3600,
  keep: 5000,
};

/** The bounds of the numbers, for the schema and for the dialog. */
export const bounds = {
  reportEvery: { min: 1, max: 1_000_000, integer: true },
  falseAlarms: { min: 0, max: 1000 },
  gap: { min: 0, max: 31_536_000 },
  longestStep: { min: 0.001, max: 31_536_000 },
  keep: { min: 100, max: 20_000, integer: true },
} as const;

const numeric = (name: keyof typeof bounds) => numberSetting(bounds[name], defaults[name]);

/** JSON schema of the settings. */
export const schema = {
  type: "object",
  properties: {
    task: { enum: ["auto", "anomaly", "class", "value"], default: defaults.task },
    normal: { type: "string", maxLength: 4096, default: defaults.normal },
    positive: { type: "string", maxLength: 4096, default: defaults.positive },
    value: { type: "string", maxLength: 128, default: defaults.value },
    reportOn: { enum: ["command", "results", "minutes"], default: defaults.reportOn },
    reportEvery: numeric("reportEvery"),
    csv: { enum: ["results", "summary"], default: defaults.csv },
    falseAlarms: numeric("falseAlarms"),
    gap: numeric("gap"),
    longestStep: numeric("longestStep"),
    keep: numeric("keep"),
  },
};

/** The labels of a list with commas between them. */
export function labelList(labels: string): string[] {
  return labels
    .split(",")
    .map((label) => label.trim())
    .filter((label) => label !== "");
}
