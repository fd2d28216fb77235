import { OnnxGraph } from "../../model/index.js";
import type { Shape } from "../math/seed-centres.js";
import { hasKernels, kernelOf } from "./kernel.js";

/** Below so many products a kernel costs more than it saves. */
const FEW = 200_000;

/**
 * (Z V)² W in float64: the rows turned into other coordinates, squared, and the squares added up with weights.
 * O(rows × columns²)
 * @param vectors V, row-major [columns, columns]
 * @param weights W, row-major [columns, sums]
 * @returns row-major [rows, sums]
 */
export async function weightedSquares(
  z: Float64Array,
  { rows, columns }: Shape,
  vectors: Float64Array,
  weights: Float64Array,
): Promise<Float64Array> {
  const sums = weights.length / columns;
  if (rows * columns * columns < FEW || !(await hasKernels())) {
    return weightedSquaresHere(z, { rows, columns }, vectors, weights);
  }
  const kernel = await kernelOf(graph);
  const output = await kernel.run({
    z: kernel.tensor([rows, columns], z),
    v: kernel.tensor([columns, columns], vectors),
    w: kernel.tensor([columns, sums], weights),
  });
  return output.sums!.data as Float64Array;
}

function graph(): OnnxGraph {
  const g = new OnnxGraph("weighted-squares");
  const t = g.op("MatMul", [g.input("z", ["N", "F"], "float64"), g.input("v", ["F", "F"], "float64")]);
  const sums = g.op("MatMul", [g.op("Mul", [t, t]), g.input("w", ["F", "S"], "float64")]);
  g.output("sums", sums, ["N", "S"], "float64");
  return g;
}

/** The same in TypeScript. */
export function weightedSquaresHere(
  z: Float64Array,
  { rows, columns }: Shape,
  vectors: Float64Array,
  weights: Float64Array,
): Float64Array {
  const sums = weights.length / columns;
  const out = new Float64Array(rows * sums);
  const t = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    t.fill(0);
    for (let i = 0; i < columns; i++) {
      const zi = z[row * columns + i]!;
      for (let k = 0, from = i * columns; k < columns; k++) t[k]! += vectors[from + k]! * zi;
    }
    for (let k = 0; k < columns; k++) {
      const square = t[k]! * t[k]!;
      for (let s = 0; s < sums; s++) out[row * sums + s]! += square * weights[k * sums + s]!;
    }
  }
  return out;
}
