/** When a frame was, and of which stream. */
export interface FrameTime {
  /** ms since 1970, of the first and last sample. */
  start: number;
  end: number;
  /** A number for each stream. */
  stream: number;
}

export interface Split {
  /** Indices of the frames, in the order of time. */
  training: number[];
  holdOut: number[];
  /** Frames left out between the two, because their window shares samples with one of the hold-out. */
  gap: number;
  /** The windows overlap so far, or time stands so still, that a gap would have eaten the training part. */
  noGap: boolean;
}

/**
 * The last share of the frames, by time, is held out; a window of the training part that reaches into the hold-out's
 * time of the same stream is left out, so that no sample is in both.
 */
export function splitByTime(frames: readonly FrameTime[], share: number): Split {
  // Sorting is stable: frames of equal time stay as they came.
  const order = frames.map((_, i) => i).sort((a, b) => frames[a]!.start - frames[b]!.start);
  const cut = frames.length - Math.max(1, Math.min(frames.length - 1, Math.round(frames.length * share)));
  const before = order.slice(0, cut);
  const holdOut = order.slice(cut);
  const firstHeldOut = new Map<number, number>();
  for (const i of holdOut) {
    const { stream, start } = frames[i]!;
    if (!firstHeldOut.has(stream)) firstHeldOut.set(stream, start);
  }
  const training = before.filter((i) => {
    const { stream, end } = frames[i]!;
    return end < (firstHeldOut.get(stream) ?? Number.POSITIVE_INFINITY);
  });
  const noGap = training.length < before.length / 2;
  return { training: noGap ? before : training, holdOut, gap: noGap ? 0 : before.length - training.length, noGap };
}

/** ms between the frames of one stream: the median step, or undefined when time never moves on. */
export function medianStep(frames: readonly FrameTime[]): number | undefined {
  const last = new Map<number, number>();
  const steps: number[] = [];
  for (const { start, stream } of [...frames].sort((a, b) => a.start - b.start)) {
    const before = last.get(stream);
    if (before !== undefined && start > before) steps.push(start - before);
    last.set(stream, start);
  }
  if (steps.length === 0) return undefined;
  return steps.sort((a, b) => a - b)[Math.floor(steps.length / 2)];
}
