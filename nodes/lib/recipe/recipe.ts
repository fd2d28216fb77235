/**
 * The complete, versioned description of how a frame was made.
 * Same recipe, same numbers: in training, on the gateway, on the board. Plain JSON.
 */
export interface Recipe {
  version: 1;
  window?: WindowRecipe;
  /** What each channel went through between the window and the blocks, in order. */
  filters?: FilterRecipe[];
  /** In the order in which their outputs are concatenated. */
  features?: FeatureRecipe[];
  /** What a network made of the features: one of its layers. */
  embedding?: EmbeddingRecipe;
}

/** How readings became a window. */
export interface WindowRecipe {
  by: "samples" | "time";
  /** Samples, or milliseconds when `by` is "time". */
  size: number;
  /** Samples, or milliseconds when `by` is "time". Not compared: a hop changes how often, not what. */
  hop: number;
  /** In the order of the frame's last axis. */
  channels: string[];
  /** Hz: of the samples, where it is known. */
  rate?: number;
  /**
   * What happened to missing values. "mark": they are NaN and the window is bad. "hold": the last good value, for up to
   * `limit` samples. "interpolate": on a line between the good values around them, for up to `limit` samples in a row.
   * "split": no window spans one.
   */
  gap: { policy: "mark" | "hold" | "interpolate" | "split"; limit: number };
  /** ms between two readings beyond which no window spans them; left out when any gap may be spanned. */
  gapLimit?: number;
  /** What the values of a channel must keep to; only channels that have a limit. `stuck`: identical readings in a row. */
  limits?: { channel: string; min?: number; max?: number; stuck?: number }[];
  /** The gate: readings count only while this holds, and has held for `settle` seconds. */
  gate?: { channel: string; is: "=" | "!=" | ">" | ">=" | "<" | "<="; value: number; settle: number };
  /**
   * The samples were brought to `rate`; where two readings are further apart than `limit` ms, those between are missing.
   */
  resample?: { limit: number };
  /** Several topics were joined into the rows of one stream; left out when each topic is a stream. */
  align?: { method: "asof" | "interpolate"; clock: string; limit: number };
  /** Windows begin `preRoll` before an event, in the unit of `size`; left out when they begin after each hop. */
  trigger?: {
    when: "above" | "below" | "leaves" | "changes" | "message";
    channel: string;
    value: number;
    high: number;
    preRoll: number;
  };
}

/** One feature block with every option that changes its numbers. */
export interface FeatureRecipe {
  block: string;
  /** The block's implementation version: raised when its numbers change. */
  version: number;
  options: Record<string, unknown>;
}

/** One filter with every option that changes its numbers. */
export interface FilterRecipe {
  filter: string;
  /** The filter's implementation version: raised when its numbers change. */
  version: number;
  options: Record<string, unknown>;
}

/** The network whose layer a frame is. Another version of it gives other numbers. */
export interface EmbeddingRecipe {
  /** The model's name. */
  model: string;
  /** Of the file without what this package writes into it (manifest, background), in hexadecimal: of the network itself. */
  sha256: string;
  /** The tensor's name. */
  output: string;
}
