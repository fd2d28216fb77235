import { link, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";

/** What the store does to a disk; injected, so that tests can let each step fail. Errors are those of node:fs. */
export interface FileSystem {
  /** The whole file; undefined when there is none. RangeError when it is larger than `limit` bytes. */
  read(path: string, limit: number): Promise<Uint8Array | undefined>;
  /** Files and folders in a folder; empty when there is none. */
  list(folder: string): Promise<{ name: string; folder: boolean }[]>;
  /** Makes a folder and those above it. */
  makeFolder(path: string): Promise<void>;
  /** Makes a new file and returns when its bytes are on the disk. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Gives a file another name, in place of the file that has it. */
  replace(from: string, to: string): Promise<void>;
  /** Gives a file another name; EEXIST when another file has it. */
  publish(from: string, to: string): Promise<void>;
  /** Removes a file, if it is there. */
  remove(path: string): Promise<void>;
  /** Returns when new names in a folder are on the disk. */
  syncFolder(path: string): Promise<void>;
  /** ms since 1970 of the last change of a file; undefined when there is none. */
  modified(path: string): Promise<number | undefined>;
}

/** The real disk. */
export const disk: FileSystem = {
  async read(path, limit) {
    const file = await unlessMissing(open(path, "r"));
    if (file === undefined) return undefined;
    try {
      const { size } = await file.stat();
      if (size > limit) throw new RangeError(`it has ${size} bytes, more than the limit of ${limit}`);
      return new Uint8Array(await file.readFile());
    } finally {
      await file.close();
    }
  },
  async list(folder) {
    const entries = (await unlessMissing(readdir(folder, { withFileTypes: true }))) ?? [];
    return entries.map((entry) => ({ name: entry.name, folder: entry.isDirectory() }));
  },
  async makeFolder(path) {
    await mkdir(path, { recursive: true });
  },
  async write(path, bytes) {
    const file = await open(path, "wx", 0o644);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
  },
  replace: rename,
  async publish(from, to) {
    try {
      await link(from, to);
    } catch (error) {
      // FAT, exFAT and some network disks know no links: rename, after a look that is nearly as good.
      if (!NO_LINKS.has(codeOf(error))) throw error;
      if ((await disk.modified(to)) !== undefined) throw Object.assign(new Error("EEXIST"), { code: "EEXIST" });
      await rename(from, to);
      return;
    }
    // Both names are there: if the old one cannot go now, it is cleaned up later.
    await rm(from, { force: true }).catch(() => undefined);
  },
  async remove(path) {
    await rm(path, { force: true });
  },
  async syncFolder(path) {
    try {
      const folder = await open(path, "r");
      try {
        await folder.sync();
      } finally {
        await folder.close();
      }
    } catch (error) {
      // Windows and some network disks cannot sync a folder; their renames are as durable as they get.
      if (!NO_FOLDER_SYNC.has(codeOf(error))) throw error;
    }
  },
  async modified(path) {
    return (await unlessMissing(stat(path)))?.mtimeMs;
  },
};

const NO_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EXDEV", "EMLINK"]);
const NO_FOLDER_SYNC = new Set(["EPERM", "EISDIR", "EINVAL", "ENOTSUP", "EBADF"]);

/** The code of an error of node:fs, or "". */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

async function unlessMissing<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined;
    throw error;
  }
}
