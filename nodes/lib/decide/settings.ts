import type { Severity } from "../frame/index.js";

/** When a result counts towards an alert. */
export type Condition =
  /** An anomaly score above the threshold of the model, times a factor. */
  | { by: "model"; factor: number }
  /** An anomaly score above a threshold of one's own. */
  | { by: "score"; threshold: number }
  /** A class out of `labels`, at least this sure (0..1), where it is the most probable one. */
  | { by: "class"; labels: readonly string[]; confidence: number }
  | KeywordCondition
  /** A value of this name ("" = the first) beyond a limit. */
  | { by: "value"; name: string; is: "above" | "below"; limit: number };

/**
 * The smoothed score of a class at or above its threshold, whichever class is the most probable one: spoken words and
 * other events in a stream. A threshold is the label's own in `thresholds`, else `threshold`, else the model's.
 */
export interface KeywordCondition {
  by: "keyword";
  /** Empty: those that the model has a threshold for, and those in `thresholds`. */
  labels: ReadonlySet<string>;
  thresholds: ReadonlyMap<string, number>;
  /** One for all. */
  threshold?: number;
  /** A score that came to its threshold times this (0..1) and not further is told as uncertain; 0 = never. */
  uncertainRatio: number;
  /** Whether it is told when an alert is over. */
  tellOver: boolean;
}

/** How results become alerts; times in ms of stream time. */
export interface DecideSettings {
  condition: Condition;
  /** "model", of keywords: the mean over what the model says, and over `size` when it says nothing. */
  smoothing: { method: "none" | "mean" | "median" | "ewma" | "model"; size: number };
  /** Raised when `needed` of the last `among` scored results are beyond the limit … */
  needed: number;
  among: number;
  /** … and this has held for so long. */
  raiseAfter: number;
  /** Hysteresis: over when fewer than `needed` of `among` are beyond the limit times this (0..1) … */
  clearRatio: number;
  /** … and this has held for so long. */
  clearAfter: number;
  /** So long after clearing no new alert is raised. */
  refractory: number;
  /** One severity for all, or by how far the score is beyond the limit. */
  severity: Severity | "score";
  /** With severity "score": critical beyond the limit times this. */
  criticalFactor: number;
  /** A stream that gives only unscored results for so long is an alert of its own; 0 = never. */
  noDataAfter: number;
  /** A raised alert that nobody acknowledged is sent again after so long; 0 = never. */
  remindEvery: number;
  /** The most streams whose state is kept. */
  streams: number;
}
