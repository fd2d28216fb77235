/** When an alert stood. */
export interface AlertInterval {
  /** ms since 1970: when it was raised. */
  raised: number;
  /** When it was cleared; missing while it stands. */
  cleared?: number;
}

/** A stretch of time in which an alert is expected, or is not. */
export interface Stretch {
  start: number;
  end: number;
}

/**
 * How long after the start of a stretch an alert stood: the time to the first one raised in it, 0 when one from before
 * stood through to its end, undefined when there was none.
 * One from before that is cleared within the stretch belongs to what was before.
 * @returns ms
 */
export function detectionDelay({ start, end }: Stretch, alerts: Iterable<AlertInterval>): number | undefined {
  let delay: number | undefined;
  for (const { raised, cleared } of alerts) {
    if (raised > end) continue;
    if (raised >= start) delay = Math.min(delay ?? Number.POSITIVE_INFINITY, raised - start);
    else if (cleared === undefined || cleared > end) return 0;
  }
  return delay;
}
