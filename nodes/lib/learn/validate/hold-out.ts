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

const DAY = 86_400_000;

/**
 * Frames per day of all streams together: from the median step between the frames of a stream, and from how many streams
 * run at the same time on average (streams that were played one after the other count as one).
 * @param stride one frame in `stride` was kept of those that came
 * @returns undefined when time never moves on
 */
export function framesPerDay(frames: readonly FrameTime[], stride = 1): number | undefined {
  const spans = new Map<number, { first: number; last: number }>();
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { start, stream } of frames) {
    const span = spans.get(stream) ?? { first: start, last: start };
    spans.set(stream, { first: Math.min(span.first, start), last: Math.max(span.last, start) });
    first = Math.min(first, start);
    last = Math.max(last, start);
  }
  if (!(last > first)) return undefined;
  // With one frame of each stream, the streams are what comes one after the other.
  const step = medianStep(frames);
  if (step === undefined) return (DAY * stride * (frames.length - 1)) / (last - first);
  let active = 0;
  for (const span of spans.values()) active += span.last - span.first + step;
  const concurrent = Math.max(1, active / (last - first + step));
  return (concurrent * DAY * stride) / step;
}
