import type { OnnxGraph, OnnxValue } from "../../model/index.js";
import type { Neighbours, NeighbourValues } from "./nearest.js";

/** What each reference row tells: its class as 0 and 1, or its value; row-major [rows, columns] */
export interface Told {
  columns: number;
  data: Float32Array;
}

/** A neighbour at no distance decides alone, as in scikit-learn; in float32 by weighing a million times as much. */
const LEAST_DISTANCE = 1e-6;

/** The mean of what the neighbours tell, by 1 / distance or all alike; [columns] */
export function neighbourMean({ rows, squares }: Neighbours, told: Told, weighted: boolean): Float64Array {
  const mean = new Float64Array(told.columns);
  let total = 0;
  rows.forEach((row, i) => {
    const weight = weighted ? 1 / Math.max(Math.sqrt(squares[i]!), LEAST_DISTANCE) : 1;
    total += weight;
    for (let c = 0; c < told.columns; c++) mean[c]! += weight * told.data[row * told.columns + c]!;
  });
  return mean.map((sum) => sum / total);
}

/** The same in a graph: [N, columns] */
export function neighbourMeanGraph(
  g: OnnxGraph,
  { rows, squares }: NeighbourValues,
  told: Told,
  weighted: boolean,
): OnnxValue {
  const table = g.tensor([told.data.length / told.columns, told.columns], told.data);
  const each = g.op("Gather", [table, rows]);
  if (!weighted) return g.op("ReduceMean", [each], { axes: [1], keepdims: 0 });
  const distance = g.op("Max", [g.op("Sqrt", [squares]), g.scalar(LEAST_DISTANCE)]);
  const weight = g.op("Reciprocal", [distance]);
  const share = g.op("Div", [weight, g.op("ReduceSum", [weight, g.ints([1])])]);
  const parts = g.op("Mul", [each, g.op("Unsqueeze", [share, g.ints([2])])]);
  return g.op("ReduceSum", [parts, g.ints([1])], { keepdims: 0 });
}
