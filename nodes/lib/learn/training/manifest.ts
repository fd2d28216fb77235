import { summariseFeatures } from "../../drift/index.js";
import type { Manifest } from "../../model/index.js";
import type { FittedModel } from "../learners/index.js";
import { takeRows } from "../math/matrix.js";
import type { Choice } from "./auto.js";
import type { Parts } from "./parts.js";
import type { Conclusion, Problem } from "./problem.js";
import { MAX_STREAMS_LISTED, type TrainingRequest, UNSAVED } from "./request.js";
import { matrixOf } from "./trial.js";

/** What the bundle says of itself. */
export function manifestOf(
  request: TrainingRequest,
  problem: Problem,
  parts: Parts,
  { trial, crossValidation, choice, candidates }: Omit<Choice, "choice" | "candidates"> & Partial<Choice>,
  { outputs, labels, threshold, interval, triggers, classes, values, abnormal, metrics, warnings }: Conclusion,
  model: FittedModel,
): Manifest {
  const { frames } = request;
  const { learner, options } = trial.method;
  const bins = summariseFeatures(takeRows(matrixOf(request), problem.rows));
  const [start, end] = spanOf(request, [...parts.training, ...parts.holdOut]);
  const [holdOutStart, holdOutEnd] = spanOf(request, parts.holdOut);
  return {
    format: 1,
    name: request.model,
    version: UNSAVED,
    created: new Date().toISOString(),
    task: request.task,
    input: {
      name: "features",
      shape: [null, frames.columns],
      names: request.names,
      channels: request.channels,
      recipe: request.recipe,
    },
    outputs,
    ...(labels ? { labels } : {}),
    ...(threshold ? { threshold } : {}),
    ...(interval ? { interval } : {}),
    ...(triggers ? { triggers } : {}),
    training: {
      method: learner.id,
      options: { ...options, ...model.found },
      frames: problem.rows.length,
      start,
      end,
      streams: frames.streams.slice(0, MAX_STREAMS_LISTED),
      ...(frames.stride > 1 ? { stride: frames.stride } : {}),
      features: request.names.map((name, i) => ({
        name,
        mean: model.scaler.mean[i]!,
        std: model.scaler.std[i]!,
        ...(bins ? { bins: bins[i]! } : {}),
      })),
      holdOut: {
        share: request.holdOut,
        by: parts.by,
        ...(parts.by === "stream" ? { streams: streamsOf(request, parts.holdOut) } : {}),
        frames: parts.holdOut.length,
        learned: parts.training.length,
        start: holdOutStart,
        end: holdOutEnd,
        metrics,
      },
      ...(classes ? { classes } : {}),
      ...(values ? { values } : {}),
      ...(abnormal ? { abnormal } : {}),
      ...(crossValidation ? { crossValidation: crossValidation.summary } : {}),
      ...(choice && candidates ? { choice, candidates } : {}),
      warnings,
    },
    madeBy: request.madeBy,
  };
}

function streamsOf({ frames }: TrainingRequest, rows: readonly number[]): string[] {
  const found = new Set(rows.map((row) => frames.streams[frames.stream[row]!]!));
  return [...found].slice(0, MAX_STREAMS_LISTED);
}

function spanOf({ frames }: TrainingRequest, rows: readonly number[]): [start: number, end: number] {
  let start = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    start = Math.min(start, frames.start[row]!);
    end = Math.max(end, frames.end[row]!);
  }
  return [start, end];
}
