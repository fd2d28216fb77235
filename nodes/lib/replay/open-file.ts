import { type FileHandle, open } from "node:fs/promises";
import { EdgeMlError } from "../errors/index.js";

/** @throws EdgeMlError EDGE_ML_FILE_READ */
export async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, "r");
  } catch (error) {
    throw readError(path, error);
  }
}

/** The first bytes of a file, and its size. */
export async function readHead(path: string, length: number): Promise<{ head: Buffer; size: number }> {
  const handle = await openFile(path);
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
    return { head: buffer.subarray(0, bytesRead), size };
  } catch (error) {
    throw readError(path, error);
  } finally {
    await handle.close();
  }
}

/** What went wrong with a file, in words. */
export function readError(path: string, error: unknown): EdgeMlError {
  const { code, message } = error as NodeJS.ErrnoException;
  const reasons: Record<string, string> = {
    ENOENT: "it does not exist",
    EACCES: "Node-RED may not read it",
    EPERM: "Node-RED may not read it",
    EISDIR: "it is a folder",
    EMFILE: "too many files are open",
  };
  return new EdgeMlError("EDGE_ML_FILE_READ", { path, reason: reasons[code ?? ""] ?? message }, { cause: error });
}
