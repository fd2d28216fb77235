import { OnnxGraph } from "../../model/index.js";
import { fitScaler } from "../math/scaler.js";
import { askForest, forestGraph, foundOf, growForest } from "../trees/forest.js";
import type { ValueLearner } from "./learner.js";
import { treeOptions } from "./tree-options.js";

interface RandomForestOptions {
  trees: number;
  maxDepth: number;
  minLeaf: number;
  /** Features that are looked at for a split; 0: a third of them. */
  tried: number;
}

/**
 * Random forest of regression trees: the mean of what the leaves tell. It never tells a value beyond those that it was
 * trained with.
 */
export const randomForestValues: ValueLearner<RandomForestOptions> = {
  task: "value",
  id: "random-forest",
  title: "Random forest",
  about:
    "Many trees, their mean: for values that follow the features in steps and bends. It does not go beyond what it saw.",
  cost: "O(trees × rows × features × depth)",
  maxFeatures: 4096,
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      trees: { type: "integer", minimum: 5, maximum: 300, default: 50, title: "Trees" },
      ...treeOptions({ maxDepth: 12, minLeaf: 5 }),
      tried: {
        type: "integer",
        minimum: 0,
        maximum: 4096,
        default: 0,
        title: "Features to choose from for each question (0: a third)",
      },
    },
  },
  minRows: ({ minLeaf }) => Math.max(10, 2 * minLeaf),
  wantedRows: (features, { minLeaf }) => Math.max(100, 20 * minLeaf, 10 * features),
  fit(matrix, { values }, { trees, maxDepth, minLeaf, tried }, context) {
    // About the mean: sums of squares of a large offset would lose the digits that matter.
    const mean = Math.fround(values.reduce((sum, value) => sum + value / values.length, 0));
    const target = {
      slots: 1,
      slot: new Uint16Array(matrix.rows),
      weight: new Float64Array(matrix.rows).fill(1),
      value: values.map((value) => value - mean),
    };
    const options = { trees, bootstrap: true, maxDepth, minLeaf, tried: tried || Math.ceil(matrix.columns / 3) };
    const grown = growForest(matrix, target, options, context);
    const scaler = fitScaler(matrix);
    return {
      scaler,
      found: foundOf(grown),
      predict: (row) => mean + askForest(grown, 1, row)[0]!,
      graph() {
        const g = new OnnxGraph("random-forest");
        const x = g.input("features", ["N", matrix.columns]);
        g.output("values", g.op("Add", [forestGraph(g, x, grown, 1), g.scalar(mean)]), ["N", 1]);
        return g;
      },
    };
  },
};
