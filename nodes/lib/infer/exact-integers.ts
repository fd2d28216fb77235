import type { InferenceSession } from "onnxruntime-node";
import { encodeModel, OnnxGraph } from "../model/index.js";

type OnnxRuntime = typeof import("onnxruntime-node");

/** Products in one sum: 64 × 255 × 127, of which two already need more than 16 bits. */
const LENGTH = 64;
const SUM = LENGTH * 255 * 127;

const CAREFUL: InferenceSession.SessionOptions = { extra: { session: { x64quantprecision: "1" } } };

let known: Promise<InferenceSession.SessionOptions> | undefined;

/**
 * Options without which this processor gets sums of 8-bit products wrong. x64 ones without VNNI add up pairs in 16 bits,
 * and what does not fit is lost; ONNX Runtime avoids that on wish, at about half the speed. So it is tried, once.
 */
export function exactIntegers(ort: OnnxRuntime): Promise<InferenceSession.SessionOptions> {
  // What cannot be tried is taken to be wrong; a model then says itself what fails.
  known ??= sumOf(ort).then(
    (sum) => (sum === SUM ? {} : CAREFUL),
    () => CAREFUL,
  );
  return known;
}

async function sumOf(ort: OnnxRuntime): Promise<number> {
  const g = new OnnxGraph("sum of products");
  const weights = g.tensor([LENGTH, 16], new Array(16 * LENGTH).fill(127), "int8");
  g.output("sum", g.op("MatMulInteger", [g.input("x", [1, LENGTH], "uint8"), weights]), [1, 16], "int32");
  const bytes = encodeModel(g, { producerName: "edge-ml", producerVersion: "1" });
  const session = await ort.InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 4 });
  try {
    const x = new ort.Tensor("uint8", new Uint8Array(LENGTH).fill(255), [1, LENGTH]);
    const { sum } = await session.run({ x });
    return Number(sum?.data[0]);
  } finally {
    await session.release();
  }
}
