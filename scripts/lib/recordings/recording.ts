/** A table of examples/recordings. */
export interface Recording {
  name: string;
  header: readonly string[];
  /** Cells with commas between them. */
  lines: string[];
}

/** A WAV file of examples/recordings: 16 bit, mono. */
export interface SoundRecording {
  name: string;
  /** Hz */
  rate: number;
  /** -1..1 */
  samples: Float32Array;
  /** Lines of `<name>_labels.csv` beside it: what is heard when. */
  labels?: string[];
}

const MINUTE = 60_000;

/** UTC, as edge-replay reads it by itself: 2026-01-12 00:10:00. */
export function timeText(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace("T", " ");
}

export function minutes(count: number): number {
  return count * MINUTE;
}
