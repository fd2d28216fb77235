import type { SchemaObject } from "ajv";
import type { Task } from "../../frame/index.js";
import type { OnnxGraph } from "../../model/index.js";
import type { Matrix } from "../math/matrix.js";
import type { Random } from "../math/random.js";
import type { Scaler } from "../math/scaler.js";

/** What can be learned: what is normal, classes, or a value. */
export type LearnTask = Exclude<Task, "tensors">;

/** What a fit is given beside its data. */
export interface FitContext {
  /** Seeded: the same data and options give the same model. */
  random: Random;
  /** Told the share that is done, 0..1; often, since it throws when the training was cancelled or its time is over. */
  progress(share: number): void;
}

/** What every learner makes. */
export interface FittedModel {
  scaler: Scaler;
  /** What was found, for people and for the manifest: finite numbers by the field's terms. */
  found: Readonly<Record<string, number>>;
  /** Input "features" [N, F] float32; the outputs are those of the task. */
  graph(): OnnxGraph;
}

export interface Prediction {
  /** Higher is more anomalous; finite for every finite row. */
  score: number;
  /** One per feature, each at least 0: what it adds to the score; none when the method cannot tell. */
  contributions?: Float64Array;
}

/** What is normal: the same function twice, in TypeScript and as an ONNX graph. */
export interface FittedAnomaly extends FittedModel {
  predict(row: ArrayLike<number>): Prediction;
  /** Whether predictions and graph have contributions. Outputs: "score" [N] and, with it, "contributions" [N, F]. */
  explains: boolean;
}

/** Classes; output "probabilities" [N, classes]. */
export interface FittedClassifier extends FittedModel {
  /** One per class, adding up to 1. */
  predict(row: ArrayLike<number>): Float64Array;
}

/** A value; output "values" [N, 1]. */
export interface FittedRegressor extends FittedModel {
  predict(row: ArrayLike<number>): number;
}

/** Which class each row belongs to. */
export interface ClassTarget {
  /** Index of the class of each row, [rows]; each class has at least one row. */
  classes: Int32Array;
  /** How many classes there are, at least 2. */
  count: number;
}

/** Which value each row has: finite numbers, [rows]. */
export interface ValueTarget {
  values: Float64Array;
}

/** What all learners say of themselves: adding one means adding one file and naming it in registry.ts. */
export interface LearnerDescription<Options = Record<string, unknown>> {
  id: string;
  title: string;
  /** One sentence for a technician: what it is good for. */
  about: string;
  /** JSON schema of the options: each with a default, a range and a `title` with its unit. */
  options: SchemaObject;
  /** Operations to fit, for people. */
  cost: string;
  /** More features than this would take too long. */
  maxFeatures: number;
  /** The fewest rows from which a fit means anything; of each class, for classes. */
  minRows(options: Options): number;
  /** The rows per model that a good engineer would want, given the number of features. */
  wantedRows(features: number, options: Options): number;
}

/** Learns what is normal. */
export interface AnomalyLearner<Options = Record<string, unknown>> extends LearnerDescription<Options> {
  task: "anomaly";
  /** @param matrix finite numbers only, at least minRows rows */
  fit(matrix: Matrix, options: Options, context: FitContext): FittedAnomaly | Promise<FittedAnomaly>;
}

/** Learns classes from labelled rows. */
export interface ClassLearner<Options = Record<string, unknown>> extends LearnerDescription<Options> {
  task: "class";
  /** @param matrix finite numbers only, at least minRows rows of each class */
  fit(
    matrix: Matrix,
    target: ClassTarget,
    options: Options,
    context: FitContext,
  ): FittedClassifier | Promise<FittedClassifier>;
}

/** Learns a value. */
export interface ValueLearner<Options = Record<string, unknown>> extends LearnerDescription<Options> {
  task: "value";
  /** @param matrix finite numbers only, at least minRows rows */
  fit(
    matrix: Matrix,
    target: ValueTarget,
    options: Options,
    context: FitContext,
  ): FittedRegressor | Promise<FittedRegressor>;
}

export type Learner<Options = Record<string, unknown>> =
  | AnomalyLearner<Options>
  | ClassLearner<Options>
  | ValueLearner<Options>;
