import type { FileHandle } from "node:fs/promises";
import { basename } from "node:path";
import { EdgeMlError } from "../../errors/index.js";
import { isWav, readWavHeader, type WavHeader } from "../../sound/index.js";
import { openFile, readError } from "../open-file.js";

/** A WAV file that is open for reading. */
export interface OpenSound {
  handle: FileHandle;
  header: WavHeader;
  /** ms since 1970: when the file was written last. */
  modified: number;
}

/** What the header of a WAV file says of it. */
export interface SoundDescription {
  /** Bytes. */
  size: number;
  header: WavHeader;
  modified: number;
}

/** Opens a WAV file and reads its header. @throws EdgeMlError EDGE_ML_FILE_READ, EDGE_ML_SOUND */
export async function openSoundFile(path: string): Promise<OpenSound & SoundDescription> {
  const handle = await openFile(path);
  try {
    const { size, mtimeMs } = await handle.stat();
    const reader = readWavHeader(size, basename(path));
    let step = reader.next();
    while (!step.done) {
      const { at, length } = step.value;
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, at);
      step = reader.next(buffer.subarray(0, bytesRead));
    }
    return { handle, header: step.value, size, modified: mtimeMs };
  } catch (error) {
    await handle.close();
    throw error instanceof EdgeMlError ? error : readError(path, error);
  }
}

/** Looks at the header of a WAV file. @throws EdgeMlError EDGE_ML_FILE_READ, EDGE_ML_SOUND */
export async function inspectSound(path: string): Promise<SoundDescription> {
  const { handle, header, size, modified } = await openSoundFile(path);
  await handle.close();
  return { header, size, modified };
}

/** Whether a file is a WAV file, by what it begins with; or ought to be one, by its name. */
export async function isSoundFile(path: string): Promise<boolean> {
  if (/\.wave?$/i.test(path)) return true;
  const handle = await openFile(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(12), 0, 12, 0);
    return isWav(buffer.subarray(0, bytesRead));
  } catch (error) {
    throw readError(path, error);
  } finally {
    await handle.close();
  }
}
