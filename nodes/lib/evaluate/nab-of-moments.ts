import type { DecidedMoment } from "./anomaly-record.js";
import { between } from "./best-threshold.js";
import { type NabSeries, nabBestThreshold, nabProfiles, nabScore } from "./nab.js";

/** Scores of the Numenta Anomaly Benchmark: 0 finds nothing, 100 finds everything at once and nothing else. */
export interface NabReport {
  /** Of the results' own decisions, by profile. */
  standard: number;
  lowFalsePositives: number;
  lowFalseNegatives: number;
  /** The benchmark's rule: the threshold with the best standard score, chosen with the labels; missing when none is better than silence. */
  best?: { threshold: number; standard: number };
}

/**
 * The benchmark's score of moments: each stream is a series, each labelled event a window. Moments of which nothing is
 * known are left out.
 * @param moments in the order in which they came
 * @returns undefined without an event
 */
export function nabOf(moments: Iterable<DecidedMoment>): NabReport | undefined {
  const series = [...seriesOf(moments).values()];
  if (!series.some(({ windows }) => windows.length > 0)) return undefined;
  // A decision is a score of 1.
  const decided = series.map(({ decisions, windows }): NabSeries => ({ scores: decisions, windows }));
  const scoreFor = (profile: keyof typeof nabProfiles) => nabScore(decided, 1, nabProfiles[profile]).score;
  const report: NabReport = {
    standard: scoreFor("standard"),
    lowFalsePositives: scoreFor("rewardLowFalsePositives"),
    lowFalseNegatives: scoreFor("rewardLowFalseNegatives"),
  };
  const { threshold, score } = nabBestThreshold(series, nabProfiles.standard);
  if (Number.isFinite(threshold)) report.best = { threshold: justBelow(threshold, series), standard: score };
  return report;
}

interface Series {
  scores: number[];
  decisions: number[];
  windows: [number, number][];
  /** Of the window that is open. */
  label: string | undefined;
}

function seriesOf(moments: Iterable<DecidedMoment>): Map<string, Series> {
  const all = new Map<string, Series>();
  for (const { stream, truth, label, score, alarmed } of moments) {
    if (truth === "unknown") continue;
    const series = all.get(stream) ?? { scores: [], decisions: [], windows: [], label: undefined };
    all.set(stream, series);
    const row = series.scores.push(score ?? Number.NaN) - 1;
    series.decisions.push(score === undefined ? Number.NaN : alarmed ? 1 : 0);
    const open = series.windows.at(-1);
    if (truth === "faulty" && open && open[1] === row - 1 && series.label === label) open[1] = row;
    else if (truth === "faulty") {
      series.windows.push([row, row]);
      series.label = label;
    }
  }
  return all;
}

/** The benchmark alarms at the threshold, our nodes above it. */
function justBelow(threshold: number, series: readonly Series[]): number {
  let lower: number | undefined;
  for (const { scores } of series) {
    for (const score of scores) if (score < threshold && !(lower !== undefined && lower >= score)) lower = score;
  }
  return between(lower, threshold);
}
