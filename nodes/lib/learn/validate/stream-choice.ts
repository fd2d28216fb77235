import type { FrameTime } from "./frame-time.js";

/** A class that is missing from one part costs more than any share that is not met; worst is one that cannot be learned. */
const MISSING = { holdOut: 10, training: 1000 };

/** Frames by class, of one stream. */
interface StreamCounts {
  stream: number;
  last: number;
  counts: Float64Array;
}

/**
 * Which streams to hold out: so that the held-out share of each class is near the wished one, and each class is in both
 * parts. Streams are added, and then exchanged one by one, as long as that comes nearer; of equally good ones the newest
 * is taken. The same frames give the same choice.
 * @returns none when there is only one stream, or when there is no way to keep each class among those that stay
 */
export function chooseStreams(
  frames: readonly FrameTime[],
  share: number,
  classes?: ArrayLike<number>,
): ReadonlySet<number> {
  const streams = countsOf(frames, classes);
  const held = new Set<number>();
  if (streams.length < 2) return held;
  const cost = () => costOf(streams, held, share);
  let best = Number.POSITIVE_INFINITY;
  for (let improved = true; improved; ) {
    improved = false;
    let change: number[] = [];
    const attempt = (toggled: number[]) => {
      for (const each of toggled) toggle(held, each);
      const found = held.size === 0 || held.size === streams.length ? Number.POSITIVE_INFINITY : cost();
      if (found < best - 1e-12) {
        best = found;
        change = toggled;
      }
      for (const each of toggled) toggle(held, each);
    };
    for (const { stream } of streams) attempt([stream]);
    // Exchanges are tried where single steps no longer help, and not among thousands.
    if (change.length === 0 && streams.length <= 200) {
      for (const a of [...held]) for (const { stream } of streams) if (!held.has(stream)) attempt([a, stream]);
    }
    for (const each of change) toggle(held, each);
    improved = change.length > 0;
  }
  return best < MISSING.training ? held : new Set();
}

function toggle(set: Set<number>, value: number): void {
  if (!set.delete(value)) set.add(value);
}

/** The newest first. */
export function countsOf(frames: readonly FrameTime[], classes?: ArrayLike<number>): StreamCounts[] {
  let count = 1;
  for (let i = 0; classes && i < frames.length; i++) count = Math.max(count, classes[i]! + 1);
  const found = new Map<number, StreamCounts>();
  frames.forEach(({ stream, end }, i) => {
    let each = found.get(stream);
    if (!each) {
      each = { stream, last: end, counts: new Float64Array(count) };
      found.set(stream, each);
    }
    each.last = Math.max(each.last, end);
    each.counts[classes?.[i] ?? 0]!++;
  });
  return [...found.values()].sort((a, b) => b.last - a.last);
}

function costOf(streams: readonly StreamCounts[], held: ReadonlySet<number>, share: number): number {
  const count = streams[0]!.counts.length;
  let cost = 0;
  for (let c = 0; c < count; c++) {
    let all = 0;
    let out = 0;
    for (const { stream, counts } of streams) {
      all += counts[c]!;
      if (held.has(stream)) out += counts[c]!;
    }
    if (all === 0) continue;
    cost += Math.abs(out / all - share) / count;
    if (out === 0) cost += MISSING.holdOut;
    if (out === all) cost += MISSING.training;
  }
  return cost;
}
