import { EdgeMlError } from "../../errors/index.js";
import { MAX_FRAME_LENGTH } from "../../frame/index.js";
import type { Recipe, WindowRecipe } from "../../recipe/index.js";
import { MAX_OUTPUT_LENGTH } from "./output-limit.js";
import type { SoundGateOptions } from "./sound-gate.js";

/** One channel of a window, with what its values must keep to. */
export interface ChannelOptions {
  channel: string;
  /** Below is not a value of this sensor. */
  min?: number;
  /** Above is not a value of this sensor. */
  max?: number;
  /** Flagged after this many identical readings in a row; 0 = never. */
  stuck?: number;
}

export type Gate = NonNullable<WindowRecipe["gate"]>;
export type GapPolicy = WindowRecipe["gap"];
/** What begins a window. "message" and every other kind: a reading that says so. */
export type Trigger = NonNullable<WindowRecipe["trigger"]>;
export type Align = NonNullable<WindowRecipe["align"]>;

/** Which of its samples' labels a window has. */
export interface LabelRule {
  /**
   * "end": the last sample's. "any": the one that occurs, the most frequent one if there are several. "majority": that of
   * more than half of the samples. "share": the most frequent one, if at least `share` of the samples have it.
   */
  by: "end" | "any" | "share" | "majority";
  /** 0..1 */
  share: number;
}

export interface WindowOptions {
  by: "samples" | "time";
  /** Samples, or ms. */
  size: number;
  /** Samples, or ms: from one window to the next; with a trigger, at least so much. */
  hop: number;
  /** In the frame's order; empty = the channels of each stream's first reading. */
  channels?: readonly ChannelOptions[];
  gap?: GapPolicy;
  /** ms between two readings beyond which no window spans them; 0 = any. */
  gapLimit?: number;
  /** Readings count only while `channel` `is` `value`, and has been for `settle` seconds. */
  gate?: Gate;
  /**
   * Windows without sound are held back. No part of the recipe, for it changes which windows there are, and not what is
   * in them.
   */
  sound?: SoundGateOptions;
  /** Windows begin at events. */
  trigger?: Trigger;
  label?: LabelRule;
  /** ms by which readings of a single moment may come in the wrong order and are sorted. */
  tolerance?: number;
  /** The samples are brought to `rate` Hz; readings further apart than `limit` ms leave missing ones. */
  resample?: { rate: number; limit: number };
  /** The topics' readings are joined into rows of one stream. */
  align?: Align;
  /** ms of silence after which a stream is forgotten; 0 = never. */
  idle?: number;
  /** The most streams that are kept; beyond, the one that was silent longest is forgotten. */
  maxStreams?: number;
  /** ms: a reading that lies further back than this restarts its stream (a replay, a clock that was set). */
  reset?: number;
}

type Filled = "by" | "size" | "hop" | "gap" | "gapLimit" | "label" | "tolerance" | "idle" | "maxStreams" | "reset";

/** Options with everything filled in and checked. */
export interface WindowPlan extends Required<Pick<WindowOptions, Filled>> {
  channels: readonly ChannelOptions[];
  gate: Gate | undefined;
  sound: SoundGateOptions | undefined;
  trigger: Trigger | undefined;
  resample: { rate: number; limit: number } | undefined;
  align: Align | undefined;
}

/** The most windows that may lie over one moment. */
export const MAX_OVERLAP = 10_000;
/** The most samples that wait for the value after a gap. */
const MAX_INTERPOLATED = 10_000;
/** Hz. */
const MAX_RATE = 200_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MARK: GapPolicy = { policy: "mark", limit: 0 };

/**
 * Checks the options and fills them in.
 * @throws EdgeMlError EDGE_ML_SETTING
 */
export function planWindow(options: WindowOptions): WindowPlan {
  const channels = options.channels ?? [];
  checkSize(options, Math.max(1, channels.length));
  checkChannels(channels);
  const { by, trigger, resample, align, sound } = options;
  const plan: WindowPlan = {
    by,
    size: options.size,
    hop: options.hop,
    channels,
    gap: checkedGap(options.gap ?? MARK),
    gapLimit: options.gapLimit ?? 0,
    label: options.label ?? { by: "end", share: 1 },
    tolerance: options.tolerance ?? 0,
    idle: options.idle ?? 0,
    maxStreams: options.maxStreams ?? 1024,
    reset: options.reset ?? HOUR,
    gate: options.gate,
    sound,
    trigger: trigger && checkedTrigger(trigger, options.size, by === "time", channels),
    resample,
    align,
  };
  const { share } = plan.label;
  check("labelShare", share * 100, share > 0 && share <= 1, "more than 0 and at most 100");
  check("tolerance", plan.tolerance, plan.tolerance >= 0 && plan.tolerance < plan.reset, `from 0 to ${plan.reset}`);
  if (resample !== undefined) {
    check("rate", resample.rate, resample.rate > 0 && resample.rate <= MAX_RATE, `from 0 to ${MAX_RATE}`);
    checkLimit(resample.limit);
    checkRows(plan, resample);
  }
  if (sound !== undefined) checkSound(sound, align === undefined || resample !== undefined);
  if (align !== undefined) {
    check("channels", "none", channels.length > 0, "a list of the channels, when topics are joined");
    check("alignClock", align.clock, align.clock !== "" || resample !== undefined, "a channel, or a rate in Hz");
    check("alignClock", align.clock, align.clock === "" || isListed(align.clock, channels), "a channel of the list");
    checkLimit(align.limit);
  }
  return plan;
}

function checkSize({ by, size, hop }: WindowOptions, columns: number): void {
  if (by === "samples") {
    check("size", size, Number.isInteger(size) && size >= 1 && size <= MAX_FRAME_LENGTH, "a whole number from 1");
    check("hop", hop, Number.isInteger(hop) && hop >= 1, "a whole number from 1");
    const most = Math.floor(MAX_FRAME_LENGTH / columns);
    check("size", size, size <= most, `at most ${most} samples`);
  } else {
    check("size", size, size >= 1 && Number.isFinite(size), "at least 1 ms");
    check("hop", hop, hop >= 1 && Number.isFinite(hop), "at least 1 ms");
    check("hop", hop, size / hop <= MAX_OVERLAP, `at least size / ${MAX_OVERLAP}`);
  }
}

function checkChannels(channels: readonly ChannelOptions[]): void {
  const seen = new Set<string>();
  for (const { channel, min, max } of channels) {
    check("channels", channel, channel !== "", "a name in every row");
    check("channels", channel, !seen.has(channel), "a name that occurs only once");
    check(
      "channels",
      channel,
      !(min !== undefined && max !== undefined && min > max),
      "with a minimum below its maximum",
    );
    seen.add(channel);
  }
}

function checkedGap(gap: GapPolicy): GapPolicy {
  const { policy, limit } = gap;
  if (policy === "mark" || policy === "split") return { policy, limit: 0 };
  check("holdLimit", limit, Number.isInteger(limit) && limit >= 1, "a whole number from 1");
  if (policy === "interpolate") check("holdLimit", limit, limit <= MAX_INTERPOLATED, `at most ${MAX_INTERPOLATED}`);
  return gap;
}

/** The trigger with what its kind does not use left at 0: no two recipes differ in it. */
function checkedTrigger(
  { when, channel, value, high, preRoll }: Trigger,
  size: number,
  byTime: boolean,
  channels: readonly ChannelOptions[],
): Trigger {
  const whole = byTime || Number.isInteger(preRoll);
  check("preRoll", preRoll, preRoll >= 0 && whole, byTime ? "0 or more" : "a whole number from 0");
  check("preRoll", preRoll, preRoll < size, "less than the window");
  if (when === "message") return { when, channel: "", value: 0, high: 0, preRoll };
  const isKnown = channel === "" || channels.length === 0 || isListed(channel, channels);
  check("triggerChannel", channel, isKnown, "a channel of the list");
  check("triggerValue", value, Number.isFinite(value), "a number");
  if (when === "leaves") check("triggerHigh", high, high >= value, "not below the band's lower end");
  if (when === "changes") check("triggerValue", value, value >= 0, "0 or more");
  return { when, channel, value, high: when === "leaves" ? high : 0, preRoll };
}

function isListed(channel: string, channels: readonly ChannelOptions[]): boolean {
  return channels.some((entry) => entry.channel === channel);
}

/** One reading completes all rows since the one before. */
function checkRows({ by, size, hop, channels }: WindowPlan, { rate, limit }: { rate: number; limit: number }): void {
  const perUnit = by === "samples" ? 1 : rate / 1000;
  const windows = (limit * rate) / 1000 / (hop * perUnit);
  const values = windows * size * perUnit * Math.max(1, channels.length);
  check("alignLimit", limit, values <= MAX_OUTPUT_LENGTH, "less, or a longer hop: one reading would complete too much");
}

function checkSound({ margin, level, hold }: SoundGateOptions, hasRate: boolean): void {
  check("sound", "on", hasRate, "off, or the joined rows need a fixed rate in Hz");
  check("soundMargin", margin, margin > 0 && margin <= 60, "more than 0 and at most 60 dB");
  check("soundLevel", level, level >= -120 && level <= 0, "from -120 to 0 dB");
  check("soundHold", hold, hold >= 0 && hold <= HOUR, "from 0 to 3600 s");
}

function checkLimit(limit: number): void {
  check("alignLimit", limit, limit > 0 && limit <= DAY, `more than 0 and at most ${DAY}`);
}

/**
 * The recipe of a plan's windows. Frozen: every frame of a stream carries the same one.
 * @param rate Hz, of the samples, where it is known
 */
export function recipeOf(plan: WindowPlan, channels: readonly string[], rate: number | undefined): Recipe {
  const limits = plan.channels
    .filter(({ min, max, stuck }) => min !== undefined || max !== undefined || (stuck ?? 0) > 0)
    .map((options) => ({ ...options }));
  const window: WindowRecipe = {
    by: plan.by,
    size: plan.size,
    hop: plan.hop,
    channels: channels as string[],
    gap: { ...plan.gap },
  };
  if (rate !== undefined) window.rate = rate;
  if (plan.gapLimit > 0) window.gapLimit = plan.gapLimit;
  if (limits.length > 0) window.limits = limits;
  if (plan.gate !== undefined) window.gate = { ...plan.gate };
  if (plan.resample !== undefined) window.resample = { limit: plan.resample.limit };
  if (plan.align !== undefined) window.align = { ...plan.align };
  if (plan.trigger !== undefined) window.trigger = { ...plan.trigger };
  return freeze({ version: 1, window });
}

function freeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === "object" && part !== null) freeze(part);
  return Object.freeze(value);
}

function check(field: string, value: unknown, holds: boolean, expected: string): void {
  if (!holds) {
    const got = typeof value === "string" ? `"${value}"` : String(value);
    throw new EdgeMlError("EDGE_ML_SETTING", { field, got, expected });
  }
}
