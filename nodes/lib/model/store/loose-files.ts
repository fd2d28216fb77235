import { realpath } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { describe, EdgeMlError } from "../../errors/index.js";
import { disk } from "../../files/index.js";
import { FORMATS, versionsAmong } from "./names.js";
import { sizeLimit, tooLarge } from "./size-limit.js";
import { storeError } from "./store-error.js";

/** Enough to choose from; a folder with more is not one that a person looks through. */
const MAX_FILES = 200;
const MODEL_FILE = new RegExp(`^[^.].*\\.(?:${FORMATS.join("|")})$`, "i");

/**
 * Model files that somebody put into the store's folder, or into a folder in it, and that are no version of a model:
 * their paths in the store's folder, with "/", sorted.
 * @throws EdgeMlError EDGE_ML_STORE
 */
export async function looseFiles(folder: string): Promise<string[]> {
  const found: string[] = [];
  const look = async (path: string): Promise<string[]> => {
    const entries = await disk.list(join(folder, path)).catch((error: unknown) => {
      throw storeError("read", join(folder, path), error);
    });
    for (const { name, folder: isFolder } of entries) {
      const version = path !== "" && versionsAmong([name]).length > 0;
      if (!isFolder && MODEL_FILE.test(name) && !version) found.push(path === "" ? name : `${path}/${name}`);
    }
    return entries.filter((entry) => entry.folder).map((entry) => entry.name);
  };
  for (const name of await look("")) {
    if (found.length >= MAX_FILES) break;
    await look(name);
  }
  return found.sort().slice(0, MAX_FILES);
}

/**
 * One of those files, and where it lies; never one outside of the folder, also not through a link.
 * @throws EdgeMlError EDGE_ML_PAYLOAD, EDGE_ML_MODEL_NOT_FOUND, EDGE_ML_MODEL_TOO_LARGE, EDGE_ML_STORE
 */
export async function readLooseFile(folder: string, path: unknown): Promise<{ path: string; bytes: Uint8Array }> {
  if (typeof path !== "string" || !isInside(path)) {
    const expected = "the path of an .onnx or .tflite file in the models folder";
    throw new EdgeMlError("EDGE_ML_PAYLOAD", { field: "path", got: describe(path), expected });
  }
  const limit = sizeLimit(process.availableMemory());
  const absolute = join(folder, path);
  let bytes: Uint8Array | undefined;
  try {
    const real = relative(await realpath(folder), await realpath(absolute));
    if (real === ".." || real.startsWith(`..${sep}`) || isAbsolute(real)) {
      throw new EdgeMlError("EDGE_ML_STORE", {
        action: "read",
        path: absolute,
        reason: "it is a link out of the folder",
      });
    }
    bytes = await disk.read(absolute, limit);
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(path, limit, error);
    const missing = error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
    if (!missing) throw storeError("read", absolute, error);
  }
  if (bytes === undefined) throw new EdgeMlError("EDGE_ML_MODEL_NOT_FOUND", { name: path });
  return { path: resolve(absolute), bytes };
}

/** A file's name, or a folder's and a file's, as looseFiles gives them. */
function isInside(path: string): boolean {
  const parts = path.split("/");
  const plain = parts.every((part) => part !== "" && part !== "." && part !== ".." && !/[\\\0:]/.test(part));
  return plain && parts.length <= 2 && path.length <= 1024 && MODEL_FILE.test(parts.at(-1)!);
}
