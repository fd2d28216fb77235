/** On healthy data at most so many readings are marked as the dialog says. */
import { describe, expect, it } from "vitest";
import { detectors } from "../../../nodes/lib/detect/index.ts";
import { readReading } from "../../../nodes/lib/frame/index.ts";
import { detection, gaussian, START, STEP } from "./support.ts";

const READINGS = 5000;
const SEEDS = [1, 2, 3];
const DAY = 86_400_000;

type Healthy = (normal: () => number) => (i: number) => number;
const white: Healthy = (normal) => () => 20 + 3 * normal();
const autoregressive: Healthy = (normal) => {
  let value = 0;
  return () => {
    value = 0.8 * value + normal();
    return value;
  };
};
const daily: Healthy = (normal) => (i) => 20 + 5 * Math.sin((2 * Math.PI * i * STEP) / DAY) + normal();

/** Of so many readings with this chance each, no more than this are marked in 999 of 1,000 trials. */
function bound(readings: number, chance: number): number {
  return readings * chance + 3.09 * Math.sqrt(readings * chance * (1 - chance)) + 1;
}

/** "without a daily cycle", as their sentences in the dialog say. */
const CLAIM_NO_CYCLE = new Set(["robust-z", "cusum"]);
const cases = detectors.flatMap(({ id }) => [
  [id, "normal noise", white] as const,
  [id, "noise with a memory", autoregressive] as const,
  ...(CLAIM_NO_CYCLE.has(id) ? [] : [[id, "a daily cycle with noise", daily] as const]),
]);

describe.each(cases)("%s on %s", (id, _, healthy) => {
  const wishes = [
    ["5 of 1,000 readings", { count: 5, in: { readings: 1000 } }, 0.005],
    ["1 per day", { count: 1, in: { ms: DAY } }, STEP / DAY],
  ] as const;
  it.each(healthy === white ? wishes : wishes.slice(0, 1))("marks at most %s", (_, falseAlarms, chance) => {
    let scored = 0;
    let anomalous = 0;
    for (const seed of SEEDS) {
      const detector = detection(id, {}, { falseAlarms });
      const value = healthy(gaussian(seed));
      for (let i = 0; i < READINGS; i++) {
        detector.push(readReading({ payload: value(i), timestamp: START + i * STEP }, 0));
      }
      scored += detector.counts.scored;
      anomalous += detector.counts.anomalous;
    }
    expect(scored).toBeGreaterThan(0.7 * READINGS * SEEDS.length);
    expect(anomalous).toBeLessThanOrEqual(bound(scored, chance));
  });
});

it.each(["robust-z", "half-space-trees"])("%s keeps it with several channels, for the stream as a whole", (id) => {
  let scored = 0;
  let anomalous = 0;
  for (const seed of SEEDS) {
    const detector = detection(id);
    const normal = gaussian(seed);
    for (let i = 0; i < READINGS; i++) {
      const common = normal();
      const payload = { a: common + normal(), b: common - normal(), c: 100 * normal(), d: normal() };
      detector.push(readReading({ payload, timestamp: START + i * STEP }, 0));
    }
    scored += detector.counts.scored;
    anomalous += detector.counts.anomalous;
  }
  expect(anomalous).toBeLessThanOrEqual(bound(scored, 0.005));
});
