import type { ScoreLine } from "../curve.ts";

/**
 * The scores of all tracks in one file: of each track the number of windows, their times (s), and one line for each
 * label. All are float64, little-endian as the machine has it.
 */
export class ScoreWriter {
  readonly #parts: Float64Array[] = [];

  track(times: readonly number[], lines: readonly (readonly number[])[]): void {
    this.#parts.push(Float64Array.of(times.length), Float64Array.from(times));
    for (const line of lines) this.#parts.push(Float64Array.from(line));
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts.map(({ buffer }) => Buffer.from(buffer)));
  }
}

/** @returns track by track, and in it label by label */
export function readScores(bytes: Buffer, labels: number): ScoreLine[][] {
  const values = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const tracks: ScoreLine[][] = [];
  for (let at = 0; at < values.length; ) {
    const count = values[at]!;
    const times = values.subarray(at + 1, at + 1 + count);
    at += 1 + count;
    tracks.push(
      Array.from({ length: labels }, (_, i) => ({
        times,
        scores: Float32Array.from(values.subarray(at + i * count, at + (i + 1) * count)),
      })),
    );
    at += labels * count;
  }
  return tracks;
}
