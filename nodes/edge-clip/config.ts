import { type NumberRange, numberSetting } from "../glue/number-setting.js";

/** Settings of an edge-clip node, checked. */
export interface ClipSettings {
  /** Seconds of sound before the trigger, and after it. */
  before: number;
  after: number;
  /** When a clip ends: after its time, or when it has become quiet. */
  ends: "time" | "silence";
  /** "silence": seconds of quiet. */
  quiet: number;
  /** "silence": what is quiet, in dB below full scale. */
  level: number;
  /** Seconds after the first trigger, at most. */
  longest: number;
  /** What a trigger does while a clip is being taken. */
  overlap: "extend" | "separate";
  /** What the payload is. */
  format: "wav" | "pcm" | "float";
  maxStreams: number;
}

export const defaults: ClipSettings = {
  before: 2,
  after: 3,
  ends: "time",
  quiet: 0.8,
  level: -45,
  longest: 15,
  overlap: "extend",
  format: "wav",
  maxStreams: 16,
};

export const bounds = {
  before: { min: 0, max: 60 },
  after: { min: 0, max: 60 },
  quiet: { min: 0.1, max: 10 },
  level: { min: -90, max: -5 },
  longest: { min: 1, max: 120 },
  maxStreams: { min: 1, max: 256, integer: true },
} satisfies Record<string, NumberRange>;

/** JSON schema of the settings. */
export const schema = {
  type: "object",
  properties: {
    before: numberSetting(bounds.before, defaults.before),
    after: numberSetting(bounds.after, defaults.after),
    ends: { type: "string", enum: ["time", "silence"], default: defaults.ends },
    quiet: numberSetting(bounds.quiet, defaults.quiet),
    level: numberSetting(bounds.level, defaults.level),
    longest: numberSetting(bounds.longest, defaults.longest),
    overlap: { type: "string", enum: ["extend", "separate"], default: defaults.overlap },
    format: { type: "string", enum: ["wav", "pcm", "float"], default: defaults.format },
    maxStreams: numberSetting(bounds.maxStreams, defaults.maxStreams),
  },
};
