import type { SchemaObject } from "ajv";
import { describe, EdgeMlError } from "../errors/index.js";
import {
  type Alert,
  type AnomalyResult,
  type ClassResult,
  compile,
  MAX_NAME_LENGTH,
  schemas,
  streamOf,
  type Task,
  type UnscoredResult,
  type ValueResult,
} from "../frame/index.js";

/** What can be evaluated. */
export type EvaluatedTask = Exclude<Task, "tensors">;

/** What a message brings to an evaluation. */
export type Evaluated = EvaluatedResult | EvaluatedAlert;

export interface EvaluatedResult {
  type: "result";
  stream: string;
  /** ms since 1970: the end of the frame, else the arrival. */
  time: number;
  label?: string;
  kind: EvaluatedTask;
  /** Missing when the frame was not scored. */
  result?: AnomalyResult | ClassResult | ValueResult;
}

export interface EvaluatedAlert {
  type: "alert";
  alert: Alert;
}

const branches = schemas.result.anyOf as SchemaObject[];
const reader = <T>(schema: SchemaObject) => compile<T>(schema, "EDGE_ML_PAYLOAD", "msg.payload");
const unscored = reader<UnscoredResult>(branches[0]!);
const readers = {
  anomaly: reader<AnomalyResult>(branches[1]!),
  class: reader<ClassResult>(branches[2]!),
  value: reader<ValueResult>(branches[3]!),
};
const alertOf = reader<Alert>(schemas.alert as SchemaObject);

/**
 * Reads a result with its label, or an alert.
 * @param now ms since 1970, the arrival: the time of a result that has no frame
 * @throws EdgeMlError EDGE_ML_PAYLOAD naming the field
 */
export function readEvaluated(
  msg: { payload?: unknown; frame?: unknown; label?: unknown; topic?: unknown },
  now: number,
): Evaluated {
  try {
    return read(msg, now);
  } catch (error) {
    throw EdgeMlError.reading(error, "EDGE_ML_PAYLOAD", "the result");
  }
}

function read({ payload, frame, label, topic }: Parameters<typeof readEvaluated>[0], now: number): Evaluated {
  if (typeof payload !== "object" || payload === null) throw wrong("msg.payload", payload, "a result or an alert");
  const { kind, score, state } = payload as { kind?: unknown; score?: unknown; state?: unknown };
  if (kind === undefined && state !== undefined) return { type: "alert", alert: readAlert(payload) };
  if (kind !== "anomaly" && kind !== "class" && kind !== "value") {
    throw wrong("msg.payload.kind", kind, '"anomaly", "class" or "value"');
  }
  const info = frameOf(frame);
  const evaluated: EvaluatedResult = {
    type: "result",
    stream: streamOf(topic ?? info.stream),
    time: info.end ?? now,
    kind,
  };
  const truth = labelOf(info.label, "msg.frame.label") ?? labelOf(label, "msg.label");
  if (truth !== undefined) evaluated.label = truth;
  if (score === null) unscored(payload);
  else evaluated.result = readers[kind](payload);
  return evaluated;
}

function readAlert(payload: object): Alert {
  const alert = alertOf(payload);
  timeOf(alert.since, "msg.payload.since");
  if (alert.until !== undefined) timeOf(alert.until, "msg.payload.until");
  // What is kept for long is kept short.
  return { ...alert, id: alert.id.slice(0, 2 * MAX_NAME_LENGTH), stream: streamOf(alert.stream) };
}

function frameOf(frame: unknown): { end?: number; stream?: unknown; label?: unknown } {
  if (frame === undefined || frame === null) return {};
  if (typeof frame !== "object") throw wrong("msg.frame", frame, "the description of a frame");
  const { end, stream, label } = frame as { end?: unknown; stream?: unknown; label?: unknown };
  return end === undefined ? { stream, label } : { stream, label, end: timeOf(end, "msg.frame.end") };
}

/** Beyond what a Date can hold, no calendar arithmetic works. */
function timeOf(value: unknown, field: string): number {
  if (typeof value === "number" && Math.abs(value) <= 8.64e15) return value;
  throw wrong(field, value, "a time in milliseconds since 1970");
}

function labelOf(label: unknown, field: string): string | undefined {
  if (label === undefined || label === null || label === "") return undefined;
  if (typeof label === "string") return label.slice(0, MAX_NAME_LENGTH);
  if (typeof label === "number" || typeof label === "boolean") return String(label);
  throw wrong(field, label, "a text");
}

function wrong(field: string, got: unknown, expected: string): EdgeMlError {
  return new EdgeMlError("EDGE_ML_PAYLOAD", { field, got: describe(got), expected });
}
