import { OnnxGraph } from "../../model/index.js";
import type { Shape } from "../math/seed-centres.js";
import { hasKernels, kernelOf } from "./kernel.js";

/** Below so many products a kernel costs more than it saves. */
const FEW = 200_000;

/**
 * ZᵀZ in float64, row-major [columns, columns]; on ONNX Runtime where it pays and where there is one.
 * O(rows × columns²)
 */
export async function gram(z: Float64Array, { rows, columns }: Shape): Promise<Float64Array> {
  if (rows * columns * columns < FEW || !(await hasKernels())) return gramHere(z, { rows, columns });
  const kernel = await kernelOf(gramGraph);
  const { product } = await kernel.run({ z: kernel.tensor([rows, columns], z) });
  return product!.data as Float64Array;
}

function gramGraph(): OnnxGraph {
  const g = new OnnxGraph("gram");
  const z = g.input("z", ["N", "F"], "float64");
  g.output("product", g.op("Gemm", [z, z], { transA: 1 }), ["F", "F"], "float64");
  return g;
}

/** The same in TypeScript. */
export function gramHere(z: Float64Array, { rows, columns }: Shape): Float64Array {
  const product = new Float64Array(columns * columns);
  for (let row = 0; row < rows; row++) {
    const from = row * columns;
    for (let i = 0; i < columns; i++) {
      const zi = z[from + i]!;
      const at = i * columns;
      for (let j = i; j < columns; j++) product[at + j]! += zi * z[from + j]!;
    }
  }
  for (let i = 0; i < columns; i++) {
    for (let j = 0; j < i; j++) product[i * columns + j] = product[j * columns + i]!;
  }
  return product;
}
