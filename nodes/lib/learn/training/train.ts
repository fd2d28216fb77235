import { summariseFeatures } from "../../drift/index.js";
import { EdgeMlError } from "../../errors/index.js";
import { type Manifest, type ManifestThreshold, writeBundle } from "../../model/index.js";
import { chooseLearner, type FittedAnomaly } from "../learners/index.js";
import { type Matrix, takeRows } from "../math/matrix.js";
import { quantile, sorted } from "../math/quantile.js";
import { seeded } from "../math/random.js";
import { calibrate } from "../validate/calibrate.js";
import { type FrameTime, framesPerDay, splitByTime } from "../validate/hold-out.js";
import { warningsOf } from "../validate/warnings.js";
import { MAX_STREAMS_LISTED, type TrainingOutcome, type TrainingRequest, UNSAVED } from "./request.js";

/** Fewer held-out frames say nothing of a threshold. */
const MIN_HOLD_OUT = 5;

/**
 * Learns what is normal: fits the training part, scores the hold-out, calibrates the threshold on it, fits once more on
 * all frames, and writes the bundle. The second fit keeps nothing normal from the model: the hold-out is the newest part,
 * often the only one of its season. The threshold stays that of the first fit, which had not seen the hold-out; a test
 * holds the second one to the wished rate on fresh frames. Runs as long as it takes: call it in a worker (see startTraining).
 * @param progress is told the share that is done, 0..1
 * @throws EdgeMlError EDGE_ML_SETTING, EDGE_ML_TOO_LARGE, EDGE_ML_LEARN_TOO_FEW, EDGE_ML_LEARN_FAILED
 */
export async function train(
  request: TrainingRequest,
  progress: (share: number) => void = () => undefined,
): Promise<TrainingOutcome> {
  if (request.task !== "anomaly") throw new TypeError(`There is no learner for ${request.task} yet`);
  const { learner, options } = chooseLearner(request.task, request.method, request.options);
  const { frames } = request;
  if (frames.columns > learner.maxFeatures) {
    throw new EdgeMlError("EDGE_ML_TOO_LARGE", {
      field: "The number of features of each frame",
      got: frames.columns,
      expected: `${learner.maxFeatures} (${learner.title})`,
    });
  }
  const times = timesOf(request);
  const parts = frames.rows < 2 ? undefined : splitByTime(times, request.holdOut);
  const least = learner.minRows(options);
  if (!parts || parts.training.length < least || parts.holdOut.length < MIN_HOLD_OUT) {
    const share = Math.min(0.9, Math.max(0.1, request.holdOut));
    const expected = Math.ceil(Math.max(least / (1 - share), MIN_HOLD_OUT / share)) + (parts?.gap ?? 0);
    throw new EdgeMlError("EDGE_ML_LEARN_TOO_FEW", { got: frames.rows, expected });
  }
  const all: Matrix = { rows: frames.rows, columns: frames.columns, data: frames.data };
  const training = takeRows(all, parts.training);
  const holdOut = takeRows(all, parts.holdOut);

  const context = (from: number, part: number) => ({
    random: seeded(request.seed),
    progress: (share: number) => progress(from + part * share),
  });
  const fitted = await learner.fit(training, options, context(0, 0.45));
  const trainingScores = scoresOf(fitted, training);
  const holdOutScores = scoresOf(fitted, holdOut);
  progress(0.5);

  const rate = framesPerDay(times, frames.stride);
  const { extrapolated, ...found } = calibrate(holdOutScores, request.falseAlarmsPerDay, rate ?? FALLBACK_RATE);
  const threshold: ManifestThreshold = {
    value: found.value,
    falseAlarmsPerDay: request.falseAlarmsPerDay,
    framesPerDay: rate ?? FALLBACK_RATE,
    method: found.method,
    holdOut: { frames: holdOut.rows, exceedances: found.exceedances },
  };
  const warnings = warningsOf({
    names: request.names,
    scaler: fitted.scaler,
    training,
    frames: all.rows,
    holdOut,
    trainingScores,
    holdOutScores,
    wantedRows: learner.wantedRows(frames.columns, options),
    threshold,
    extrapolated,
    noGap: parts.noGap,
    timeStandsStill: rate === undefined,
    stride: frames.stride,
    streams: frames.streams.length,
  });
  const ordered = sorted(holdOutScores);
  const model = await learner.fit(all, options, context(0.5, 0.45));
  // Only looked at: a score that is no number must not get into the store.
  scoresOf(model, all);
  const [start, end] = spanOf(request, [...parts.training, ...parts.holdOut]);
  const [holdOutStart, holdOutEnd] = spanOf(request, parts.holdOut);
  const bins = summariseFeatures(all);
  const manifest: Manifest = {
    format: 1,
    name: request.model,
    version: UNSAVED,
    created: new Date().toISOString(),
    task: "anomaly",
    input: {
      name: "features",
      shape: [null, frames.columns],
      names: request.names,
      channels: request.channels,
      recipe: request.recipe,
    },
    outputs: model.explains ? { score: "score", contributions: "contributions" } : { score: "score" },
    threshold,
    training: {
      method: learner.id,
      options: { ...options, ...model.found },
      frames: all.rows,
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
        frames: holdOut.rows,
        learned: training.rows,
        start: holdOutStart,
        end: holdOutEnd,
        metrics: {
          medianScore: quantile(ordered, 0.5),
          score95: quantile(ordered, 0.95),
          maxScore: ordered.at(-1)!,
          trainingMedianScore: quantile(sorted(trainingScores), 0.5),
          falseAlarmsPerDay: (found.exceedances / holdOut.rows) * threshold.framesPerDay,
        },
      },
      warnings,
    },
    madeBy: request.madeBy,
  };
  const bytes = writeBundle(model.graph(), manifest);
  progress(1);
  return { bytes, manifest };
}

/** Frames per day when their times do not tell: one per second, which asks for the most of the threshold. */
const FALLBACK_RATE = 86_400;

function timesOf({ frames }: TrainingRequest): FrameTime[] {
  return Array.from({ length: frames.rows }, (_, i) => ({
    start: frames.start[i]!,
    end: frames.end[i]!,
    stream: frames.stream[i]!,
  }));
}

/** Rounded to float32, as the model gives them. */
function scoresOf(fitted: FittedAnomaly, { rows, columns, data }: Matrix): Float32Array {
  const scores = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    scores[row] = fitted.predict(data.subarray(row * columns, (row + 1) * columns)).score;
    if (!Number.isFinite(scores[row]!)) {
      throw new EdgeMlError("EDGE_ML_LEARN_FAILED", { reason: "a score is not a finite number" });
    }
  }
  return scores;
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
