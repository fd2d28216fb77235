import type { OnnxGraph, OnnxValue } from "../../model/index.js";
import type { Tree } from "./tree.js";

/** What a leaf adds to the targets: those that it leaves as they are need not be named. */
export type LeafWeights = (tree: number, leaf: number, add: (target: number, weight: number) => void) => void;

/**
 * Trees as one TreeEnsembleRegressor: for each row the sum, over the trees, of what its leaves add; [N, targets]. Also for
 * classes, whose shares are targets: TreeEnsembleClassifier gives the same numbers, and its labels are not needed.
 *
 * A node takes about 26 bytes of the file, and what a leaf adds about 8 for each target.
 */
export function treeEnsemble(
  g: OnnxGraph,
  features: OnnxValue,
  trees: readonly Tree[],
  targets: number,
  leafWeights: LeafWeights,
): OnnxValue {
  const treeIds: number[] = [];
  const nodeIds: number[] = [];
  const featureIds: number[] = [];
  const thresholds: number[] = [];
  const modes: string[] = [];
  const trueIds: number[] = [];
  const falseIds: number[] = [];
  const targetTrees: number[] = [];
  const targetNodes: number[] = [];
  const targetIds: number[] = [];
  const weights: number[] = [];
  trees.forEach(({ feature, threshold, left, right }, tree) => {
    for (let node = 0; node < feature.length; node++) {
      const leaf = feature[node]! < 0;
      treeIds.push(tree);
      nodeIds.push(node);
      featureIds.push(leaf ? 0 : feature[node]!);
      thresholds.push(leaf ? 0 : threshold[node]!);
      modes.push(leaf ? "LEAF" : "BRANCH_LEQ");
      trueIds.push(leaf ? 0 : left[node]!);
      falseIds.push(leaf ? 0 : right[node]!);
      if (!leaf) continue;
      const before = weights.length;
      const add = (target: number, weight: number) => {
        targetTrees.push(tree);
        targetNodes.push(node);
        targetIds.push(target);
        weights.push(weight);
      };
      leafWeights(tree, node, add);
      // The runtime wants every leaf to have a weight.
      if (weights.length === before) add(0, 0);
    }
  });
  return g.op("ai.onnx.ml.TreeEnsembleRegressor", [features], {
    n_targets: targets,
    aggregate_function: "SUM",
    post_transform: "NONE",
    nodes_treeids: treeIds,
    nodes_nodeids: nodeIds,
    nodes_featureids: featureIds,
    nodes_values: Float32Array.from(thresholds),
    nodes_modes: modes,
    nodes_truenodeids: trueIds,
    nodes_falsenodeids: falseIds,
    target_treeids: targetTrees,
    target_nodeids: targetNodes,
    target_ids: targetIds,
    target_weights: Float32Array.from(weights),
  });
}
