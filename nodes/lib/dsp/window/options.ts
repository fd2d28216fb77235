import { EdgeMlError } from "../../errors/index.js";
import { MAX_FRAME_LENGTH } from "../../frame/index.js";
import type { Recipe, WindowRecipe } from "../../recipe/index.js";

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

export interface WindowOptions {
  by: "samples" | "time";
  /** Samples, or ms. */
  size: number;
  /** Samples, or ms: from one window to the next. */
  hop: number;
  /** In the frame's order; empty = the channels of each stream's first reading. */
  channels?: readonly ChannelOptions[];
  /** "mark": a missing value is NaN and the window is bad. "hold": the last good value, for up to `limit` samples. */
  gap?: { policy: "mark" | "hold"; limit: number };
  /** ms between two readings beyond which no window spans them; 0 = any. */
  gapLimit?: number;
  /** Readings count only while `channel` `is` `value`, and has been for `settle` seconds. */
  gate?: Gate;
  /** The most streams that are kept; beyond, the one that was silent longest is forgotten. */
  maxStreams?: number;
  /** ms: a reading that lies further back than this restarts its stream (a replay, a clock that was set). */
  reset?: number;
}

/** Options with everything filled in and checked. */
export interface WindowPlan extends Required<Omit<WindowOptions, "gate" | "channels">> {
  channels: readonly ChannelOptions[];
  gate?: Gate;
}

/** The most windows that may lie over one moment. */
export const MAX_OVERLAP = 10_000;
const HOUR = 3_600_000;

/**
 * Checks the options and fills them in.
 * @throws EdgeMlError EDGE_ML_SETTING
 */
export function planWindow(options: WindowOptions): WindowPlan {
  const { by, size, hop } = options;
  const bySamples = by === "samples";
  if (bySamples) {
    check("size", size, Number.isInteger(size) && size >= 1 && size <= MAX_FRAME_LENGTH, "a whole number from 1");
    check("hop", hop, Number.isInteger(hop) && hop >= 1, "a whole number from 1");
    const columns = Math.max(1, options.channels?.length ?? 0);
    check(
      "size",
      size,
      size * columns <= MAX_FRAME_LENGTH,
      `at most ${Math.floor(MAX_FRAME_LENGTH / columns)} samples`,
    );
  } else {
    check("size", size, size >= 1 && Number.isFinite(size), "at least 1 ms");
    check("hop", hop, hop >= 1 && Number.isFinite(hop), "at least 1 ms");
    check("hop", hop, size / hop <= MAX_OVERLAP, `at least size / ${MAX_OVERLAP}`);
  }
  const gap = options.gap ?? { policy: "mark", limit: 0 };
  if (gap.policy === "hold") {
    check("holdLimit", gap.limit, Number.isInteger(gap.limit) && gap.limit >= 1, "a whole number from 1");
  }
  const channels = options.channels ?? [];
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
  return {
    by,
    size,
    hop,
    channels,
    gap: gap.policy === "hold" ? gap : { policy: "mark", limit: 0 },
    gapLimit: options.gapLimit ?? 0,
    maxStreams: options.maxStreams ?? 1024,
    reset: options.reset ?? HOUR,
    ...(options.gate === undefined ? {} : { gate: options.gate }),
  };
}

/** The recipe of a plan's windows. Frozen: every frame of a stream carries the same one. */
export function recipeOf(plan: WindowPlan, channels: readonly string[]): Recipe {
  const limits = plan.channels
    .filter(({ min, max, stuck }) => min !== undefined || max !== undefined || (stuck ?? 0) > 0)
    .map((options) => Object.freeze({ ...options }));
  const window: WindowRecipe = {
    by: plan.by,
    size: plan.size,
    hop: plan.hop,
    channels: channels as string[],
    gap: Object.freeze({ ...plan.gap }),
    ...(plan.gapLimit > 0 ? { gapLimit: plan.gapLimit } : {}),
    ...(limits.length > 0 ? { limits: Object.freeze(limits) as typeof limits } : {}),
    ...(plan.gate === undefined ? {} : { gate: Object.freeze({ ...plan.gate }) }),
  };
  return Object.freeze({ version: 1, window: Object.freeze(window) });
}

function check(field: string, value: unknown, holds: boolean, expected: string): void {
  if (!holds) {
    const got = typeof value === "string" ? `"${value}"` : String(value);
    throw new EdgeMlError("EDGE_ML_SETTING", { field, got, expected });
  }
}
