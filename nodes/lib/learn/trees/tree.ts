/**
 * A binary tree, its nodes as arrays; the first is the root. A row with x[feature] <= threshold goes left. Thresholds
 * and the row's numbers are compared in float32, as the graph does: both then take the same way.
 */
export interface Tree {
  /** The feature that a node asks for, −1 for a leaf; [nodes] */
  feature: Int32Array;
  threshold: Float32Array;
  left: Int32Array;
  right: Int32Array;
}

/** The leaf in which a row ends. */
export function leafOf({ feature, threshold, left, right }: Tree, row: ArrayLike<number>): number {
  let node = 0;
  for (;;) {
    const asked = feature[node]!;
    if (asked < 0) return node;
    node = Math.fround(row[asked]!) <= threshold[node]! ? left[node]! : right[node]!;
  }
}

/** A threshold in float32 between two float32 numbers, low < high: low is at most the threshold, and high above it. */
export function between(low: number, high: number): number {
  // Halved before they are added: the sum of two large ones is infinite.
  const middle = Math.fround(low / 2 + high / 2);
  return middle < high ? middle : low;
}
