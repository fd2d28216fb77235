import type { SchemaObject } from "ajv";
import { EdgeMlError } from "../errors/index.js";
import { compile, type Task } from "../frame/index.js";
import type { Recipe } from "../recipe/index.js";
import { amount, count, number, object, share, text, texts } from "./manifest-schema.js";
import { type ManifestTraining, trainingSchema } from "./manifest-training.js";

/** What a model bundle says of itself; plain JSON, inside the ONNX file. */
export interface Manifest {
  format: 1;
  name: string;
  version: string;
  /** ISO 8601. */
  created: string;
  task: Task;
  input: ManifestInput;
  outputs: ManifestOutputs;
  /** Of a classifier, in the order of its probabilities; of a model of values, their names. */
  labels?: string[];
  /** Of an anomaly model. */
  threshold?: ManifestThreshold;
  /** Of a model of values. */
  interval?: ManifestInterval;
  /** Of a classifier of events in a stream (spoken words): when its scores are one. */
  triggers?: ManifestTriggers;
  training: ManifestTraining;
  madeBy: { name: string; version: string };
}

export interface ManifestInput {
  /** The tensor's name. */
  name: string;
  /** null is the batch. */
  shape: (number | null)[];
  /** Of the last axis: feature names. */
  names: string[];
  /** The channel that each of `names` comes from; null when it comes from several. */
  channels: (string | null)[];
  /** How the frames were made. */
  recipe: Recipe;
}

/** Role → tensor name. */
export interface ManifestOutputs {
  /** [N]; higher is more anomalous. */
  score?: string;
  /** [N, F]; each at least 0: the additive parts of the score, in the order of the features. */
  contributions?: string;
  label?: string;
  probabilities?: string;
  values?: string;
  /** [N, D]: a layer in front of the classes, on which a model of one's own can be learned. */
  embedding?: string;
}

export interface ManifestThreshold {
  /** Anomalous is what scores above it. */
  value: number;
  /** What it was calibrated to. */
  falseAlarmsPerDay: number;
  framesPerDay: number;
  /** quantile: of the hold-out's scores. tail: extrapolated from a distribution fitted to the largest of them. */
  method: "quantile" | "tail";
  holdOut: { frames: number; exceedances: number };
  /** What such a threshold can really be expected to give on normal frames like those of the hold-out. */
  expected?: ManifestExpectedAlarms;
}

/** A confidence interval of the rate of false alarms. */
export interface ManifestExpectedAlarms {
  /** False alarms per day. */
  low: number;
  high: number;
  /** 0..1, two-sided. */
  confidence: number;
  /** clopper-pearson: from the exceedances alone. profile: from the likelihood of the fitted tail, for an extrapolated threshold. */
  method: "clopper-pearson" | "profile";
  /** Independent frames that say as much as the hold-out's, which overlap and are alike from one to the next. */
  effectiveFrames: number;
}

/** The value lies between value + low and value + high this often: the residuals' quantiles in the hold-out. */
export interface ManifestInterval {
  low: number;
  high: number;
  /** 0..1 */
  confidence: number;
}

/** A label's event is there when the mean of its last scores is at least its threshold. */
export interface ManifestTriggers {
  /** How many scores are averaged … */
  smoothing: number;
  /** … that are so many ms apart. */
  hop: number;
  /** 0..1; labels that are no event (none, confusers) are left out. */
  labels: { label: string; threshold: number }[];
  /** What the thresholds were chosen for: of all labels together, on recordings without any event. */
  falseAlarmsPerHour: number;
}

export const manifestSchema: SchemaObject = object(
  {
    format: { const: 1 },
    name: { type: "string", minLength: 1, maxLength: 64 },
    version: { type: "string", minLength: 1, maxLength: 64 },
    created: { type: "string", maxLength: 40 },
    task: { enum: ["anomaly", "class", "value", "tensors"] },
    input: object({
      name: { type: "string", minLength: 1 },
      shape: { type: "array", minItems: 1, maxItems: 8, items: { type: ["integer", "null"], minimum: 1 } },
      names: texts,
      channels: { type: "array", items: { type: ["string", "null"] } },
      recipe: { type: "object", required: ["version"], properties: { version: { const: 1 } } },
    }),
    outputs: object(
      { score: text, contributions: text, label: text, probabilities: text, values: text, embedding: text },
      ["score", "contributions", "label", "probabilities", "values", "embedding"],
    ),
    labels: texts,
    threshold: object(
      {
        value: number,
        falseAlarmsPerDay: amount,
        framesPerDay: amount,
        method: { enum: ["quantile", "tail"] },
        holdOut: object({ frames: count, exceedances: count }),
        expected: object({
          low: amount,
          high: amount,
          confidence: share,
          method: { enum: ["clopper-pearson", "profile"] },
          effectiveFrames: amount,
        }),
      },
      ["expected"],
    ),
    interval: object({ low: number, high: number, confidence: share }),
    triggers: object({
      smoothing: { type: "integer", minimum: 1 },
      hop: { type: "number", exclusiveMinimum: 0 },
      labels: { type: "array", minItems: 1, items: object({ label: text, threshold: share }) },
      falseAlarmsPerHour: amount,
    }),
    training: trainingSchema,
    madeBy: object({ name: text, version: text }),
  },
  ["labels", "threshold", "interval", "triggers"],
);

const validate = compile<Manifest>(manifestSchema, "EDGE_ML_MODEL_INVALID", "manifest");

/**
 * A value as a manifest.
 * @param name what the model is called in the error
 * @throws EdgeMlError EDGE_ML_MODEL_INVALID naming the field
 */
export function checkManifest(value: unknown, name: string): Manifest {
  let manifest: Manifest;
  try {
    manifest = validate(value);
  } catch (error) {
    if (!(error instanceof EdgeMlError)) throw error;
    const { field, got, expected } = error.details;
    throw invalid(name, `its ${field} is ${got}, but must be ${expected}`);
  }
  const { input, outputs, task } = manifest;
  if (input.names.length !== input.channels.length) {
    throw invalid(name, `its manifest names ${input.names.length} features but ${input.channels.length} channels`);
  }
  if (task === "anomaly" && outputs.score === undefined) {
    throw invalid(name, "its manifest does not say which output is the score");
  }
  return manifest;
}

function invalid(name: string, reason: string): EdgeMlError {
  return new EdgeMlError("EDGE_ML_MODEL_INVALID", { name, reason });
}
