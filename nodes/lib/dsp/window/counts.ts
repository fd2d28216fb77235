/** What a windower has seen and done since it was made. */
export interface WindowCounts {
  /** Samples taken in: one for each moment. */
  samples: number;
  frames: number;
  /** Frames whose quality is not ok. */
  bad: number;
  /** Samples left out because they are older than the last. */
  late: number;
  /** Readings that came after a newer one, and were put in their place. */
  sorted: number;
  /** Readings left out because they repeat the last timestamp. */
  duplicates: number;
  /** Values left out because their channel is none of the window's. */
  unknown: number;
  /** Readings without any number, before the stream's channels were known. */
  empty: number;
  /** Samples left out while the gate was closed. */
  gated: number;
  /** Windows held back because there was no sound in them. */
  quiet: number;
  /** Windows begun anew after a gap in time. */
  gaps: number;
  /** Windows begun anew after a missing value. */
  splits: number;
  /** Windows begun anew because the clock was set back or the rate changed. */
  restarts: number;
  /** Events, where windows begin at events. */
  events: number;
  /** Events without a window of their own: another one was being filled, or the pre-roll was not there. */
  missedEvents: number;
  /** Resampled or joined rows in which a value is missing. */
  missing: number;
  /** Breaks in what is resampled or joined: a pause too long for missing rows, or another rate. */
  breaks: number;
  /** Streams forgotten because they were silent. */
  idle: number;
}

export function noCounts(): WindowCounts {
  return {
    samples: 0,
    frames: 0,
    bad: 0,
    late: 0,
    sorted: 0,
    duplicates: 0,
    unknown: 0,
    empty: 0,
    gated: 0,
    quiet: 0,
    gaps: 0,
    splits: 0,
    restarts: 0,
    events: 0,
    missedEvents: 0,
    missing: 0,
    breaks: 0,
    idle: 0,
  };
}
