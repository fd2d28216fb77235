import type { SchemaObject } from "ajv";
import type { OnnxGraph } from "../../model/index.js";
import type { Matrix } from "../matrix.js";
import type { Random } from "../random.js";
import type { Scaler } from "../scaler.js";

export interface Prediction {
  /** Higher is more anomalous; finite for every finite row. */
  score: number;
  /** One per feature, each at least 0: what it adds to the score. */
  contributions: Float64Array;
}

/** What a learner learned: the same function twice, in TypeScript and as an ONNX graph. */
export interface Fitted {
  scaler: Scaler;
  /** What was found, for people and for the manifest: finite numbers by the field's terms. */
  found: Readonly<Record<string, number>>;
  predict(row: ArrayLike<number>): Prediction;
  /** Input "features" [N, F] float32; outputs "score" [N] and "contributions" [N, F]. */
  graph(): OnnxGraph;
}

/** A self-describing learner: adding one means adding one file and naming it in registry.ts. */
export interface Learner<Options = Record<string, unknown>> {
  id: string;
  title: string;
  /** JSON schema of the options, with a default for each. */
  options: SchemaObject;
  /** Operations to fit, for people. */
  cost: string;
  /** More features than this would take too long. */
  maxFeatures: number;
  /** The fewest rows from which a fit means anything. */
  minRows(options: Options): number;
  /** The rows per model that a good engineer would want, given the number of features. */
  wantedRows(features: number, options: Options): number;
  /**
   * @param matrix finite numbers only, at least minRows rows
   * @param progress is told the share that is done, 0..1
   */
  fit(matrix: Matrix, options: Options, random: Random, progress: (share: number) => void): Fitted;
}
