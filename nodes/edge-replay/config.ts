/** Settings of an edge-replay node, checked. */
export interface ReplaySettings {
  /** Relative to the data folder, or `examples:<name>`; also a folder of sound. Empty: it comes with a message. */
  file: string;
  /** Empty: every numeric column. */
  columns: string[];
  time: "auto" | "column" | "none";
  timeColumn: string;
  /** Empty: found by itself. */
  timeFormat: string;
  zone: string;
  /** Seconds between two rows of a file without times. */
  interval: number;
  labelColumn: string;
  /** The stream of all rows, or of those whose topic column is empty. */
  topic: string;
  topicColumn: string;
  /** "flow": as fast as the flow takes them; "time": in the file's own time, times `speed`. */
  pace: "flow" | "time";
  speed: number;
  /** Seconds of the file's time that a gap is waited for at most; 0: as long as it is. */
  longestGap: number;
  loop: boolean;
  begin: "deploy" | "command";
  /** ms of sound in a reading. */
  chunk: number;
  /** Of sound: now, as the file's own time says, or `soundTime`. */
  soundStart: "now" | "file" | "given";
  /** A date and time in ISO 8601, of the time zone where it names none. */
  soundTime: string;
  /** Of sound: where its ground truth comes from. */
  soundLabel: "none" | "folder" | "name" | "table";
}

export const defaults: ReplaySettings = {
  file: "",
  columns: [],
  time: "auto",
  timeColumn: "",
  timeFormat: "",
  zone: "UTC",
  interval: 1,
  labelColumn: "",
  topic: "",
  topicColumn: "",
  pace: "flow",
  speed: 1,
  longestGap: 3600,
  loop: false,
  begin: "command",
  chunk: 50,
  soundStart: "now",
  soundTime: "",
  soundLabel: "none",
};

export const MAX_SPEED = 1_000_000;
/** ms. */
export const CHUNK = { min: 5, max: 10_000 };

/** JSON schema of the settings. */
export const schema = {
  type: "object",
  properties: {
    file: { type: "string", maxLength: 1024, default: defaults.file },
    columns: { type: "array", maxItems: 512, items: { type: "string", minLength: 1 }, default: defaults.columns },
    time: { type: "string", enum: ["auto", "column", "none"], default: defaults.time },
    timeColumn: { type: "string", default: defaults.timeColumn },
    timeFormat: { type: "string", maxLength: 100, default: defaults.timeFormat },
    zone: { type: "string", default: defaults.zone },
    interval: { type: "number", exclusiveMinimum: 0, maximum: 31_536_000, default: defaults.interval },
    labelColumn: { type: "string", default: defaults.labelColumn },
    topic: { type: "string", maxLength: 128, default: defaults.topic },
    topicColumn: { type: "string", default: defaults.topicColumn },
    pace: { type: "string", enum: ["flow", "time"], default: defaults.pace },
    speed: { type: "number", exclusiveMinimum: 0, maximum: MAX_SPEED, default: defaults.speed },
    longestGap: { type: "number", minimum: 0, default: defaults.longestGap },
    loop: { type: "boolean", default: defaults.loop },
    begin: { type: "string", enum: ["deploy", "command"], default: defaults.begin },
    chunk: { type: "number", minimum: CHUNK.min, maximum: CHUNK.max, default: defaults.chunk },
    soundStart: { type: "string", enum: ["now", "file", "given"], default: defaults.soundStart },
    soundTime: { type: "string", maxLength: 100, default: defaults.soundTime },
    soundLabel: { type: "string", enum: ["none", "folder", "name", "table"], default: defaults.soundLabel },
  },
};
