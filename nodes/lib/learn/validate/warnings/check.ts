import type { Matrix } from "../../math/matrix.js";
import type { Scaler } from "../../math/scaler.js";

/** What a good engineer would look at before trusting a model, whatever the task. */
export interface Evidence {
  names: readonly string[];
  /** Of the training part. */
  scaler: Scaler;
  training: Matrix;
  holdOut: Matrix;
  /** Frames that the model in the bundle learned from. */
  all: Matrix;
  /** Rows that the learner would want for so many features. */
  wantedRows: number;
  /** Frames of the training part could not be kept from sharing samples with the hold-out. */
  noGap: boolean;
  /** What the hold-out was chosen by, and what was wished. */
  by: "time" | "stream";
  wishedBy: "time" | "stream";
  /** One frame in `stride` was kept. */
  stride: number;
  streams: number;
}

/** A short sentence, or nothing to say. */
export type Check<E extends Evidence = Evidence> = (evidence: E) => string | undefined;

/** What the checks say, the most important first. */
export function sentences<E extends Evidence>(checks: readonly Check<E>[], evidence: E): string[] {
  return checks.map((check) => check(evidence)).filter((warning) => warning !== undefined);
}
