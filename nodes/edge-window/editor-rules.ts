import { isNumber, keeps } from "../editor/dialog.js";
import {
  MOST_ALIGN_LIMIT,
  MOST_RATE,
  MOST_STREAMS,
  MOST_TOLERANCE,
  SOUND_LIMITS,
  type TimeUnit,
  UNIT_MS,
} from "./config.js";

/** A row of the channel list as it stands in the dialog: fields may be empty or wrong. */
export type Row = { channel: string } & Partial<Record<"min" | "max" | "stuck", number | string | null>>;

/** A setting as it stands in the dialog, by its name. */
export type Value = (name: string) => unknown;

/** What is wrong: the sentence of the catalog, and what it says the limits are. */
export interface Wrong {
  key: string;
  min?: number;
  max?: number;
}

const MAX_VALUES = 16 * 1024 * 1024;
const MAX_OVERLAP = 10_000;
const MAX_INTERPOLATED = 10_000;
const MAX_ROWS_WITHIN = 250_000;

/** The rule of each setting that has one: what is wrong with it, given the others and the channel list. */
export const rules: Record<string, (value: Value, rows: readonly Row[]) => Wrong | undefined> = {
  size(value, rows) {
    const [size, hop] = [Number(value("size")), Number(value("hop"))];
    if (value("by") === "samples") {
      if (!keeps({ min: 1, integer: true }, value("size"))) return { key: "wholeSize" };
      return wrongIf(size * Math.max(1, rows.length) > MAX_VALUES, "tooLarge");
    }
    if (!isNumber(value("size")) || size <= 0) return { key: "size" };
    if (!isNumber(value("hop")) || hop <= 0) return undefined;
    const sizeMs = inMs(value, "size");
    const hopMs = inMs(value, "hop");
    return sizeMs < 1 || hopMs < 1 ? { key: "short" } : wrongIf(sizeMs / hopMs > MAX_OVERLAP, "overlap");
  },
  hop(value) {
    if (value("by") === "samples") return wrongIf(!keeps({ min: 1, integer: true }, value("hop")), "wholeHop");
    return wrongIf(!isNumber(value("hop")) || Number(value("hop")) <= 0, "hop");
  },
  channels(value, rows) {
    const wrong = wrongChannels(rows);
    return wrong === undefined ? wrongIf(isJoined(value) && rows.length === 0, "alignChannels") : { key: wrong };
  },
  rate: (value) => limits("rate", value("rate"), 0, MOST_RATE),
  align: (value, rows) => wrongIf(isJoined(value) && rows.length === 0, "alignChannels"),
  alignClock(value, rows) {
    if (!isJoined(value)) return undefined;
    const clock = String(value("alignClock"));
    if (clock === "") return wrongIf(!(Number(value("rate")) > 0), "alignClockOrRate");
    return wrongIf(!isListed(clock, rows), "alignClock");
  },
  alignLimit(value) {
    const rate = Number(value("rate"));
    if (!(rate > 0) && !isJoined(value)) return undefined;
    const limit = Number(value("alignLimit"));
    if (!isNumber(value("alignLimit")) || limit <= 0 || limit > MOST_ALIGN_LIMIT) return { key: "alignLimit" };
    return wrongIf((limit * rate) / 1000 > MAX_ROWS_WITHIN, "alignRows");
  },
  gateValue: (value) => wrongIf(value("gateChannel") !== "" && !isNumber(value("gateValue")), "gateValue"),
  gateSettle: (value) => wrongIf(value("gateChannel") !== "" && !keeps({ min: 0 }, value("gateSettle")), "gateSettle"),
  sound(value) {
    return wrongIf(isOn(value) && isJoined(value) && !(Number(value("rate")) > 0), "sound");
  },
  soundMargin: (value) => (isOn(value) ? soundLimits("soundMargin", value) : undefined),
  soundLevel: (value) => (isOn(value) ? soundLimits("soundLevel", value) : undefined),
  soundHold: (value) => (isOn(value) ? soundLimits("soundHold", value) : undefined),
  triggerChannel(value, rows) {
    const channel = String(value("triggerChannel"));
    if (!hasThreshold(value) || channel === "" || rows.length === 0) return undefined;
    return wrongIf(!isListed(channel, rows), "triggerChannel");
  },
  triggerValue(value) {
    if (!hasThreshold(value)) return undefined;
    if (value("trigger") === "changes") return wrongIf(!keeps({ min: 0 }, value("triggerValue")), "triggerChange");
    return wrongIf(!isNumber(value("triggerValue")), "triggerValue");
  },
  triggerHigh(value) {
    if (value("trigger") !== "leaves") return undefined;
    const low = isNumber(value("triggerValue")) ? Number(value("triggerValue")) : Number.NEGATIVE_INFINITY;
    return wrongIf(!keeps({ min: low }, value("triggerHigh")), "triggerHigh");
  },
  preRoll(value) {
    if (value("trigger") === "off") return undefined;
    const bySamples = value("by") === "samples";
    const key = bySamples ? "wholePreRoll" : "preRoll";
    if (!keeps({ min: 0, integer: bySamples }, value("preRoll"))) return { key };
    const [before, size] = bySamples
      ? [Number(value("preRoll")), Number(value("size"))]
      : [inMs(value, "preRoll"), inMs(value, "size")];
    return wrongIf(before >= size, key);
  },
  holdLimit(value) {
    const policy = value("gap");
    if (policy !== "hold" && policy !== "interpolate") return undefined;
    if (!keeps({ min: 1, integer: true }, value("holdLimit"))) return { key: "holdLimit" };
    return wrongIf(policy === "interpolate" && Number(value("holdLimit")) > MAX_INTERPOLATED, "interpolateLimit");
  },
  gapLimit: (value) => wrongIf(!keeps({ min: 0 }, value("gapLimit")), "gapLimit"),
  tolerance: (value) => limits("tolerance", value("tolerance"), 0, MOST_TOLERANCE),
  maxStreams(value) {
    const wrong = { key: "maxStreams", min: 1, max: MOST_STREAMS };
    return keeps({ min: 1, max: MOST_STREAMS, integer: true }, value("maxStreams")) ? undefined : wrong;
  },
  idle: (value) => wrongIf(!keeps({ min: 0 }, value("idle")), "idle"),
  labelShare(value) {
    return wrongIf(value("labelBy") === "share" && !keeps({ min: 1, max: 100 }, value("labelShare")), "labelShare");
  },
};

/** The first thing that is wrong in the dialog. */
export function problem(value: Value, rows: readonly Row[]): Wrong | undefined {
  for (const rule of Object.values(rules)) {
    const wrong = rule(value, rows);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

/** Windows without sound are held back. */
export function isOn(value: Value): boolean {
  return String(value("sound")) === "true";
}

function soundLimits(name: keyof typeof SOUND_LIMITS, value: Value): Wrong | undefined {
  const { min, max } = SOUND_LIMITS[name];
  return limits(name, value(name), min, max);
}

/** Topics are channels of one window. */
export function isJoined(value: Value): boolean {
  return value("align") !== "off";
}

/** Windows begin when a channel's value crosses or jumps. */
export function hasThreshold(value: Value): boolean {
  return value("trigger") !== "off" && value("trigger") !== "message";
}

/** ms */
export function inMs(value: Value, name: string): number {
  return Number(value(name)) * UNIT_MS[value(`${name}Unit`) as TimeUnit];
}

function wrongChannels(rows: readonly Row[]): string | undefined {
  const seen = new Set<string>();
  for (const { channel, min, max, stuck } of rows) {
    if (channel.trim() === "" || seen.has(channel)) return "channelName";
    seen.add(channel);
    if (!keeps({ optional: true }, min) || !keeps({ optional: true }, max)) return "channelLimit";
    if (isNumber(min) && isNumber(max) && Number(min) > Number(max)) return "channelLimit";
    if (!keeps({ optional: true, integer: true, min: 0 }, stuck)) return "stuck";
  }
  return undefined;
}

function isListed(name: string, rows: readonly Row[]): boolean {
  return rows.some(({ channel }) => channel === name);
}

function limits(key: string, value: unknown, min: number, max: number): Wrong | undefined {
  return keeps({ min, max }, value) ? undefined : { key, min, max };
}

function wrongIf(isWrong: boolean, key: string): Wrong | undefined {
  return isWrong ? { key } : undefined;
}
