import { numberSetting } from "../glue/number-setting.js";

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
  /** What happens to a missing value: see WindowRecipe. */
  gap: "mark" | "hold" | "interpolate" | "split";
  /** "hold", "interpolate": the most samples in a row that are filled. */
  holdLimit: number;
  /** Seconds between two readings that no window may span; 0 = any. */
  gapLimit: number;
  /** Empty = no gate. */
  gateChannel: string;
  gateIs: "=" | "!=" | ">" | ">=" | "<" | "<=";
  gateValue: number;
  /** Seconds. */
  gateSettle: number;
  /** Windows without sound are held back. */
  sound: boolean;
  /** dB above the noise floor. */
  soundMargin: number;
  /** dB of full scale (1). */
  soundLevel: number;
  /** Seconds that it stays open beyond a window's length. */
  soundHold: number;
  /** ms by which readings may come in the wrong order and are still sorted; 0 = a reading older than the last is late. */
  tolerance: number;
  /** Which label a window has: its last sample's, any that occurs, one with a share of `labelShare` %, more than half. */
  labelBy: "end" | "any" | "share" | "majority";
  /** "share": % of the samples. */
  labelShare: number;
  /** What begins a window; "off": one begins after each hop. `msg.trigger` counts for every kind but "off". */
  trigger: "off" | "above" | "below" | "leaves" | "changes" | "message";
  /** One of the window's channels; empty = its first. */
  triggerChannel: string;
  /** The threshold; "leaves": the band's lower end; "changes": the least change from one sample to the next. */
  triggerValue: number;
  /** "leaves": the band's upper end. */
  triggerHigh: number;
  /** How much of an event's window lies before the event. */
  preRoll: number;
  /** Counts when `by` is "time". */
  preRollUnit: "samples" | TimeUnit;
  /** Hz to which the samples are resampled; 0 = as they come. */
  rate: number;
  /** Topics as channels of one window, joined on time; "off": each topic is a stream of its own. */
  align: "off" | "asof" | "interpolate";
  /** The channel whose readings are the moments of the joined rows; empty = a grid of `rate` Hz. */
  alignClock: string;
  /** ms: how old a joined value may be, and how far apart two may lie to be interpolated (resampled) between. */
  alignLimit: number;
  maxStreams: number;
  /** Seconds of silence after which a stream is forgotten; 0 = never. */
  idle: number;
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
  sound: false,
  soundMargin: 6,
  soundLevel: -70,
  soundHold: 1,
  tolerance: 0,
  labelBy: "end",
  labelShare: 80,
  trigger: "off",
  triggerChannel: "",
  triggerValue: 0,
  triggerHigh: 0,
  preRoll: 0,
  preRollUnit: "s",
  rate: 0,
  align: "off",
  alignClock: "",
  alignLimit: 1000,
  maxStreams: 1024,
  idle: 0,
};

export const UNIT_MS: Record<TimeUnit, number> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 };
export const GATE_SIGNS = ["=", "!=", ">", ">=", "<", "<="] as const;
const GAP_POLICIES = ["mark", "hold", "interpolate", "split"] as const;
const LABEL_RULES = ["end", "any", "share", "majority"] as const;
const TRIGGERS = ["off", "above", "below", "leaves", "changes", "message"] as const;
const ALIGNMENTS = ["off", "asof", "interpolate"] as const;
export const MOST_STREAMS = 100_000;
/** Hz. */
export const MOST_RATE = 200_000;
/** ms. */
export const MOST_TOLERANCE = 600_000;
/** ms. */
export const MOST_ALIGN_LIMIT = 86_400_000;

/** dB, dB, s. */
export const SOUND_LIMITS = {
  soundMargin: { min: 0.5, max: 60 },
  soundLevel: { min: -120, max: 0 },
  soundHold: { min: 0, max: 3600 },
} as const;

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
    gap: { type: "string", enum: GAP_POLICIES, default: defaults.gap },
    holdLimit: { type: "integer", minimum: 1, default: defaults.holdLimit },
    gapLimit: { type: "number", minimum: 0, default: defaults.gapLimit },
    gateChannel: { type: "string", maxLength: 128, default: defaults.gateChannel },
    gateIs: { type: "string", enum: GATE_SIGNS, default: defaults.gateIs },
    gateValue: { type: "number", default: defaults.gateValue },
    gateSettle: { type: "number", minimum: 0, default: defaults.gateSettle },
    sound: { type: "boolean", default: defaults.sound },
    soundMargin: numberSetting(SOUND_LIMITS.soundMargin, defaults.soundMargin),
    soundLevel: numberSetting(SOUND_LIMITS.soundLevel, defaults.soundLevel),
    soundHold: numberSetting(SOUND_LIMITS.soundHold, defaults.soundHold),
    tolerance: { type: "number", minimum: 0, maximum: MOST_TOLERANCE, default: defaults.tolerance },
    labelBy: { type: "string", enum: LABEL_RULES, default: defaults.labelBy },
    labelShare: { type: "number", exclusiveMinimum: 0, maximum: 100, default: defaults.labelShare },
    trigger: { type: "string", enum: TRIGGERS, default: defaults.trigger },
    triggerChannel: { type: "string", maxLength: 128, default: defaults.triggerChannel },
    triggerValue: { type: "number", default: defaults.triggerValue },
    triggerHigh: { type: "number", default: defaults.triggerHigh },
    preRoll: { type: "number", minimum: 0, default: defaults.preRoll },
    preRollUnit: { type: "string", enum: unit, default: defaults.preRollUnit },
    rate: { type: "number", minimum: 0, maximum: MOST_RATE, default: defaults.rate },
    align: { type: "string", enum: ALIGNMENTS, default: defaults.align },
    alignClock: { type: "string", maxLength: 128, default: defaults.alignClock },
    alignLimit: { type: "number", exclusiveMinimum: 0, maximum: MOST_ALIGN_LIMIT, default: defaults.alignLimit },
    idle: { type: "number", minimum: 0, default: defaults.idle },
    maxStreams: { type: "integer", minimum: 1, maximum: MOST_STREAMS, default: defaults.maxStreams },
  },
};
