import { OnnxGraph } from "../../model/index.js";
import { fitScaler, type Scaler } from "../math/scaler.js";
import { askForest, classesAsTarget, forestGraph, foundOf, growForest } from "../trees/forest.js";
import type { DecisionTree } from "../trees/grow.js";
import type { ClassLearner, FittedClassifier } from "./learner.js";
import { balancedOption, treeOptions } from "./tree-options.js";

interface RandomForestOptions {
  trees: number;
  maxDepth: number;
  minLeaf: number;
  /** Features that are looked at for a split; 0: the square root of how many there are. */
  tried: number;
  balanced: boolean;
}

/**
 * Random forest (Breiman, Machine Learning 45 (2001) 5–32) of classification trees. A probability is the mean, over the
 * trees, of the class's share in the leaf. With the defaults a tree of 10,000 rows takes about 20 kB of the bundle; depth
 * and rows in a leaf bound it.
 */
export const randomForest: ClassLearner<RandomForestOptions> = {
  task: "class",
  id: "random-forest",
  title: "Random forest",
  about: "Many trees that vote: the first choice for classes, with hardly anything to set.",
  cost: "O(trees × rows × √features × depth)",
  maxFeatures: 4096,
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      trees: { type: "integer", minimum: 5, maximum: 300, default: 50, title: "Trees" },
      ...treeOptions({ maxDepth: 12, minLeaf: 2 }),
      tried: {
        type: "integer",
        minimum: 0,
        maximum: 4096,
        default: 0,
        title: "Features to choose from for each question (0: square root)",
      },
      balanced: balancedOption,
    },
  },
  minRows: ({ minLeaf }) => Math.max(5, minLeaf),
  wantedRows: (features, { minLeaf }) => Math.max(100, 20 * minLeaf, 10 * features),
  fit(matrix, target, { trees, maxDepth, minLeaf, tried, balanced }, context) {
    const grown = growForest(
      matrix,
      classesAsTarget(target, balanced),
      { trees, bootstrap: true, maxDepth, minLeaf, tried: tried || Math.floor(Math.sqrt(matrix.columns)) },
      context,
    );
    return fittedClassForest("random-forest", fitScaler(matrix), grown, target.count);
  },
};

/** One tree or many of them, of classes. */
export function fittedClassForest(
  name: string,
  scaler: Scaler,
  trees: readonly DecisionTree[],
  classes: number,
): FittedClassifier {
  return {
    scaler,
    found: foundOf(trees),
    predict: (row) => askForest(trees, classes, row),
    graph() {
      const g = new OnnxGraph(name);
      const x = g.input("features", ["N", scaler.mean.length]);
      g.output("probabilities", forestGraph(g, x, trees, classes), ["N", classes]);
      return g;
    },
  };
}
