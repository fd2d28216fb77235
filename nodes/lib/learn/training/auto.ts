import { EdgeMlError } from "../../errors/index.js";
import type { ManifestCandidate, ManifestChoice } from "../../model/index.js";
import { brief } from "../words.js";
import { type CrossValidation, crossValidate } from "./cross-validate.js";
import type { Parts } from "./parts.js";
import type { Measure, Method, Problem, Trial } from "./problem.js";
import type { TrainingRequest } from "./request.js";
import { type Progress, tryMethod, within } from "./trial.js";

/** The share of the time that the candidates may take; the rest is for learning from all frames. */
const TIME_SHARE = 0.6;

/** What "auto" took, and what else it tried. */
export interface Choice {
  trial: Trial;
  crossValidation: CrossValidation | undefined;
  choice: ManifestChoice;
  /** The best first. */
  candidates: ManifestCandidate[];
}

/** A candidate that was tried to the end. */
interface Tried {
  trial: Trial;
  measure: Measure;
  crossValidation: CrossValidation | undefined;
}

/** A candidate's share of the time is over. */
class OutOfTime extends Error {}

/**
 * Tries the candidates one after the other, each with an equal part of what is left of the time, and takes the smallest of
 * those that are within one standard error of the best (the rule of Breiman, Friedman, Olshen & Stone 1984, section 3.4.3:
 * among equals, the simplest; the error is that of the difference). One that fails or takes too long is passed over, and the table says so.
 * @param clock ms
 * @throws EdgeMlError of the last candidate when none came to the end
 */
export async function chooseAmong(
  methods: readonly Method[],
  problem: Problem,
  request: TrainingRequest,
  parts: Parts,
  progress: Progress,
  clock: () => number = () => performance.now(),
): Promise<Choice> {
  const end = clock() + 1000 * TIME_SHARE * request.limits.seconds;
  const tried: Tried[] = [];
  const passed: ManifestCandidate[] = [];
  let failure: unknown;
  for (const [i, method] of methods.entries()) {
    const begin = clock();
    const until = begin + (end - begin) / (methods.length - i);
    const part = within(progress, i / methods.length, (i + 1) / methods.length);
    const timed: Progress = (share) => {
      if (clock() > until) throw new OutOfTime("it took more than its part of the time");
      part(share);
    };
    try {
      if (begin >= end && i > 0) throw new OutOfTime("no time was left");
      problem.enough(method);
      const { trial, measure } = await tryMethod(problem, request, method, parts, timed);
      const crossValidation =
        request.folds > 0 ? await crossValidate(problem, request, method, parts, () => timed(1)) : undefined;
      tried.push({ trial, measure: measureOf(problem, measure, crossValidation), crossValidation });
    } catch (error) {
      const outOfTime = error instanceof OutOfTime;
      if (!outOfTime && !(error instanceof EdgeMlError)) throw error;
      if (!outOfTime) failure = error;
      passed.push({ ...row(method, (clock() - begin) / 1000), note: error.message });
    }
  }
  if (tried.length === 0) {
    throw (
      failure ??
      new EdgeMlError("EDGE_ML_LEARN_FAILED", {
        reason: `none of ${methods.length} methods came to its end in ${request.limits.seconds} s`,
      })
    );
  }
  return taken(tried, passed, problem);
}

/** Of a cross-validation, where there is one that compares what is compared. */
function measureOf({ metric, foldMetric }: Problem, measure: Measure, found: CrossValidation | undefined): Measure {
  if (!found || foldMetric !== metric.name) return measure;
  const { mean, std, values } = found.summary;
  return { value: mean, error: std / Math.sqrt(values.length), parts: Float64Array.from(values) };
}

function taken(tried: readonly Tried[], passed: readonly ManifestCandidate[], problem: Problem): Choice {
  const { metric, foldMetric } = problem;
  const sign = metric.higherIsBetter ? 1 : -1;
  const order = [...tried].sort((a, b) => sign * (b.measure.value - a.measure.value) || a.trial.bytes - b.trial.bytes);
  const best = order[0]!;
  const equals = order.filter(({ measure }) => isAsGood(measure, best.measure, sign));
  const winner = equals.reduce((a, b) => (b.trial.bytes < a.trial.bytes ? b : a));
  const on = winner.crossValidation && foldMetric === metric.name ? "cross-validation" : "hold-out";
  return {
    trial: winner.trial,
    crossValidation: winner.crossValidation,
    choice: {
      metric: metric.name,
      higherIsBetter: metric.higherIsBetter,
      on,
      why: sentence(winner, best, equals.length, tried.length + passed.length, problem, on),
    },
    candidates: [
      ...order.map((each) => ({
        ...row(each.trial.method, each.trial.seconds),
        chosen: each === winner,
        metric: each.measure.value,
        error: each.measure.error,
        bytes: each.trial.bytes,
        microseconds: each.trial.microseconds,
      })),
      ...passed,
    ],
  };
}

/**
 * Whether the best is better by no more than one standard error. Both saw the same frames, or folds: what counts is how
 * much the difference varies between them, which is far less than each by itself. Only where there are no common parts
 * (a cross-validation that one of them has not) it is the best one's own error.
 * @param sign 1 when higher is better, else −1
 */
export function isAsGood(measure: Measure, best: Measure, sign: number): boolean {
  const [a, b] = [best.parts, measure.parts];
  if (!a || !b || a.length !== b.length || a.length < 2) return sign * (best.value - measure.value) <= best.error;
  const n = a.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += a[i]! - b[i]!;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (a[i]! - b[i]! - sum / n) ** 2;
  // Sums that are equal may differ by rounding.
  return sign * sum <= Math.sqrt((n * squares) / (n - 1)) + 1e-9;
}

function row({ learner, options }: Method, seconds: number): ManifestCandidate {
  return {
    method: learner.id,
    title: learner.title,
    options,
    chosen: false,
    metric: null,
    error: null,
    seconds,
    bytes: null,
    microseconds: null,
  };
}

function sentence(
  winner: Tried,
  best: Tried,
  equals: number,
  all: number,
  { metric }: Problem,
  on: ManifestChoice["on"],
): string {
  const { title } = winner.trial.method.learner;
  const where = on === "hold-out" ? "in the hold-out" : "in the cross-validation";
  const value = `${metric.words}: ${brief(winner.measure.value)}`;
  if (winner === best) {
    const why = equals > 1 ? `it is the best, and the smallest of ${equals} that are about as good` : "it is the best";
    return `Of ${all} candidates it took ${title}, since ${why} ${where} by ${value}.`;
  }
  return `Of ${all} candidates it took ${title}, the smallest of ${equals} that are about as good ${where} by ${value}, where ${best.trial.method.learner.title} has ${brief(best.measure.value)} ± ${brief(best.measure.error)}.`;
}
