import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { EdgeMlError } from "../../errors/index.js";
import type { ConversionAnswer, ConversionRequest } from "./conversion-worker.js";
import { tfliteToOnnx } from "./to-onnx.js";

/** Converting a larger file would hold the event loop for more than a few milliseconds. */
const MAX_PROCESS_BYTES = 256 * 1024;
/** Bytes of converted models that are kept: many nodes ask for the same one. */
const MAX_KEPT_BYTES = 32 * 1024 * 1024;

const ENTRY = join(__dirname, "conversion-worker.js");

/** By the hash of the file, the one that was asked for last at the end. */
const kept = new Map<string, Uint8Array>();

/**
 * A .tflite file as ONNX: of a large one in a worker, and only once while it is in use.
 * @param sha256 of the file
 * @param name what the model is called in errors
 * @throws EdgeMlError as tfliteToOnnx
 */
export async function tfliteAsOnnx(file: Uint8Array, sha256: string, name: string): Promise<Uint8Array> {
  const bytes =
    kept.get(sha256) ?? (file.length > MAX_PROCESS_BYTES ? await inWorker(file, name) : tfliteToOnnx(file, { name }));
  kept.delete(sha256);
  kept.set(sha256, bytes);
  let total = 0;
  for (const each of kept.values()) total += each.length;
  for (const [oldest, each] of kept) {
    if (total <= MAX_KEPT_BYTES) break;
    kept.delete(oldest);
    total -= each.length;
  }
  return bytes;
}

function inWorker(file: Uint8Array, name: string): Promise<Uint8Array> {
  const workerData: ConversionRequest = { file, name };
  const worker = new Worker(ENTRY, { workerData, name: "edge-ml conversion" });
  return new Promise((resolve, reject) => {
    const fail = (reason: string, cause?: unknown) =>
      reject(new EdgeMlError("EDGE_ML_MODEL_INVALID", { name, reason: `converting it ${reason}` }, { cause }));
    worker.on("message", (answer: ConversionAnswer) => {
      if (answer.bytes) resolve(answer.bytes);
      else reject(new EdgeMlError(answer.code, answer.details));
    });
    worker.on("error", (error) => fail(`ended its worker (${error.message})`, error));
    // After an answer this changes nothing: a promise settles once.
    worker.on("exit", (code) => fail(`ended its worker with code ${code}`));
  });
}
