import type { FrameTime } from "./frame-time.js";

/** Those of the training frames whose time, in the same stream, has none in common with that of a held-out one. O(n log n) */
export function withoutOverlap(
  frames: readonly FrameTime[],
  training: readonly number[],
  holdOut: readonly number[],
): number[] {
  const taken = new Map<number, { start: number; end: number }[]>();
  for (const i of holdOut) {
    const { stream, start, end } = frames[i]!;
    const spans = taken.get(stream);
    if (spans) spans.push({ start, end });
    else taken.set(stream, [{ start, end }]);
  }
  for (const [stream, spans] of taken) taken.set(stream, joined(spans));
  return training.filter((i) => {
    const { stream, start, end } = frames[i]!;
    const spans = taken.get(stream);
    if (!spans) return true;
    // The first span that does not end before the frame begins.
    let low = 0;
    let high = spans.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (spans[middle]!.end < start) low = middle + 1;
      else high = middle;
    }
    return low === spans.length || spans[low]!.start > end;
  });
}

/** In order and without overlap. */
function joined(spans: { start: number; end: number }[]): { start: number; end: number }[] {
  const result: { start: number; end: number }[] = [];
  for (const span of spans.sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else result.push({ ...span });
  }
  return result;
}
