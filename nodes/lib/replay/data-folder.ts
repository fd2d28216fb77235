import { readdirSync, realpathSync, statSync } from "node:fs";
import { basename, isAbsolute, join, relative, resolve, sep } from "node:path";
import { EdgeMlError } from "../errors/index.js";

/** Names a file of the package's own examples. */
export const EXAMPLES = "examples:";

const LISTED = 500;

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
    // A pipe or a device would never end.
    if (!statSync(real).isFile()) throw unreadable(name, "it is not a file");
    return real;
  }

  /** The names of the CSV files that can be played, by which `resolve` finds them; at most LISTED. */
  list(): string[] {
    return [...csvIn(this.folder), ...csvIn(this.examples).map((name) => `${EXAMPLES}${name}`)].slice(0, LISTED);
  }
}

function inside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function unreadable(name: string, reason: string): EdgeMlError {
  return new EdgeMlError("EDGE_ML_FILE_READ", { path: name, reason });
}

/** CSV files of a folder and its direct subfolders. */
function csvIn(folder: string): string[] {
  const names: string[] = [];
  const read = (at: string, deeper: boolean) => {
    let entries: import("node:fs").Dirent[];
    try {
      entries = readdirSync(at, { withFileTypes: true });
    } catch {
      // No folder, no files.
      return;
    }
    for (const entry of entries.sort((a, b) => a.name.localeCompare(b.name))) {
      if (names.length >= LISTED || basename(entry.name).startsWith(".")) continue;
      const path = join(at, entry.name);
      if (entry.isDirectory()) {
        if (deeper) read(path, false);
      } else if (/\.(csv|tsv|txt)$/i.test(entry.name)) names.push(relative(folder, path).split(sep).join("/"));
    }
  };
  read(folder, true);
  return names;
}
