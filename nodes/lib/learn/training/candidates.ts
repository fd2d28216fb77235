import { chooseLearner, type LearnTask, learners } from "../learners/index.js";
import type { Method } from "./problem.js";

/** Options that "auto" tries beside the defaults: those that matter most, a few of each. */
const VARIANTS: Readonly<Record<LearnTask, Readonly<Record<string, readonly object[]>>>> = {
  anomaly: {
    pca: [{ variance: 0.8 }, { variance: 0.99 }],
    kmeans: [{ clusters: 4 }, { clusters: 48 }],
    gmm: [{ components: 1 }, { components: 12 }],
  },
  class: {
    logistic: [{ freedom: 0.01 }, { freedom: 100 }],
  },
  value: {},
};

/** Cheap and robust ones first: what does not fit into the time is what comes last. Others follow in the registry's order. */
const ORDER: Readonly<Record<LearnTask, readonly string[]>> = {
  anomaly: ["pca", "mahalanobis", "kmeans", "isolation-forest", "gmm", "knn", "autoencoder"],
  class: ["logistic", "decision-tree", "random-forest", "knn", "mlp"],
  value: ["linear", "ridge", "random-forest", "knn", "mlp"],
};

/** Everything that "auto" tries for a task: the defaults of every learner first, then the variants. */
export function candidatesOf(task: LearnTask, features: number): Method[] {
  const place = (id: string) => {
    const at = ORDER[task].indexOf(id);
    return at < 0 ? ORDER[task].length : at;
  };
  const known = learners[task]
    .filter(({ maxFeatures }) => features <= maxFeatures)
    .sort((a, b) => place(a.id) - place(b.id));
  const of = (id: string, options: object): Method => chooseLearner(task, id, options);
  return [
    ...known.map(({ id }) => of(id, {})),
    ...known.flatMap(({ id }) => (VARIANTS[task][id] ?? []).map((options) => of(id, options))),
  ];
}
