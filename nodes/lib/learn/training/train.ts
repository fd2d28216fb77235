import { EdgeMlError } from "../../errors/index.js";
import { writeBundle } from "../../model/index.js";
import { chooseLearner } from "../learners/index.js";
import { takeRows } from "../math/matrix.js";
import { seeded } from "../math/random.js";
import { anomalyProblem } from "./anomaly.js";
import { type Choice, chooseAmong } from "./auto.js";
import { candidatesOf } from "./candidates.js";
import { classProblem } from "./classes.js";
import { crossValidate } from "./cross-validate.js";
import { manifestOf } from "./manifest.js";
import { partsOf } from "./parts.js";
import type { Method, Problem } from "./problem.js";
import type { TrainingOutcome, TrainingRequest } from "./request.js";
import { withModel } from "./score.js";
import { evenly, MAX_SEEN, matrixOf, type Progress, tryMethod, within } from "./trial.js";
import { valueProblem } from "./values.js";

/** "auto": the best of the learners that the task has. */
const AUTO = "auto";

/**
 * Learns from the training part and looks at the hold-out, through the very graph that will be in the bundle; then learns
 * once more from all frames, and writes the bundle. The second fit keeps nothing from the model: the hold-out is the newest
 * part, often the only one of its season. What was measured, and a threshold, stay those of the first fit, which had not
 * seen the hold-out; a test holds the second one to the wished rate on fresh frames. Runs as long as it takes: call it in a
 * worker (see startTraining).
 * @param progress is told the share that is done, 0..1; what it throws ends the training
 * @throws EdgeMlError EDGE_ML_SETTING, EDGE_ML_TOO_LARGE, EDGE_ML_LEARN_TOO_FEW, EDGE_ML_LEARN_LABELS, EDGE_ML_LEARN_FAILED
 */
export async function train(request: TrainingRequest, progress: Progress = () => undefined): Promise<TrainingOutcome> {
  const methods = methodsOf(request);
  checkFinite(request);
  const problem = problemOf(request, methods);
  // "auto" passes over methods that want more frames than there are.
  const able = methods.length === 1 ? methods : methods.filter((method) => isEnough(problem, method));
  const parts = partsOf(problem, request, able.length > 0 ? able : methods.slice(0, 1));
  const all = matrixOf(request);

  const chosen: Omit<Choice, "choice" | "candidates"> & Partial<Choice> =
    request.method === AUTO
      ? await chooseAmong(methods, problem, request, parts, within(progress, 0, 0.65))
      : await single(problem, request, methods[0]!, parts, within(progress, 0, 0.65));
  const { trial, crossValidation } = chosen;
  const conclusion = problem.conclude(trial, {
    ...parts,
    ...(crossValidation ? { folds: crossValidation.folds } : {}),
  });
  progress(0.7);

  const model = await problem.fit(trial.method, problem.rows, {
    random: seeded(request.seed),
    progress: within(progress, 0.7, 0.95),
  });
  const graph = conclusion.graph(model);
  // Only looked at: a score that is no number must not get into the store.
  await withModel(
    graph,
    problem.output,
    () => progress(0.95),
    (running) => running.run(takeRows(all, evenly(problem.rows, MAX_SEEN))),
  );
  const manifest = manifestOf(request, problem, parts, chosen, conclusion, model);
  const bytes = writeBundle(graph, manifest);
  progress(1);
  return { bytes, manifest };
}

function problemOf(request: TrainingRequest, methods: readonly Method[]): Problem {
  if (request.task === "anomaly") return anomalyProblem(request);
  return request.task === "class" ? classProblem(request, methods) : valueProblem(request);
}

function methodsOf({ task, method, options, frames }: TrainingRequest): Method[] {
  if (method === AUTO) {
    const candidates = candidatesOf(task, frames.columns);
    if (candidates.length > 0) return candidates;
  }
  const chosen = chooseLearner(task, method, options);
  if (frames.columns > chosen.learner.maxFeatures) {
    throw new EdgeMlError("EDGE_ML_TOO_LARGE", {
      field: "The number of features of each frame",
      got: frames.columns,
      expected: `${chosen.learner.maxFeatures} (${chosen.learner.title})`,
    });
  }
  return [chosen];
}

function checkFinite({ frames, names }: TrainingRequest): void {
  const at = frames.data.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  const feature = names[at % frames.columns];
  throw new EdgeMlError("EDGE_ML_LEARN_FAILED", {
    reason: `"${feature}" is ${frames.data[at]} in frame ${Math.floor(at / frames.columns) + 1}`,
  });
}

function isEnough(problem: Problem, method: Method): boolean {
  try {
    problem.enough(method);
    return true;
  } catch {
    return false;
  }
}

async function single(
  problem: Problem,
  request: TrainingRequest,
  method: Method,
  parts: ReturnType<typeof partsOf>,
  progress: Progress,
): Promise<Omit<Choice, "choice" | "candidates">> {
  const folded = request.folds > 0;
  const { trial } = await tryMethod(problem, request, method, parts, within(progress, 0, folded ? 0.3 : 1));
  const crossValidation = folded
    ? await crossValidate(problem, request, method, parts, within(progress, 0.3, 1))
    : undefined;
  return { trial, crossValidation };
}
