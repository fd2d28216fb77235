import { rowsOf, type Table } from "../lib/bench.ts";
import { type Case, compare, type Options } from "../lib/measure.ts";

/** A way of computing something, with what comes out of it. */
export interface Candidate extends Case {
  result(): ArrayLike<number>;
}

/** How many times what it takes another candidate something may take. */
export interface Aim {
  what: string;
  times: number;
  to: string;
}

/** How far results may lie apart, of the largest number of the first one: float32 against float64. */
const TOLERANCE = 1e-4;

/**
 * The candidates side by side, the first being ours. Whether they compute the same is checked before: comparing the time
 * of different things says nothing.
 * @param to which candidate the others are compared to: the first of these names that is there
 * @throws Error when a candidate computes something else
 */
export async function race(
  title: string,
  candidates: readonly Candidate[],
  settings: { to: readonly string[]; aims?: readonly Aim[]; notes?: readonly string[] } & Options,
): Promise<Table> {
  const worst = checkSame(title, candidates);
  const results = await compare(candidates, settings);
  const to = settings.to.find((name) => results.has(name));
  const notes = [...(settings.notes ?? [])];
  if (candidates.length > 1) notes.push(`results agree within ${worst.toExponential(0)} of the largest`);
  for (const aim of settings.aims ?? []) {
    const what = results.get(aim.what);
    const peer = results.get(aim.to);
    if (what === undefined || peer === undefined) continue;
    const times = what / peer;
    const verdict = times <= aim.times ? "kept" : "missed";
    notes.push(`aim: ${aim.what} ≤ ${aim.times} × ${aim.to}: ${times.toPrecision(2)}, ${verdict}`);
  }
  return { title, rows: rowsOf(results, to), notes };
}

/** @returns the largest difference from the first candidate, of its largest number */
function checkSame(title: string, candidates: readonly Candidate[]): number {
  const [first, ...others] = candidates;
  const expected = Array.from(first!.result());
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  let worst = 0;
  for (const other of others) {
    const got = Array.from(other.result());
    const error =
      got.length === expected.length
        ? got.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0) / scale
        : Number.NaN;
    // Turned around, so that a NaN fails.
    if (!(error <= TOLERANCE)) {
      throw new Error(
        `${title}: "${other.name}" does not compute what "${first!.name}" does: ` +
          `${got.length} numbers for ${expected.length}, ${error} of the largest apart`,
      );
    }
    worst = Math.max(worst, error);
  }
  return worst;
}
