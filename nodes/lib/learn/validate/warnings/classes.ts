import { standardiseAll } from "../../math/scaler.js";
import { brief, firstOf, percent } from "../../words.js";
import type { ClassMetrics } from "../class-metrics.js";
import type { FrameTime } from "../frame-time.js";
import { inOrder } from "../hold-out.js";
import { manyStreams, noGap, notByStream, thinned, tooFew } from "./amount.js";
import { type Check, type Evidence, sentences } from "./check.js";
import { drift } from "./drift.js";
import { useless } from "./features.js";

export interface ClassEvidence extends Evidence {
  labels: readonly string[];
  /** Frames of each label. */
  counts: readonly number[];
  leftOut: readonly { label: string; frames: number }[];
  /** Of each row of `all`. */
  classes: Int32Array;
  times: readonly FrameTime[];
  /** In the hold-out, and on what it learned from. */
  metrics: ClassMetrics;
  trainingMetrics: ClassMetrics;
  baseline: { label: string; accuracy: number };
}

/** A class with fewer frames than this says little of what it looks like. */
const WANTED_PER_CLASS = 30;

/** A class this many times rarer than the most frequent one is learned last, and measured on next to nothing. */
const RARE = 10;

/** Balanced accuracy that is lost from what it learned to what it had not seen, and how sure that is, in standard errors. */
const LOST = { share: 0.15, errors: 3 };

/** Rows that are compared with each other; the cost is their square. */
const MAX_COMPARED = 1500;

/** Two frames are alike when they differ by less than this share of the usual distance. */
const ALIKE = 1e-3;

const missing: Check<ClassEvidence> = ({ leftOut }) => {
  if (leftOut.length === 0) return undefined;
  const list = leftOut.map(({ label, frames }) => `"${label}" (${frames})`);
  return `Left out, since there were too few frames: ${firstOf(list, 5)}. It will take such frames for another class.`;
};

const fewOfClass: Check<ClassEvidence> = ({ labels, counts }) => {
  const few = labels.filter((_, c) => counts[c]! < WANTED_PER_CLASS);
  if (few.length === 0) return undefined;
  const list = few.map((label) => `"${label}" (${counts[labels.indexOf(label)]})`);
  return `There are few frames of ${firstOf(list)}; ${WANTED_PER_CLASS} or more of each class would make it steadier.`;
};

const rare: Check<ClassEvidence> = ({ labels, counts }) => {
  const most = Math.max(...counts);
  const found = labels.filter((_, c) => counts[c]! * RARE <= most);
  if (found.length === 0) return undefined;
  const worst = found.reduce((a, b) => (counts[labels.indexOf(a)]! <= counts[labels.indexOf(b)]! ? a : b));
  const frequent = labels[counts.indexOf(most)];
  return `"${worst}" is much rarer than "${frequent}" (${counts[labels.indexOf(worst)]} frames to ${most}): accuracy alone says little; look at the recall of each class.`;
};

const noBetter: Check<ClassEvidence> = ({ metrics, baseline }) => {
  const chance = 1 / metrics.perClass.filter(({ recall }) => recall !== null).length;
  const beyond = metrics.balancedAccuracy - chance > 2 * metrics.balancedError;
  if (beyond && metrics.accuracy > baseline.accuracy) return undefined;
  if (beyond) {
    return `It is right less often than who always says "${baseline.label}" (${percent(metrics.accuracy)} to ${percent(baseline.accuracy)} of the frames held out): it tells the rare classes apart at the cost of the frequent one.`;
  }
  return `In the frames held out it is no better than guessing (${percent(metrics.balancedAccuracy)} right on average over the classes): these features do not tell the classes apart, or the labels are wrong.`;
};

const forgets: Check<ClassEvidence> = ({ metrics, trainingMetrics }) => {
  const lost = trainingMetrics.balancedAccuracy - metrics.balancedAccuracy;
  if (!(lost > Math.max(LOST.share, LOST.errors * metrics.balancedError))) return undefined;
  return `It tells ${percent(trainingMetrics.balancedAccuracy)} right of what it learned from, but ${percent(metrics.balancedAccuracy)} of what was held out: it learned by heart, or the frames held out differ. More frames from other times, or a simpler method, would help.`;
};

const notHeldOut: Check<ClassEvidence> = ({ labels, metrics }) => {
  const found = labels.filter((_, c) => metrics.perClass[c]!.recall === null);
  if (found.length === 0) return undefined;
  return `No frame of ${firstOf(found.map((label) => `"${label}"`))} was held out: how well it is told is not known.`;
};

/** A class from one stream, where there are several, or from one stretch of time: the model may have learned the day. */
const oneSource: Check<ClassEvidence> = ({ labels, classes, times }) => {
  const streamsOf = labels.map(() => new Set<number>());
  classes.forEach((c, i) => {
    streamsOf[c]!.add(times[i]!.stream);
  });
  const streams = new Set(times.map(({ stream }) => stream));
  const single = streams.size > 1 ? labels.filter((_, c) => streamsOf[c]!.size === 1) : [];
  if (single.length > 0) {
    return `All frames of ${firstOf(single.map((label) => `"${label}"`))} come from one stream: it may have learned the stream instead of the class. Record each class in several.`;
  }
  if (streams.size > 1) return undefined;
  const blocks = new Int32Array(labels.length);
  let before = -1;
  for (const i of inOrder(times)) {
    if (classes[i] !== before) blocks[classes[i]!]!++;
    before = classes[i]!;
  }
  const once = labels.filter((_, c) => blocks[c] === 1);
  if (once.length === 0) return undefined;
  return `All frames of ${firstOf(once.map((label) => `"${label}"`))} come from one stretch of time: it may have learned the time instead of the class. Record each class more than once.`;
};

/** Frames that are (nearly) the same, with different labels. */
const contradiction: Check<ClassEvidence> = ({ all, scaler, classes, labels }) => {
  const step = Math.max(1, Math.ceil(all.rows / MAX_COMPARED));
  const rows = Array.from({ length: Math.floor(all.rows / step) }, (_, i) => i * step);
  const { columns } = all;
  const z = standardiseAll(scaler, all);
  const limit = ALIKE ** 2 * 2 * columns;
  const pairs = new Map<string, number>();
  let found = 0;
  rows.forEach((a, i) => {
    let contradicted = false;
    for (let k = 0; k < i; k++) {
      const b = rows[k]!;
      if (classes[a] === classes[b]) continue;
      let distance = 0;
      for (let j = 0; j < columns && distance < limit; j++)
        distance += (z[a * columns + j]! - z[b * columns + j]!) ** 2;
      if (distance >= limit) continue;
      contradicted = true;
      const names = [labels[classes[a]!]!, labels[classes[b]!]!].sort();
      const pair = names.map((name) => `"${name}"`).join(" and ");
      pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
    }
    if (contradicted) found++;
  });
  // A repeated reading now and then is no reason to doubt the labels.
  if (found < Math.max(3, 0.01 * rows.length)) return undefined;
  const worst = [...pairs].reduce((a, b) => (b[1] > a[1] ? b : a))[0];
  return `Labels contradict each other: ${brief((100 * found) / rows.length)} % of the frames are the same as one with another label (mostly ${worst}).`;
};

/** Short sentences, the most important first. */
export function classWarnings(evidence: ClassEvidence): string[] {
  return sentences(
    [
      noBetter,
      missing,
      contradiction,
      forgets,
      drift,
      oneSource,
      rare,
      fewOfClass,
      notHeldOut,
      tooFew,
      useless,
      noGap,
      notByStream,
      thinned,
      manyStreams,
    ],
    evidence,
  );
}
