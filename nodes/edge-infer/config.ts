/** Settings of an edge-infer node, checked. */
export interface InferSettings {
  /** The id of an edge-model config node. */
  model: string;
  /** Whose threshold an anomaly score is held against. */
  thresholdFrom: "model" | "own";
  threshold?: number;
  /** A class below this confidence is "uncertain"; 0..1. */
  uncertainBelow: number;
  /** How many channels a result names at most as the cause. */
  contributions: number;
  /** Frames that may wait for the model. */
  queueLimit: number;
  /** What gives way when they are more. */
  queuePolicy: "oldest" | "refuse";
  /** Seconds between two statistics messages; 0 for none but those that are asked for. */
  statisticsEvery: number;
  /** Whether a message may change which version of the model is in use. */
  messagesChangeModel: boolean;
}

export const MAX_QUEUE = 10_000;
/** A day. */
export const MAX_SECONDS = 86_400;

export const defaults: InferSettings = {
  model: "",
  thresholdFrom: "model",
  uncertainBelow: 0,
  contributions: 5,
  queueLimit: 100,
  queuePolicy: "oldest",
  statisticsEvery: 0,
  messagesChangeModel: false,
};

/** JSON schema of the settings. */
export const schema = {
  type: "object",
  required: ["model"],
  properties: {
    model: { type: "string", minLength: 1, default: defaults.model },
    thresholdFrom: { enum: ["model", "own"], default: defaults.thresholdFrom },
    // Checked below, only when it counts: a hidden field is never wrong.
    threshold: {},
    uncertainBelow: { type: "number", minimum: 0, maximum: 1, default: defaults.uncertainBelow },
    contributions: { type: "integer", minimum: 0, maximum: 5, default: defaults.contributions },
    queueLimit: { type: "integer", minimum: 1, maximum: MAX_QUEUE, default: defaults.queueLimit },
    queuePolicy: { enum: ["oldest", "refuse"], default: defaults.queuePolicy },
    statisticsEvery: { type: "number", minimum: 0, maximum: MAX_SECONDS, default: defaults.statisticsEvery },
    messagesChangeModel: { type: "boolean", default: defaults.messagesChangeModel },
  },
  if: { required: ["thresholdFrom"], properties: { thresholdFrom: { const: "own" } } },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON schema
  then: { required: ["threshold"], properties: { threshold: { type: "number" } } },
};
