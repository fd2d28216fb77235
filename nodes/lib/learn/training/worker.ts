/** The entry of the training thread: gets a TrainingRequest as workerData, answers with WorkerMessages. */
import { parentPort, workerData } from "node:worker_threads";
import { EdgeMlError } from "../../errors/index.js";
import type { TrainingRequest } from "./request.js";
import { train } from "./train.js";
import type { WorkerMessage } from "./training-job.js";

const tell = (message: WorkerMessage, transfer: ArrayBuffer[] = []) => parentPort?.postMessage(message, transfer);

let told = 0;
train(workerData as TrainingRequest, (share) => {
  if (share < told + 0.01) return;
  told = share;
  tell({ type: "progress", share });
}).then(
  (outcome) => tell({ type: "done", outcome }),
  (error: unknown) => {
    const { code, details, message } = EdgeMlError.from(error);
    tell({ type: "failed", code, details, reason: message });
  },
);
