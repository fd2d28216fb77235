import { readdirSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { EdgeMlError } from "../errors/index.js";

/** Names a file of the package's own examples. */
export const EXAMPLES = "examples:";

const LISTED = 500;
const MAX_SOUNDS = 10_000;
const SOUND = /\.wave?$/i;
const PLAYABLE = /\.(csv|tsv|txt|wave?)$/i;

/** A file of a folder of sounds. */
export interface SoundFileName {
  /** Relative to the folder. */
  name: string;
  path: string;
}

/** Where data files may be: nothing outside these two folders is ever opened. */
export class DataFolder {
  /**
   * @param folder the user's data
   * @param examples the package's own
   */
  constructor(
    readonly folder: string,
    readonly examples: string,
  ) {}

  /**
   * The real path of a file by its name: relative to the folder, absolute inside it, or `examples:<name>`.
   * @throws EdgeMlError EDGE_ML_FILE_OUTSIDE, also when a link leads outside; EDGE_ML_FILE_READ when it is no file
   */
  resolve(name: string): string {
    const real = this.#real(name);
    // A pipe or a device would never end.
    if (!statSync(real).isFile()) throw unreadable(name, "it is not a file");
    return real;
  }

  /**
   * The WAV files of a folder and its direct subfolders, in the order of their names; undefined when it is no folder.
   * @throws EdgeMlError EDGE_ML_FILE_OUTSIDE, EDGE_ML_FILE_READ also when there is none
   */
  sounds(name: string): SoundFileName[] | undefined {
    const folder = this.#real(name);
    if (!statSync(folder).isDirectory()) return undefined;
    const files = filesIn(folder, SOUND, MAX_SOUNDS, false).map((file) => ({ name: file, path: join(folder, file) }));
    if (files.length === 0) throw unreadable(name, "there is no WAV file in this folder");
    return files;
  }

  /** The real path of what a name means, inside the folder. */
  #real(name: string): string {
    const inExamples = name.startsWith(EXAMPLES);
    const wanted = inExamples ? name.slice(EXAMPLES.length) : name;
    const folder = resolve(inExamples ? this.examples : this.folder);
    if (wanted.trim() === "" || wanted.includes("\0")) throw unreadable(name, "the name is empty or not a name");
    const path = isAbsolute(wanted) ? resolve(wanted) : resolve(folder, wanted);
    if (!inside(path, folder)) throw new EdgeMlError("EDGE_ML_FILE_OUTSIDE", { path: name, folder });
    let real: string;
    try {
      real = realpathSync(path);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      throw unreadable(name, code === "ENOENT" ? `there is no such file in ${folder}` : message);
    }
    if (!inside(real, realpathSync(folder))) throw new EdgeMlError("EDGE_ML_FILE_OUTSIDE", { path: name, folder });
    return real;
  }

  /** The names of what can be played, by which it is found: files, and folders with sound; at most LISTED. */
  list(): string[] {
    const own = filesIn(this.folder, PLAYABLE, LISTED, true);
    const folders = new Set(own.filter((name) => SOUND.test(name) && name.includes("/")).map((name) => dirname(name)));
    const examples = filesIn(this.examples, PLAYABLE, LISTED, true).map((name) => `${EXAMPLES}${name}`);
    return [...folders, ...own, ...examples].slice(0, LISTED);
  }
}

function inside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function unreadable(name: string, reason: string): EdgeMlError {
  return new EdgeMlError("EDGE_ML_FILE_READ", { path: name, reason });
}

/**
 * Files of a folder and its direct subfolders.
 * @param links whether links count: where each is resolved before it is opened
 */
function filesIn(folder: string, kind: RegExp, most: number, links: boolean): string[] {
  const names: string[] = [];
  const read = (at: string, deeper: boolean) => {
    let entries: import("node:fs").Dirent[];
    try {
      entries = readdirSync(at, { withFileTypes: true });
    } catch {
      // No folder, no files.
      return;
    }
    for (const entry of entries.sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }))) {
      if (names.length >= most || basename(entry.name).startsWith(".")) continue;
      const path = join(at, entry.name);
      if (entry.isDirectory()) {
        if (deeper) read(path, false);
      } else if (kind.test(entry.name) && (links || entry.isFile()))
        names.push(relative(folder, path).split(sep).join("/"));
    }
  };
  read(folder, true);
  return names;
}
