import { randomBytes } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/**
 * Writes a file so that, whatever happens (power cut, kill, full disk), its path holds either the old content or the
 * whole new one: temporary file in the same folder, fsync, rename, fsync of the folder. Makes the folder if needed.
 * Two writes of one path at the same time do not disturb each other; the one that finishes last stays.
 * Rejects with the file system's error; the temporary file is removed then.
 */
export async function atomicWrite(path: string, data: string | Uint8Array): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `.${basename(path)}.${process.pid}-${randomBytes(4).toString("hex")}.tmp`);
  try {
    const file = await open(temporary, "wx", 0o644);
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

/** Makes a rename in this folder last over a power cut. Windows and some network file systems know no such thing. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // The content is complete either way; only how soon the new name is on the disk is left to the file system.
  }
}
