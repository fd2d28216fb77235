/** A disk that fails at a chosen step. */
import { disk, type FileSystem } from "../../../../nodes/lib/files/index.ts";

export interface Faults extends FileSystem {
  /** Steps that changed the disk, or would have. */
  steps: string[];
}

/**
 * @param failAt the step that fails, counted from 0
 * @param kind `error`: this step fails once, as on a full disk, and a write leaves half of the file. `crash`: nothing
 * after it happens, as when the power goes.
 */
export function faultyDisk(failAt: number, kind: "error" | "crash", code = "ENOSPC"): Faults {
  const steps: string[] = [];
  const step = async (name: string, work: () => Promise<void>, half?: () => Promise<void>): Promise<void> => {
    const number = steps.length;
    steps.push(name);
    if (kind === "crash" ? number < failAt : number !== failAt) return work();
    if (number === failAt) await half?.();
    throw Object.assign(new Error(`injected ${code}`), { code });
  };
  return {
    ...disk,
    steps,
    makeFolder: (path) => step("makeFolder", () => disk.makeFolder(path)),
    write: (path, bytes) =>
      step(
        "write",
        () => disk.write(path, bytes),
        () => disk.write(path, bytes.subarray(0, bytes.length >> 1)),
      ),
    replace: (from, to) => step("replace", () => disk.replace(from, to)),
    publish: (from, to) => step("publish", () => disk.publish(from, to)),
    remove: (path) => step("remove", () => disk.remove(path)),
    syncFolder: (path) => step("syncFolder", () => disk.syncFolder(path)),
  };
}
