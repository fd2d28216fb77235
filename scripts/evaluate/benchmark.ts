import { existsSync } from "node:fs";
import { join } from "node:path";

/** A public benchmark that the nodes are evaluated on. */
export interface Benchmark {
  name: string;
  title: string;
  /** The folder under the data's folder that holds it. */
  folder: string;
  /**
   * Plays the data through a real Node-RED and prints a table beside the published numbers.
   * @returns the rows, for --json
   * @throws Error with a sentence when the folder does not hold the data
   */
  run(context: BenchmarkContext): Promise<unknown[]>;
}

export interface BenchmarkContext {
  /** Of the data set. */
  folder: string;
  /** Only this learner (its id); undefined: all that there are. */
  method?: string;
  /** Another model bundle than the package's own, where a benchmark is of one. */
  model?: string;
  /** Folders of more recordings, which nothing was learned from: people who speak; noise and music. */
  speech?: string[];
  noise?: string[];
  /** A folder with MLPerf Tiny's keyword networks. */
  mlperf?: string;
  /** A scratch folder, removed afterwards. */
  work: string;
  /** Progress, on stderr. */
  say(line: string): void;
}

/** The folder of a benchmark: the given one may be its own, or the one that holds all of them. */
export function folderOf({ folder }: Benchmark, given: string): string {
  const inside = join(given, folder);
  return existsSync(inside) ? inside : given;
}

/** @throws Error with a sentence, when `file` is not in `folder` */
export function requireFile(folder: string, file: string, name: string): string {
  const path = join(folder, file);
  if (!existsSync(path)) {
    throw new Error(
      `There is no ${file} in ${folder}. Give the folder of the data set, or the one that holds it: npm run evaluate -- ${name} FOLDER`,
    );
  }
  return path;
}
