/** Settings of an edge-infer node, checked. */
export interface InferSettings {
  /** The id of an edge-model config node. */
  model: string;
  /** Whose threshold an anomaly score is held against. */
  thresholdFrom: "model" | "own";
  threshold?: number;
  /** A class below this confidence is "uncertain"; 0..1. */
  uncertainBelow: number;
  /** The same for single classes: "spin 0.8, shake 0.6". */
  classThresholds: string;
  /** How many classes a result names, the most probable first; 0 for all. */
  top: number;
  /** Whether the numbers of a classifier go through a softmax; "auto" finds out whether they are logits. */
  softmax: "auto" | "on" | "off";
  /** What a model from elsewhere gives; "auto" is classes when they have names. */
  task: "auto" | "class" | "value" | "anomaly" | "tensors";
  /** Which of several outputs counts; the node's choice when empty. */
  output: string;
  /** Names of classes or values, of a model that does not bring them: "idle, spin, shake". */
  labels: string;
  /** Which scores of an anomaly model from elsewhere are strange. */
  strange: "high" | "low";
  /** How a window lies in an input whose shape fits both ways: [samples, channels] or [channels, samples]. */
  order: "rows" | "columns";
  /** How many versions of an anomaly model have a say, the one in use and those before it; 1: that one alone. */
  agree: number;
  /** How many of them must find a frame anomalous; 0 for all. */
  agreeLeast: number;
  /** How many channels a result names at most as the cause. */
  contributions: number;
  /** Frames that may wait for the model. */
  queueLimit: number;
  /** What gives way when they are more. */
  queuePolicy: "oldest" | "refuse";
  /** Who computes: this machine, or a server of the Open Inference Protocol v2. */
  runs: "here" | "server";
  serverUrl: string;
  /** What the server calls the model. */
  serverModel: string;
  /** The server's choice when empty. */
  serverVersion: string;
  /** Seconds. */
  serverTimeout: number;
  /** Run the model here while the server does not answer. */
  serverFallback: boolean;
  /** Whether the layer in front of the network's classes goes on as a frame, from the third output. */
  embedding: boolean;
  /** Seconds between two statistics messages; 0 for none but those that are asked for. */
  statisticsEvery: number;
  /** Whether a message may change which version of the model is in use. */
  messagesChangeModel: boolean;
}

export const MAX_TOP = 1000;
/** As many as Netdata keeps. */
export const MAX_AGREE = 18;
export const MAX_QUEUE = 10_000;
/** A day. */
export const MAX_SECONDS = 86_400;

export const defaults: InferSettings = {
  model: "",
  thresholdFrom: "model",
  uncertainBelow: 0,
  classThresholds: "",
  top: 0,
  softmax: "auto",
  task: "auto",
  output: "",
  labels: "",
  strange: "high",
  order: "rows",
  agree: 1,
  agreeLeast: 0,
  contributions: 5,
  queueLimit: 100,
  queuePolicy: "oldest",
  runs: "here",
  serverUrl: "",
  serverModel: "",
  serverVersion: "",
  serverTimeout: 2,
  serverFallback: true,
  embedding: false,
  statisticsEvery: 0,
  messagesChangeModel: false,
};

/** Seconds: longer than a minute nobody waits for a frame. */
export const SERVER_TIMEOUT = { min: 0.05, max: 60 };

/** JSON schema of the settings. */
export const schema = {
  type: "object",
  properties: {
    // Looked up by the node, which knows when it needs one.
    model: { type: "string", default: defaults.model },
    thresholdFrom: { enum: ["model", "own"], default: defaults.thresholdFrom },
    // Checked below, only when it counts: a hidden field is never wrong.
    threshold: {},
    uncertainBelow: { type: "number", minimum: 0, maximum: 1, default: defaults.uncertainBelow },
    classThresholds: { type: "string", maxLength: 100_000, default: defaults.classThresholds },
    top: { type: "integer", minimum: 0, maximum: MAX_TOP, default: defaults.top },
    softmax: { enum: ["auto", "on", "off"], default: defaults.softmax },
    task: { enum: ["auto", "class", "value", "anomaly", "tensors"], default: defaults.task },
    output: { type: "string", default: defaults.output },
    labels: { type: "string", maxLength: 100_000, default: defaults.labels },
    strange: { enum: ["high", "low"], default: defaults.strange },
    order: { enum: ["rows", "columns"], default: defaults.order },
    agree: { type: "integer", minimum: 1, maximum: MAX_AGREE, default: defaults.agree },
    agreeLeast: { type: "integer", minimum: 0, maximum: MAX_AGREE, default: defaults.agreeLeast },
    contributions: { type: "integer", minimum: 0, maximum: 5, default: defaults.contributions },
    queueLimit: { type: "integer", minimum: 1, maximum: MAX_QUEUE, default: defaults.queueLimit },
    queuePolicy: { enum: ["oldest", "refuse"], default: defaults.queuePolicy },
    runs: { enum: ["here", "server"], default: defaults.runs },
    // The node reads the address, and only when it counts.
    serverUrl: { type: "string", default: defaults.serverUrl },
    serverModel: { type: "string", default: defaults.serverModel },
    serverVersion: { type: "string", default: defaults.serverVersion },
    serverTimeout: { default: defaults.serverTimeout },
    serverFallback: { type: "boolean", default: defaults.serverFallback },
    embedding: { type: "boolean", default: defaults.embedding },
    statisticsEvery: { type: "number", minimum: 0, maximum: MAX_SECONDS, default: defaults.statisticsEvery },
    messagesChangeModel: { type: "boolean", default: defaults.messagesChangeModel },
  },
  allOf: [
    {
      if: { required: ["thresholdFrom"], properties: { thresholdFrom: { const: "own" } } },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON schema
      then: { required: ["threshold"], properties: { threshold: { type: "number" } } },
    },
    {
      if: { required: ["runs"], properties: { runs: { const: "server" } } },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON schema
      then: {
        required: ["serverModel"],
        properties: {
          serverModel: { type: "string", pattern: "\\S" },
          serverTimeout: { type: "number", minimum: SERVER_TIMEOUT.min, maximum: SERVER_TIMEOUT.max },
        },
      },
    },
  ],
};
