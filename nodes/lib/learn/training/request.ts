import type { Manifest } from "../../model/index.js";
import type { Recipe } from "../../recipe/index.js";
import type { LearnTask } from "../learners/index.js";

/** What a frame is held out by: the newest part of the time, or whole streams (persons, machines, sessions). */
export type HoldOutBy = "time" | "stream";

/** What a value model predicts: the number in the frame's label, or a feature of the frame that comes so many later. */
export type ValueSource = { from: "label" } | { from: "feature"; feature: string; ahead: number };

/** What a training may take. */
export interface TrainingLimits {
  seconds: number;
  megabytes: number;
}

/** Everything that training needs, as plain data: it crosses to a worker thread. */
export interface TrainingRequest {
  /** The model's name. */
  model: string;
  task: LearnTask;
  /** A learner's id; "auto": the best of those that the task has. */
  method: string;
  options: Record<string, unknown>;
  /** The share of the frames, 0..1, that is held out. */
  holdOut: number;
  holdOutBy: HoldOutBy;
  /** Parts of a cross-validation over the training part; 0: none. */
  folds: number;
  /** Of an anomaly model. */
  falseAlarmsPerDay: number;
  /**
   * Of an anomaly model: labels of frames that are not normal. Nothing is learned from these, and no threshold is set by
   * them; "auto" takes the candidate that tells them apart best.
   */
  abnormal?: string[];
  /** Of a value model. */
  value?: ValueSource;
  limits: TrainingLimits;
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
  /** Index into `labels`, [rows]; −1 without one. */
  label: Int32Array;
  labels: string[];
  /** One frame in `stride` of each stream was kept; of classes, of the stream and class that had to give up the most. */
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
