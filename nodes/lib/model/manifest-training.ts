import type { SchemaObject } from "ajv";
import type { FeatureBins } from "../drift/index.js";
import { amount, count, number, object, orNull, share, text, texts } from "./manifest-schema.js";

/**
 * The part of the frames that the model was measured on (and a threshold calibrated): by one that had not seen it. The model
 * in the bundle then learned from all frames.
 */
export interface ManifestHoldOut {
  share: number;
  /** time: the newest frames (of each class), when left out. stream: whole streams, which `streams` lists. */
  by?: "time" | "stream";
  streams?: string[];
  frames: number;
  /** Frames that the measured model had learned from: without a sample in common with the hold-out. */
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
  /** Of a classifier: how it did in the hold-out. */
  classes?: ManifestClasses;
  /** Of a model of values: how it did in the hold-out. */
  values?: ManifestValues;
  /** Of a model of what is normal: how it did with frames that are known not to be, if there were any. */
  abnormal?: ManifestAbnormal;
  crossValidation?: ManifestCrossValidation;
  /** Of method "auto": why it took the one it took … */
  choice?: ManifestChoice;
  /** … and what it tried, the best first. */
  candidates?: ManifestCandidate[];
  warnings: string[];
}

export interface ManifestClasses {
  /** Frames of the hold-out by their label (row) and by what the model says (column), in the order of the labels. */
  confusion: number[][];
  /** In the order of the labels. null: no such frame, so there is nothing to divide by. */
  perClass: {
    label: string;
    /** Frames of it, in all. */
    frames: number;
    /** Of these, in the hold-out. */
    holdOut: number;
    precision: number | null;
    recall: number | null;
    f1: number | null;
    /** One against the rest. */
    auc: number | null;
  }[];
  /** Who always says the most frequent class is right this often, 0..1. */
  baseline: { label: string; accuracy: number };
  calibration: ManifestCalibration;
}

/** Temperature scaling of the probabilities, which is part of the graph. */
export interface ManifestCalibration {
  /** 1: left as they were. Above 1: the model was too sure of itself. */
  temperature: number;
  /** What it was fitted on. */
  on: "hold-out" | "cross-validation";
  /** Of frames that it was not fitted on: how far confidence and accuracy lie apart (expected calibration error), 0..1. */
  errorBefore: number;
  errorAfter: number;
  logLossBefore: number;
  logLossAfter: number;
}

export interface ManifestValues {
  /** Where the value to learn came from; a feature: of the frame that comes so many frames, and ms, later. */
  source: { from: "label" } | { from: "feature"; feature: string; ahead: number; ms: number };
  /** Root mean squared error. */
  rmse: number;
  /** Mean absolute error. */
  mae: number;
  /** 1: exact. 0: no better than the mean of the hold-out. null: the hold-out's values are all alike. */
  r2: number | null;
  /** What costs nothing: the mean of the training part, and the last value where the future is asked for. */
  baselines: { name: "mean" | "last value"; rmse: number; mae: number }[];
}

/** Frames with the label of a fault: nothing was learned from them. Measured by the model that had not seen the hold-out. */
export interface ManifestAbnormal {
  frames: number;
  /** Of these, above the threshold. */
  found: number;
  /** Area under the ROC curve: these against the hold-out, 0..1. */
  auc: number;
  /** Of each label; a hundred at most. */
  labels: { label: string; frames: number; found: number }[];
}

export interface ManifestCrossValidation {
  by: "time" | "stream";
  /** balancedAccuracy, rmse, or falseAlarmsPerDay. */
  metric: string;
  /** One for each fold. */
  values: number[];
  mean: number;
  /** Sample standard deviation over the folds. */
  std: number;
}

export interface ManifestChoice {
  /** What the candidates were compared by. */
  metric: string;
  higherIsBetter: boolean;
  on: "hold-out" | "cross-validation";
  /** In one sentence. */
  why: string;
}

export interface ManifestCandidate {
  method: string;
  title: string;
  options: Record<string, unknown>;
  chosen: boolean;
  /** null: it was not tried to the end; `note` says why. */
  metric: number | null;
  /** Standard error of the metric, when it is known. */
  error: number | null;
  /** To learn and to measure it. */
  seconds: number;
  /** Of the model; null when there is none. */
  bytes: number | null;
  /** Of one frame through ONNX Runtime. */
  microseconds: number | null;
  note?: string;
}

const splitBy: SchemaObject = { enum: ["time", "stream"] };
const measuredOn: SchemaObject = { enum: ["hold-out", "cross-validation"] };

const bins: SchemaObject = object({
  edges: { type: "array", maxItems: 9, items: number },
  shares: { type: "array", minItems: 1, maxItems: 10, items: share },
  repeats: object({ mean: { type: "number", minimum: 1 }, most: { type: "number", minimum: 1 } }),
});

/** What was measured while it learned; older bundles have none of it. */
const measured: Record<string, SchemaObject> = {
  classes: object({
    confusion: { type: "array", items: { type: "array", items: count } },
    perClass: {
      type: "array",
      items: object({
        label: text,
        frames: count,
        holdOut: count,
        precision: orNull(share),
        recall: orNull(share),
        f1: orNull(share),
        auc: orNull(share),
      }),
    },
    baseline: object({ label: text, accuracy: share }),
    calibration: object({
      temperature: amount,
      on: measuredOn,
      errorBefore: share,
      errorAfter: share,
      logLossBefore: amount,
      logLossAfter: amount,
    }),
  }),
  values: object({
    source: object({ from: { enum: ["label", "feature"] } }),
    rmse: amount,
    mae: amount,
    r2: orNull(number),
    baselines: { type: "array", items: object({ name: text, rmse: amount, mae: amount }) },
  }),
  abnormal: object({
    frames: count,
    found: count,
    auc: share,
    labels: { type: "array", items: object({ label: text, frames: count, found: count }) },
  }),
  crossValidation: object({
    by: splitBy,
    metric: text,
    values: { type: "array", items: number },
    mean: number,
    std: amount,
  }),
  choice: object({ metric: text, higherIsBetter: { type: "boolean" }, on: measuredOn, why: text }),
  candidates: {
    type: "array",
    items: object(
      {
        method: text,
        title: text,
        options: { type: "object" },
        chosen: { type: "boolean" },
        metric: orNull(number),
        error: orNull(amount),
        seconds: amount,
        bytes: orNull(count),
        microseconds: orNull(amount),
        note: text,
      },
      ["note"],
    ),
  },
};

export const trainingSchema: SchemaObject = object(
  {
    method: text,
    options: { type: "object" },
    frames: count,
    start: number,
    end: number,
    streams: texts,
    stride: { type: "integer", minimum: 1 },
    features: { type: "array", items: object({ name: text, mean: number, std: amount, bins }, ["bins"]) },
    holdOut: object(
      {
        share,
        by: splitBy,
        streams: texts,
        frames: count,
        learned: count,
        start: number,
        end: number,
        metrics: { type: "object", additionalProperties: number },
      },
      ["by", "streams"],
    ),
    ...measured,
    warnings: texts,
  },
  ["stride", ...Object.keys(measured)],
);
