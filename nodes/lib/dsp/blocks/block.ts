import type { SchemaObject } from "ajv";

/** The window that a block is planned for: fixed, so that everything that can be computed once is. */
export interface WindowShape {
  samples: number;
  channels: readonly string[];
  /** Hz, when known. */
  rate?: number;
}

/** A block made ready for one window shape and one set of options. */
export interface BlockPlan {
  /** The output's shape: [features], or [frames, bins]. */
  shape: readonly number[];
  /** One name for each feature, unique in the block: `<channel> <feature>`. */
  names: readonly string[];
  /** The channel that each feature comes from, or undefined when it comes from several. Same length as `names`. */
  channels: readonly (string | undefined)[];
  /** The unit of each feature: "x" is the channel's own unit, "" has none. Same length as `names`. */
  units: readonly string[];
  /**
   * Computes the features of a window.
   * @param window row-major [samples, channels]
   * @param out where the features go, from `offset`; nothing is allocated
   */
  compute(window: Float32Array, out: Float32Array, offset: number): void;
}

/** A self-describing feature block: adding one means adding one file and naming it in registry.ts. */
export interface Block<Options = Record<string, unknown>> {
  id: string;
  /** Raised when the numbers change: a model made with another version is refused. */
  version: number;
  title: string;
  /** JSON schema of the options, with a default for each. */
  options: SchemaObject;
  /** Operations per window, for people: "O(samples)". */
  cost: string;
  /** @throws EdgeMlError EDGE_ML_SETTING when the options do not fit the window */
  plan(window: WindowShape, options: Options): BlockPlan;
}
