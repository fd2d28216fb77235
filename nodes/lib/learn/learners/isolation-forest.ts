import { OnnxGraph } from "../../model/index.js";
import type { Random } from "../math/random.js";
import { fitScaler, type Scaler, standardise } from "../math/scaler.js";
import { treeEnsemble } from "../trees/ensemble-graph.js";
import { type IsolationTree, IsolationTrees, meanPathLength } from "../trees/isolation-tree.js";
import { leafOf, type Tree } from "../trees/tree.js";
import type { AnomalyLearner, FittedAnomaly } from "./learner.js";
import { standardisedInput } from "./standardised.js";

interface IsolationForestOptions {
  trees: number;
  /** Rows of which each tree is made. */
  subSample: number;
}

/** More than any exponent is below 0: a path is never longer than c(ψ) + log₂ ψ + 1. */
const CHANGED = 4;

/**
 * Isolation forest: how few random cuts leave a row alone. The score is 2^(−E[h] / c(ψ)) of Liu, Ting & Zhou, ICDM 2008:
 * about 0.5 for what is usual, towards 1 for what is isolated at once.
 *
 * Contributions are the squared standardised values: which feature is how far out. They are no shares of the score. The
 * shares can be had from the paths (by how much each cut shortens them, as further targets of the same trees), but name
 * the wrong feature more often: a path ends where the training rows end, however far beyond a value is, and a rare state
 * that is usual enough shortens it, too. They would also double the file.
 *
 * A feature that never changed in training is never cut, so a plain forest would not see it change. One more tree asks
 * for each of these whether it is where it was; a row where it is not counts as isolated by one question.
 */
export const isolationForest: AnomalyLearner<IsolationForestOptions> = {
  task: "anomaly",
  id: "isolation-forest",
  title: "Isolation forest",
  about:
    "Finds what is soon alone: for features of very different kinds, with no assumption on how they are distributed.",
  cost: "O(trees × sub-sample × log sub-sample)",
  maxFeatures: 4096,
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      trees: { type: "integer", minimum: 10, maximum: 500, default: 100, title: "Trees" },
      subSample: { type: "integer", minimum: 16, maximum: 1024, default: 256, title: "Rows for each tree" },
    },
  },
  minRows: () => 10,
  // Trees of the same few rows would all be alike.
  wantedRows: (_features, { subSample }) => Math.max(100, 2 * subSample),
  fit(matrix, options, { random, progress }) {
    const { rows, columns } = matrix;
    const scaler = fitScaler(matrix);
    const data = matrix.data instanceof Float32Array ? matrix.data : Float32Array.from(matrix.data);
    const changing = scaler.constant.flatMap((constant, feature) => (constant ? [] : [feature]));
    const size = Math.min(options.subSample, rows);
    const grower = new IsolationTrees({ columns, data }, changing, size);
    const order = Int32Array.from({ length: rows }, (_, row) => row);
    const trees: IsolationTree[] = [];
    for (let tree = 0; tree < options.trees; tree++) {
      drawFirst(order, size, random);
      trees.push(grower.grow(order.slice(0, size), random));
      progress((tree + 1) / options.trees);
    }
    return fitted(scaler, trees, meanPathLength(size), {
      nodes: trees.reduce((sum, { feature }) => sum + feature.length, 0),
    });
  },
};

/** Puts `count` different rows, drawn at random, in front. */
function drawFirst(order: Int32Array, count: number, random: Random): void {
  for (let i = 0; i < count; i++) {
    const pick = i + Math.floor(random() * (order.length - i));
    const row = order[pick]!;
    order[pick] = order[i]!;
    order[i] = row;
  }
}

function fitted(
  scaler: Scaler,
  trees: readonly IsolationTree[],
  usual: number,
  found: Record<string, number>,
): FittedAnomaly {
  const features = scaler.mean.length;
  const z = new Float64Array(features);
  const guard = guardTree(scaler);
  /** Of a path length, in the exponent. */
  const unit = 1 / (usual * trees.length);
  /** The exponent of a row that each tree isolates by one question. */
  const most = -1 / usual;
  return {
    scaler,
    found,
    explains: true,
    predict(row) {
      let exponent = 0;
      for (const tree of trees) exponent -= tree.pathLength[leafOf(tree, row)]! * unit;
      if (guard?.changed[leafOf(guard.tree, row)]) exponent = most;
      standardise(scaler, row, z);
      return { score: 2 ** exponent, contributions: z.map((value) => value * value) };
    },
    graph() {
      const g = new OnnxGraph("isolation-forest");
      const distance = standardisedInput(g, scaler);
      g.output("contributions", g.op("Mul", [distance, distance]), ["N", features]);
      const all = guard ? [...trees, guard.tree] : trees;
      // Times ln 2: 2^x by the operator that takes the least time.
      const sum = treeEnsemble(g, g.inputs[0]!.value, all, 1, (tree, leaf, add) => {
        const path = trees[tree]?.pathLength[leaf];
        add(0, Math.LN2 * (path === undefined ? CHANGED * guard!.changed[leaf]! : -path * unit));
      });
      const exponent = g.op("Squeeze", [sum, g.ints([1])]);
      const bounded = guard ? g.op("Min", [exponent, g.scalar(Math.LN2 * most)]) : exponent;
      g.output("score", g.op("Exp", [bounded]), ["N"]);
      return g;
    },
  };
}

/** A tree that asks, feature after feature, whether those that never changed are where they were. */
interface Guard {
  tree: Tree;
  /** 1 for a leaf that a changed feature leads to; [nodes] */
  changed: Uint8Array;
}

function guardTree({ mean, scale, constant }: Scaler): Guard | undefined {
  const guarded = constant.flatMap((is, feature) => (is ? [feature] : []));
  if (guarded.length === 0) return undefined;
  // For each: is it below, with a leaf; is it above, with a leaf. The last node is the leaf of a row without a change.
  const count = 4 * guarded.length + 1;
  const feature = new Int32Array(count).fill(-1);
  const threshold = new Float32Array(count);
  const left = new Int32Array(count);
  const right = new Int32Array(count);
  const changed = new Uint8Array(count);
  guarded.forEach((asked, i) => {
    const below = 4 * i;
    const above = below + 2;
    feature[below] = asked;
    feature[above] = asked;
    threshold[below] = mean[asked]! - scale[asked]!;
    threshold[above] = mean[asked]! + scale[asked]!;
    left[below] = below + 1;
    right[below] = above;
    left[above] = above + 2;
    right[above] = above + 1;
    changed[below + 1] = 1;
    changed[above + 1] = 1;
  });
  return { tree: { feature, threshold, left, right }, changed };
}
