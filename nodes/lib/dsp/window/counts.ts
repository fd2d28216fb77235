/** What a windower has seen and done since it was made. */
export interface WindowCounts {
  /** Samples taken in: one for each moment. */
  samples: number;
  frames: number;
  /** Frames whose quality is not ok. */
  bad: number;
  /** Samples left out because they are older than the last. */
  late: number;
  /** Readings left out because they repeat the last timestamp. */
  duplicates: number;
  /** Values left out because their channel is none of the window's. */
  unknown: number;
  /** Readings without any number, before the stream's channels were known. */
  empty: number;
  /** Samples left out while the gate was closed. */
  gated: number;
  /** Windows begun anew after a gap in time. */
  gaps: number;
  /** Windows begun anew because the clock was set back or the rate changed. */
  restarts: number;
}

export function noCounts(): WindowCounts {
  return {
    samples: 0,
    frames: 0,
    bad: 0,
    late: 0,
    duplicates: 0,
    unknown: 0,
    empty: 0,
    gated: 0,
    gaps: 0,
    restarts: 0,
  };
}
