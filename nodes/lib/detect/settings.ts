/** What may be marked by chance, at most. */
export interface FalseAlarms {
  /** Readings that are marked although nothing is wrong … */
  count: number;
  /** … in so many ms, or in so many readings. */
  in: { ms: number } | { readings: number };
}

export interface DetectSettings {
  detector: string;
  /** Of the detector; what is left out is at its default. */
  options: object;
  /** Empty = the channels of each stream's first reading. */
  channels: readonly string[];
  falseAlarms: FalseAlarms;
  /** Readings after an anomalous one that are not marked; 0 = none. */
  pause: number;
  /** Identical readings in a row after which a channel is stuck; 0 = never. */
  stuck: number;
  /** ms without a reading after which a stream begins anew; 0 = never. */
  forget: number;
  /** Beyond this, the stream that was silent longest is forgotten. */
  streams: number;
}
