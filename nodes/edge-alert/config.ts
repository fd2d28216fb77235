import { numberSetting } from "../glue/number-setting.js";
/** Settings of an edge-alert node as the dialog stores them; durations in seconds. */
export interface AlertSettings {
  when: "model" | "score" | "class" | "keyword" | "above" | "below";
  factor: number;
  limit?: number;
  labels: string;
  /** % */
  confidence: number;
  /** "keyword": instead of the model's, one for all ("0.8"), or of single words ("jarvis 0.8, snowboy 0.65"). */
  thresholds: string;
  /** "keyword": % of the threshold from which on a score is told as uncertain; 0 = never. */
  uncertainRatio: number;
  /** "keyword": a message also when the word is over. */
  tellOver: boolean;
  valueName: string;
  /** "model": as the model says, of keywords. */
  smoothing: "none" | "mean" | "median" | "ewma" | "model";
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
  thresholds: "",
  uncertainRatio: 0,
  tellOver: true,
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

/**
 * What a node about spoken words does where nothing else is set: what the dialog puts in when it is chosen. The model's
 * smoothing decides, a word is told once, and the next one may follow a second later.
 */
export const keywordDefaults = {
  smoothing: "model",
  needed: 1,
  among: 1,
  clearRatio: 50,
  clearAfter: 0.5,
  refractory: 0.5,
  severity: "info",
  tellOver: false,
} as const satisfies Partial<AlertSettings>;

/** The bounds of the numbers, for the schema and for the dialog. */
export const bounds = {
  factor: { min: 0.001, max: 1000 },
  confidence: { min: 0, max: 100 },
  uncertainRatio: { min: 0, max: 100 },
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
    when: { type: "string", enum: ["model", "score", "class", "keyword", "above", "below"], default: defaults.when },
    factor: numeric("factor"),
    limit: { type: "number" },
    labels: { type: "string", maxLength: 4096, default: defaults.labels },
    confidence: numeric("confidence"),
    thresholds: { type: "string", maxLength: 4096, default: defaults.thresholds },
    uncertainRatio: numeric("uncertainRatio"),
    tellOver: { type: "boolean", default: defaults.tellOver },
    valueName: { type: "string", maxLength: 128, default: defaults.valueName },
    smoothing: { type: "string", enum: ["none", "mean", "median", "ewma", "model"], default: defaults.smoothing },
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
