/** Settings of an edge-simulator node, checked. */
export interface SimulatorSettings {
  machine: string;
  /** s of simulated time between two readings. */
  interval: number;
  /** Simulated time per real time. */
  speed: number;
  seed: number;
  begin: "now" | "date";
  /** The local time at which it begins, when `begin` is "date": "2026-01-12T00:00". */
  date: string;
  /** Empty: the machine's name. */
  topic: string;
  /** Hours of the day. */
  occupiedFrom: number;
  occupiedTo: number;
  /** 0 = Sunday … 6 = Saturday */
  workingDays: number[];
  /** It runs as soon as it is deployed. */
  autostart: boolean;
  /** What the button injects. */
  fault: string;
  /** 0..1 */
  intensity: number;
  /** msg.label says "normal" or the fault's name. */
  labels: boolean;
}

export const MACHINES = ["air-handling-unit"];

export const FAULTS = [
  "damper-stuck",
  "cooling-valve-leaking",
  "cooling-valve-stuck",
  "heating-valve-leaking",
  "heating-valve-stuck",
  "sensor-drift",
  "sensor-flat-lined",
  "filter-clogged",
  "fan-failed",
  "missing-values",
];

/** The machine scans its sensors this often; a shorter interval would only repeat values. */
export const MIN_INTERVAL = 10;
export const MAX_INTERVAL = 86_400;
export const MIN_SPEED = 0.1;
export const MAX_SPEED = 100_000;

export const defaults: SimulatorSettings = {
  machine: "air-handling-unit",
  interval: 60,
  speed: 1,
  seed: 1,
  begin: "now",
  date: "2026-01-12T00:00",
  topic: "",
  occupiedFrom: 7,
  occupiedTo: 18,
  workingDays: [1, 2, 3, 4, 5],
  autostart: true,
  fault: "damper-stuck",
  intensity: 0.7,
  labels: true,
};

/** JSON schema of the settings. */
export const schema = {
  type: "object",
  properties: {
    machine: { type: "string", enum: MACHINES, default: defaults.machine },
    interval: { type: "number", minimum: MIN_INTERVAL, maximum: MAX_INTERVAL, default: defaults.interval },
    speed: { type: "number", minimum: MIN_SPEED, maximum: MAX_SPEED, default: defaults.speed },
    seed: {
      type: "integer",
      minimum: Number.MIN_SAFE_INTEGER,
      maximum: Number.MAX_SAFE_INTEGER,
      default: defaults.seed,
    },
    begin: { type: "string", enum: ["now", "date"], default: defaults.begin },
    date: { type: "string", default: defaults.date },
    topic: { type: "string", maxLength: 128, default: defaults.topic },
    occupiedFrom: { type: "number", minimum: 0, maximum: 24, default: defaults.occupiedFrom },
    occupiedTo: { type: "number", minimum: 0, maximum: 24, default: defaults.occupiedTo },
    workingDays: {
      type: "array",
      maxItems: 7,
      items: { type: "integer", minimum: 0, maximum: 6 },
      default: defaults.workingDays,
    },
    autostart: { type: "boolean", default: defaults.autostart },
    fault: { type: "string", enum: FAULTS, default: defaults.fault },
    intensity: { type: "number", minimum: 0, maximum: 1, default: defaults.intensity },
    labels: { type: "boolean", default: defaults.labels },
  },
};
