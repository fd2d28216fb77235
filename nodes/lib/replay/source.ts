/** One row of a file as a reading. */
export interface ReplayRow {
  /** ms since 1970. */
  time: number;
  /** One for each channel of the source; null where the file has no number. */
  values: (number | null)[];
  /** Ground truth. */
  label?: string;
  /** The stream, when the file names it. */
  topic?: string;
}

export interface ReplayCounts {
  /** Rows given out. */
  rows: number;
  /** Cells without a number in the chosen columns. */
  missing: number;
  /** Rows with more or fewer cells than the header. */
  ragged: number;
  /** Rows left out because their time cannot be read. */
  untimed: number;
}

/** A file that can be played. Each call of `rows` begins at its first row and counts anew. */
export interface ReplaySource {
  file: string;
  channels: readonly string[];
  /** How much of the file has been given out, 0..1. */
  readonly progress: number;
  counts: ReplayCounts;
  /** Batch by batch: the next is read only when asked for. */
  rows(): AsyncGenerator<ReplayRow[], void, undefined>;
}
