import { numberSetting } from "../glue/number-setting.js";
/** Settings of an edge-alert node as the dialog stores them; durations in seconds. */
export interface AlertSettings {
  when: "model" | "score" | "class" | "above" | "below";
  factor: number;
  limit?: number;
  labels: string;
  /** % */
  confidence: number;
  valueName: string;
  smoothing: "none" | "mean" | "median" | "ewma";
  smoothingSize: number;
  needed: number;
  among: number;
  raiseAfter: number;
  /** % */
  clearRatio: number;
  clearAfter: number;
  refractory: number;
  severity: "info" | "warning" | "critical" | "score";
  criticalFactor: number;
  noDataAfter: number;
  remindEvery: number;
  streams: number;
}

export const defaults: AlertSettings = {
  when: "model",
  factor: 1,
  labels: "",
  confidence: 60,
  valueName: "",
  smoothing: "none",
  smoothingSize: 5,
  needed: 3,
  among: 5,
  raiseAfter: 0,
  clearRatio: 80,
  clearAfter: 600,
  refractory: 0,
  severity: "warning",
  criticalFactor: 2,
  noDataAfter: 3600,
  remindEvery: 0,
  streams: 1024,
};

/** The bounds of the numbers, for the schema and for the dialog. */
export const bounds = {
  factor: { min: 0.001, max: 1000 },
  confidence: { min: 0, max: 100 },
  smoothingSize: { min: 2, max: 1000, integer: true },
  needed: { min: 1, max: 1000, integer: true },
  among: { min: 1, max: 1000, integer: true },
  raiseAfter: { min: 0, max: 31_536_000 },
  clearRatio: { min: 0, max: 100 },
  clearAfter: { min: 0, max: 31_536_000 },
  refractory: { min: 0, max: 31_536_000 },
  criticalFactor: { min: 1, max: 1000 },
  noDataAfter: { min: 0, max: 31_536_000 },
  remindEvery: { min: 0, max: 31_536_000 },
  streams: { min: 1, max: 10_000, integer: true },
} as const;

const numeric = (name: keyof typeof bounds) => numberSetting(bounds[name], defaults[name]);

/** JSON schema of the settings. */
export const schema = {
  type: "object",
  properties: {
    when: { type: "string", enum: ["model", "score", "class", "above", "below"], default: defaults.when },
    factor: numeric("factor"),
    limit: { type: "number" },
    labels: { type: "string", maxLength: 4096, default: defaults.labels },
    confidence: numeric("confidence"),
    valueName: { type: "string", maxLength: 128, default: defaults.valueName },
    smoothing: { type: "string", enum: ["none", "mean", "median", "ewma"], default: defaults.smoothing },
    smoothingSize: numeric("smoothingSize"),
    needed: numeric("needed"),
    among: numeric("among"),
    raiseAfter: numeric("raiseAfter"),
    clearRatio: numeric("clearRatio"),
    clearAfter: numeric("clearAfter"),
    refractory: numeric("refractory"),
    severity: { type: "string", enum: ["info", "warning", "critical", "score"], default: defaults.severity },
    criticalFactor: numeric("criticalFactor"),
    noDataAfter: numeric("noDataAfter"),
    remindEvery: numeric("remindEvery"),
    streams: numeric("streams"),
  },
};

/** The classes of a list with commas between them. */
export function labelList(labels: string): string[] {
  return labels
    .split(",")
    .map((label) => label.trim())
    .filter((label) => label !== "");
}
