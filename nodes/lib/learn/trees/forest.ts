import type { OnnxGraph, OnnxValue } from "../../model/index.js";
import type { ClassTarget, FitContext } from "../learners/learner.js";
import { rowWeights } from "../math/class-weights.js";
import type { Matrix } from "../math/matrix.js";
import { binFeatures } from "./bins.js";
import { treeEnsemble } from "./ensemble-graph.js";
import { type DecisionTree, type GrowOptions, TreeGrower } from "./grow.js";
import { leafOf } from "./tree.js";

export interface ForestOptions extends GrowOptions {
  trees: number;
  /** Each tree from as many rows as there are, drawn with putting back; else from all rows. */
  bootstrap: boolean;
}

/** What the trees are to tell of the rows. */
export interface ForestTarget {
  /** One for each class, or one for the value. */
  slots: number;
  /** The class of each row, 0 for values; [rows] */
  slot: Uint16Array;
  /** What a row counts for; [rows] */
  weight: Float64Array;
  /** The value of each row, 1 for classes; [rows] */
  value: Float64Array;
}

/** The share of the time that goes into the bins. */
const BINNING = 0.1;

/** Random forest (Breiman 2001): trees of bootstrap samples, each split among a few features drawn at random. */
export function growForest(
  matrix: Matrix,
  { slots, slot, weight, value }: ForestTarget,
  options: ForestOptions,
  { random, progress }: FitContext,
): DecisionTree[] {
  const { rows } = matrix;
  const bins = binFeatures(matrix, (share) => progress(BINNING * share));
  const grower = new TreeGrower(bins, slots, options);
  const drawn = new Int32Array(rows);
  const drawnWeight = new Float64Array(rows);
  const mass = new Float64Array(rows);
  const all = new Int32Array(rows);
  return Array.from({ length: options.trees }, (_, tree) => {
    drawn.fill(options.bootstrap ? 0 : 1);
    if (options.bootstrap) for (let i = 0; i < rows; i++) drawn[Math.floor(random() * rows)]!++;
    let kept = 0;
    for (let row = 0; row < rows; row++) {
      if (drawn[row] !== 0) all[kept++] = row;
      drawnWeight[row] = drawn[row]! * weight[row]!;
      mass[row] = drawnWeight[row]! * value[row]!;
    }
    return grower.grow(all.slice(0, kept), { slots, slot, weight: drawnWeight, mass }, random, (share) =>
      progress(BINNING + ((1 - BINNING) * (tree + share)) / options.trees),
    );
  });
}

/** Classes as a target; balanced: each class weighs the same, however many rows it has. */
export function classesAsTarget({ classes, count }: ClassTarget, balanced: boolean): ForestTarget {
  return {
    slots: count,
    slot: Uint16Array.from(classes),
    weight: rowWeights(classes, count, balanced),
    value: new Float64Array(classes.length).fill(1),
  };
}

/** The mean of what the trees tell of a row; [slots] */
export function askForest(trees: readonly DecisionTree[], slots: number, row: ArrayLike<number>): Float64Array {
  const mean = new Float64Array(slots);
  for (const tree of trees) {
    const from = leafOf(tree, row) * slots;
    for (let s = 0; s < slots; s++) mean[s]! += tree.told[from + s]! / trees.length;
  }
  return mean;
}

/** The same in a graph: [N, slots] */
export function forestGraph(
  g: OnnxGraph,
  features: OnnxValue,
  trees: readonly DecisionTree[],
  slots: number,
): OnnxValue {
  return treeEnsemble(g, features, trees, slots, (tree, leaf, add) => {
    for (let s = 0, at = leaf * slots; s < slots; s++, at++) {
      const told = trees[tree]!.told[at]!;
      if (told !== 0) add(s, told / trees.length);
    }
  });
}

/** For people. */
export function foundOf(trees: readonly DecisionTree[]): Record<string, number> {
  const leaves = trees.reduce((sum, { feature }) => sum + (feature.length + 1) / 2, 0);
  return { trees: trees.length, leavesPerTree: Math.round(leaves / trees.length) };
}
