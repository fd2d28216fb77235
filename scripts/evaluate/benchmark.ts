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
  /** A scratch folder, removed afterwards. */
  work: string;
  /** Progress, on stderr. */
  say(line: string): void;
}
