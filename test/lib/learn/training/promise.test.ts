/** The promise of the dialog: so many false alarms per day, on normal frames that nobody has seen. */
import { describe, expect, it } from "vitest";
import { learners } from "../../../../nodes/lib/learn/learners/index.ts";
import { betaCdf } from "../../../../nodes/lib/learn/math/beta.ts";
import { train } from "../../../../nodes/lib/learn/training/train.ts";
import { correlated, runBytes } from "../support.ts";
import { request } from "./support.ts";

/** The least count that a binomial distribution exceeds with a probability of 0.1 % at most. */
function binomialQuantile(trials: number, rate: number): number {
  // P(X > k) = I_rate(k + 1, trials − k)
  let count = Math.floor(trials * rate);
  while (betaCdf(rate, count + 1, trials - count) > 0.001) count++;
  return count;
}

// Frames every minute, the editor's options and hold-out. Few fresh frames for each of many models: the counts then
// scatter nearly as a binomial distribution does, although the frames of one model share its threshold.
const FRAMES = 1200;

/** Seconds for one training: fewer models, with more frames for each. */
const SLOW = new Set(["autoencoder"]);

describe.each(learners.anomaly.map(({ id }) => id))("%s", (method) => {
  it.each([
    // Extrapolated: rarer than the hold-out of 300 frames can show.
    { wish: 1, ...(SLOW.has(method) ? { seeds: 1, fresh: 2000 } : { seeds: 4, fresh: 1000 }) },
    { wish: 60, ...(SLOW.has(method) ? { seeds: 1, fresh: 300 } : { seeds: 6, fresh: 200 }) },
  ])(
    "raises at most as many false alarms on fresh frames as was wished for: $wish a day",
    async ({ wish, seeds, fresh }) => {
      let alarms = 0;
      for (let seed = 1; seed <= seeds; seed++) {
        const made = request(correlated(seed, FRAMES, 6, 3), { method, falseAlarmsPerDay: wish, seed });
        const { bytes, manifest } = await train(made);
        const { score } = await runBytes(bytes, correlated(1000 + seed, fresh, 6, 3));
        alarms += score.filter((each) => each > manifest.threshold!.value).length;
      }
      expect(alarms).toBeLessThanOrEqual(binomialQuantile(seeds * fresh, wish / 1440));
      // … and it is not just always quiet.
      if (wish > 1) expect(alarms).toBeGreaterThan(0);
    },
    60_000,
  );
});
