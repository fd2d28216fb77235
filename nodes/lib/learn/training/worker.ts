/** The entry of the training thread: gets a WorkerOrder as workerData, answers with WorkerMessages. */
import { parentPort, workerData } from "node:worker_threads";
import { EdgeMlError } from "../../errors/index.js";
import { NativeGate, useGate } from "../kernels/native-gate.js";
import { isOutOfMemory, memoryWatch, outOfMemory } from "./memory.js";
import { train } from "./train.js";
import type { WorkerMessage, WorkerOrder } from "./training-job.js";

const tell = (message: WorkerMessage, transfer: ArrayBuffer[] = []) => parentPort?.postMessage(message, transfer);

const { request, gate: memory } = workerData as WorkerOrder;
const gate = new NativeGate(memory);
useGate(gate);
const watch = memoryWatch(request.limits.megabytes);

let told = 0;
train(request, (share) => {
  gate.check();
  watch();
  if (share < told + 0.01) return;
  told = share;
  tell({ type: "progress", share });
}).then(
  (outcome) => tell({ type: "done", outcome }),
  (error: unknown) => {
    // Nobody listens any more.
    if (gate.cancelled) return;
    const { code, details, message } = isOutOfMemory(error)
      ? outOfMemory(`there was not enough within the limit of ${request.limits.megabytes} MB`)
      : EdgeMlError.from(error);
    tell({ type: "failed", code, details, reason: message });
  },
);
