import {
  type NabOutcome,
  type NabSeries,
  nabBestThreshold,
  nabProfiles,
  nabScore,
} from "../../../nodes/lib/evaluate/index.ts";
import type { Series } from "./data.ts";
import { idOf, PAUSE } from "./flow.ts";
import type { Outcome } from "./run.ts";

const { standard } = nabProfiles;
/** Thresholds that the rule may choose from: 1 reading in 10 to 1 in 1,000,000. */
const GRID = Array.from({ length: 101 }, (_, i) => 1 + i / 20);

export interface Row {
  detector: string;
  /** The benchmark's rule: one threshold for all series, chosen with their labels; without and with the pause. */
  tuned: Tuned;
  tunedWithPause: Tuned;
  /** The same, with the pause, of every other series only: the 1st, 3rd, … and the 2nd, 4th, … by name. */
  halves: [Tuned, Tuned];
  /** The node's own threshold (1 false alarm per day) with the pause, for all series: no label was looked at. */
  fixed: Fixed;
  /** The same without the pause. */
  fixedWithoutPause: Fixed;
}

interface Tuned {
  score: number;
  threshold: number;
}

interface Fixed {
  score: number;
  found: number;
  windows: number;
  falsePositives: number;
}

export function score(detector: string, series: readonly Series[], { results }: Outcome): Row {
  const plain = series.map((each) => byRow(each, results[idOf(detector, 0)]?.[each.file] ?? []));
  const paused = series.map((each) => byRow(each, results[idOf(detector, PAUSE)]?.[each.file] ?? []));
  const half = (rest: 0 | 1) => {
    const chosen = series.map((_, i) => i).filter((i) => i % 2 === rest);
    return withPause(
      chosen.map((i) => series[i]!),
      chosen.map((i) => plain[i]!.scores),
    );
  };
  const rule = nabBestThreshold(
    plain.map(({ scores }, i) => ({ scores, windows: series[i]!.windows })),
    standard,
  );
  return {
    detector,
    tuned: { score: rule.score, threshold: rule.threshold },
    tunedWithPause: withPause(
      series,
      plain.map(({ scores }) => scores),
    ),
    halves: [half(0), half(1)],
    fixed: fixed(series, paused),
    fixedWithoutPause: fixed(series, plain),
  };
}

/** The best threshold when a detection is followed by the pause, as edge-detect has it. */
function withPause(series: readonly Series[], scores: readonly Float64Array[]): Tuned {
  let best: Tuned = { score: Number.NEGATIVE_INFINITY, threshold: Number.NaN };
  for (const threshold of GRID) {
    const marked = scores.map(
      (each, i): NabSeries => ({
        scores: marks(each, threshold, PAUSE),
        windows: series[i]!.windows,
      }),
    );
    const { score } = nabScore(marked, 1, standard);
    if (score > best.score) best = { score, threshold };
  }
  return best;
}

/** 1 for each reading that is marked, 0 for others: the same as edge-detect's own pause, which counts scored readings. */
export function marks(scores: Float64Array, threshold: number, pause: number): Float64Array {
  let left = 0;
  return scores.map((score) => {
    if (Number.isNaN(score)) return 0;
    if (left > 0) {
      left--;
      return 0;
    }
    if (!(score > threshold)) return 0;
    left = pause;
    return 1;
  });
}

function fixed(series: readonly Series[], rows: readonly { marked: Float64Array }[]): Fixed {
  const outcome: NabOutcome = nabScore(
    rows.map(({ marked }, i) => ({ scores: marked, windows: series[i]!.windows })),
    1,
    standard,
  );
  const sum = (of: "detected" | "missed" | "falsePositives") => outcome.files.reduce((all, file) => all + file[of], 0);
  return {
    score: outcome.score,
    found: sum("detected"),
    windows: sum("detected") + sum("missed"),
    falsePositives: sum("falsePositives"),
  };
}

/** The results by the rows of the file: a row that repeats a time was left out and has none. */
function byRow(
  { times }: Series,
  results: readonly [number, number, boolean][],
): { scores: Float64Array; marked: Float64Array } {
  const rowOf = new Map<number, number>();
  times.forEach((time, row) => {
    if (!rowOf.has(time)) rowOf.set(time, row);
  });
  const scores = new Float64Array(times.length).fill(Number.NaN);
  const marked = new Float64Array(times.length);
  for (const [time, score, anomalous] of results) {
    const row = rowOf.get(time);
    if (row === undefined) throw new Error(`A result is of ${new Date(time).toISOString()}, which no row has.`);
    scores[row] = score;
    marked[row] = anomalous ? 1 : 0;
  }
  return { scores, marked };
}
