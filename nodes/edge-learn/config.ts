import type { NormalRule } from "../lib/learn/index.js";

/** Settings of an edge-learn node, checked. */
export interface LearnSettings {
  /** Id of an edge-model config node. */
  model: string;
  method: "pca" | "kmeans";
  /** Share of the variance that PCA keeps, in percent. */
  variance: number;
  clusters: number;
  /** What to count until there is enough. */
  amount: "frames" | "duration";
  frames: number;
  duration: number;
  durationUnit: keyof typeof UNITS;
  /** Percent. */
  holdOut: number;
  falseAlarms: number;
  /** Separated by commas. */
  labels: string;
  unlabelled: NormalRule["unlabelled"];
  start: "once" | "command";
  after: "stop" | "again";
}

/** ms */
export const UNITS = { s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const;

export const defaults: LearnSettings = {
  model: "",
  method: "pca",
  variance: 95,
  clusters: 16,
  amount: "frames",
  frames: 2000,
  duration: 1,
  durationUnit: "d",
  holdOut: 25,
  falseAlarms: 1,
  labels: "normal, 0",
  unlabelled: true,
  start: "once",
  after: "stop",
};

/** Frames: what Collection in lib/learn keeps. */
export const RANGES = {
  variance: { min: 50, max: 100 },
  clusters: { min: 1, max: 256, integer: true },
  frames: { min: 20, max: 20_000, integer: true },
  duration: { min: 0.001 },
  holdOut: { min: 5, max: 50 },
  falseAlarms: { min: 0.001, max: 1000 },
} as const;

function number(name: keyof typeof RANGES): object {
  const range: { min: number; max?: number; integer?: boolean } = RANGES[name];
  return {
    type: range.integer ? "integer" : "number",
    minimum: range.min,
    ...(range.max === undefined ? {} : { maximum: range.max }),
    default: defaults[name],
  };
}

/** JSON schema of the settings; each learner checks its own options. */
export const schema = {
  type: "object",
  properties: {
    model: { type: "string", default: defaults.model },
    method: { enum: ["pca", "kmeans"], default: defaults.method },
    variance: number("variance"),
    clusters: number("clusters"),
    amount: { enum: ["frames", "duration"], default: defaults.amount },
    frames: number("frames"),
    duration: number("duration"),
    durationUnit: { enum: Object.keys(UNITS), default: defaults.durationUnit },
    holdOut: number("holdOut"),
    falseAlarms: number("falseAlarms"),
    labels: { type: "string", maxLength: 1000, default: defaults.labels },
    unlabelled: { type: "boolean", default: defaults.unlabelled },
    start: { enum: ["once", "command"], default: defaults.start },
    after: { enum: ["stop", "again"], default: defaults.after },
  },
};
