import type { ManifestTriggers } from "../../model/index.js";
import { sorted } from "../math/quantile.js";
import { fitTail, tailProbability, tailQuantile } from "../math/tail.js";
import { brief, firstOf } from "../words.js";
import type { FrameTime } from "./frame-time.js";

/** The label of what is no event; its frames say how often an event is seen where there is none. */
const NO_EVENT = "none";

/** Of all labels together, per hour. */
const FALSE_ALARMS = 0.5;
/** A threshold that misses too many examples is lowered, until it gives this many times as many false alarms. */
const MOST_TIMES = 20;
/** A mean that is high stays so for about this many times as long as what it is taken over. */
const STAYS = 2;
/** The share of the examples that should be found. */
const WANTED_RECALL = 0.9;
/** ms: scores of so long a time are averaged. Longer is later, shorter takes a slip of the tongue for the word. */
const SMOOTHED_MS = 150;
const HOUR = 3_600_000;
/** Scores of 0 and 1 have no logit. */
const LEAST = 1e-6;

/** Frames of the labels, scored by models that had not seen them. */
export interface TriggerEvidence {
  labels: readonly string[];
  /** ms between two frames of a stream. */
  hop: number;
  /** [rows, labels] */
  probabilities: ArrayLike<number>;
  /** Of each row, its label's index. */
  truth: ArrayLike<number>;
  times: readonly FrameTime[];
}

/** The thresholds, and of each what it does with the examples that were not learned from. */
export interface FoundTriggers {
  triggers: ManifestTriggers;
  /** Of the labels in `triggers`: examples (streams, or stretches of time in one) and how many of them are found. */
  found: { label: string; examples: number; found: number }[];
}

/**
 * For each label but `none` a threshold that its score exceeds rarely where there is no event.
 *
 * How rarely is beyond what some hundred frames can show, so a generalised Pareto distribution is fitted to the logits of
 * their scores. It is used beyond the largest of them, with whatever end it has: unlike `calibrate`, which errs towards
 * quiet, since a word that is never heard is of no use. Averaging over time counts as if it did nothing. Where nine of ten
 * examples would not be found so, the threshold is lowered, and the rate that is told is that of the lowered one.
 * @returns undefined without such a label, or without enough frames of it
 */
export function chooseTriggers(evidence: TriggerEvidence): FoundTriggers | undefined {
  const { labels, hop, truth } = evidence;
  const none = labels.findIndex((label) => label.toLowerCase() === NO_EVENT);
  const quiet = Array.from({ length: truth.length }, (_, row) => row).filter((row) => truth[row] === none);
  if (none < 0 || quiet.length < 20) return undefined;
  const smoothing = Math.max(1, Math.round(SMOOTHED_MS / hop));
  const chancesPerHour = HOUR / (hop * smoothing * STAYS);
  const events = labels.filter((_, c) => c !== none);
  let falseAlarmsPerHour = 0;
  const found: FoundTriggers["found"] = [];
  const thresholds = events.map((label) => {
    const c = labels.indexOf(label);
    const tail = fitTail(sorted(quiet.map((row) => logit(scoreOf(evidence, row, c)))));
    const thresholdAt = (rate: number) => {
      const p = rate / chancesPerHour;
      return probability(p < tail.share ? tailQuantile(tail, p) : tail.threshold);
    };
    const strict = thresholdAt(FALSE_ALARMS / events.length);
    const loose = thresholdAt((MOST_TIMES * FALSE_ALARMS) / events.length);
    const peaks = peaksOf(evidence, c, smoothing);
    // The score that the wanted share of the examples reaches.
    const reached = peaks[Math.floor((1 - WANTED_RECALL) * peaks.length)] ?? strict;
    const threshold = Math.min(strict, Math.max(loose, reached));
    falseAlarmsPerHour += chancesPerHour * tailProbability(tail, logit(threshold));
    found.push({ label, examples: peaks.length, found: peaks.filter((peak) => peak >= threshold).length });
    return { label, threshold };
  });
  return { triggers: { smoothing, hop, labels: thresholds, falseAlarmsPerHour }, found };
}

/** Of each example, the highest mean of as many scores of a label as are averaged; ascending. */
function peaksOf(evidence: TriggerEvidence, c: number, smoothing: number): number[] {
  const rows = Array.from({ length: evidence.truth.length }, (_, row) => row).filter(
    (row) => evidence.truth[row] === c,
  );
  const time = (row: number) => evidence.times[row]!;
  rows.sort((a, b) => time(a).stream - time(b).stream || time(a).start - time(b).start);
  const peaks: number[] = [];
  let scores: number[] = [];
  rows.forEach((row, i) => {
    const before = i > 0 ? time(rows[i - 1]!) : undefined;
    const { stream, start } = time(row);
    if (before && (before.stream !== stream || start - before.start > 1.5 * evidence.hop)) {
      peaks.push(highestMean(scores, smoothing));
      scores = [];
    }
    scores.push(scoreOf(evidence, row, c));
  });
  if (scores.length > 0) peaks.push(highestMean(scores, smoothing));
  return peaks.sort((a, b) => a - b);
}

function highestMean(scores: readonly number[], count: number): number {
  const length = Math.min(count, scores.length);
  let highest = 0;
  for (let from = 0; from + length <= scores.length; from++) {
    const sum = scores.slice(from, from + length).reduce((total, score) => total + score, 0);
    highest = Math.max(highest, sum / length);
  }
  return highest;
}

function scoreOf({ labels, probabilities }: TriggerEvidence, row: number, c: number): number {
  return probabilities[row * labels.length + c]!;
}

function logit(score: number): number {
  const p = Math.min(1 - LEAST, Math.max(LEAST, score));
  return Math.log(p / (1 - p));
}

function probability(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

/** What a person should know of the thresholds before relying on them. */
export function triggerWarnings({ triggers, found }: FoundTriggers): string[] {
  const missing = found.filter(({ examples, found }) => found < WANTED_RECALL * examples - 1);
  const list = missing.map(({ label, examples, found }) => `"${label}" (${found} of ${examples})`);
  const { falseAlarmsPerHour } = triggers;
  return [
    ...(list.length > 0
      ? [
          `At the threshold that keeps false alarms rare, few of the examples that were held out are found: ${firstOf(list)}. More examples, or a longer word, would help.`,
        ]
      : []),
    ...(falseAlarmsPerHour > 2 * FALSE_ALARMS
      ? [
          `Expect about ${brief(falseAlarmsPerHour)} false alarms per hour of speech: the examples are hard to tell from other speech. More examples, or a longer word, would help.`,
        ]
      : []),
  ];
}
