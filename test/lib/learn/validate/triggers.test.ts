import { describe, expect, it } from "vitest";
import { seeded } from "../../../../nodes/lib/learn/math/random.ts";
import { fitTail, tailProbability, tailQuantile } from "../../../../nodes/lib/learn/math/tail.ts";
import type { FrameTime } from "../../../../nodes/lib/learn/validate/frame-time.ts";
import {
  chooseTriggers,
  type TriggerEvidence,
  triggerWarnings,
} from "../../../../nodes/lib/learn/validate/triggers.ts";

const HOP = 50;
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** Frames of "none", whose logits of the word are logistic around −4; and examples of eight frames with these scores. */
function evidence(examples: number[][], { quiet = 800, none = "none", spread = 0.7 } = {}): TriggerEvidence {
  const random = seeded(5);
  const rows: { score: number; truth: number; time: FrameTime }[] = [];
  for (let i = 0; i < quiet; i++) {
    const u = (random() + 1e-9) / (1 + 2e-9);
    const logit = -4 + spread * Math.log(u / (1 - u));
    rows.push({ score: sigmoid(logit), truth: 0, time: { start: 10_000 * i, end: 10_000 * i + 1215, stream: i % 20 } });
  }
  examples.forEach((scores, example) => {
    scores.forEach((score, k) => {
      const start = 1e9 + HOP * k;
      rows.push({ score, truth: 1, time: { start, end: start + 1215, stream: 100 + example } });
    });
  });
  return {
    labels: [none, "marvin"],
    hop: HOP,
    probabilities: rows.flatMap(({ score }) => [1 - score, score]),
    truth: rows.map(({ truth }) => truth),
    times: rows.map(({ time }) => time),
  };
}

const example = (score: number) => Array.from({ length: 8 }, () => score);

describe("chooseTriggers", () => {
  it("puts the threshold where half a false alarm per hour is expected, when the examples allow it", () => {
    const { triggers, found } = chooseTriggers(evidence(Array.from({ length: 12 }, () => example(0.9999))))!;
    expect(triggers).toMatchObject({ smoothing: 3, hop: HOP, labels: [{ label: "marvin" }] });
    // Of the logistic distribution: log((1 − p) / p) with p = 0.5 of 12,000 means an hour, each of which stands for 300 ms.
    const expected = sigmoid(-4 + 0.7 * Math.log(12_000 / 0.5));
    const logit = (p: number) => Math.log(p / (1 - p));
    expect(Math.abs(logit(triggers.labels[0]!.threshold) - logit(expected))).toBeLessThan(2);
    expect(triggers.falseAlarmsPerHour).toBeCloseTo(0.5, 1);
    expect(found).toEqual([{ label: "marvin", examples: 12, found: 12 }]);
    expect(triggerWarnings({ triggers, found })).toEqual([]);
  });

  it("lowers it for examples that would be missed, and tells the higher rate", () => {
    const strict = chooseTriggers(evidence(Array.from({ length: 12 }, () => example(0.9999))))!;
    const score = strict.triggers.labels[0]!.threshold - 0.02;
    const lowered = chooseTriggers(evidence(Array.from({ length: 12 }, () => example(score))))!;
    expect(lowered.triggers.labels[0]!.threshold).toBeCloseTo(score, 6);
    expect(lowered.triggers.falseAlarmsPerHour).toBeGreaterThan(0.5);
    expect(lowered.found[0]!.found).toBe(12);
  });

  it("does not lower it without end: examples that cannot be told apart are missed, which is said", () => {
    const found = chooseTriggers(evidence(Array.from({ length: 12 }, () => example(0.3))))!;
    expect(found.triggers.labels[0]!.threshold).toBeGreaterThan(0.3);
    expect(found.found).toEqual([{ label: "marvin", examples: 12, found: 0 }]);
    expect(triggerWarnings(found).join(" ")).toMatch(/"marvin" \(0 of 12\).*about 10 false alarms per hour/);
  });

  it("holds the mean of three scores against it, as the alert does", () => {
    const peak = (scores: number[]) => chooseTriggers(evidence([scores, ...Array(19).fill(example(0.9999))]))!.found[0];
    expect(peak(example(0.9999))).toEqual({ label: "marvin", examples: 20, found: 20 });
    expect(peak([0, 0.9999, 0.9999, 0, 0.9999, 0.9999, 0, 0])).toEqual({ label: "marvin", examples: 20, found: 19 });
  });

  it("counts stretches of time in one stream as examples of their own", () => {
    const one = evidence([example(0.9999), example(0.9999)]);
    const times = one.times.map((time) =>
      time.stream === 101 ? { ...time, start: time.start + 60_000, stream: 100 } : time,
    );
    expect(chooseTriggers({ ...one, times })!.found[0]!.examples).toBe(2);
  });

  it("says nothing without frames of no event, or with too few of them", () => {
    expect(chooseTriggers(evidence([example(1)], { none: "rest" }))).toBeUndefined();
    expect(chooseTriggers(evidence([example(1)], { quiet: 19 }))).toBeUndefined();
    expect(chooseTriggers(evidence([example(1)], { none: "None", quiet: 20 }))).toBeDefined();
  });

  it("is defined where all scores are alike, and at 0 and 1", () => {
    for (const score of [0, 1, 0.5]) {
      const alike = evidence([example(1)]);
      const probabilities = Array.from(alike.probabilities).map((p, i) => (alike.truth[i >> 1] === 0 ? score : p));
      const { triggers } = chooseTriggers({ ...alike, probabilities })!;
      expect(triggers.labels[0]!.threshold).toBeGreaterThanOrEqual(0);
      expect(triggers.labels[0]!.threshold).toBeLessThanOrEqual(1);
      expect(triggers.falseAlarmsPerHour).toBeGreaterThanOrEqual(0);
      expect(Number.isFinite(triggers.falseAlarmsPerHour)).toBe(true);
    }
  });
});

describe("tailProbability", () => {
  it("undoes tailQuantile", () => {
    const random = seeded(3);
    const tail = fitTail(Float64Array.from({ length: 500 }, () => -Math.log(1 - random())).sort());
    for (const p of [0.05, 1e-3, 1e-6]) expect(tailProbability(tail, tailQuantile(tail, p)) / p).toBeCloseTo(1, 6);
    expect(tailProbability(tail, tail.threshold - 1)).toBe(tail.share);
    expect(tailProbability({ ...tail, scale: 0 }, tail.threshold + 1)).toBe(0);
  });
});
