import type { FlowNode } from "../../../lib/embedded-node-red.ts";
import type { Trigger } from "../match.ts";

/** What one Node-RED is to hear. */
export interface Job {
  flow: FlowNode[];
  /** The bundle's file. */
  model: string;
  /** Whose scores are kept. */
  labels: string[];
  /** Hz */
  rate: number;
  /** Files of 16-bit PCM; each is a stream of its own. */
  tracks: { name: string; file: string; samples: number }[];
}

/** What the flow made of one track. */
export interface TrackOutcome {
  name: string;
  /** Windows that went to the network. */
  windows: number;
  /** What edge-alert raised. */
  triggers: Trigger[];
  /** It took so long. */
  seconds: number;
}

export interface Outcome {
  tracks: TrackOutcome[];
  nodeRed: string;
  node: string;
}
