import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { EdgeMlError, type ErrorCode, type ErrorDetails } from "../../errors/index.js";
import type { TrainingOutcome, TrainingRequest } from "./request.js";

/** What the training thread says. */
export type WorkerMessage =
  | { type: "progress"; share: number }
  | { type: "done"; outcome: TrainingOutcome }
  | { type: "failed"; code: ErrorCode; details: ErrorDetails; reason: string };

/** A training that runs in its own thread. */
export interface TrainingJob {
  /** The model, or undefined when the job was cancelled; rejects with an EdgeMlError. */
  readonly outcome: Promise<TrainingOutcome | undefined>;
  /** Ends the thread at once. */
  cancel(): void;
}

export type StartTraining = (request: TrainingRequest, progress: (share: number) => void) => TrainingJob;

const ENTRY = join(__dirname, "worker.js");

/**
 * Trains in a worker thread, so that the event loop stays free. The frames' buffers are handed over, not copied: the
 * request cannot be used again. A thread that dies is an EDGE_ML_LEARN_FAILED.
 */
export function startTraining(
  request: TrainingRequest,
  progress: (share: number) => void,
  entry: string = ENTRY,
): TrainingJob {
  const { data, start, end, stream, label } = request.frames;
  const worker = new Worker(entry, {
    workerData: request,
    transferList: [data, start, end, stream, label].map((array) => array.buffer as ArrayBuffer),
    name: "edge-ml training",
  });
  let cancelled = false;
  const outcome = new Promise<TrainingOutcome | undefined>((resolve, reject) => {
    const fail = (reason: string, cause?: unknown) =>
      reject(new EdgeMlError("EDGE_ML_LEARN_FAILED", { reason }, { cause }));
    worker.on("message", (message: WorkerMessage) => {
      if (cancelled) return;
      if (message.type === "progress") progress(message.share);
      else if (message.type === "done") resolve(message.outcome);
      else reject(new EdgeMlError(message.code, message.details));
    });
    worker.on("error", (error) => fail(`the training thread ended: ${error.message}`, error));
    worker.on("exit", (code) => {
      if (cancelled) resolve(undefined);
      // After an answer this changes nothing: a promise settles once.
      else fail(`the training thread ended without an answer (exit code ${code})`);
    });
  });
  return {
    outcome,
    cancel() {
      cancelled = true;
      void worker.terminate();
    },
  };
}
