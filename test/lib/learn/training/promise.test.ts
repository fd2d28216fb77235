/** The promise of the dialog: so many false alarms per day, on normal frames that nobody has seen. */
import { describe, expect, it } from "vitest";
import { learners } from "../../../../nodes/lib/learn/learners/index.ts";
import { betaCdf } from "../../../../nodes/lib/learn/math/beta.ts";
import { train } from "../../../../nodes/lib/learn/training/train.ts";
import { correlated, runBytes } from "../support.ts";
import { request } from "./support.ts";

/** The least count that a binomial distribution is above with a probability of 0.1 % at most. */
function binomialQuantile(trials: number, rate: number): number {
  // P(X > k) = I_rate(k + 1, trials − k)
  let count = Math.floor(trials * rate);
  while (betaCdf(rate, count + 1, trials - count) > 0.001) count++;
  return count;
}

/** The hold-out of the editor's defaults: 500 of 2,000 frames. */
const FRAMES = 2000;
const FRESH = 4000;
const SEEDS = 12;
/** Slow learners are asked with fewer frames. */
const BUDGET = 6000;

describe.each(learners.anomaly.map(({ id }) => id))("%s at the editor's defaults", (method) => {
  it.each([
    ["every second second", 2000, 1],
    ["every minute, ten a day", 60_000, 10],
    ["every minute, thirty a day", 60_000, 30],
  ])("raises no more false alarms on fresh frames than was wished for: %s", async (_, step, wish) => {
    let alarms = 0;
    let frames = 0;
    const begin = performance.now();
    let perDay = 0;
    for (let seed = 1; seed <= SEEDS && performance.now() - begin < BUDGET; seed++) {
      const made = request(correlated(seed, FRAMES, 6, 3), { method, falseAlarmsPerDay: wish, seed, step });
      const { bytes, manifest } = await train(made);
      perDay = manifest.threshold!.framesPerDay;
      const { score } = await runBytes(bytes, correlated(1000 + seed, FRESH, 6, 3));
      alarms += score.filter((each) => each > manifest.threshold!.value).length;
      frames += FRESH;
    }
    expect(alarms).toBeLessThanOrEqual(binomialQuantile(frames, wish / perDay));
    if (wish > 1) expect(alarms).toBeGreaterThan(0);
  });
});
