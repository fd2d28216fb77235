import type { SchemaObject } from "ajv";
import { compile } from "../frame/index.js";

/** What outlives a restart: what the detector remembers of each stream. Plain JSON. */
export interface SavedDetection {
  format: 1;
  /** What the numbers belong to: with other settings they mean nothing. */
  detector: string;
  options: Record<string, unknown>;
  streams: SavedStream[];
}

export interface SavedStream {
  stream: string;
  channels: string[];
  /** Base64 of float64. */
  numbers: string;
}

/** The most characters of numbers in a file; the streams that were silent longest are left out. */
export const MAX_SAVED = 8 * 1024 * 1024;
const MAX_STREAMS = 10_000;

const schema: SchemaObject = {
  type: "object",
  required: ["format", "detector", "options", "streams"],
  properties: {
    format: { const: 1 },
    detector: { type: "string" },
    options: { type: "object" },
    streams: {
      type: "array",
      maxItems: MAX_STREAMS,
      items: {
        type: "object",
        required: ["stream", "channels", "numbers"],
        properties: {
          stream: { type: "string", maxLength: 256 },
          channels: { type: "array", minItems: 1, maxItems: 512, items: { type: "string" } },
          numbers: { type: "string", maxLength: MAX_SAVED },
        },
      },
    },
  },
};

/** Checks a saved state. @throws EdgeMlError EDGE_ML_STATE naming the field */
export const readSavedDetection: (value: unknown) => SavedDetection = compile<SavedDetection>(
  schema,
  "EDGE_ML_STATE",
  "state",
);
