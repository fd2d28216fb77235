import { EdgeMlError } from "../../errors/index.js";
import { codeOf } from "../../files/index.js";

const REASONS = new Map([
  ["ENOSPC", "the disk is full"],
  ["EDQUOT", "the disk quota is used up"],
  ["EROFS", "the disk is read-only"],
  ["EACCES", "permission denied"],
  ["EPERM", "permission denied"],
  ["EIO", "the disk reports an error"],
]);

/** A failure of the disk as a coded error; coded errors stay as they are. */
export function storeError(action: string, path: string, error: unknown): EdgeMlError {
  if (error instanceof EdgeMlError) return error;
  const reason = REASONS.get(codeOf(error)) ?? (error instanceof Error ? error.message : String(error));
  return new EdgeMlError("EDGE_ML_STORE", { action, path, reason }, { cause: error });
}
