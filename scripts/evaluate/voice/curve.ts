import { UNTIL } from "./match.ts";
import type { PlacedWord } from "./track.ts";

/** The scores of one keyword over a track. */
export interface ScoreLine {
  /** s from the beginning of the track: of each window's last sample. */
  times: Float64Array;
  scores: Float32Array;
}

/** s: two peaks that are closer are one event, as for edge-alert with its defaults for keywords. */
const APART = 1;

/** The mean of the last `size` scores, as a trigger has them. */
export function smoothed({ times, scores }: ScoreLine, size: number): ScoreLine {
  const out = new Float32Array(scores.length);
  let sum = 0;
  for (let i = 0; i < scores.length; i++) {
    sum += scores[i]!;
    if (i >= size) sum -= scores[i - size]!;
    out[i] = Math.max(0, sum / Math.min(size, i + 1));
  }
  return { times, scores: out };
}

/** The highest score within each event, the highest first: a threshold between two of them gives as many triggers as lie above. */
export function peaks({ times, scores }: ScoreLine): number[] {
  const order = Array.from(scores.keys())
    .filter((i) => scores[i]! > 0.01 && scores[i]! >= (scores[i - 1] ?? 0) && scores[i]! >= (scores[i + 1] ?? 0))
    .sort((a, b) => scores[b]! - scores[a]!);
  const taken: number[] = [];
  const found: number[] = [];
  for (const i of order) {
    if (taken.some((time) => Math.abs(time - times[i]!) < APART)) continue;
    taken.push(times[i]!);
    found.push(scores[i]!);
  }
  return found;
}

/** The highest score of each word's own keyword, from its beginning until UNTIL after its end. */
export function bestOf(words: readonly PlacedWord[], { times, scores }: ScoreLine, rate: number): number[] {
  return words.map(({ start, end }) => {
    let best = 0;
    for (let i = firstAt(times, start / rate); i < times.length && times[i]! <= end / rate + UNTIL; i++) {
      best = Math.max(best, scores[i]!);
    }
    return best;
  });
}

function firstAt(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The lowest threshold that gives no more than `perHour` false alarms in what was heard without keyword.
 * @param falsePeaks of all of it, the highest first
 */
export function thresholdFor(falsePeaks: readonly number[], hours: number, perHour: number): number {
  const allowed = Math.floor(perHour * hours);
  const next = falsePeaks[allowed];
  // Just above the first one that must not trigger.
  return next === undefined ? 0.01 : Math.min(1, next + 1e-4);
}
