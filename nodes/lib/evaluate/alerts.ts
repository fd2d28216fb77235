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

/** How an alert met a stretch: raised in it, so many ms after its start, or standing all through it from before. */
export type Detection = { kind: "raised"; delay: number } | { kind: "stood" };

/**
 * Whether an alert met a stretch, and when. One from before that stood through to the stretch's end says nothing new,
 * so it has no delay; one from before that was cleared within it belongs to what was before.
 * @returns undefined when no alert did
 */
export function detection({ start, end }: Stretch, alerts: Iterable<AlertInterval>): Detection | undefined {
  let delay: number | undefined;
  for (const { raised, cleared } of alerts) {
    if (raised > end) continue;
    if (raised >= start) delay = Math.min(delay ?? Number.POSITIVE_INFINITY, raised - start);
    else if (cleared === undefined || cleared > end) return { kind: "stood" };
  }
  return delay === undefined ? undefined : { kind: "raised", delay };
}
