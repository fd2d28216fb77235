import { type Matrix, takeRows } from "../math/matrix.js";
import { seeded } from "../math/random.js";
import type { Parts } from "./parts.js";
import type { Measure, Method, Predicted, Problem, Trial } from "./problem.js";
import type { TrainingRequest } from "./request.js";
import { withModel } from "./score.js";

/** Told the share that is done, 0..1; throws when the training is to end. */
export type Progress = (share: number) => void;

/** A part of a progress. */
export function within(progress: Progress, from: number, to: number): Progress {
  return (share) => progress(from + (to - from) * Math.max(0, Math.min(1, share)));
}

/** The share of a trial that is the fit; the rest is scoring. */
const FIT_SHARE = 0.8;

/** Rows of the training part that are looked at: enough for its quantiles, and neighbours are slow to find. */
export const MAX_SEEN = 4000;

/** Learns from the training part, and looks at the hold-out through ONNX Runtime. */
export async function tryMethod(
  problem: Problem,
  request: TrainingRequest,
  method: Method,
  { training, holdOut }: Parts,
  progress: Progress,
): Promise<{ trial: Trial; measure: Measure }> {
  const begin = performance.now();
  const all = matrixOf(request);
  const fitted = await problem.fit(method, training, {
    random: seeded(request.seed),
    progress: within(progress, 0, FIT_SHARE),
  });
  return withModel(
    fitted.graph(),
    problem.output,
    () => progress(FIT_SHARE),
    async (model) => {
      const some = evenly(training, MAX_SEEN);
      const seen: Predicted = { rows: some, output: await model.run(takeRows(all, some)) };
      const held: Predicted = { rows: holdOut, output: await model.run(takeRows(all, holdOut)) };
      const abnormal = problem.abnormal?.length
        ? { rows: problem.abnormal, output: await model.run(takeRows(all, problem.abnormal)) }
        : undefined;
      const microseconds = await model.microseconds(takeRows(all, holdOut.slice(0, 1)));
      const trial = {
        method,
        fitted,
        training,
        seen,
        holdOut: held,
        ...(abnormal ? { abnormal } : {}),
        bytes: model.bytes,
        microseconds,
      };
      const measure = await problem.measure(trial, model);
      progress(1);
      return { trial: { ...trial, seconds: (performance.now() - begin) / 1000 }, measure };
    },
  );
}

/** So many of the rows at most, evenly chosen. */
export function evenly(rows: readonly number[], most: number): readonly number[] {
  if (rows.length <= most) return rows;
  return Array.from({ length: most }, (_, i) => rows[Math.floor((i * rows.length) / most)]!);
}

export function matrixOf({ frames }: TrainingRequest): Matrix {
  return { rows: frames.rows, columns: frames.columns, data: frames.data };
}
