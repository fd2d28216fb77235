import type { FrameInfo } from "./frame.js";
import type { Quality } from "./quality.js";

/** What pushed an anomaly score up, largest first. */
export interface Contribution {
  /** The channel's name, as it came from the sensor. */
  channel: string;
  /** Of the whole score, 0..1; all shares of one result add up to 1 at most. */
  share: number;
  /** The channel's feature that weighs most in it, for example "standard deviation". */
  feature?: string;
}

/** What a model or detector says of one frame. `score` is null when the frame's quality was not ok. */
export type Result = AnomalyResult | ClassResult | ValueResult | TensorsResult | UnscoredResult;

export interface AnomalyResult {
  kind: "anomaly";
  score: number;
  threshold: number;
  anomalous: boolean;
  contributions?: Contribution[];
  /** Of several versions of a model that were asked: how many found it anomalous. */
  agreement?: { agree: number; of: number };
}

export interface ClassResult {
  kind: "class";
  /** May be "uncertain". */
  label: string;
  /** 0..1 */
  confidence: number;
  /** By label; a list, since a label may be any text. */
  scores: ClassScore[];
  /** Of a model of events: its thresholds are for the mean of so many scores, so many ms apart. */
  triggers?: { smoothing: number; hop: number };
}

export interface ClassScore {
  label: string;
  /** 0..1 */
  score: number;
  /** What the model holds the smoothed score of an event against, when it says so. */
  threshold?: number;
}

export interface ValueResult {
  kind: "value";
  values: { name: string; value: number }[];
}

export interface TensorsResult {
  kind: "tensors";
  tensors: { name: string; shape: number[]; data: (number | string)[] }[];
}

/** A frame that could not be scored, and why. */
export interface UnscoredResult {
  kind: Task;
  score: null;
  quality: Quality;
}

export type Task = "anomaly" | "class" | "value" | "tensors";

export interface ModelReference {
  name: string;
  version: string;
  /** Of the file's bytes, in hexadecimal; missing when only a model server has the file. */
  sha256?: string;
  /** The address of the model server that computed the result; missing when it was computed here. */
  server?: string;
}

/** The message that carries a result. */
export interface ResultMessage {
  payload: Result;
  model?: ModelReference;
  /** The frame that the result is of, without its data. */
  frame: FrameInfo;
  topic?: string;
}
