import type { ModelReference } from "../../frame/index.js";
import type {
  Manifest,
  ManifestAbnormal,
  ManifestCandidate,
  ManifestChoice,
  ManifestClasses,
  ManifestCrossValidation,
  ManifestHoldOut,
  ManifestInterval,
  ManifestThreshold,
  ManifestValues,
} from "../../model/index.js";
import type { LearnTask } from "../learners/index.js";
import { reportText } from "./report-text.js";

/** What edge-learn says of a model that it made: plain JSON. What belongs to another task is left out. */
export interface LearningReport {
  model: ModelReference;
  task: LearnTask;
  /** A learner's id; with "auto", of the one that was taken. */
  method: string;
  options: Record<string, unknown>;
  /** ISO 8601. */
  created: string;
  /** Frames that it learned from. */
  frames: number;
  features: number;
  /** The classes, or the name of the value. */
  labels?: string[];
  streams: string[];
  /** ms since 1970. */
  start: number;
  end: number;
  threshold?: ManifestThreshold;
  /** How a classifier did in the hold-out: confusion matrix, precision and recall of each class, calibration. */
  classes?: ManifestClasses;
  /** How a model of values did in the hold-out, beside what costs nothing. */
  values?: ManifestValues;
  interval?: ManifestInterval;
  /** How well it finds the frames that are known not to be normal, from which it did not learn. */
  abnormal?: ManifestAbnormal;
  holdOut: ManifestHoldOut;
  crossValidation?: ManifestCrossValidation;
  /** Of "auto": what it tried, the best first, and why it took the one it took. */
  choice?: ManifestChoice;
  candidates?: ManifestCandidate[];
  warnings: string[];
  /** All of it in words. */
  text: string;
}

/** The report of a model that was learned here. */
export function reportOf(model: ModelReference, manifest: Manifest): LearningReport {
  const { training, task, input, created } = manifest;
  if (task === "tensors") throw new TypeError("A model of tensors was not learned here");
  return {
    model,
    task,
    method: training.method,
    options: training.options,
    created,
    frames: training.frames,
    features: input.names.length,
    streams: training.streams,
    start: training.start,
    end: training.end,
    holdOut: training.holdOut,
    ...there({ labels: manifest.labels, threshold: manifest.threshold, interval: manifest.interval }),
    ...there({ classes: training.classes, values: training.values, crossValidation: training.crossValidation }),
    ...there({ abnormal: training.abnormal }),
    ...there({ choice: training.choice, candidates: training.candidates }),
    warnings: training.warnings,
    text: reportText(model, manifest),
  };
}

/** Without what is undefined. */
function there<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
