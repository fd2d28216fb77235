import { rocAuc } from "../../../nodes/lib/evaluate/index.ts";
import type { RoundOutcome } from "../play/index.ts";
import { DEVELOPMENT, isFault } from "./split.ts";

export interface Count {
  alarms: number;
  of: number;
}

export interface Score {
  /** Of all imbalances, and of those that were in nobody's view when features and learner were chosen. */
  detected: Count;
  untouched: Count;
  falseAlarms: Count;
  auc: number;
  byCondition: Record<string, Count>;
}

export function score({ results }: RoundOutcome): Score {
  const moments = results.map(({ stream, score, exceeds }) => {
    const [condition = "", number] = stream.split(" ");
    return { condition, number: Number(number), score: score!, exceeds: exceeds!, fault: isFault(condition) };
  });
  const count = (those: typeof moments): Count => ({
    alarms: those.filter(({ exceeds }) => exceeds).length,
    of: those.length,
  });
  const faults = moments.filter(({ fault }) => fault);
  const conditions = [...new Set(moments.map(({ condition }) => condition))];
  return {
    detected: count(faults),
    untouched: count(faults.filter(({ number }) => number >= DEVELOPMENT)),
    falseAlarms: count(moments.filter(({ fault }) => !fault)),
    auc: rocAuc(
      moments.map(({ score }) => score),
      moments.map(({ fault }) => fault),
    ),
    byCondition: Object.fromEntries(
      conditions.map((condition) => [condition, count(moments.filter((moment) => moment.condition === condition))]),
    ),
  };
}
