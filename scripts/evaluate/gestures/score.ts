import type { RoundOutcome } from "../play/index.ts";

export interface ClassScore {
  label: string;
  windows: number;
  right: number;
}

export interface Score {
  windows: number;
  right: number;
  accuracy: number;
  /** By label, in the order of the names. */
  classes: ClassScore[];
  /** "what it was → what was said", with how often. */
  mistakes: Record<string, number>;
  /** Of each round. */
  rounds: { name: string; accuracy: number }[];
}

/** All rounds together: each window is tested once. */
export function score(rounds: readonly RoundOutcome[]): Score {
  const results = rounds.flatMap((round) => round.results);
  const classes = new Map<string, ClassScore>();
  const mistakes: Record<string, number> = {};
  for (const { truth = "", label = "" } of results) {
    const entry = classes.get(truth) ?? { label: truth, windows: 0, right: 0 };
    entry.windows++;
    if (truth === label) entry.right++;
    else mistakes[`${truth} → ${label}`] = (mistakes[`${truth} → ${label}`] ?? 0) + 1;
    classes.set(truth, entry);
  }
  const isRight = ({ truth, label }: { truth?: string; label?: string }) => truth === label;
  const right = results.filter(isRight).length;
  return {
    windows: results.length,
    right,
    accuracy: right / results.length,
    classes: [...classes.values()].sort((a, b) => (a.label < b.label ? -1 : 1)),
    mistakes,
    rounds: rounds.map(({ name, results }) => ({ name, accuracy: results.filter(isRight).length / results.length })),
  };
}
