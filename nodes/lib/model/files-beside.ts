import { open, realpath } from "node:fs/promises";
import { dirname, isAbsolute, join, posix, relative, sep, win32 } from "node:path";
import { EdgeMlError } from "../errors/index.js";
import { codeOf } from "../files/index.js";
import type { ReadBeside } from "./onnx/index.js";

/** A protobuf can hold no more. */
const MAX_LENGTH = 2 ** 31 - 1;

/**
 * Reads files in the folder of a model, and none outside of it: a model from anywhere must not make the machine read what
 * it pleases.
 * @param path of the model
 * @param name what the model is called in errors
 * @returns a reader that throws EdgeMlError EDGE_ML_MODEL_INVALID
 */
export function filesBeside(path: string, name: string): ReadBeside {
  const folder = dirname(path);
  const refuse = (reason: string, cause?: unknown) =>
    new EdgeMlError("EDGE_ML_MODEL_INVALID", { name, reason }, { cause });
  return async (location) => {
    const outside = refuse(`its weights are in "${location}", which is outside of the model's own folder`);
    const absolute = posix.isAbsolute(location) || win32.isAbsolute(location);
    const parts = location.split(/[\\/]/);
    if (location === "" || location.includes("\0") || absolute || parts.includes("..")) throw outside;
    try {
      const real = await realpath(join(folder, location));
      // A link may lead anywhere.
      const way = relative(await realpath(folder), real);
      if (way === "" || way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way)) throw outside;
      return await readWhole(real);
    } catch (error) {
      if (error instanceof EdgeMlError) throw error;
      if (codeOf(error) !== "ENOENT") throw refuse(`the file with its weights, "${location}", cannot be read`, error);
      throw refuse(
        `the file with its weights, "${location}", is missing; put it beside the model, or export it as one file`,
      );
    }
  };
}

async function readWhole(path: string): Promise<Uint8Array> {
  const file = await open(path, "r");
  try {
    const stat = await file.stat();
    // A pipe or a device would never end.
    if (!stat.isFile() || stat.size > MAX_LENGTH) throw new Error("it is no file of 2 GB at most");
    return new Uint8Array(await file.readFile());
  } finally {
    await file.close();
  }
}
