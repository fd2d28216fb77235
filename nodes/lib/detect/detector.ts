import type { SchemaObject } from "ajv";
import type { Packer, Unpacker } from "./packing.js";

/**
 * A detector that needs no training: it says how strange a reading is, by those before it, and learns from it. It
 * describes itself: the dialog, its help and the reference page are made of this.
 */
export interface Detector<Options = Record<string, unknown>> {
  id: string;
  title: string;
  /** One sentence: what it is good for. */
  about: string;
  /** Of one reading of one channel, by its options. */
  cost: string;
  /** JSON schema; each option has a title, a default and a range. */
  options: SchemaObject;
  /** Option → other option → the values with which it matters. */
  when?: Record<string, Record<string, readonly unknown[]>>;
  /** Looks at all channels of a stream at once; others look at each by itself. */
  joint?: true;
  /** Readings that it learns from before its first score; undefined when that depends on their times. */
  warmUp(options: Options): number | undefined;
  /** Readings after an interruption that are learned from and not scored. */
  afterGap(options: Options): number;
  /**
   * What is remembered of one channel; of a joint detector, of one stream.
   * @throws EdgeMlError EDGE_ML_SETTING
   */
  create(options: Options, channels: number): Memory;
}

/** What a detector remembers: bounded, however long it runs. */
export interface Memory {
  /**
   * How strange the reading is, by those before it; then learns from it.
   * @param values finite, at most 1e100 in size; a joint detector gets one for each channel, others get one
   * @param time ms since 1970
   * @returns 0 or more, larger is stranger, typically about 1; undefined while it knows too little
   */
  update(values: Float64Array, time: number): number | undefined;
  /** Told after each score whether the reading was anomalous. */
  settle?(anomalous: boolean): void;
  /** Readings are missing before the next one. */
  interrupt?(): void;
  /** How much each channel adds to the last score, adding up to 1; of joint detectors. */
  shares?(): Float64Array;
  pack(packer: Packer): void;
  /** @throws EdgeMlError EDGE_ML_STATE */
  unpack(unpacker: Unpacker): void;
}

/** A spread that is never 0: a change beyond the rounding of a constant value is a large one, not an infinite one. */
export function leastSpread(level: number): number {
  return 1e-6 * Math.abs(level) + 1e-12;
}
