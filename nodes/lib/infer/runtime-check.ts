import { encodeModel, OnnxGraph } from "../model/index.js";
import { onnxruntime } from "../runtime/index.js";
import { SessionRunner } from "./session-runner.js";

/**
 * Runs a tiny model here and looks at what comes out.
 * @returns which build of ONNX Runtime it was
 * @throws EdgeMlError EDGE_ML_ONNXRUNTIME, EDGE_ML_MODEL_INVALID, EDGE_ML_MODEL_RUN
 */
export async function checkRuntime(): Promise<"native" | "wasm"> {
  const { kind } = await onnxruntime();
  const g = new OnnxGraph("doubles");
  g.output("y", g.op("Mul", [g.input("x", ["N", 2]), g.scalar(2)]), ["N", 2]);
  const bytes = encodeModel(g, { producerName: "edge-ml", producerVersion: "1" });
  const runner = await SessionRunner.open({ name: "check", bytes });
  try {
    const { outputs } = await runner.run(Float32Array.of(1.5, -4), 1);
    const numbers = [...(outputs[0]?.data ?? [])];
    if (numbers[0] !== 3 || numbers[1] !== -8) throw new Error(`twice 1.5 and −4 is ${numbers.join(" and ")}`);
  } finally {
    await runner.close();
  }
  return kind;
}
