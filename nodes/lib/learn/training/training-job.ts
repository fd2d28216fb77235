import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { EdgeMlError, type ErrorCode, type ErrorDetails } from "../../errors/index.js";
import { NativeGate } from "../kernels/native-gate.js";
import { checkMemoryNeeded, isOutOfMemory, outOfMemory } from "./memory.js";
import type { TrainingOutcome, TrainingRequest } from "./request.js";

/** What the training thread is given. */
export interface WorkerOrder {
  request: TrainingRequest;
  /** Of a NativeGate. */
  gate: SharedArrayBuffer;
}

/** What the training thread says. */
export type WorkerMessage =
  | { type: "progress"; share: number }
  | { type: "done"; outcome: TrainingOutcome }
  | { type: "failed"; code: ErrorCode; details: ErrorDetails; reason: string };

/** A training that runs in its own thread. */
export interface TrainingJob {
  /** The model, or undefined when the job was cancelled, as soon as the thread has ended; rejects with an EdgeMlError. */
  readonly outcome: Promise<TrainingOutcome | undefined>;
  /** Ends the thread: at once, or when it comes out of native code. */
  cancel(): void;
}

export type StartTraining = (request: TrainingRequest, progress: (share: number) => void) => TrainingJob;

const ENTRY = join(__dirname, "worker.js");

/** How often a thread is looked at that is to be ended, in ms. */
const RETRY_MS = 5;

/** The longest time that setTimeout takes, in ms. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Trains in a worker thread, so that the event loop stays free. The frames' buffers are handed over, not copied: the
 * request cannot be used again. After the time limit the thread is ended, with an EDGE_ML_LEARN_TIME; beyond the memory
 * limit, or without memory, it is an EDGE_ML_LEARN_MEMORY; a thread that dies otherwise is an EDGE_ML_LEARN_FAILED.
 */
export function startTraining(
  request: TrainingRequest,
  progress: (share: number) => void,
  entry: string = ENTRY,
): TrainingJob {
  const { frames, limits } = request;
  try {
    checkMemoryNeeded(frames, limits.megabytes);
  } catch (error) {
    return { outcome: Promise.reject(error), cancel: () => undefined };
  }
  const gate = new NativeGate();
  const order: WorkerOrder = { request, gate: gate.memory };
  const { data, start, end, stream, label } = frames;
  const worker = new Worker(entry, {
    workerData: order,
    transferList: [data, start, end, stream, label].map((array) => array.buffer as ArrayBuffer),
    resourceLimits: { maxOldGenerationSizeMb: limits.megabytes },
    name: "edge-ml training",
  });
  let cancelled = false;
  let done = 0;
  let ended = false;
  // Whoever ends a thread inside of native code ends the whole process.
  const stop = () => {
    gate.cancel();
    if (ended) return;
    if (gate.occupied) setTimeout(stop, RETRY_MS);
    else void worker.terminate();
  };
  const outcome = new Promise<TrainingOutcome | undefined>((resolve, reject) => {
    const fail = (reason: string, cause?: unknown) =>
      reject(new EdgeMlError("EDGE_ML_LEARN_FAILED", { reason }, { cause }));
    const timer = setTimeout(
      () => {
        reject(new EdgeMlError("EDGE_ML_LEARN_TIME", { expected: limits.seconds, got: Math.floor(100 * done) }));
        stop();
      },
      Math.min(LONGEST_MS, limits.seconds * 1000),
    );
    worker.on("message", (message: WorkerMessage) => {
      if (gate.cancelled) return;
      if (message.type === "progress") {
        done = message.share;
        progress(done);
      } else if (message.type === "done") resolve(message.outcome);
      else reject(new EdgeMlError(message.code, message.details));
    });
    worker.on("error", (error) => {
      if (gate.cancelled) return;
      if (isOutOfMemory(error)) reject(outOfMemory(`it needs more than the limit of ${limits.megabytes} MB`, error));
      else fail(`the training thread ended: ${error.message}`, error);
    });
    worker.on("exit", (code) => {
      ended = true;
      clearTimeout(timer);
      if (cancelled) resolve(undefined);
      // After an answer this changes nothing: a promise settles once.
      else fail(`the training thread ended without an answer (exit code ${code})`);
    });
  });
  return {
    outcome,
    cancel() {
      cancelled = true;
      stop();
    },
  };
}
