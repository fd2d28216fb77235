import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { clockTime } from "../clock.ts";

/** One movement: its rows, at times in ms from its beginning. */
export interface Recording {
  /** A stream of its own. */
  stream: string;
  label: string;
  times: number[];
  /** Cells, one a channel. */
  rows: string[];
}

/** ms between two recordings. */
const PAUSE = 10_000;

/** Writes files of recordings, one after the other in time: the streams of several files must not go back. */
export class RecordingWriter {
  readonly #work: string;
  readonly #channels: readonly string[];
  #clock = 0;

  constructor(work: string, channels: readonly string[]) {
    this.#work = work;
    this.#channels = channels;
  }

  /** @returns the file's name */
  write(file: string, recordings: readonly Recording[]): string {
    const lines = [["time", ...this.#channels, "label", "stream"].join(",")];
    for (const { stream, label, times, rows } of recordings) {
      for (const [i, row] of rows.entries()) {
        lines.push([clockTime(this.#clock + times[i]!), row, label, stream].join(","));
      }
      this.#clock += Math.ceil(times.at(-1) ?? 0) + PAUSE;
    }
    writeFileSync(join(this.#work, file), `${lines.join("\n")}\n`);
    return file;
  }
}
