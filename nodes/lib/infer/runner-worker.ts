/** The worker's side of WorkerRunner: one session, one run after the other. */
import { parentPort, workerData } from "node:worker_threads";
import { EdgeMlError, type ErrorCode, type ErrorDetails } from "../errors/index.js";
import type { MoreInputs } from "./more-inputs.js";
import type { ModelSource, OutputTensor } from "./runner.js";
import { SessionRunner } from "./session-runner.js";

/** What the worker is asked to run. */
export interface RunRequest {
  id: number;
  rows: Float32Array;
  count: number;
  frameShape?: readonly number[];
  more?: MoreInputs;
}

export type WorkerAnswer =
  | { kind: "open"; inputShape: readonly (number | null)[]; outputs: readonly string[] }
  | { kind: "refused"; error: PlainError }
  | { kind: "done"; id: number; outputs: OutputTensor[]; ms: number }
  | { kind: "failed"; id: number; error: PlainError };

/** An EdgeMlError as it crosses threads. */
export interface PlainError {
  code: ErrorCode;
  details: ErrorDetails;
}

async function serve(port: NonNullable<typeof parentPort>): Promise<void> {
  const answer = (message: WorkerAnswer) => port.postMessage(message);
  let runner: SessionRunner;
  try {
    runner = await SessionRunner.open(workerData as ModelSource);
  } catch (error) {
    answer({ kind: "refused", error: plain(error) });
    return;
  }
  port.on("message", ({ id, rows, count, frameShape, more }: RunRequest) => {
    runner.run(rows, count, frameShape, more).then(
      ({ outputs, ms }) => answer({ kind: "done", id, outputs, ms }),
      (error: unknown) => answer({ kind: "failed", id, error: plain(error) }),
    );
  });
  answer({ kind: "open", inputShape: runner.inputShape, outputs: runner.outputs });
}

function plain(error: unknown): PlainError {
  const { code, details } = EdgeMlError.from(error);
  return { code, details };
}

if (parentPort) void serve(parentPort);
