import type { SchemaObject } from "ajv";
import type { FeatureBins } from "../drift/index.js";
import { EdgeMlError } from "../errors/index.js";
import { compile, type Task } from "../frame/index.js";
import type { Recipe } from "../recipe/index.js";

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
  /** Of a classifier, in the order of its probabilities. */
  labels?: string[];
  /** Of an anomaly model. */
  threshold?: ManifestThreshold;
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
}

/**
 * The part of the normal frames, the newest, that the threshold was calibrated on: scored by a model that had not seen it.
 * The model in the bundle then learned from all frames.
 */
export interface ManifestHoldOut {
  share: number;
  frames: number;
  /** Frames that the scoring model had learned from: older, and without a sample in common with the hold-out. */
  learned: number;
  /** ms since 1970. */
  start: number;
  end: number;
  metrics: Record<string, number>;
}

export interface ManifestTraining {
  method: string;
  options: Record<string, unknown>;
  frames: number;
  /** ms since 1970, of the first and last reading. */
  start: number;
  end: number;
  streams: string[];
  /** One frame in `stride` of those that came was learned from; all when left out. */
  stride?: number;
  /** `bins` is missing in older models, and in those of very many features. */
  features: { name: string; mean: number; std: number; bins?: FeatureBins }[];
  holdOut: ManifestHoldOut;
  warnings: string[];
}

const text: SchemaObject = { type: "string" };
const number: SchemaObject = { type: "number" };
const count: SchemaObject = { type: "integer", minimum: 0 };
const texts: SchemaObject = { type: "array", items: text };

/** A part of the manifest: all of its fields but the optional ones must be there; unknown ones are for later formats. */
function object(properties: Record<string, SchemaObject>, optional: string[] = []): SchemaObject {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: "object", required, properties };
}

const bins: SchemaObject = object({
  edges: { type: "array", maxItems: 9, items: number },
  shares: { type: "array", minItems: 1, maxItems: 10, items: { type: "number", minimum: 0, maximum: 1 } },
  repeats: object({ mean: { type: "number", minimum: 1 }, most: { type: "number", minimum: 1 } }),
});

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
    outputs: object({ score: text, contributions: text, label: text, probabilities: text, values: text }, [
      "score",
      "contributions",
      "label",
      "probabilities",
      "values",
    ]),
    labels: texts,
    threshold: object({
      value: number,
      falseAlarmsPerDay: { type: "number", minimum: 0 },
      framesPerDay: { type: "number", minimum: 0 },
      method: { enum: ["quantile", "tail"] },
      holdOut: object({ frames: count, exceedances: count }),
    }),
    training: object(
      {
        method: text,
        options: { type: "object" },
        frames: count,
        start: number,
        end: number,
        streams: texts,
        stride: { type: "integer", minimum: 1 },
        features: {
          type: "array",
          items: object({ name: text, mean: number, std: { type: "number", minimum: 0 }, bins }, ["bins"]),
        },
        holdOut: object({
          share: { type: "number", minimum: 0, maximum: 1 },
          frames: count,
          learned: count,
          start: number,
          end: number,
          metrics: { type: "object", additionalProperties: number },
        }),
        warnings: texts,
      },
      ["stride"],
    ),
    madeBy: object({ name: text, version: text }),
  },
  ["labels", "threshold"],
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
