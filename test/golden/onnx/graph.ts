/** The graph behind ours.onnx: every kind of value, constant and attribute that the writer knows. */
import { float, OnnxGraph } from "../../../nodes/lib/model/onnx/index.ts";

export function goldenGraph(): OnnxGraph {
  const g = new OnnxGraph("golden");
  const x = g.input("features", ["N", 3]);
  const z = g.op("Div", [g.op("Sub", [x, g.tensor([3], [20.5, 0.25, -3])]), g.tensor([3], [2, 0.1, 1e-3])]);
  const y = g.op("Gemm", [z, g.tensor([2, 3], [1, 0, 0.5, -1, 2, 0.25])], { alpha: float(0.5), transB: 1 });
  g.output("contributions", g.op("Mul", [z, z]), ["N", 3]);
  g.output("score", g.op("ReduceSum", [g.op("Mul", [y, y]), g.ints([1])], { keepdims: 0 }), ["N"]);
  g.output("clipped", g.op("Clip", [y, undefined, g.scalar(1)]), ["N", 2]);
  g.output("wide", g.op("Cast", [g.op("Transpose", [y], { perm: [1, 0] })], { to: 11 }), [2, "N"], "float64");
  const padded = g.op("Pad", [y, g.ints([0, 1, 0, 0])], { mode: "constant" });
  g.output("padded", padded, ["N", 3]);
  return g;
}
