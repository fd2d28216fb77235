import type { SchemaObject } from "ajv";
import { EdgeMlError } from "../../errors/index.js";

/** The window that a block is planned for: fixed, so that everything that can be computed once is. */
export interface WindowShape {
  samples: number;
  channels: readonly string[];
  /** Hz, when known. */
  rate?: number;
}

/** Where a window lies in its stream: the part of a frame's description that changes from window to window. */
export interface WindowMoment {
  /** ms since 1970, of the first sample. */
  start: number;
  /** ms since 1970, of the last sample. */
  end: number;
  /** The number of the first sample in its stream: see FrameInfo. */
  position?: number;
}

/** A block made ready for one window shape and one set of options. */
export interface BlockPlan<Memory = unknown> {
  /** The output's shape: [features], or [frames, bins] for a block of one channel whose output is a picture. */
  shape: readonly number[];
  /** One name for each feature, unique in the block: `<channel> <feature>`. */
  names: readonly string[];
  /** The channel that each feature comes from, or undefined when it comes from several. Same length as `names`. */
  channels: readonly (string | undefined)[];
  /** The unit of each feature: "x" is the channel's own unit, "" has none. Same length as `names`. */
  units: readonly string[];
  /** With a shape of [frames, bins]: the names of the bins, and how many frames there are in a second. */
  axis?: { names: readonly string[]; rate: number };
  /**
   * Computes the features of a window.
   * @param window row-major [samples, channels]; may hold NaN, which gives NaN and never an error
   * @param out where the features go, from `offset`; nothing is allocated
   * @param memory of the window's stream, from `remember`; without it the window stands by itself
   */
  compute(window: Float32Array, out: Float32Array, offset: number, moment: WindowMoment, memory?: Memory): void;
}

/** What a block looks at: the dialog lists the blocks under these headings, in this order. */
export const BLOCK_GROUPS = ["statistics", "time", "frequency", "vibration", "audio", "calendar"] as const;
export type BlockGroup = (typeof BLOCK_GROUPS)[number];

/** A self-describing feature block: adding one means adding one file and naming it in registry.ts. */
export interface Block<Options = Record<string, unknown>, Memory = unknown> {
  id: string;
  /** Raised when the numbers change: a model made with another version is refused. */
  version: number;
  title: string;
  group: BlockGroup;
  /** What it is good for, in one short sentence. */
  about: string;
  /**
   * JSON schema of the options: each with a default, a `title` (the dialog's label, with the unit) and, where the label
   * does not say it all, a `description`. A choice is an `enum` of texts that can be read.
   */
  options: SchemaObject;
  /** Options that matter only while others have certain values: { cutoff: { filter: ["low", "high"] } }. */
  when?: Record<string, Record<string, readonly unknown[]>>;
  /**
   * Options that came after models were made with the block: while at their default they are left out of the recipe, so
   * that it stays the recipe of those models. `plan` gets them as undefined then.
   */
  later?: readonly string[];
  /** Operations per window, for people: "O(samples)". */
  cost: string;
  /** @throws EdgeMlError EDGE_ML_SETTING when the options do not fit each other, EDGE_ML_WINDOW when the window does not */
  plan(window: WindowShape, options: Options): BlockPlan<Memory>;
  /**
   * What is remembered of a stream from one window to the next, when the stream is new; for a block whose output depends
   * on the windows before, or is found faster from them. Undefined when the options do not ask for it.
   */
  remember?(options: Options): Memory | undefined;
}

/**
 * The rate of a window, for a block or a filter that cannot do without.
 * @returns Hz
 * @throws EdgeMlError EDGE_ML_WINDOW
 */
export function rateOf({ rate }: Pick<WindowShape, "rate">, title: string): number {
  if (rate !== undefined && rate > 0 && Number.isFinite(rate)) return rate;
  throw new EdgeMlError("EDGE_ML_WINDOW", {
    block: title,
    got: "no sample rate",
    expected: "a sample rate in Hz",
  });
}

/** @throws EdgeMlError EDGE_ML_WINDOW when the window has fewer samples than the block or filter needs */
export function needSamples({ samples }: Pick<WindowShape, "samples">, least: number, title: string): void {
  if (samples >= least) return;
  throw new EdgeMlError("EDGE_ML_WINDOW", {
    block: title,
    got: `${samples} samples`,
    expected: `at least ${least} samples`,
  });
}

/** The most features of a window: each has a name, which takes many times the room of its number. */
const MAX_FEATURES = 262_144;

/** @throws EdgeMlError EDGE_ML_WINDOW when there are too many features, before their names are made */
export function limitFeatures(count: number, title: string): void {
  if (count <= MAX_FEATURES) return;
  throw new EdgeMlError("EDGE_ML_WINDOW", {
    block: title,
    got: `samples and channels for ${count} features`,
    expected: `a window of at most ${MAX_FEATURES} features`,
  });
}
