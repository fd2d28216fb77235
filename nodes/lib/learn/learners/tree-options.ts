/** Options that all learners of trees share, each with the default of its learner. */
export function treeOptions({ maxDepth, minLeaf }: { maxDepth: number; minLeaf: number }) {
  return {
    maxDepth: { type: "integer", minimum: 1, maximum: 24, default: maxDepth, title: "Questions in a row, at most" },
    minLeaf: { type: "integer", minimum: 1, maximum: 1000, default: minLeaf, title: "Frames for an answer, at least" },
  };
}

export const balancedOption = { type: "boolean", default: true, title: "Every class counts the same" };
