/** The worker's side of tfliteAsOnnx: one file, and its end. */
import { parentPort, workerData } from "node:worker_threads";
import { EdgeMlError, type ErrorCode, type ErrorDetails } from "../../errors/index.js";
import { tfliteToOnnx } from "./to-onnx.js";

export interface ConversionRequest {
  file: Uint8Array;
  /** What the model is called in errors. */
  name: string;
}

export type ConversionAnswer =
  | { bytes: Uint8Array }
  /** An EdgeMlError as it crosses threads. */
  | { bytes?: never; code: ErrorCode; details: ErrorDetails };

function answer({ file, name }: ConversionRequest): ConversionAnswer {
  try {
    return { bytes: tfliteToOnnx(file, { name }) };
  } catch (error) {
    const { code, details } = EdgeMlError.from(error);
    return { code, details };
  }
}

parentPort?.postMessage(answer(workerData as ConversionRequest));
