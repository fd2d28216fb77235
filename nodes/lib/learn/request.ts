import type { Manifest } from "../model/index.js";
import type { Recipe } from "../recipe/index.js";

/** Everything that training needs, as plain data: it crosses to a worker thread. */
export interface TrainingRequest {
  /** The model's name. */
  model: string;
  method: string;
  options: Record<string, unknown>;
  /** The share of the frames, 0..1, that is held out. */
  holdOut: number;
  falseAlarmsPerDay: number;
  names: string[];
  channels: (string | null)[];
  recipe: Recipe;
  frames: FrameBatch;
  seed: number;
  madeBy: { name: string; version: string };
}

/** Frames in the order in which they came. */
export interface FrameBatch {
  rows: number;
  columns: number;
  /** Row-major [rows, columns]. */
  data: Float32Array;
  /** ms since 1970, [rows] */
  start: Float64Array;
  end: Float64Array;
  /** Index into `streams`, [rows] */
  stream: Int32Array;
  streams: string[];
  /** One frame in `stride` of each stream was kept. */
  stride: number;
}

/** A model that has no version yet. */
export interface TrainingOutcome {
  /** The bundle, with the version UNSAVED. */
  bytes: Uint8Array;
  manifest: Manifest;
}

/** The version in the manifest until the store gives it one. */
export const UNSAVED = "0";

/** A manifest lists this many streams. */
export const MAX_STREAMS_LISTED = 100;
