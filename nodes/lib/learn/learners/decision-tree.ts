import { fitScaler } from "../math/scaler.js";
import { classesAsTarget, growForest } from "../trees/forest.js";
import type { ClassLearner } from "./learner.js";
import { fittedClassForest } from "./random-forest.js";
import { balancedOption, treeOptions } from "./tree-options.js";

interface DecisionTreeOptions {
  maxDepth: number;
  minLeaf: number;
  balanced: boolean;
}

/**
 * One classification tree (CART, Gini impurity). A probability is the share of the class among the training rows of the
 * leaf. It takes the raw features: a tree does not care for their units.
 */
export const decisionTree: ClassLearner<DecisionTreeOptions> = {
  task: "class",
  id: "decision-tree",
  title: "Decision tree",
  about: "A few yes-or-no questions: the smallest model, for classes that single features tell apart.",
  cost: "O(rows × features × depth)",
  maxFeatures: 4096,
  options: {
    type: "object",
    additionalProperties: false,
    properties: { ...treeOptions({ maxDepth: 8, minLeaf: 5 }), balanced: balancedOption },
  },
  minRows: ({ minLeaf }) => Math.max(5, minLeaf),
  wantedRows: (features, { minLeaf }) => Math.max(100, 20 * minLeaf, 10 * features),
  fit(matrix, target, { balanced, maxDepth, minLeaf }, context) {
    const trees = growForest(
      matrix,
      classesAsTarget(target, balanced),
      { trees: 1, bootstrap: false, maxDepth, minLeaf, tried: matrix.columns },
      context,
    );
    return fittedClassForest("decision-tree", fitScaler(matrix), trees, target.count);
  },
};
