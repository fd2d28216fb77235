/** One scored moment with its truth. */
export interface ScoredMoment {
  /** ms since 1970. */
  time: number;
  /** Whether its score is above the threshold. */
  exceeds: boolean;
  /** The truth. */
  faulty: boolean;
}

/** What a day amounts to. */
export interface Day {
  /** ISO date, for example 2007-08-28. */
  date: string;
  /** ms since 1970: of its first and last scored moment. */
  start: number;
  end: number;
  moments: number;
  /** Moments above the threshold. */
  exceeding: number;
  /** Any of its moments is faulty. */
  faulty: boolean;
}

/**
 * Days of scored moments, in the order of time.
 * @param offset of the local time from UTC, ms
 */
export function byDay(moments: Iterable<ScoredMoment>, offset = 0): Day[] {
  const days = new Map<string, Day>();
  for (const { time, exceeds, faulty } of moments) {
    const date = new Date(time + offset).toISOString().slice(0, 10);
    let day = days.get(date);
    if (!day) {
      day = { date, start: time, end: time, moments: 0, exceeding: 0, faulty: false };
      days.set(date, day);
    }
    day.start = Math.min(day.start, time);
    day.end = Math.max(day.end, time);
    day.moments++;
    if (exceeds) day.exceeding++;
    if (faulty) day.faulty = true;
  }
  return [...days.values()].sort((a, b) => a.start - b.start);
}

/** Whether a day counts as detected: more than this share of its moments is above the threshold. */
export function isDetected(day: Day, share: number): boolean {
  return day.exceeding > share * day.moments;
}
