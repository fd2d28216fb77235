import type { FlowNode } from "../../lib/embedded-node-red.ts";

/** One model: what it learns from, and what it is tested on. */
export interface Round {
  name: string;
  /** Files in the job's folder. */
  train: string;
  test: string;
}

/**
 * What one Node-RED is to do: for each round, play the training file, let edge-learn train, wait until edge-infer has
 * the model, play the test file.
 */
export interface Job {
  /** See buildFlow: the nodes and collectors have the ids that are told and listened to. */
  flow: FlowNode[];
  folder: string;
  /** One after the other; each forgets what the one before learned. */
  rounds: Round[];
}

/** What the flow said of one frame of a test file. */
export interface Played {
  stream: string;
  /** ms since 1970, of the frame's last sample. */
  time: number;
  /** Its label in the file. */
  truth?: string;
  /** Of an anomaly model. */
  score?: number;
  exceeds?: boolean;
  /** Whether an alert stood, where the flow has edge-alert. */
  alert?: boolean;
  /** Of a class model. */
  label?: string;
  confidence?: number;
}

export interface RoundOutcome {
  name: string;
  /** In the order they came. */
  results: Played[];
  /** Results without a score: the frame's quality was not ok. */
  unscored: number;
  /** What edge-alert said, in its own words. */
  alerts: string[];
  /** Of an anomaly model. */
  threshold?: number;
  /** The learner: with "auto", the one that was chosen. */
  method: string;
  trainingFrames: number;
  /** Seconds from the command to the model. */
  trainingSeconds: number;
  warnings: string[];
  /** Rows of the test file, and the seconds it took to play them through. */
  rows: number;
  seconds: number;
}

export interface Outcome {
  rounds: RoundOutcome[];
  /** Bytes: the most the process used. */
  peakMemory: number;
  nodeRed: string;
  node: string;
}
