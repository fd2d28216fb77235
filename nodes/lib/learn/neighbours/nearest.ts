import type { OnnxGraph, OnnxValue } from "../../model/index.js";
import { float } from "../../model/index.js";

/** The rows among which neighbours are looked for, row-major [rows, columns]; rounded to float32, as the graph holds them. */
export interface Reference {
  columns: number;
  data: Float32Array;
}

/** The nearest rows of the one that was asked for, nearest first. */
export interface Neighbours {
  /** [k] */
  rows: Int32Array;
  /** Squared Euclidean distances, [k] */
  squares: Float64Array;
}

/** Finds the k nearest reference rows; of two that are equally near, the earlier one. O(rows × columns), mostly less */
export function nearest({ columns, data }: Reference, k: number, z: Float64Array): Neighbours {
  const rows = new Int32Array(k).fill(-1);
  const squares = new Float64Array(k).fill(Number.POSITIVE_INFINITY);
  for (let row = 0, from = 0; from < data.length; row++, from += columns) {
    const limit = squares[k - 1]!;
    let sum = 0;
    for (let i = 0; i < columns && sum < limit; i++) {
      const difference = z[i]! - data[from + i]!;
      sum += difference * difference;
    }
    if (sum >= limit) continue;
    let at = k - 1;
    for (; at > 0 && squares[at - 1]! > sum; at--) {
      squares[at] = squares[at - 1]!;
      rows[at] = rows[at - 1]!;
    }
    squares[at] = sum;
    rows[at] = row;
  }
  return { rows, squares };
}

/** The same in a graph. */
export interface NeighbourValues {
  /** int64 [N, k] */
  rows: OnnxValue;
  /** [N, k] */
  squares: OnnxValue;
  /** The reference, [rows, columns] */
  reference: OnnxValue;
}

/**
 * The neighbours of z [N, columns]. First |b|² − 2 z·b for all reference rows, by one Gemm: it orders them like the squared
 * distance, but cancels near a row that is far out. So it only picks candidates, more than are asked for; among these the
 * differences themselves decide.
 */
export function nearestGraph(g: OnnxGraph, { columns, data }: Reference, k: number, z: OnnxValue): NeighbourValues {
  const count = data.length / columns;
  const lengths = Float32Array.from({ length: count }, (_, row) =>
    data.subarray(row * columns, (row + 1) * columns).reduce((sum, x) => sum + x * x, 0),
  );
  const reference = g.tensor([count, columns], data);
  const order = g.op("Gemm", [z, reference, g.tensor([count], lengths)], { alpha: float(-2), transB: 1 });
  const candidates = g.ints([Math.min(count, 2 * k + 8)]);
  const [, picked] = g.ops("TopK", [order, candidates], 2, { largest: 0 });
  const difference = g.op("Sub", [g.op("Unsqueeze", [z, g.ints([1])]), g.op("Gather", [reference, picked])]);
  const all = g.op("ReduceSum", [g.op("Mul", [difference, difference]), g.ints([2])], { keepdims: 0 });
  const [squares, place] = g.ops("TopK", [all, g.ints([k])], 2, { largest: 0 });
  return { rows: g.op("GatherElements", [picked!, place], { axis: 1 }), squares: squares!, reference };
}
