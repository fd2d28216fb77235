import type { SchemaObject } from "ajv";

const quality: SchemaObject = {
  type: "object",
  required: ["ok", "reasons", "missing", "filled"],
  properties: {
    ok: { type: "boolean" },
    reasons: { type: "array", items: { type: "string" } },
    missing: { type: "integer", minimum: 0 },
    filled: { type: "integer", minimum: 0 },
  },
};

const frame: SchemaObject = {
  type: "object",
  required: ["kind", "shape", "names", "stream", "seq", "start", "end", "quality", "recipe"],
  properties: {
    kind: { enum: ["window", "features"] },
    shape: { type: "array", minItems: 1, maxItems: 4, items: { type: "integer", minimum: 1 } },
    names: { type: "array", items: { type: "string" } },
    rate: { type: "number", exclusiveMinimum: 0 },
    stream: { type: "string" },
    seq: { type: "integer", minimum: 0 },
    start: { type: "number" },
    end: { type: "number" },
    position: { type: "number" },
    label: { type: "string" },
    quality,
    recipe: { type: "object", required: ["version"], properties: { version: { const: 1 } } },
  },
};

const task: SchemaObject = { enum: ["anomaly", "class", "value", "tensors"] };

const result: SchemaObject = {
  type: "object",
  required: ["kind"],
  anyOf: [
    {
      type: "object",
      required: ["kind", "score", "quality"],
      properties: { kind: task, score: { type: "null" }, quality },
    },
    {
      type: "object",
      required: ["kind", "score", "threshold", "anomalous"],
      properties: {
        kind: { const: "anomaly" },
        score: { type: "number" },
        threshold: { type: "number" },
        anomalous: { type: "boolean" },
        contributions: {
          type: "array",
          items: {
            type: "object",
            required: ["channel", "share"],
            properties: {
              channel: { type: "string" },
              share: { type: "number", minimum: 0, maximum: 1.000001 },
              feature: { type: "string" },
            },
          },
        },
        agreement: {
          type: "object",
          required: ["agree", "of"],
          properties: { agree: { type: "integer", minimum: 0 }, of: { type: "integer", minimum: 1 } },
        },
      },
    },
    {
      type: "object",
      required: ["kind", "label", "confidence", "scores"],
      properties: {
        kind: { const: "class" },
        label: { type: "string" },
        confidence: { type: "number" },
        scores: {
          type: "array",
          items: {
            type: "object",
            required: ["label", "score"],
            properties: { label: { type: "string" }, score: { type: "number" }, threshold: { type: "number" } },
          },
        },
        triggers: {
          type: "object",
          required: ["smoothing", "hop"],
          properties: { smoothing: { type: "integer", minimum: 1 }, hop: { type: "number", exclusiveMinimum: 0 } },
        },
      },
    },
    {
      type: "object",
      required: ["kind", "values"],
      properties: {
        kind: { const: "value" },
        values: {
          type: "array",
          items: {
            type: "object",
            required: ["name", "value"],
            properties: { name: { type: "string" }, value: { type: "number" } },
          },
        },
      },
    },
    {
      type: "object",
      required: ["kind", "tensors"],
      properties: {
        kind: { const: "tensors" },
        tensors: {
          type: "array",
          items: {
            type: "object",
            required: ["name", "shape", "data"],
            properties: {
              name: { type: "string" },
              shape: { type: "array", items: { type: "integer", minimum: 0 } },
              data: { type: "array", items: { type: ["number", "string"] } },
            },
          },
        },
      },
    },
  ],
};

const alert: SchemaObject = {
  type: "object",
  required: ["id", "state", "severity", "stream", "since", "text"],
  properties: {
    id: { type: "string", minLength: 1 },
    state: { enum: ["raised", "cleared"] },
    severity: { enum: ["info", "warning", "critical"] },
    stream: { type: "string" },
    label: { type: "string" },
    score: { type: "number" },
    threshold: { type: "number" },
    since: { type: "number" },
    until: { type: "number" },
    certain: { type: "boolean" },
    text: { type: "string", minLength: 1 },
  },
};

/** The JSON schema of everything that passes between nodes; the TypeScript types stand beside it in this folder. */
export const schemas = { quality, frame, result, alert } as const;
