import type { AlarmRules } from "./alarm-track.js";
import { atThreshold, type Operation } from "./at-threshold.js";
import { type FalseAlarmLevel, falseAlarmLevels } from "./false-alarms.js";
import { labelledScores, type Moment } from "./moment.js";
import { type Ranking, rank } from "./ranking.js";

/** What a threshold is chosen for. */
export type Goal =
  /** The lowest with no more false alarms per day than wished. */
  | "falseAlarmsPerDay"
  /** The highest F1. */
  | "f1"
  /** The highest mean of recall and of 1 − the false positive rate (Youden's J). */
  | "balancedAccuracy";

export interface ChosenThreshold extends Operation {
  goal: Goal;
  /** Of false alarms per day. */
  wished?: number;
}

/**
 * Thresholds for each goal, chosen with the labels: what is said of them holds for these moments, and is better than what
 * new ones will show. Comes piece by piece, so that the work of many moments can be spread.
 * @param moments in the order in which they came
 * @param wished false alarms per day
 * @returns those that can be chosen: none without normal or without faulty moments, say
 */
export function* bestThresholds(
  moments: readonly Moment[],
  wished: number,
  rules: AlarmRules,
): IterableIterator<ChosenThreshold> {
  const { normalDays } = atThreshold(moments, Number.POSITIVE_INFINITY, rules).alarms;
  const quiet = normalDays > 0 ? quietThreshold(moments, wished * normalDays, rules) : undefined;
  if (quiet !== undefined) {
    yield { goal: "falseAlarmsPerDay", wished, ...atThreshold(moments, quiet, rules) };
  }
  const { scores, faulty } = labelledScores(moments);
  const ranking = rank(scores, faulty);
  const { positives, negatives } = ranking;
  if (positives === 0 || negatives === 0) return;
  const f1 = (found: number, wrong: number) => (2 * found) / (positives + found + wrong);
  yield { goal: "f1", ...atThreshold(moments, highest(ranking, f1), rules) };
  const youden = (found: number, wrong: number) => found / positives - wrong / negatives;
  yield { goal: "balancedAccuracy", ...atThreshold(moments, highest(ranking, youden), rules) };
}

/** Of the normal moments: beyond it, few false alarms are long ones. */
const MOST_ALARMED = 0.1;

/**
 * Downwards from the highest score, the last threshold before there are too many false alarms. Few alarms are not enough:
 * a very low threshold makes a single one that never ends, so that no more than a tenth of the normal moments may be
 * alarmed.
 */
function quietThreshold(moments: readonly Moment[], most: number, rules: AlarmRules): number | undefined {
  const levels = falseAlarmLevels(moments, rules);
  if (levels.length === 0) return undefined;
  const normal = levels.at(-1)!.falsePositives;
  const isQuiet = ({ falseAlarms, falsePositives }: FalseAlarmLevel) =>
    falseAlarms <= most && falsePositives <= MOST_ALARMED * normal;
  const loud = levels.findIndex((level) => !isQuiet(level));
  if (loud === 0) return levels[0]!.score;
  return loud < 0 ? between(undefined, levels.at(-1)!.score) : between(levels[loud]!.score, levels[loud - 1]!.score);
}

function highest(
  { scores, truePositives, falsePositives }: Ranking,
  worth: (truePositives: number, falsePositives: number) => number,
): number {
  let best = 0;
  for (let i = 1; i < scores.length; i++) {
    if (worth(truePositives[i]!, falsePositives[i]!) > worth(truePositives[best]!, falsePositives[best]!)) best = i;
  }
  return between(scores[best + 1], scores[best]!);
}

/** A threshold that the upper score is above and the lower is not, with few digits. @param low none: any below the upper */
export function between(low: number | undefined, high: number): number {
  const bottom = low ?? high - Math.max(Math.abs(high) / 100, Number.MIN_VALUE);
  const middle = bottom / 2 + high / 2;
  for (let digits = 2; digits <= 17; digits++) {
    const short = Number(middle.toPrecision(digits));
    if (short >= bottom && short < high) return short;
  }
  return bottom;
}
