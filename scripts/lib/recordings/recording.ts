/** A file of examples/recordings. */
export interface Recording {
  name: string;
  header: readonly string[];
  /** Cells with commas between them. */
  lines: string[];
}

const MINUTE = 60_000;

/** UTC, as edge-replay reads it by itself: 2026-01-12 00:10:00. */
export function timeText(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace("T", " ");
}

export function minutes(count: number): number {
  return count * MINUTE;
}
