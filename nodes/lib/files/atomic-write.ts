import { randomBytes } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { disk, type FileSystem } from "./file-system.js";

const TEMPORARY = /^\..+\.tmp$/;
/** A temporary file that nobody has touched for so long is left over from a crash. */
const LEFT_OVER_AFTER = 10 * 60_000;

/**
 * Writes a file so that at every moment, also after a power cut, it is the whole old or the whole new one: temporary
 * file in the same folder, fsync, rename, fsync of the folder. Makes the folder if needed. Two writes of one path at the
 * same time do not disturb each other; the one that finishes last stays. What fails leaves nothing behind, but a file
 * may have been replaced when its folder could not be synced.
 * @param publish how the file gets its name: in place of an older one, or only if the name is free (EEXIST)
 * @throws the error of node:fs
 */
export async function atomicWrite(
  path: string,
  data: string | Uint8Array,
  { fs = disk, publish = "replace" }: { fs?: FileSystem; publish?: "replace" | "publish" } = {},
): Promise<void> {
  const folder = dirname(path);
  await fs.makeFolder(folder);
  const temporary = join(folder, `.${basename(path)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    await fs.write(temporary, typeof data === "string" ? Buffer.from(data) : data);
    await fs[publish](temporary, path);
  } catch (error) {
    await fs.remove(temporary).catch(() => undefined);
    throw error;
  }
  try {
    await fs.syncFolder(folder);
  } catch (error) {
    // A new file can be taken back; a replaced one cannot.
    if (publish === "publish") await fs.remove(path).catch(() => undefined);
    throw error;
  }
}

/** Removes the temporary files that a crash left in a folder. */
export async function removeLeftovers(fs: FileSystem, folder: string, now: number): Promise<void> {
  for (const entry of await fs.list(folder)) {
    if (entry.folder || !TEMPORARY.test(entry.name)) continue;
    const path = join(folder, entry.name);
    const modified = await fs.modified(path);
    if (modified !== undefined && now - modified > LEFT_OVER_AFTER) await fs.remove(path);
  }
}
