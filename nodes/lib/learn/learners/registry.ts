import { describe, EdgeMlError } from "../../errors/index.js";
import { compileSettings } from "../../frame/index.js";
import { autoencoder } from "./autoencoder.js";
import { decisionTree } from "./decision-tree.js";
import { gmm } from "./gmm.js";
import { isolationForest } from "./isolation-forest.js";
import { kmeans } from "./kmeans.js";
import { knn } from "./knn.js";
import { knnClasses } from "./knn-classes.js";
import { knnValues } from "./knn-values.js";
import type { AnomalyLearner, ClassLearner, Learner, LearnTask, ValueLearner } from "./learner.js";
import { linear } from "./linear.js";
import { logistic } from "./logistic.js";
import { mahalanobis } from "./mahalanobis.js";
import { mlp } from "./mlp.js";
import { mlpValues } from "./mlp-values.js";
import { pca } from "./pca.js";
import { randomForest } from "./random-forest.js";
import { randomForestValues } from "./random-forest-values.js";
import { ridge } from "./ridge.js";

/** Every learner, by task in the order in which the dialog offers them. A new learner is one file and one line here. */
export const anomalyLearners = [
  pca,
  kmeans,
  mahalanobis,
  gmm,
  knn,
  isolationForest,
  autoencoder,
] as unknown as readonly AnomalyLearner[];
export const classLearners = [
  logistic,
  knnClasses,
  decisionTree,
  randomForest,
  mlp,
] as unknown as readonly ClassLearner[];
export const valueLearners = [
  linear,
  ridge,
  randomForestValues,
  knnValues,
  mlpValues,
] as unknown as readonly ValueLearner[];

interface ByTask {
  anomaly: AnomalyLearner;
  class: ClassLearner;
  value: ValueLearner;
}

/** Every learner of a task. */
export const learners: { readonly [T in LearnTask]: readonly ByTask[T][] } = {
  anomaly: anomalyLearners,
  class: classLearners,
  value: valueLearners,
};

const checks = new Map<Learner, (options: object) => Record<string, unknown>>();

/**
 * A learner by its task and id, with its options checked and filled in.
 * @throws EdgeMlError EDGE_ML_SETTING
 */
export function chooseLearner<T extends LearnTask>(
  task: T,
  id: unknown,
  options: object,
): { learner: ByTask[T]; options: Record<string, unknown> } {
  const known = learners[task];
  const learner = known.find((each) => each.id === id);
  if (!learner) {
    throw new EdgeMlError("EDGE_ML_SETTING", {
      field: "method",
      got: describe(id),
      expected: `one of ${known.map((each) => each.id).join(", ")}`,
    });
  }
  let check = checks.get(learner);
  if (!check) {
    check = compileSettings<Record<string, unknown>>(learner.options);
    checks.set(learner, check);
  }
  return { learner, options: check(options) };
}
