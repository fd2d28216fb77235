/**
 * The Numenta benchmark's score. Its published scores of 21 series (windowed Gaussian, kNN-CAD and HTM on realKnownCause)
 * are met to 1e-9; their data are not part of this package, so here are numbers worked out by hand.
 */
import { describe, expect, it } from "vitest";
import {
  type NabSeries,
  nabBestThreshold,
  nabProbation,
  nabProfiles,
  nabScore,
} from "../../../nodes/lib/evaluate/index.ts";

const { standard, rewardLowFalseNegatives, rewardLowFalsePositives } = nabProfiles;
/** 2 / (1 + e^5p) - 1 */
const sigmoid = (p: number) => 2 / (1 + Math.exp(5 * p)) - 1;
const AT_FIRST = sigmoid(-1);

/** 100 rows, of which 15 are on probation, with a window of rows 50 to 59; these rows score 1. */
function series(...detections: number[]): NabSeries {
  const scores = new Float64Array(100);
  for (const row of detections) scores[row] = 1;
  return { scores, windows: [[50, 59]] };
}
const scoreOf = (...detections: number[]) => nabScore([series(...detections)], 1, standard).files[0]!;

describe("the score of one series", () => {
  it.each<[string, number[], number]>([
    ["nothing found: the window is missed", [], -1],
    ["the window's first row is worth all", [50], 1],
    ["its last row is worth little", [59], sigmoid(-0.1) / AT_FIRST],
    ["of several rows the earliest counts, once", [53, 54, 59], sigmoid(-0.7) / AT_FIRST],
    ["before any window a detection costs all of its weight", [30], -1 - 0.11],
    ["shortly after one it costs less", [60], -1 + 0.11 * sigmoid(1 / 9)],
    ["three windows after it, all of it", [87], -1 - 0.11],
    ["each costs", [20, 30, 40], -1 - 0.33],
    ["on probation nothing counts", [0, 14], -1],
    ["right after it, it does", [15], -1.11],
  ])("%s", (_, detections, expected) => {
    expect(scoreOf(...detections).score).toBeCloseTo(expected, 12);
  });

  it("tells what was found", () => {
    expect(scoreOf(20, 52, 53, 70)).toMatchObject({ detected: 1, missed: 0, falsePositives: 2 });
    expect(scoreOf(20)).toMatchObject({ detected: 0, missed: 1, falsePositives: 1 });
  });

  it("takes no score for no detection, however low the threshold", () => {
    const { windows, scores } = series();
    (scores as Float64Array).fill(Number.NaN);
    expect(nabScore([{ scores, windows }], Number.NEGATIVE_INFINITY, standard).files[0]!.score).toBe(-1);
  });
});

describe("the score of all series", () => {
  it("is 0 for a detector that finds nothing, and 100 for a perfect one", () => {
    expect(nabScore([series(), series()], 1, standard).score).toBe(0);
    expect(nabScore([series(50), series(50)], 1, standard).score).toBeCloseTo(100, 12);
    expect(nabScore([series(50), series()], 1, rewardLowFalseNegatives).score).toBeCloseTo(50, 12);
  });

  it("weighs false alarms and misses by the profile", () => {
    expect(nabScore([series(20)], 1, rewardLowFalsePositives).files[0]!.score).toBeCloseTo(-1.22, 12);
    expect(nabScore([series(20)], 1, rewardLowFalseNegatives).files[0]!.score).toBeCloseTo(-2.11, 12);
  });

  it("leaves out 15 % of a series, and no more than 750 rows", () => {
    expect([100, 1127, 4032, 22_695].map(nabProbation)).toEqual([15, 169, 604, 750]);
  });
});

describe("the best threshold", () => {
  it("is the best of all, and one for all series", () => {
    let state = 7;
    const random = () => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647;
    };
    const all: NabSeries[] = Array.from({ length: 4 }, (_, i) => ({
      // Few values: rows share a score.
      scores: Float64Array.from({ length: 400 }, () => Math.floor(20 * random())),
      windows:
        i === 3
          ? []
          : [
              [100, 140],
              [300, 339],
            ],
    }));
    const best = nabBestThreshold(all, standard);
    const tried = Array.from({ length: 22 }, (_, threshold) => nabScore(all, threshold, standard).score);
    expect(best.score).toBeCloseTo(Math.max(...tried), 12);
    expect(nabScore(all, best.threshold, standard).score).toBe(best.score);
  });

  it("is beyond all scores when every detection costs more than it gains", () => {
    const scores = new Float64Array(1000).fill(1);
    const best = nabBestThreshold([{ scores, windows: [[900, 902]] }], standard);
    expect(best.threshold).toBe(Number.POSITIVE_INFINITY);
    expect(best.score).toBe(0);
  });
});
