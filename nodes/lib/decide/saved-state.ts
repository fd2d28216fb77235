import type { SchemaObject } from "ajv";
import { compile } from "../frame/index.js";
import type { RaisedAlert } from "./alert-event.js";

/** What outlives a restart: the alerts that are raised, and the refractory times that run. Plain JSON. */
export interface SavedAlerts {
  format: 1;
  /** Alerts raised so far, for their identities. */
  sequence: number;
  streams: SavedStream[];
}

export interface SavedStream {
  stream: string;
  /** The stream's time, to notice when it starts again. */
  time: number;
  condition?: RaisedAlert;
  data?: RaisedAlert;
  refractoryUntil?: number;
}

/** The most streams a file may hold. */
const MAX_STREAMS = 10_000;

const time: SchemaObject = { type: "number", minimum: -8.64e15, maximum: 8.64e15 };

const raised: SchemaObject = {
  type: "object",
  required: ["id", "severity", "since", "acknowledged", "told"],
  properties: {
    id: { type: "string", minLength: 1, maxLength: 256 },
    severity: { enum: ["info", "warning", "critical"] },
    since: time,
    label: { type: "string", maxLength: 256 },
    acknowledged: { type: "boolean" },
    told: { type: "number" },
  },
};

const schema: SchemaObject = {
  type: "object",
  required: ["format", "sequence", "streams"],
  properties: {
    format: { const: 1 },
    sequence: { type: "integer", minimum: 0 },
    streams: {
      type: "array",
      maxItems: MAX_STREAMS,
      items: {
        type: "object",
        required: ["stream", "time"],
        properties: {
          stream: { type: "string", maxLength: 256 },
          time,
          condition: raised,
          data: raised,
          refractoryUntil: { type: "number" },
        },
      },
    },
  },
};

/** Checks a saved state. @throws EdgeMlError EDGE_ML_STATE naming the field */
export const readSavedAlerts: (value: unknown) => SavedAlerts = compile<SavedAlerts>(schema, "EDGE_ML_STATE", "state");
