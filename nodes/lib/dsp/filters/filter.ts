import type { SchemaObject } from "ajv";

/** What a filter gets: one channel of a window. */
export interface ChannelShape {
  samples: number;
  /** Hz, when known. */
  rate?: number;
}

/** A filter made ready for one shape and one set of options. */
export interface FilterPlan {
  /** What comes out: a filter may change the number of samples and the rate. */
  output: ChannelShape;
  /**
   * Filters one channel. NaN gives NaN and never an error.
   * @param x as many numbers as the input has samples; may be changed
   * @param y where the output's samples go: as many as `output` has, and not x itself
   */
  apply(x: Float64Array, y: Float64Array): void;
}

/** A self-describing filter: adding one means adding one file and naming it in registry.ts. The fields are a block's. */
export interface Filter<Options = Record<string, unknown>> {
  id: string;
  /** Raised when the numbers change. */
  version: number;
  title: string;
  about: string;
  options: SchemaObject;
  when?: Record<string, Record<string, readonly unknown[]>>;
  cost: string;
  /** @throws EdgeMlError EDGE_ML_SETTING when the options do not fit each other, EDGE_ML_WINDOW when the window does not */
  plan(channel: ChannelShape, options: Options): FilterPlan;
}
