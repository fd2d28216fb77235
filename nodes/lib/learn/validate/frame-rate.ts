import type { FrameTime } from "./frame-time.js";

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
