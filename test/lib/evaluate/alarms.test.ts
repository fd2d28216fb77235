import { describe, expect, it } from "vitest";
import { AlarmTotals } from "../../../nodes/lib/evaluate/alarm-totals.ts";
import { StreamTrack } from "../../../nodes/lib/evaluate/alarm-track.ts";
import { between } from "../../../nodes/lib/evaluate/best-threshold.ts";
import {
  atThreshold,
  bestThresholds,
  falseAlarmLevels,
  type Moment,
  type Truth,
} from "../../../nodes/lib/evaluate/index.ts";

const RULES = { gap: 2000, longestStep: 10_000 };
const TRUTHS: Record<string, Truth> = { ".": "normal", f: "faulty", g: "faulty", "?": "unknown" };

/** One moment a second: `truth` by letter, `scores` by digit, a blank where there is none. */
function moments(truth: string, scores: string, stream = "s"): Moment[] {
  return [...truth].map((letter, i) => {
    const moment: Moment = { time: 1000 * i, stream, truth: TRUTHS[letter]! };
    if (letter !== "?") moment.label = letter;
    if (scores[i] !== " ") moment.score = Number(scores[i]);
    return moment;
  });
}

describe("atThreshold", () => {
  const cases: [string, string, string, object][] = [
    ["silence", "......", "000000", { alarms: 0, falseAlarms: 0, events: 0 }],
    ["neighbours are one alarm", "......", "099900", { alarms: 1, falseAlarms: 1 }],
    ["within the gap, too", "......", "090900", { alarms: 1, falseAlarms: 1 }],
    ["beyond the gap it is another", "......", "900900", { alarms: 2, falseAlarms: 2 }],
    ["a score at the threshold is no alarm", "......", "055000", { alarms: 0 }],
    ["an alarm that touches a fault is true", "...ff.", "009990", { alarms: 1, falseAlarms: 0, found: 1 }],
    ["an alarm among unknown moments is neither", "??????", "090000", { alarms: 1, falseAlarms: 0, unknownAlarms: 1 }],
    ["one that also touches normal ones is false", "??....", "099000", { alarms: 1, falseAlarms: 1 }],
    ["an event that nothing finds is missed", ".fff..", "000009", { events: 1, found: 0, missed: 1, falseAlarms: 1 }],
    ["another label is another event", ".ffgg.", "000900", { events: 2, found: 1, missed: 1 }],
    ["unknown moments do not end an event", ".f?ff.", "000900", { events: 1, found: 1 }],
    ["normal ones do", ".f.ff.", "000900", { events: 2, found: 1 }],
    ["an event without scores could not be found", ".fff..", "0   00", { events: 1, missed: 0, unscoredEvents: 1 }],
  ];
  it.each(cases)("%s", (_, truth, scores, alarms) => {
    expect(atThreshold(moments(truth, scores), 5, RULES).alarms).toMatchObject(alarms);
  });

  it("counts moments, and leaves out those without a score or a label", () => {
    const { confusion, rates } = atThreshold(moments("..ff?f.", "099 9  "), 5, RULES);
    expect(confusion).toEqual({ truePositives: 1, falsePositives: 1, trueNegatives: 1, falseNegatives: 0 });
    expect(rates.recall).toMatchObject({ value: 1 });
    expect(rates).toMatchObject({ f1: 2 / 3, balancedAccuracy: 0.75 });
    expect(atThreshold([], 5, RULES).rates).toEqual({});
  });

  it("measures the delay from an event's first moment, scored or not, to its first alarm", () => {
    const { delay } = atThreshold(moments(".fffff.....ggg.", "0  0990000000090"), 5, RULES).alarms;
    expect(delay).toEqual({ median: 3000, mean: 3000, longest: 3000 });
    const two = atThreshold(moments(".ff...gggg", "0090000009"), 5, RULES).alarms;
    expect(two.delay).toEqual({ median: 2000, mean: 2000, longest: 3000 });
  });

  it("watches the time between scored moments, without pauses, by what is known of it", () => {
    const DAY = 86_400_000;
    const slow: Moment[] = [0, 0.5, 1, 5, 5.5].map((day, i) => ({
      time: day * DAY,
      stream: "s",
      truth: i === 1 ? "unknown" : "normal",
      score: 9,
    }));
    const { alarms } = atThreshold(slow, 5, { gap: 0, longestStep: DAY });
    expect(alarms).toMatchObject({ days: 1.5, normalDays: 1, alarms: 5, falseAlarms: 4, falseAlarmsPerDay: 4 });
    // Neighbours are one alarm, and still so many results.
    expect(atThreshold(slow, 5, { gap: DAY, longestStep: DAY }).alarms).toMatchObject({
      falseAlarmsPerDay: 2,
      falseResultsPerDay: 4,
    });
    expect(alarms.alarmsPerDay).toBeCloseTo(5 / 1.5, 12);
    expect(atThreshold([], 5, RULES).alarms.alarmsPerDay).toBeUndefined();
  });

  it("keeps streams apart, and begins anew when time goes back", () => {
    const a = moments("....", "0900", "a");
    const b = moments("....", "0090", "b");
    expect(atThreshold([...a, ...b], 5, RULES).alarms.alarms).toBe(2);
    expect(atThreshold([...a, ...a], 5, RULES).alarms.alarms).toBe(2);
    expect(atThreshold([...moments("ff", "00"), ...moments("ff", "09")], 5, RULES).alarms).toMatchObject({
      events: 2,
      found: 1,
      delay: { longest: 1000 },
    });
  });
});

describe("AlarmTotals", () => {
  it("keeps 1000 events one by one and the counts of all", () => {
    const totals = new AlarmTotals();
    const track = new StreamTrack(RULES, totals);
    for (let i = 0; i < 3000; i++) {
      const scored = i % 3 === 2 ? {} : { score: 9 };
      track.push({ time: 20_000 * i, stream: "s", truth: "faulty", label: `${i}`, ...scored }, i % 3 === 0);
    }
    expect(totals.events).toHaveLength(1000);
    expect(totals.olderEvents).toBe(2000);
    expect(totals.summary).toMatchObject({ events: 3000, found: 1000, missed: 1000, unscoredEvents: 1000 });
  });
});

describe("falseAlarmLevels", () => {
  it("has the very numbers of atThreshold, at every threshold", () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = uniform(seed);
      const times = { a: 0, b: 0 };
      const all: Moment[] = Array.from({ length: 150 }, () => {
        const stream = random() < 0.6 ? "a" : "b";
        times[stream] += random() < 0.02 ? -50_000 : Math.floor(4000 * random());
        const moment: Moment = {
          time: times[stream],
          stream,
          truth: (["normal", "normal", "normal", "faulty", "unknown"] as const)[Math.floor(5 * random())]!,
        };
        if (random() < 0.9) moment.score = Math.floor(30 * random());
        return moment;
      });
      const levels = falseAlarmLevels(all, RULES);
      expect(levels.map(({ score }) => score)).toEqual([...levels.map(({ score }) => score)].sort((x, y) => y - x));
      for (const { score, falseAlarms, falsePositives } of levels) {
        const { alarms, confusion } = atThreshold(all, score - 0.5, RULES);
        expect(falseAlarms, `seed ${seed}, ${score}`).toBe(alarms.falseAlarms);
        expect(falsePositives).toBe(confusion.falsePositives);
      }
    }
  });

  it("takes 60,000 moments", () => {
    const random = uniform(3);
    const many = Array.from(
      { length: 60_000 },
      (_, i): Moment => ({ time: 1000 * i, stream: "s", truth: "normal", score: random() }),
    );
    const levels = falseAlarmLevels(many, { gap: 1000, longestStep: 10_000 });
    expect(levels.at(-1)!.falseAlarms).toBe(1);
  });
});

describe("bestThresholds", () => {
  // A day of a moment every 10 s: false peaks of 3, 4 and 5, faults of 8.
  const day = Array.from({ length: 8640 }, (_, i): Moment => {
    const fault = i >= 5000 && i < 5100;
    const peak = { 1000: 3, 2000: 4, 3000: 5 }[i];
    return {
      time: 10_000 * i,
      stream: "s",
      truth: fault ? "faulty" : "normal",
      label: fault ? "f" : "n",
      score: fault && i > 5010 ? 8 : (peak ?? 1),
    };
  });
  const best = (wished: number) => [...bestThresholds(day, wished, { gap: 60_000, longestStep: 60_000 })];

  it.each([
    [0.5, 5, 8],
    [1.1, 4, 5],
    [2.2, 3, 4],
    [3.3, 1, 3],
  ])("finds the lowest with %d false alarms per day", (wished, low, high) => {
    const [quiet] = best(wished);
    expect(quiet).toMatchObject({ goal: "falseAlarmsPerDay", wished });
    expect(quiet!.threshold).toBeGreaterThanOrEqual(low);
    expect(quiet!.threshold).toBeLessThan(high);
    expect(quiet!.alarms.falseAlarmsPerDay).toBeLessThanOrEqual(wished);
  });

  it("does not take one false alarm that never ends for a quiet threshold", () => {
    expect(best(1.1)[0]!.alarms.falseAlarms).toBe(1);
    expect(best(1.1)[0]!.confusion.falsePositives).toBe(1);
  });

  it("finds the highest F1 and balanced accuracy", () => {
    expect(
      best(1)
        .slice(1)
        .map(({ goal, threshold }) => [goal, threshold > 5 && threshold < 8]),
    ).toEqual([
      ["f1", true],
      ["balancedAccuracy", true],
    ]);
  });

  it("chooses nothing where there is nothing to choose by", () => {
    expect([...bestThresholds([], 1, RULES)]).toEqual([]);
    const goals = [
      ...bestThresholds(
        day.filter(({ truth }) => truth === "normal"),
        1,
        { gap: 0, longestStep: 60_000 },
      ),
    ];
    expect(goals.map(({ goal }) => goal)).toEqual(["falseAlarmsPerDay"]);
    expect([
      ...bestThresholds(
        day.filter(({ truth }) => truth === "faulty"),
        1,
        RULES,
      ),
    ]).toEqual([]);
  });
});

it.each([
  [1, 2, 1.5],
  [0.30001, 0.30002, 0.300015],
  [-5, -4, -4.5],
  [1, 1 + Number.EPSILON, 1],
  [-1e308, 1e308, 0],
  [100, 200, 150],
])("a threshold between %d and %d is %d", (low, high, threshold) => expect(between(low, high)).toBe(threshold));

/** mulberry32 */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
