import { EdgeMlError } from "../../errors/index.js";
import { readModelInfo } from "../onnx/index.js";
import { tfliteAsOnnx } from "../tflite/index.js";
import { readTflite } from "../tflite/read-model.js";
import type { Described } from "./describe-onnx.js";
import type { PortDescription } from "./description.js";
import { mostUsed, ports } from "./in-bounds.js";

/** @throws EdgeMlError EDGE_ML_MODEL_INVALID when the file is damaged */
export async function describeTflite(
  bytes: Uint8Array,
  sha256: string,
  name: string,
  problem: (error: EdgeMlError) => void,
): Promise<Described> {
  let onnx: Uint8Array | undefined;
  let refused: EdgeMlError | undefined;
  try {
    onnx = await tfliteAsOnnx(bytes, sha256, name);
  } catch (error) {
    refused = EdgeMlError.from(error);
  }
  let model: ReturnType<typeof readTflite>;
  try {
    model = readTflite(bytes);
  } catch (error) {
    throw refused ?? error;
  }
  if (refused) problem(refused);
  const counts = new Map<string, number>();
  for (const { name } of model.operators) counts.set(name, (counts.get(name) ?? 0) + 1);
  const info = onnx && readModelInfo(onnx, name);
  const own = (index: number): PortDescription => {
    const { name = "", type = "unknown", shape } = model.tensors[index] ?? {};
    return { name: name.slice(0, 100), type: type.toLowerCase(), ...(shape ? { shape } : {}) };
  };
  return {
    format: "TensorFlow Lite",
    opsets: [],
    // As they are when it runs: real numbers, also of a quantised model.
    inputs: info ? ports(info.inputs) : model.inputs.slice(0, 50).map(own),
    outputs: info ? ports(info.outputs) : model.outputs.slice(0, 50).map(own),
    operators: mostUsed(counts),
  };
}
