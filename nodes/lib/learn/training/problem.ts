import type { Manifest, ManifestTraining, OnnxGraph } from "../../model/index.js";
import type { FitContext, FittedModel, Learner } from "../learners/index.js";
import type { FrameTime } from "../validate/frame-time.js";
import type { RunningModel } from "./score.js";

/** A learner with its options, checked and filled in. */
export interface Method {
  learner: Learner;
  options: Record<string, unknown>;
}

/** Rows of the batch, and what a model that had not seen them says of them. */
export interface Predicted {
  rows: readonly number[];
  output: Float32Array;
}

/** A model that learned from the training part, and what it says of the hold-out. */
export interface Trial {
  method: Method;
  fitted: FittedModel;
  training: readonly number[];
  /** What it says of rows that it learned from, some thousand at most. */
  seen: Predicted;
  holdOut: Predicted;
  /** Of the problem's `abnormal`, when there are such. */
  abnormal?: Predicted;
  /** Of the model, without its manifest. */
  bytes: number;
  /** Of one frame. */
  microseconds: number;
  /** To learn and to measure it. */
  seconds: number;
}

/** What candidates are compared by. */
export interface Measure {
  value: number;
  /** Standard error. */
  error: number;
  /**
   * What the value is made of, in the same order for every candidate: of each frame of the hold-out, or of each fold. The
   * larger their sum, the larger the value.
   */
  parts?: Float64Array;
}

/** What a task adds to the manifest. */
export interface Conclusion {
  outputs: Manifest["outputs"];
  labels?: string[];
  threshold?: Manifest["threshold"];
  interval?: Manifest["interval"];
  triggers?: Manifest["triggers"];
  classes?: ManifestTraining["classes"];
  values?: ManifestTraining["values"];
  abnormal?: ManifestTraining["abnormal"];
  /** Of the hold-out. */
  metrics: Record<string, number>;
  warnings: string[];
  /** The graph that goes into the bundle. */
  graph(model: FittedModel): OnnxGraph;
}

/** A task with its data: what training, cross-validation and "auto" need of it. */
export interface Problem {
  /** The output that is measured: score, probabilities, values. */
  readonly output: string;
  /** Rows of the batch that there is something to learn from. */
  readonly rows: readonly number[];
  /** Rows that are known not to be normal: nothing is learned from them, but a model is looked at with them. */
  readonly abnormal?: readonly number[];
  /** Of each row of `rows`: its time ends where the last sample is that it, or what it is to say, depends on. */
  readonly times: readonly FrameTime[];
  /** Of each row of `rows`, its class: parts have some of each. */
  readonly classes?: Int32Array;
  /** @throws EdgeMlError when there is too little to learn from, of a class too */
  enough(method: Method): void;
  /** Fits rows of the batch. */
  fit(method: Method, rows: readonly number[], context: FitContext): Promise<FittedModel>;
  readonly metric: { name: string; words: string; higherIsBetter: boolean };
  /** What a candidate is worth in the hold-out. */
  measure(trial: Omit<Trial, "seconds">, model: RunningModel): Promise<Measure>;
  readonly foldMetric: string;
  /** One number for each fold. */
  foldValues(folds: readonly Predicted[]): number[];
  conclude(trial: Trial, context: ConclusionContext): Conclusion;
}

export interface ConclusionContext {
  /** Frames could not be kept from sharing samples with the hold-out. */
  noGap: boolean;
  /** What the hold-out was really split by. */
  by: "time" | "stream";
  /** Of a cross-validation over the training part. */
  folds?: readonly Predicted[];
}
