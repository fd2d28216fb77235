import type { AlarmRules } from "./alarm-track.js";
import type { Moment } from "./moment.js";

/** How many alarms are false when everything that scores at least so much is one. */
export interface FalseAlarmLevel {
  score: number;
  falseAlarms: number;
  /** Normal moments that are alarmed. */
  falsePositives: number;
}

/**
 * False alarms at every threshold, highest first: the same numbers as `atThreshold` gives, in O(n log n) for all of them.
 * Moments are added by falling score, each beside those of its stream that are alarmed already; a union-find holds which
 * of them are one alarm. Whose neighbours they are is found the other way round: by taking them out of a linked list by
 * rising score.
 * @param moments in the order in which they came
 */
export function falseAlarmLevels(moments: Iterable<Moment>, { gap }: AlarmRules): FalseAlarmLevel[] {
  const { scored, before, after, restart } = chain(moments);
  const scores = Float64Array.from(scored, ({ score }) => score!);
  const order = Uint32Array.from(scored, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  for (const i of order) {
    if (before[i]! >= 0) after[before[i]!] = after[i]!;
    if (after[i]! >= 0) before[after[i]!] = before[i]!;
  }
  const parent = Int32Array.from(scored, (_, i) => i);
  const root = (i: number): number => {
    while (parent[i] !== i) {
      parent[i] = parent[parent[i]!]!;
      i = parent[i]!;
    }
    return i;
  };
  const kind = Uint8Array.from(scored, ({ truth }) => (truth === "faulty" ? 2 : truth === "normal" ? 1 : 0));
  let falseAlarms = 0;
  let falsePositives = 0;
  const join = (early: number, late: number) => {
    if (restart[early] !== restart[late] || scored[late]!.time - scored[early]!.time > gap) return;
    const [a, b] = [root(early), root(late)];
    if (a === b) return;
    falseAlarms -= (kind[a] === 1 ? 1 : 0) + (kind[b] === 1 ? 1 : 0);
    parent[b] = a;
    kind[a] = Math.max(kind[a]!, kind[b]!);
    if (kind[a] === 1) falseAlarms++;
  };
  const levels: FalseAlarmLevel[] = [];
  for (let at = order.length - 1; at >= 0; at--) {
    const i = order[at]!;
    if (kind[i] === 1) falseAlarms++;
    if (scored[i]!.truth === "normal") falsePositives++;
    if (before[i]! >= 0) join(before[i]!, i);
    if (after[i]! >= 0) join(i, after[i]!);
    const score = scores[i]!;
    if (at === 0 || scores[order[at - 1]!] !== score) levels.push({ score, falseAlarms, falsePositives });
  }
  return levels;
}

/** The scored moments, their neighbours in their stream (-1: none), and how often its time had gone back before each. */
function chain(moments: Iterable<Moment>) {
  const scored: Moment[] = [];
  const before: number[] = [];
  const after: number[] = [];
  const restart: number[] = [];
  const streams = new Map<string, { time: number; restarts: number; last: number }>();
  for (const moment of moments) {
    const stream = streams.get(moment.stream) ?? { time: moment.time, restarts: 0, last: -1 };
    streams.set(moment.stream, stream);
    if (moment.time < stream.time) stream.restarts++;
    stream.time = moment.time;
    if (moment.score === undefined) continue;
    if (stream.last >= 0) after[stream.last] = scored.length;
    before.push(stream.last);
    after.push(-1);
    restart.push(stream.restarts);
    stream.last = scored.length;
    scored.push(moment);
  }
  return { scored, before, after, restart };
}
