import { rocAuc } from "../../evaluate/index.js";
import type { ManifestThreshold } from "../../model/index.js";
import type { AnomalyLearner, FittedAnomaly } from "../learners/index.js";
import { type Matrix, takeRows } from "../math/matrix.js";
import { quantile, sorted } from "../math/quantile.js";
import { seeded } from "../math/random.js";
import { calibrate } from "../validate/calibrate.js";
import { effectiveFrames } from "../validate/effective-frames.js";
import { expectedAlarms } from "../validate/expected-alarms.js";
import { framesPerDay } from "../validate/frame-rate.js";
import { anomalyWarnings } from "../validate/warnings/anomaly.js";
import { disturb } from "./disturb.js";
import { tooFew } from "./parts.js";
import type { Conclusion, ConclusionContext, Measure, Predicted, Problem, Trial } from "./problem.js";
import type { TrainingRequest } from "./request.js";
import type { RunningModel } from "./score.js";
import { timeOf } from "./value-rows.js";

/** Frames per day when their times do not tell: one per second, which asks for the most of the threshold. */
const FALLBACK_RATE = 86_400;

/**
 * Other machines, and batches of another size, round the same score otherwise in its last bits: the threshold stands this
 * share above, so that a machine that never changes raises no alarm by rounding.
 */
const ROUNDING = 1e-6;

/** Candidates are compared at a threshold that this share of the normal frames exceeds. */
const COMPARED_AT = 0.01;

/** Fewer frames of faults than this say little of which candidate is best. */
const ENOUGH_ABNORMAL = 10;

/** Labels that the manifest lists. */
const MAX_LABELS = 100;

/** What is normal: the threshold is calibrated on the hold-out, for a wished number of false alarms per day. */
export function anomalyProblem(request: TrainingRequest): Problem {
  const { frames, falseAlarmsPerDay } = request;
  const abnormal = new Set(request.abnormal ?? []);
  const isAbnormal = frames.labels.map((label) => abnormal.has(label));
  const every = Array.from({ length: frames.rows }, (_, row) => row);
  const rows = every.filter((row) => !isAbnormal[frames.label[row]!]);
  const strange = every.filter((row) => isAbnormal[frames.label[row]!]);
  const all: Matrix = { rows: frames.rows, columns: frames.columns, data: frames.data };
  const times = rows.map((row) => timeOf(frames, row));
  const rate = framesPerDay(times, frames.stride);
  const perDay = rate ?? FALLBACK_RATE;

  const thresholdOf = ({ rows: held, output }: Predicted): { threshold: ManifestThreshold; extrapolated: boolean } => {
    const found = calibrate(output, falseAlarmsPerDay, perDay);
    const byStream = new Map<number, number[]>();
    held.forEach((row, i) => {
      const scores = byStream.get(frames.stream[row]!);
      if (scores) scores.push(output[i]!);
      else byStream.set(frames.stream[row]!, [output[i]!]);
    });
    const effective = effectiveFrames([...byStream.values()]);
    return {
      threshold: {
        value: found.value + Math.abs(found.value) * ROUNDING,
        falseAlarmsPerDay,
        framesPerDay: perDay,
        method: found.method,
        holdOut: { frames: held.length, exceedances: found.exceedances },
        expected: expectedAlarms(output, found, perDay, effective),
      },
      extrapolated: found.extrapolated,
    };
  };

  return {
    output: "score",
    rows,
    abnormal: strange,
    times,
    metric:
      strange.length >= ENOUGH_ABNORMAL
        ? { name: "auc", words: "how well it tells the frames that are labelled as not normal", higherIsBetter: true }
        : { name: "found", words: "how many made-up faults it finds at few false alarms", higherIsBetter: true },
    foldMetric: "falseAlarmsPerDay",
    enough({ learner, options }) {
      if (rows.length < 2) throw tooFew(rows.length, learner.minRows(options), request.holdOut);
    },
    async fit({ learner, options }, chosen, context) {
      return (learner as AnomalyLearner).fit(takeRows(all, chosen), options, context);
    },
    async measure(trial, model) {
      return strange.length >= ENOUGH_ABNORMAL
        ? separation(trial.holdOut.output, trial.abnormal!.output)
        : found(trial, model, all, request);
    },
    foldValues(folds) {
      return folds.map((fold) => {
        const others = folds.filter((other) => other !== fold).flatMap(({ output }) => Array.from(output));
        const { value } = calibrate(others, falseAlarmsPerDay, perDay);
        return (perDay * fold.output.filter((score) => score > value).length) / fold.output.length;
      });
    },
    conclude(trial: Trial, { noGap, by }: ConclusionContext): Conclusion {
      const { seen, holdOut } = trial;
      const fitted = trial.fitted as FittedAnomaly;
      const { threshold, extrapolated } = thresholdOf(holdOut);
      const ordered = sorted(holdOut.output);
      return {
        ...(trial.abnormal ? { abnormal: foundOf(trial.abnormal, holdOut.output, threshold.value, request) } : {}),
        outputs: fitted.explains ? { score: "score", contributions: "contributions" } : { score: "score" },
        threshold,
        metrics: {
          medianScore: quantile(ordered, 0.5),
          score95: quantile(ordered, 0.95),
          maxScore: ordered.at(-1)!,
          trainingMedianScore: quantile(sorted(seen.output), 0.5),
          falseAlarmsPerDay: (threshold.holdOut.exceedances / holdOut.rows.length) * perDay,
        },
        warnings: anomalyWarnings({
          names: request.names,
          scaler: fitted.scaler,
          training: takeRows(all, trial.training),
          holdOut: takeRows(all, holdOut.rows),
          all: takeRows(all, rows),
          wantedRows: trial.method.learner.wantedRows(frames.columns, trial.method.options),
          noGap,
          by,
          wishedBy: request.holdOutBy,
          timeStandsStill: rate === undefined,
          stride: frames.stride,
          streams: frames.streams.length,
          trainingScores: seen.output,
          holdOutScores: holdOut.output,
          threshold,
          extrapolated,
          method: trial.method.learner.id,
        }),
        graph: (model) => model.graph(),
      };
    },
  };
}

/** How many of the frames that are known not to be normal are above the threshold, of each label. */
function foundOf(
  { rows, output }: Predicted,
  normal: Float32Array,
  threshold: number,
  { frames }: TrainingRequest,
): NonNullable<Conclusion["abnormal"]> {
  const labels = new Map<string, { frames: number; found: number }>();
  rows.forEach((row, i) => {
    const label = frames.labels[frames.label[row]!]!;
    const counts = labels.get(label) ?? { frames: 0, found: 0 };
    counts.frames++;
    if (output[i]! > threshold) counts.found++;
    labels.set(label, counts);
  });
  return {
    frames: rows.length,
    found: output.filter((score) => score > threshold).length,
    auc: separation(normal, output).value,
    labels: [...labels].slice(0, MAX_LABELS).map(([label, counts]) => ({ label, ...counts })),
  };
}

/** AUC of frames that are known not to be normal against the hold-out; its error by Hanley & McNeil, Radiology 143 (1982) 29–36. */
function separation(normal: Float32Array, strange: Float32Array): Measure {
  const scores = Float32Array.from([...normal, ...strange]);
  const auc = rocAuc(
    scores,
    Array.from(scores, (_, i) => i >= normal.length),
  );
  const [q1, q2] = [auc / (2 - auc), (2 * auc * auc) / (1 + auc)];
  const [n0, n1] = [normal.length, strange.length];
  const variance = (auc * (1 - auc) + (n1 - 1) * (q1 - auc * auc) + (n0 - 1) * (q2 - auc * auc)) / (n0 * n1);
  return { value: auc, error: Math.sqrt(Math.max(0, variance)) };
}

/**
 * The share of made-up faults that is found, less the share of normal frames that alarm (Youden's J). The threshold is set
 * on the earlier half of the hold-out, and both are counted on the later one: a method whose scores do not stay as they are
 * loses by its false alarms.
 */
async function found(
  { training, holdOut }: Pick<Trial, "training" | "holdOut">,
  model: RunningModel,
  all: Matrix,
  { channels, seed }: TrainingRequest,
): Promise<Measure> {
  const half = holdOut.rows.length >> 1;
  const earlier = sorted(holdOut.output.subarray(0, half));
  const threshold = earlier[Math.max(0, half - 1 - Math.floor(COMPARED_AT * half))]!;
  const later = takeRows(all, holdOut.rows.slice(half));
  const scores = await model.run(disturb(later, takeRows(all, training), channels, seeded(seed)));
  const shareAbove = (of: Float32Array) => of.filter((score) => score > threshold).length / of.length;
  const [hits, alarms] = [shareAbove(scores), shareAbove(holdOut.output.subarray(half))];
  const variance = (hits * (1 - hits) + alarms * (1 - alarms)) / later.rows;
  const parts = Float64Array.from(
    scores,
    (score, i) => Number(score > threshold) - Number(holdOut.output[half + i]! > threshold),
  );
  return { value: hits - alarms, error: Math.sqrt(variance), parts };
}
