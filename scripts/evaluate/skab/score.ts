import { confusion, rates, rocAuc } from "../../../nodes/lib/evaluate/index.ts";
import type { RoundOutcome } from "../play/index.ts";

/** What the leaderboard and we say of a set of files: decisions are pooled over all of them. */
export interface Score {
  files: number;
  rows: number;
  f1: number;
  falseAlarmRate: number;
  missedAlarmRate: number;
  /** The mean of the files'. */
  meanAuc: number;
  /** Of all rows together: also asks whether the scores of different models mean the same. */
  pooledAuc: number;
}

export function score(rounds: readonly RoundOutcome[]): Score {
  const files = rounds.map(({ name, results }) => {
    // The rows before the test have no label.
    const tested = results.filter(({ truth }) => truth !== undefined);
    const isFault = tested.map(({ truth }) => truth === "1");
    const scores = tested.map(({ score }) => score!);
    const auc = rocAuc(scores, isFault);
    if (Number.isNaN(auc)) throw new Error(`${name} has no normal or no anomalous rows in its test part.`);
    return { isFault, scores, auc, alarms: tested.map(({ exceeds }) => exceeds!) };
  });
  const isFault = files.flatMap((file) => file.isFault);
  const pooled = rates(
    confusion(
      files.flatMap((file) => file.alarms),
      isFault,
    ),
  );
  return {
    files: files.length,
    rows: isFault.length,
    f1: pooled.f1,
    falseAlarmRate: pooled.falsePositiveRate,
    missedAlarmRate: 1 - pooled.truePositiveRate,
    meanAuc: files.reduce((sum, { auc }) => sum + auc / files.length, 0),
    pooledAuc: rocAuc(
      files.flatMap((file) => file.scores),
      isFault,
    ),
  };
}

/** The F1 of calling every row anomalous: what a detector has to be better than. */
export function flagEverything(rounds: readonly RoundOutcome[]): number {
  const truths = rounds
    .flatMap(({ results }) => results.map(({ truth }) => truth))
    .filter((each) => each !== undefined);
  const share = truths.filter((truth) => truth === "1").length / truths.length;
  return (2 * share) / (1 + share);
}
