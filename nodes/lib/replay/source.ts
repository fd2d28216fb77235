/** What is common to everything that a file gives: when it was, and what it belongs to. */
export interface ReplayPart {
  /** ms since 1970; of a chunk, its first sample. */
  time: number;
  /** Ground truth. */
  label?: string;
  /** The stream, when the file names it. */
  topic?: string;
}

/** One row of a table as a reading. */
export interface ReplayRow extends ReplayPart {
  /** One for each channel of the source; null where the file has no number. */
  values: (number | null)[];
}

/** A piece of sound as a reading. */
export interface SoundChunk extends ReplayPart {
  /** 16-bit PCM; samples of -1..1 where 16 bits do not hold them. Channels are interleaved. */
  payload: Buffer | Float32Array;
  /** Hz. */
  rate: number;
  channels: number;
}

export interface TableCounts {
  /** Rows given out. */
  rows: number;
  /** Cells without a number in the chosen columns. */
  missing: number;
  /** Rows with more or fewer cells than the header. */
  ragged: number;
  /** Rows left out because their time cannot be read. */
  untimed: number;
}

export interface SoundCounts {
  /** Chunks given out. */
  chunks: number;
  /** Seconds of sound that they hold. */
  duration: number;
  /** Files that were played, wholly or in part. */
  files: number;
  /** Files of a folder left out because they cannot be read. */
  unreadable: number;
}

/** A table that can be played. Each call of `rows` begins at its first row and counts anew. */
export interface TableSource {
  kind: "table";
  file: string;
  channels: readonly string[];
  /** How much of the file has been given out, 0..1. */
  readonly progress: number;
  counts: TableCounts;
  /** Batch by batch: the next is read only when asked for. */
  rows(): AsyncGenerator<ReplayRow[], void, undefined>;
}

/** Sound that can be played: a file, or a folder of files. Each call of `chunks` begins at the start and counts anew. */
export interface SoundSource {
  kind: "sound";
  file: string;
  /** How much of it has been given out, 0..1. */
  readonly progress: number;
  counts: SoundCounts;
  /** Batch by batch: the next is read only when asked for. */
  chunks(): AsyncGenerator<SoundChunk[], void, undefined>;
}

export type ReplaySource = TableSource | SoundSource;
