import type { FrameTime } from "./frame-time.js";
import { groups, inOrder } from "./hold-out.js";
import { withoutOverlap } from "./overlap.js";
import { countsOf } from "./stream-choice.js";

/** One round of a cross-validation: indices into the frames, in the order of time. */
export interface Fold {
  training: number[];
  holdOut: number[];
}

/**
 * Cross-validation in blocks of time: each class's frames are cut into as many blocks as there are folds, in the order of
 * time, and one block of each is held out at a time. Frames that share samples with a held-out one are not learned from.
 * Random folds would put neighbours, which are nearly alike, on both sides (Bergmeir & Benítez, Information Sciences 191
 * (2012) 192–213).
 */
export function foldsByTime(frames: readonly FrameTime[], count: number, classes?: ArrayLike<number>): Fold[] {
  const parts = Array.from({ length: count }, () => [] as number[]);
  const order = inOrder(frames);
  for (const members of groups(order, classes)) {
    members.forEach((i, at) => {
      parts[Math.floor((at * count) / members.length)]!.push(i);
    });
  }
  return foldsOf(frames, order, parts);
}

/** Whole streams in each fold: the largest first, each to the fold that has the fewest frames of its classes. */
export function foldsByStream(frames: readonly FrameTime[], count: number, classes?: ArrayLike<number>): Fold[] {
  const streams = countsOf(frames, classes).sort((a, b) => total(b.counts) - total(a.counts));
  if (streams.length < 2) return foldsByTime(frames, count, classes);
  const folds = Math.min(count, streams.length);
  const loads = Array.from({ length: folds }, () => new Float64Array(streams[0]!.counts.length));
  const foldOf = new Map<number, number>();
  for (const { stream, counts } of streams) {
    let best = 0;
    for (let f = 1; f < folds; f++) if (added(loads[f]!, counts) < added(loads[best]!, counts)) best = f;
    foldOf.set(stream, best);
    counts.forEach((each, c) => {
      loads[best]![c]! += each;
    });
  }
  const parts = Array.from({ length: folds }, () => [] as number[]);
  const order = inOrder(frames);
  for (const i of order) parts[foldOf.get(frames[i]!.stream)!]!.push(i);
  return foldsOf(frames, order, parts);
}

function foldsOf(frames: readonly FrameTime[], order: readonly number[], parts: number[][]): Fold[] {
  return parts
    .filter(({ length }) => length > 0)
    .map((part) => {
      const held = new Set(part);
      const holdOut = order.filter((i) => held.has(i));
      const rest = order.filter((i) => !held.has(i));
      const kept = withoutOverlap(frames, rest, holdOut);
      // As in a hold-out: where everything overlaps, a milder test is better than none.
      return { training: kept.length < rest.length / 2 ? rest : kept, holdOut };
    });
}

function total(counts: Float64Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** How many frames of the stream's classes the fold already has; then, how many in all. */
function added(load: Float64Array, counts: Float64Array): number {
  let own = 0;
  counts.forEach((count, c) => {
    if (count > 0) own += load[c]!;
  });
  return own + total(load) * 1e-6;
}
