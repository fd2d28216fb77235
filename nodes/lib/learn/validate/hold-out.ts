import type { FrameTime } from "./frame-time.js";
import { withoutOverlap } from "./overlap.js";
import { chooseStreams } from "./stream-choice.js";

export interface Split {
  /** Indices of the frames, in the order of time. */
  training: number[];
  holdOut: number[];
  /** What the hold-out was chosen by: streams only when there are several. */
  by: "time" | "stream";
  /** Frames left out between the two, because their window shares samples with one of the hold-out. */
  gap: number;
  /** The windows overlap so far, or time stands so still, that a gap would have eaten the training part. */
  noGap: boolean;
}

/**
 * The last share of the frames, by time, is held out; of each class, where there are classes. A window of the training
 * part that shares time with one of the hold-out, in the same stream, is left out, so that no sample is in both.
 * @param classes of each frame
 */
export function splitByTime(frames: readonly FrameTime[], share: number, classes?: ArrayLike<number>): Split {
  const order = inOrder(frames);
  const training: number[] = [];
  const holdOut: number[] = [];
  for (const members of groups(order, classes)) {
    const cut = members.length - Math.max(1, Math.min(members.length - 1, Math.round(members.length * share)));
    training.push(...members.slice(0, cut));
    holdOut.push(...members.slice(cut));
  }
  return apart(frames, order, training, holdOut, classes);
}

/**
 * Whole streams are held out (a person, a machine, a session), so that about the share of the frames is and each class is
 * in both parts, where its streams allow it. With a single stream, or one for each class, it is by time.
 */
export function splitByStream(frames: readonly FrameTime[], share: number, classes?: ArrayLike<number>): Split {
  const held = chooseStreams(frames, share, classes);
  if (held.size === 0) return splitByTime(frames, share, classes);
  const order = inOrder(frames);
  return {
    training: order.filter((i) => !held.has(frames[i]!.stream)),
    holdOut: order.filter((i) => held.has(frames[i]!.stream)),
    by: "stream",
    gap: 0,
    noGap: false,
  };
}

/** By time; sorting is stable: frames of equal time stay as they came. */
export function inOrder(frames: readonly FrameTime[]): number[] {
  return frames.map((_, i) => i).sort((a, b) => frames[a]!.start - frames[b]!.start);
}

/** The frames of each class, in the order given. */
export function groups(order: readonly number[], classes?: ArrayLike<number>): number[][] {
  if (!classes) return [[...order]];
  const found = new Map<number, number[]>();
  for (const i of order) {
    const members = found.get(classes[i]!);
    if (members) members.push(i);
    else found.set(classes[i]!, [i]);
  }
  return [...found.values()];
}

function apart(
  frames: readonly FrameTime[],
  order: readonly number[],
  training: number[],
  holdOut: number[],
  classes?: ArrayLike<number>,
): Split {
  const place = new Int32Array(frames.length);
  order.forEach((i, at) => {
    place[i] = at;
  });
  const byPlace = (a: number, b: number) => place[a]! - place[b]!;
  const before = training.sort(byPlace);
  const kept = withoutOverlap(frames, before, holdOut);
  const sizes = groups(before, classes);
  const left = new Map(groups(kept, classes).map((members) => [classes?.[members[0]!], members.length]));
  const noGap = sizes.some((members) => (left.get(classes?.[members[0]!]) ?? 0) < members.length / 2);
  return {
    training: noGap ? before : kept,
    holdOut: holdOut.sort(byPlace),
    by: "time",
    gap: noGap ? 0 : before.length - kept.length,
    noGap,
  };
}
