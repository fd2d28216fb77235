import { EdgeMlError } from "../../errors/index.js";
import type { OnnxGraph } from "../../model/index.js";
import type { WindowRecipe } from "../../recipe/index.js";
import type { ClassLearner, Learner } from "../learners/index.js";
import { type Matrix, takeRows } from "../math/matrix.js";
import { type ClassMetrics, classMetrics, recallParts } from "../validate/class-metrics.js";
import {
  calibrateProbabilities,
  LEAST_PROBABILITY,
  type Predictions,
  withTemperature,
} from "../validate/temperature.js";
import { chooseTriggers, type FoundTriggers, triggerWarnings } from "../validate/triggers.js";
import { classWarnings } from "../validate/warnings/classes.js";
import { firstOf } from "../words.js";
import { type ClassRows, classRows } from "./class-rows.js";
import type { Conclusion, ConclusionContext, Method, Predicted, Problem, Trial } from "./problem.js";
import type { TrainingRequest } from "./request.js";
import { timeOf } from "./value-rows.js";

/** Of a class, in the hold-out: with fewer there is no recall worth the name. */
const MIN_HELD_OUT = 2;

/** Classes, from labelled frames. The probabilities are calibrated, and the temperature is part of the graph. */
export function classProblem(request: TrainingRequest, known: readonly Method[]): Problem {
  const { frames } = request;
  const least = Math.min(...known.map(({ learner, options }) => leastOf(learner, options, request.holdOut)));
  const found = classRows(frames, least);
  const { rows, classes, labels } = found;
  if (labels.length < 2) throw new EdgeMlError("EDGE_ML_LEARN_LABELS", { reason: tooFewClasses(found, least) });
  const count = labels.length;
  const all: Matrix = { rows: frames.rows, columns: frames.columns, data: frames.data };
  const classOf = new Int32Array(frames.rows).fill(-1);
  rows.forEach((row, i) => {
    classOf[row] = classes[i]!;
  });
  const truthOf = (of: readonly number[]) => Int32Array.from(of, (row) => classOf[row]!);
  const metricsOf = ({ rows: of, output }: Predicted): ClassMetrics => classMetrics(output, truthOf(of), count);
  const predictions = (parts: readonly Predicted[]): Predictions => ({
    probabilities: Float32Array.from(parts.flatMap(({ output }) => Array.from(output))),
    truth: truthOf(parts.flatMap(({ rows: of }) => [...of])),
    count,
  });

  return {
    output: "probabilities",
    rows,
    times: rows.map((row) => timeOf(frames, row)),
    classes,
    metric: {
      name: "balancedAccuracy",
      words: "the share it tells right, on average over the classes",
      higherIsBetter: true,
    },
    foldMetric: "balancedAccuracy",
    enough({ learner, options }) {
      const needed = leastOf(learner, options, request.holdOut);
      const short = found.counts.findIndex((frames) => frames < needed);
      if (short < 0) return;
      const reason = `there are ${found.counts[short]} frames of "${labels[short]}", and ${learner.title} needs ${needed} of each class`;
      throw new EdgeMlError("EDGE_ML_LEARN_LABELS", { reason });
    },
    async fit({ learner, options }, chosen, context) {
      const target = { classes: truthOf(chosen), count };
      return (learner as ClassLearner).fit(takeRows(all, chosen), target, options, context);
    },
    async measure({ holdOut }) {
      const { balancedAccuracy, balancedError } = metricsOf(holdOut);
      const parts = recallParts(holdOut.output, truthOf(holdOut.rows), count);
      return { value: balancedAccuracy, error: balancedError, parts };
    },
    foldValues: (folds) => folds.map((fold) => metricsOf(fold).balancedAccuracy),
    conclude(trial: Trial, { noGap, by, folds }: ConclusionContext): Conclusion {
      const { holdOut, seen } = trial;
      const judged = predictions([holdOut]);
      const calibration = calibrateProbabilities(judged, folds && predictions(folds));
      const { temperature } = calibration;
      const calibrated = temperature === 1 ? holdOut.output : Float32Array.from(withTemperature(judged, temperature));
      const metrics = classMetrics(calibrated, judged.truth, count);
      const held = metrics.confusion.map((of) => of.reduce((sum, each) => sum + each, 0));
      const frequent = mostFrequent(truthOf(trial.training), count);
      const triggers = triggersOf(request, labels, {
        parts: [holdOut, ...(folds ?? [])],
        predictions,
        temperature,
      });
      const baseline = { label: labels[frequent]!, accuracy: held[frequent]! / holdOut.rows.length };
      return {
        outputs: { probabilities: "probabilities" },
        labels,
        ...(triggers ? { triggers: triggers.triggers } : {}),
        metrics: {
          accuracy: metrics.accuracy,
          balancedAccuracy: metrics.balancedAccuracy,
          macroF1: metrics.macroF1,
          logLoss: calibration.logLossAfter,
          calibrationError: calibration.errorAfter,
          ...(metrics.auc === null ? {} : { auc: metrics.auc }),
          ...(triggers ? triggerMetrics(triggers) : {}),
        },
        classes: {
          confusion: metrics.confusion,
          perClass: labels.map((label, c) => ({
            label,
            frames: found.counts[c]!,
            holdOut: held[c]!,
            ...metrics.perClass[c]!,
          })),
          baseline,
          calibration,
        },
        warnings: [
          ...(triggers ? triggerWarnings(triggers) : []),
          ...classWarnings({
            names: request.names,
            scaler: trial.fitted.scaler,
            training: takeRows(all, trial.training),
            holdOut: takeRows(all, holdOut.rows),
            all: takeRows(all, rows),
            wantedRows: trial.method.learner.wantedRows(frames.columns, trial.method.options),
            noGap,
            by,
            wishedBy: request.holdOutBy,
            stride: frames.stride,
            streams: frames.streams.length,
            ...found,
            times: rows.map((row) => timeOf(frames, row)),
            metrics,
            trainingMetrics: metricsOf(seen),
            baseline,
          }),
        ],
        graph: (model) => calibratedGraph(model.graph(), temperature, count),
      };
    },
  };
}

/** When a label's score is an event, of frames that follow each other in a known time. */
function triggersOf(
  { frames, recipe }: TrainingRequest,
  labels: readonly string[],
  judged: {
    parts: readonly Predicted[];
    predictions: (parts: readonly Predicted[]) => Predictions;
    temperature: number;
  },
): FoundTriggers | undefined {
  const hop = hopOf(recipe.window);
  if (hop === undefined || frames.stride > 1) return undefined;
  const predictions = judged.predictions(judged.parts);
  return chooseTriggers({
    labels,
    hop,
    probabilities: withTemperature(predictions, judged.temperature),
    truth: predictions.truth,
    times: judged.parts.flatMap(({ rows }) => rows.map((row) => timeOf(frames, row))),
  });
}

/** ms between two frames; undefined where windows begin at events, or nobody knows the rate. */
function hopOf(window: WindowRecipe | undefined): number | undefined {
  if (!window || window.trigger) return undefined;
  if (window.by === "time") return window.hop;
  return window.rate === undefined ? undefined : (1000 * window.hop) / window.rate;
}

/** Of all examples that were not learned from, how many are found; and what that costs. */
function triggerMetrics({ triggers, found }: FoundTriggers): Record<string, number> {
  const count = (of: "examples" | "found") => found.reduce((sum, each) => sum + each[of], 0);
  return { triggerRecall: count("found") / count("examples"), falseAlarmsPerHour: triggers.falseAlarmsPerHour };
}

/** Frames of one class that a fit and a hold-out take. */
function leastOf(learner: Learner, options: Record<string, unknown>, holdOut: number): number {
  const share = Math.min(0.9, Math.max(0.1, holdOut));
  return Math.ceil(Math.max(learner.minRows(options) / (1 - share), MIN_HELD_OUT / share));
}

function tooFewClasses({ labels, leftOut }: ClassRows, least: number): string {
  const short = leftOut.map(({ label, frames }) => `"${label}" (${frames})`);
  const rest = short.length > 0 ? `, and ${firstOf(short)} ${short.length === 1 ? "has" : "have"} fewer` : "";
  const there = labels.length === 0 ? "no label has" : `only "${labels[0]}" has`;
  return `two classes are needed, and ${there} ${least} frames or more${rest}`;
}

function mostFrequent(classes: Int32Array, count: number): number {
  const counts = new Int32Array(count);
  for (const c of classes) counts[c]!++;
  return counts.indexOf(Math.max(...counts));
}

/** softmax(ln p / T) on top of the model's own probabilities. */
export function calibratedGraph(g: OnnxGraph, temperature: number, count: number): OnnxGraph {
  if (temperature === 1) return g;
  g.refine("probabilities", ["N", count], (probabilities) => {
    const floor = g.op("Max", [probabilities, g.scalar(LEAST_PROBABILITY)]);
    return g.op("Softmax", [g.op("Div", [g.op("Log", [floor]), g.scalar(temperature)])], { axis: 1 });
  });
  return g;
}
