import { numberSetting } from "../glue/number-setting.js";

/** Settings of an edge-learn node, checked. */
export interface LearnSettings {
  /** Id of an edge-model config node. */
  model: string;
  task: Task;
  /** A learner of the task, or "auto". */
  method: string;
  /** Of the learner. */
  options: Record<string, unknown>;
  /** What to count until there is enough. */
  amount: "frames" | "duration" | "each" | "told";
  frames: number;
  duration: number;
  durationUnit: keyof typeof UNITS;
  /** Frames of each class. */
  each: number;
  /** Percent. */
  holdOut: number;
  holdOutBy: "time" | "stream";
  folds: number;
  falseAlarms: number;
  /** What is normal; separated by commas. */
  labels: string;
  unlabelled: boolean;
  /** Separated by commas; empty: all that come. */
  classes: string;
  valueFrom: "label" | "feature";
  feature: string;
  /** So many frames later. */
  ahead: number;
  /** min */
  limitTime: number;
  /** MB */
  limitMemory: number;
  start: "once" | "command";
  /** again: after as many new frames. every: after a time. */
  after: "stop" | "again" | "every";
  every: number;
  everyUnit: keyof typeof UNITS;
}

export type Task = "anomaly" | "class" | "value";

/** ms */
export const UNITS = { s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const;

export const AUTO = "auto";

/** What a node begins with when another task is chosen. */
export const FIRST_METHOD: Record<Task, string> = { anomaly: "pca", class: AUTO, value: AUTO };

export const defaults: LearnSettings = {
  model: "",
  task: "anomaly",
  method: FIRST_METHOD.anomaly,
  options: {},
  amount: "frames",
  frames: 2000,
  duration: 1,
  durationUnit: "d",
  each: 40,
  holdOut: 25,
  holdOutBy: "time",
  folds: 0,
  falseAlarms: 1,
  labels: "normal, 0",
  unlabelled: true,
  classes: "",
  valueFrom: "label",
  feature: "",
  ahead: 1,
  limitTime: 60,
  limitMemory: 1024,
  start: "once",
  after: "stop",
  every: 24,
  everyUnit: "h",
};

/** Frames: what Collection in lib/learn keeps. */
export const RANGES = {
  frames: { min: 20, max: 20_000, integer: true },
  duration: { min: 0.001 },
  each: { min: 5, max: 10_000, integer: true },
  holdOut: { min: 5, max: 50 },
  folds: { min: 0, max: 20, integer: true },
  falseAlarms: { min: 0.001, max: 1000 },
  ahead: { min: 1, max: 10_000, integer: true },
  limitTime: { min: 0.05, max: 1440 },
  limitMemory: { min: 64, max: 65_536, integer: true },
  every: { min: 0.001, max: 10_000 },
} as const;

export type NumberName = keyof typeof RANGES;

const number = (name: NumberName): object => numberSetting(RANGES[name], defaults[name]);

function choice(name: keyof LearnSettings, values: readonly string[]): object {
  return { enum: values, default: defaults[name] };
}

function text(name: keyof LearnSettings): object {
  return { type: "string", maxLength: 1000, default: defaults[name] };
}

/** JSON schema of the settings; each learner checks its own options. */
export const schema = {
  type: "object",
  properties: {
    model: { type: "string", default: defaults.model },
    task: choice("task", ["anomaly", "class", "value"]),
    method: { type: "string", maxLength: 100, default: defaults.method },
    options: { type: "object", default: defaults.options },
    amount: choice("amount", ["frames", "duration", "each", "told"]),
    frames: number("frames"),
    duration: number("duration"),
    durationUnit: choice("durationUnit", Object.keys(UNITS)),
    each: number("each"),
    holdOut: number("holdOut"),
    holdOutBy: choice("holdOutBy", ["time", "stream"]),
    folds: number("folds"),
    falseAlarms: number("falseAlarms"),
    labels: text("labels"),
    unlabelled: { type: "boolean", default: defaults.unlabelled },
    classes: text("classes"),
    valueFrom: choice("valueFrom", ["label", "feature"]),
    feature: text("feature"),
    ahead: number("ahead"),
    limitTime: number("limitTime"),
    limitMemory: number("limitMemory"),
    start: choice("start", ["once", "command"]),
    after: choice("after", ["stop", "again", "every"]),
    every: number("every"),
    everyUnit: choice("everyUnit", Object.keys(UNITS)),
    // Of flows from before there were options: see `migrated`.
    variance: {},
    clusters: {},
  },
};

/** What flows from before there were options say of PCA, in percent, and of k-means. */
interface OldSettings {
  method?: unknown;
  options?: unknown;
  variance?: unknown;
  clusters?: unknown;
}

/** The options of a node, also of one from before there were any: then they stood beside the other settings. */
export function optionsOf({
  method = defaults.method,
  options,
  variance,
  clusters,
}: OldSettings): Record<string, unknown> {
  const given = typeof options === "object" && options !== null ? (options as Record<string, unknown>) : {};
  if (Object.keys(given).length > 0) return given;
  if (method === "pca" && isSet(variance)) return { variance: isNumber(variance) ? Number(variance) / 100 : variance };
  if (method === "kmeans" && isSet(clusters)) return { clusters };
  return given;
}

/** Settings as they are now, of a node that may be from before there were options. */
export function migrated(raw: object): object {
  const { variance: _, clusters: __, ...rest } = raw as OldSettings;
  return { ...rest, options: optionsOf(raw as OldSettings) };
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && String(value).trim() !== "";
}

function isNumber(value: unknown): boolean {
  return Number.isFinite(Number(value));
}
