import type { Reading } from "../../frame/index.js";

/**
 * When a chunk with a rate begins. Arrival times jitter, and timestamps are rounded: a chunk that seems to follow the one
 * before it does so exactly.
 * @param last ms, of the sample before; NaN when there is none
 * @param reset ms: a chunk that lies further back begins anew
 */
export function chunkTime(
  { time, timed }: Reading,
  rate: number,
  moments: number,
  last: number,
  reset: number,
): number {
  const step = 1000 / rate;
  const next = last + step;
  if (timed) return time <= last && time > last - step ? next : time;
  const slack = Math.max(1000, 2 * moments * step);
  return time - next > slack || next - time > reset || Number.isNaN(next) ? time : next;
}
