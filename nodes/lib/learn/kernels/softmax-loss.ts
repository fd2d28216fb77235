import { OnnxGraph } from "../../model/index.js";
import type { Slope } from "../math/lbfgs.js";
import type { Shape } from "../math/seed-centres.js";
import { kernelOf } from "./kernel.js";

/**
 * The weighted cross-entropy of a softmax over linear functions of the rows, and its gradient, in float64: as a function
 * of the weights [columns, classes] and, behind them, the intercepts [classes].
 * @param z row-major [rows, columns]
 * @param rowWeights one for each row
 * @throws EdgeMlError EDGE_ML_ONNXRUNTIME; Cancelled
 */
export async function softmaxLoss(
  z: Float64Array,
  { rows, columns }: Shape,
  classes: Int32Array,
  count: number,
  rowWeights: Float64Array,
): Promise<(point: Float64Array) => Promise<Slope>> {
  const kernel = await kernelOf(graph);
  const target = new Float64Array(rows * count);
  for (let row = 0; row < rows; row++) target[row * count + classes[row]!] = 1;
  const fixed = {
    z: kernel.tensor([rows, columns], z),
    target: kernel.tensor([rows, count], target),
    rowWeights: kernel.tensor([rows, 1], rowWeights),
  };
  const size = columns * count;
  return async (point) => {
    const output = await kernel.run({
      ...fixed,
      weights: kernel.tensor([columns, count], point.subarray(0, size)),
      intercepts: kernel.tensor([count], point.subarray(size)),
    });
    const gradient = new Float64Array(size + count);
    gradient.set(output.byWeights!.data as Float64Array);
    gradient.set(output.byIntercepts!.data as Float64Array, size);
    return { value: (output.loss!.data as Float64Array)[0]!, gradient };
  };
}

function graph(): OnnxGraph {
  const g = new OnnxGraph("softmax-loss");
  const z = g.input("z", ["N", "F"], "float64");
  const target = g.input("target", ["N", "C"], "float64");
  const rowWeights = g.input("rowWeights", ["N", 1], "float64");
  const sum = g.op("Gemm", [z, g.input("weights", ["F", "C"], "float64"), g.input("intercepts", ["C"], "float64")]);
  const shifted = g.op("Sub", [sum, g.op("ReduceMax", [sum], { axes: [1] })]);
  const powers = g.op("Exp", [shifted]);
  const all = g.op("ReduceSum", [powers, g.ints([1])]);
  const weighted = g.op("Mul", [target, rowWeights]);
  const logarithms = g.op("Sub", [shifted, g.op("Log", [all])]);
  g.output(
    "loss",
    g.op("Neg", [g.op("ReduceSum", [g.op("Mul", [weighted, logarithms])], { keepdims: 0 })]),
    [],
    "float64",
  );
  const error = g.op("Sub", [g.op("Mul", [g.op("Div", [powers, all]), rowWeights]), weighted]);
  g.output("byWeights", g.op("Gemm", [z, error], { transA: 1 }), ["F", "C"], "float64");
  g.output("byIntercepts", g.op("ReduceSum", [error, g.ints([0])], { keepdims: 0 }), ["C"], "float64");
  return g;
}
