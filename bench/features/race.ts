import { type Row, rowsOf, type Table } from "../lib/bench.ts";
import { type Case, compare, type Options } from "../lib/measure.ts";

/** A way of computing something, with what comes out of it. */
export interface Candidate extends Case {
  result(): ArrayLike<number>;
}

/** How many times what another candidate takes, one may take. */
export interface Aim {
  what: string;
  times: number;
  to: string;
}

export interface Race {
  rows: Row[];
  /** Each aim, by how many times were measured. */
  aims: (Aim & { measured: number })[];
  /** The largest difference between two results, of the largest number. */
  apart: number;
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
  candidates: readonly Candidate[],
  to: readonly string[],
  aims: readonly Aim[] = [],
  options: Options = {},
): Promise<Race> {
  const apart = differenceOf(candidates);
  const results = await compare(candidates, options);
  const kept = aims.filter(({ what, to }) => results.has(what) && results.has(to));
  return {
    rows: rowsOf(
      results,
      to.find((name) => results.has(name)),
    ),
    aims: kept.map((aim) => ({ ...aim, measured: results.get(aim.what)! / results.get(aim.to)! })),
    apart,
  };
}

/** Races of the same kind as one table. Of aims with the same name, the one that is furthest from being met is told. */
export function tableOf(title: string, races: readonly Race[], notes: readonly string[] = []): Table {
  const worst = new Map<string, Race["aims"][number]>();
  for (const aim of races.flatMap(({ aims }) => aims)) {
    const { what, times, to, measured } = aim;
    const text = `aim: ${what.replace(VARIANT, "")} ≤ ${times} × ${to.replace(VARIANT, "")}`;
    if (measured > (worst.get(text)?.measured ?? 0)) worst.set(text, aim);
  }
  const apart = Math.max(...races.map((one) => one.apart));
  return {
    title,
    rows: races.flatMap(({ rows }) => rows),
    notes: [
      ...notes,
      ...[...worst].map(
        ([text, { times, measured }]) =>
          `${text}: ${measured.toPrecision(3)}${races.length > 1 ? " at worst" : ""}, ${measured <= times ? "kept" : "missed"}`,
      ),
      ...(races.some(({ rows }) => rows.length > 1)
        ? [`before: all results the same, within ${apart === 0 ? "0" : apart.toExponential(0)} of the largest number`]
        : []),
    ],
  };
}

/** What tells the races of one table apart, before the name of the candidate. */
const VARIANT = /^.*: /;

/** The largest difference from the first candidate, of its largest number. @throws Error when it is above TOLERANCE */
function differenceOf(candidates: readonly Candidate[]): number {
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
        `"${other.name}" does not compute what "${first!.name}" does: ` +
          `${got.length} numbers for ${expected.length}, ${error} of the largest apart`,
      );
    }
    worst = Math.max(worst, error);
  }
  return worst;
}
