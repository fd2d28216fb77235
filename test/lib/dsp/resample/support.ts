import type { ResampleCounts, RowOutput } from "../../../../nodes/lib/dsp/resample/index.ts";

export interface Given {
  time: number;
  values: number[];
  label: string | undefined;
}

/** Collects what a resampler or an aligner gives. */
export function collector(): { rows: Given[]; breaks: number[]; counts: ResampleCounts; output: RowOutput } {
  const rows: Given[] = [];
  const breaks: number[] = [];
  return {
    rows,
    breaks,
    counts: { late: 0, missing: 0, breaks: 0 },
    output: {
      row: (time, values, label) => rows.push({ time, values: [...values], label }),
      interrupt: () => breaks.push(rows.length),
    },
  };
}

/** The same numbers each time, evenly from 0 to 1. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

/** Amplitude of the tone of a frequency (Hz) in rows at times (ms): a least-squares fit of sine, cosine and a constant. */
export function toneIn(rows: { time: number; value: number }[], frequency: number): number {
  // Normal equations of three unknowns, by Cramer's rule.
  const m = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  const v = [0, 0, 0];
  for (const { time, value } of rows) {
    const angle = (2 * Math.PI * frequency * (time - rows[0]!.time)) / 1000;
    const basis = [Math.sin(angle), Math.cos(angle), 1];
    for (let i = 0; i < 3; i++) {
      v[i]! += basis[i]! * value;
      for (let j = 0; j < 3; j++) m[3 * i + j]! += basis[i]! * basis[j]!;
    }
  }
  const det = (a: number[]): number =>
    a[0]! * (a[4]! * a[8]! - a[5]! * a[7]!) -
    a[1]! * (a[3]! * a[8]! - a[5]! * a[6]!) +
    a[2]! * (a[3]! * a[7]! - a[4]! * a[6]!);
  const all = det(m);
  const solved = [0, 1, 2].map((column) => det(m.map((x, i) => (i % 3 === column ? v[Math.floor(i / 3)]! : x))) / all);
  return Math.hypot(solved[0]!, solved[1]!);
}
