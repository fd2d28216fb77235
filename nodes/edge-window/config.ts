/** One row of the channel list. */
export interface ChannelRow {
  channel: string;
  min?: number | null;
  max?: number | null;
  /** Identical readings in a row after which the channel is flagged; 0 or empty = never. */
  stuck?: number | null;
}

export type TimeUnit = "ms" | "s" | "min" | "h";

/** Settings of an edge-window node, checked. */
export interface WindowSettings {
  by: "samples" | "time";
  size: number;
  /** Counts when `by` is "time". */
  sizeUnit: "samples" | TimeUnit;
  hop: number;
  hopUnit: "samples" | TimeUnit;
  /** Empty = the channels of each stream's first reading. */
  channels: ChannelRow[];
  gap: "mark" | "hold";
  /** Samples for which the last good value is held. */
  holdLimit: number;
  /** Seconds between two readings that no window may span; 0 = any. */
  gapLimit: number;
  /** Empty = no gate. */
  gateChannel: string;
  gateIs: "=" | "!=" | ">" | ">=" | "<" | "<=";
  gateValue: number;
  /** Seconds. */
  gateSettle: number;
  maxStreams: number;
}

export const defaults: WindowSettings = {
  by: "time",
  size: 60,
  sizeUnit: "s",
  hop: 10,
  hopUnit: "s",
  channels: [],
  gap: "mark",
  holdLimit: 5,
  gapLimit: 0,
  gateChannel: "",
  gateIs: "=",
  gateValue: 1,
  gateSettle: 0,
  maxStreams: 1024,
};

export const UNIT_MS: Record<TimeUnit, number> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 };
export const GATE_SIGNS = ["=", "!=", ">", ">=", "<", "<="] as const;
export const MOST_STREAMS = 100_000;

const unit = ["samples", "ms", "s", "min", "h"];

/** JSON schema of the settings. */
export const schema = {
  type: "object",
  properties: {
    by: { type: "string", enum: ["samples", "time"], default: defaults.by },
    size: { type: "number", exclusiveMinimum: 0, default: defaults.size },
    sizeUnit: { type: "string", enum: unit, default: defaults.sizeUnit },
    hop: { type: "number", exclusiveMinimum: 0, default: defaults.hop },
    hopUnit: { type: "string", enum: unit, default: defaults.hopUnit },
    channels: {
      type: "array",
      maxItems: 512,
      default: defaults.channels,
      items: {
        type: "object",
        required: ["channel"],
        properties: {
          channel: { type: "string", minLength: 1, maxLength: 128 },
          min: { type: ["number", "null"] },
          max: { type: ["number", "null"] },
          stuck: { type: ["integer", "null"], minimum: 0 },
        },
      },
    },
    gap: { type: "string", enum: ["mark", "hold"], default: defaults.gap },
    holdLimit: { type: "integer", minimum: 1, default: defaults.holdLimit },
    gapLimit: { type: "number", minimum: 0, default: defaults.gapLimit },
    gateChannel: { type: "string", maxLength: 128, default: defaults.gateChannel },
    gateIs: { type: "string", enum: GATE_SIGNS, default: defaults.gateIs },
    gateValue: { type: "number", default: defaults.gateValue },
    gateSettle: { type: "number", minimum: 0, default: defaults.gateSettle },
    maxStreams: { type: "integer", minimum: 1, maximum: MOST_STREAMS, default: defaults.maxStreams },
  },
};
