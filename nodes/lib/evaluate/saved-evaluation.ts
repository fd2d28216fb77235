import type { SchemaObject } from "ajv";
import { compile } from "../frame/index.js";
import type { FaultEvent } from "./alarm-totals.js";
import type { LoggedAlert } from "./alert-log.js";
import type { KeptMoment } from "./anomaly-record.js";
import type { KeptClass } from "./class-record.js";
import type { Confusion } from "./confusion.js";
import type { Truth } from "./moment.js";
import type { ResultCounts } from "./report.js";
import type { ValueMoment } from "./value-record.js";

/** What outlives a restart: what was counted and what is kept. Plain JSON. */
export interface SavedEvaluation {
  format: 1;
  /** The settings that it was collected by. */
  settings: string;
  counts: Omit<ResultCounts, "forgotten">;
  from?: number;
  to?: number;
  anomaly?: SavedAnomalies;
  class?: SavedClasses;
  value?: SavedValues;
}

export interface SavedAnomalies {
  confusion: Confusion;
  threshold?: number;
  thresholds: "one" | "several" | "none";
  totals: SavedTotals;
  alerts: { id: string; alert: LoggedAlert }[];
  /** In the order in which they came. */
  kept: KeptMoment[];
  forgotten: number;
}

export interface SavedTotals {
  alarms: Record<Truth, number>;
  watched: Record<Truth, number>;
  falseResults: number;
  events: FaultEvent[];
  older: { events: number; found: number; unscored: number };
}

export interface SavedClasses {
  labels: string[];
  /** [truth][predicted] */
  counts: number[][];
  kept: KeptClass[];
  forgotten: number;
}

export interface SavedValues {
  name?: string;
  /** See RunningRegression. */
  regression: number[];
  kept: ValueMoment[];
  forgotten: number;
}

const MAX_KEPT = 60_000;
const text: SchemaObject = { type: "string", maxLength: 256 };
const number: SchemaObject = { type: "number" };
const count: SchemaObject = { type: "number", minimum: 0 };
const time: SchemaObject = { type: "number", minimum: -8.64e15, maximum: 8.64e15 };
const truth: SchemaObject = { enum: ["normal", "faulty", "unknown"] };

/** An object whose required fields are marked with an exclamation mark. */
function object(fields: Record<string, SchemaObject>): SchemaObject {
  const properties: Record<string, SchemaObject> = {};
  const required: string[] = [];
  for (const [name, schema] of Object.entries(fields)) {
    const plain = name.replace("!", "");
    properties[plain] = schema;
    if (plain !== name) required.push(plain);
  }
  return { type: "object", properties, required };
}

function list(items: SchemaObject, maxItems: number): SchemaObject {
  return { type: "array", items, maxItems };
}

const byTruth = object({ "normal!": count, "faulty!": count, "unknown!": count });
const event = object({
  "stream!": text,
  "label!": text,
  "start!": time,
  "end!": time,
  "scored!": count,
  found: time,
});

const anomaly = object({
  "confusion!": object({
    "truePositives!": count,
    "falsePositives!": count,
    "trueNegatives!": count,
    "falseNegatives!": count,
  }),
  threshold: number,
  "thresholds!": { enum: ["one", "several", "none"] },
  "totals!": object({
    "alarms!": byTruth,
    "watched!": byTruth,
    "falseResults!": count,
    "events!": list(event, 1000),
    "older!": object({ "events!": count, "found!": count, "unscored!": count }),
  }),
  "alerts!": list(
    object({
      "id!": text,
      "alert!": object({ "stream!": text, "raised!": time, cleared: time, "truth!": truth }),
    }),
    1000,
  ),
  "kept!": list(
    object({
      "time!": time,
      "stream!": text,
      "truth!": truth,
      label: text,
      score: number,
      threshold: number,
      "alarmed!": { type: "boolean" },
      "sequence!": count,
    }),
    MAX_KEPT,
  ),
  "forgotten!": count,
});

const classes = object({
  "labels!": list(text, 100),
  "counts!": list(list(count, 100), 100),
  "kept!": list(
    object({
      "time!": time,
      "stream!": text,
      label: text,
      predicted: text,
      confidence: number,
      // A hole in the list is null in JSON.
      "scores!": list({ type: ["number", "null"] }, 100),
    }),
    MAX_KEPT,
  ),
  "forgotten!": count,
});

const values = object({
  name: text,
  "regression!": { ...list(number, 6), minItems: 6 },
  "kept!": list(object({ "time!": time, "stream!": text, label: text, predicted: number, truth: number }), MAX_KEPT),
  "forgotten!": count,
});

const schema = object({
  "format!": { const: 1 },
  "settings!": { type: "string" },
  "counts!": object({
    "results!": count,
    "scored!": count,
    "unscored!": count,
    "labelled!": count,
    "unlabelled!": count,
  }),
  from: time,
  to: time,
  anomaly,
  class: classes,
  value: values,
});

/** Checks a saved state. @throws EdgeMlError EDGE_ML_STATE naming the field */
export const readSavedEvaluation: (value: unknown) => SavedEvaluation = compile<SavedEvaluation>(
  schema,
  "EDGE_ML_STATE",
  "state",
);
