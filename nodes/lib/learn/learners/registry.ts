import { describe, EdgeMlError } from "../../errors/index.js";
import { compileSettings } from "../../frame/index.js";
import { kmeans } from "./kmeans.js";
import type { Learner } from "./learner.js";
import { pca } from "./pca.js";

/** Every learner, in the order in which the dialog offers them. A new learner is one file and one line here. */
export const learners: readonly Learner[] = [pca, kmeans] as unknown as readonly Learner[];

const byId = new Map(learners.map((learner) => [learner.id, { learner, options: compileSettings(learner.options) }]));

/**
 * A learner by its id, with its options checked and filled in.
 * @throws EdgeMlError EDGE_ML_SETTING
 */
export function chooseLearner(id: unknown, options: object): { learner: Learner; options: Record<string, unknown> } {
  const entry = byId.get(String(id));
  if (!entry) {
    throw new EdgeMlError("EDGE_ML_SETTING", {
      field: "method",
      got: describe(id),
      expected: `one of ${learners.map((learner) => learner.id).join(", ")}`,
    });
  }
  return { learner: entry.learner, options: entry.options(options) as Record<string, unknown> };
}
