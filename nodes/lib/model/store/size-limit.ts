import { EdgeMlError } from "../../errors/index.js";

/** A protobuf can hold no more. */
const MAX_MODEL_LENGTH = 2 * 1024 ** 3 - 1;
/** Any machine that Node-RED runs on has this much. */
const SMALL = 16 * 1024 ** 2;
/** The file, the worker's copy of it, and its weights in the session, once as they come and once packed for the kernels. */
const COPIES = 4;

/** How many bytes a model file may have, so that loading it leaves the machine alive. */
export function sizeLimit(availableMemory: number): number {
  return Math.min(MAX_MODEL_LENGTH, Math.max(SMALL, Math.floor(availableMemory / COPIES)));
}

export function tooLarge(name: string, limit: number, cause: unknown): EdgeMlError {
  const most = `${Math.round(limit / 1024 ** 2)} MiB`;
  const reason =
    limit < MAX_MODEL_LENGTH
      ? `its file is larger than ${most}, a quarter of the memory that is free`
      : `its file is larger than ${most}, the most that the format allows`;
  return new EdgeMlError("EDGE_ML_MODEL_TOO_LARGE", { name, reason }, { cause });
}
