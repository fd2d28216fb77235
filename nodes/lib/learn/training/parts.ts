import { EdgeMlError } from "../../errors/index.js";
import { splitByStream, splitByTime } from "../validate/hold-out.js";
import type { Method, Problem } from "./problem.js";
import type { TrainingRequest } from "./request.js";

/** Fewer held-out frames say nothing of a threshold, or of an error. */
const MIN_HOLD_OUT = 5;

/** Rows of the batch: what is learned from first, and what it is then measured on. */
export interface Parts {
  training: number[];
  holdOut: number[];
  by: "time" | "stream";
  noGap: boolean;
}

/**
 * The training part and the hold-out of a problem.
 * @throws EdgeMlError EDGE_ML_LEARN_TOO_FEW, and what `enough` throws
 */
export function partsOf(problem: Problem, { holdOut, holdOutBy }: TrainingRequest, methods: readonly Method[]): Parts {
  for (const method of methods) problem.enough(method);
  const { rows, times, classes } = problem;
  const split = (holdOutBy === "stream" ? splitByStream : splitByTime)(times, holdOut, classes);
  const least = Math.min(...methods.map(({ learner, options }) => learner.minRows(options)));
  if (split.training.length < least || split.holdOut.length < MIN_HOLD_OUT) {
    throw tooFew(rows.length, least, holdOut, split.gap);
  }
  const rowsAt = (indices: readonly number[]) => indices.map((i) => rows[i]!);
  return { training: rowsAt(split.training), holdOut: rowsAt(split.holdOut), by: split.by, noGap: split.noGap };
}

/** @param least rows of the training part */
export function tooFew(got: number, least: number, holdOut: number, gap = 0): EdgeMlError {
  const share = Math.min(0.9, Math.max(0.1, holdOut));
  const expected = Math.ceil(Math.max(least / (1 - share), MIN_HOLD_OUT / share)) + gap;
  return new EdgeMlError("EDGE_ML_LEARN_TOO_FEW", { got, expected });
}
