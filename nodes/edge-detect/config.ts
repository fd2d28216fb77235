import { numberSetting } from "../glue/number-setting.js";
/** Settings of an edge-detect node as the dialog stores them. */
export interface DetectNodeSettings {
  detector: string;
  /** Of the detector; what is left out is at its default. */
  options: Record<string, unknown>;
  /** With commas between them; empty = the channels of each stream's first reading. */
  channels: string;
  falseAlarms: number;
  falseAlarmsPer: "day" | "week" | "month" | "readings";
  /** Readings. */
  pause: number;
  /** Readings. */
  stuck: number;
  /** Hours. */
  forget: number;
  streams: number;
}

export const defaults: DetectNodeSettings = {
  detector: "knn",
  options: {},
  channels: "",
  falseAlarms: 1,
  falseAlarmsPer: "day",
  pause: 0,
  stuck: 0,
  forget: 168,
  streams: 100,
};

/** The bounds of the numbers, for the schema and for the dialog. */
export const bounds = {
  falseAlarms: { min: 0.001, max: 1000 },
  pause: { min: 0, max: 100_000, integer: true },
  stuck: { min: 0, max: 1_000_000, integer: true },
  forget: { min: 0, max: 87_600 },
  streams: { min: 1, max: 10_000, integer: true },
} as const;

const numeric = (name: keyof typeof bounds) => numberSetting(bounds[name], defaults[name]);

/** JSON schema of the settings; the detector checks its own options. */
export const schema = {
  type: "object",
  properties: {
    detector: { type: "string", maxLength: 64, default: defaults.detector },
    options: { type: "object", default: defaults.options },
    channels: { type: "string", maxLength: 65_536, default: defaults.channels },
    falseAlarms: numeric("falseAlarms"),
    falseAlarmsPer: {
      type: "string",
      enum: ["day", "week", "month", "readings"],
      default: defaults.falseAlarmsPer,
    },
    pause: numeric("pause"),
    stuck: numeric("stuck"),
    forget: numeric("forget"),
    streams: numeric("streams"),
  },
};

/** The names of a list with commas between them. */
export function channelList(channels: string): string[] {
  return channels
    .split(",")
    .map((channel) => channel.trim())
    .filter((channel) => channel !== "");
}
