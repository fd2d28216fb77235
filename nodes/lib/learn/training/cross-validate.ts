import type { ManifestCrossValidation } from "../../model/index.js";
import { takeRows } from "../math/matrix.js";
import { seeded } from "../math/random.js";
import { type Fold, foldsByStream, foldsByTime } from "../validate/folds.js";
import type { Parts } from "./parts.js";
import type { Method, Predicted, Problem } from "./problem.js";
import type { TrainingRequest } from "./request.js";
import { withModel } from "./score.js";
import { matrixOf, type Progress, within } from "./trial.js";

export interface CrossValidation {
  summary: ManifestCrossValidation;
  /** What each fold's frames got from the model that had not seen them. */
  folds: Predicted[];
}

/**
 * Cross-validation over the training part, in blocks of time or whole streams: the hold-out stays unseen.
 * @returns undefined when the training part does not give two folds that can be learned from
 */
export async function crossValidate(
  problem: Problem,
  request: TrainingRequest,
  method: Method,
  { training, by }: Parts,
  progress: Progress,
): Promise<CrossValidation | undefined> {
  const place = new Map(problem.rows.map((row, i) => [row, i]));
  const at = training.map((row) => place.get(row)!);
  const times = at.map((i) => problem.times[i]!);
  const classes = problem.classes && Int32Array.from(at, (i) => problem.classes![i]!);
  const made = (by === "stream" ? foldsByStream : foldsByTime)(times, request.folds, classes);
  const least = method.learner.minRows(method.options);
  const folds = made.filter((fold) => canLearn(fold, least, classes));
  if (folds.length < 2) return undefined;
  const all = matrixOf(request);
  const predicted: Predicted[] = [];
  for (const [i, fold] of folds.entries()) {
    const part = within(progress, i / folds.length, (i + 1) / folds.length);
    const rowsAt = (indices: readonly number[]) => indices.map((index) => training[index]!);
    const fitted = await problem.fit(method, rowsAt(fold.training), { random: seeded(request.seed), progress: part });
    const rows = rowsAt(fold.holdOut);
    const output = await withModel(
      fitted.graph(),
      problem.output,
      () => part(1),
      (model) => model.run(takeRows(all, rows)),
    );
    predicted.push({ rows, output });
  }
  const values = problem.foldValues(predicted);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const std = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
  return { summary: { by, metric: problem.foldMetric, values, mean, std }, folds: predicted };
}

/** Whether each class has enough frames in what the fold learns from. */
function canLearn({ training, holdOut }: Fold, least: number, classes: Int32Array | undefined): boolean {
  if (holdOut.length === 0 || training.length < least) return false;
  if (!classes) return true;
  const counts = new Map<number, number>([...classes].map((c) => [c, 0]));
  for (const i of training) counts.set(classes[i]!, counts.get(classes[i]!)! + 1);
  return [...counts.values()].every((count) => count >= least);
}
