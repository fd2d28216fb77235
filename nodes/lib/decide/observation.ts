import type { SchemaObject } from "ajv";
import { describe, EdgeMlError } from "../errors/index.js";
import {
  type AnomalyResult,
  type ClassResult,
  type Contribution,
  compile,
  MAX_NAME_LENGTH,
  schemas,
  streamOf,
  type UnscoredResult,
  type ValueResult,
} from "../frame/index.js";
import { type Keywords, keywordsOf } from "./keywords.js";
import type { Limit } from "./limits.js";
import type { Condition } from "./settings.js";

/** What one result says to the condition of an alert. */
export interface Observation {
  stream: string;
  /** ms since 1970: the end of the frame, else the arrival. */
  time: number;
  signal: Signal | Unscored;
  /** The model's version: scores of two models cannot be averaged. */
  model?: string;
}

export interface Signal {
  scored: true;
  score: number;
  limit: Limit;
  /** What was seen: the class, or the value's name. */
  label?: string;
  contributions?: readonly Contribution[];
  /** Of a condition on keywords; score, limit and label are then those of the nearest to its threshold. */
  keywords?: Keywords;
}

export interface Unscored {
  scored: false;
  reasons: readonly string[];
}

const branches = schemas.result.anyOf as SchemaObject[];
const branch = (index: number) => branches[index]!;
const validUnscored = compile<UnscoredResult>(branch(0), "EDGE_ML_PAYLOAD", "msg.payload");
const validAnomaly = compile<AnomalyResult>(branch(1), "EDGE_ML_PAYLOAD", "msg.payload");
const validClass = compile<ClassResult>(branch(2), "EDGE_ML_PAYLOAD", "msg.payload");
const validValue = compile<ValueResult>(branch(3), "EDGE_ML_PAYLOAD", "msg.payload");

/** The kind of result that a condition is about. */
const KINDS = { model: "anomaly", score: "anomaly", class: "class", keyword: "class", value: "value" } as const;

/**
 * Reads a result message.
 * @param now ms since 1970, the arrival: the time of a result that has no frame
 * @throws EdgeMlError EDGE_ML_PAYLOAD naming the field
 */
export function observe(
  msg: { payload?: unknown; frame?: unknown; model?: unknown; topic?: unknown },
  condition: Condition,
  now: number,
): Observation {
  try {
    return read(msg, condition, now);
  } catch (error) {
    throw EdgeMlError.reading(error, "EDGE_ML_PAYLOAD", "the result");
  }
}

function read(msg: Parameters<typeof observe>[0], condition: Condition, now: number): Observation {
  const frame = frameOf(msg.frame);
  const observation: Observation = {
    stream: streamOf(msg.topic ?? frame.stream),
    time: frame.end ?? now,
    signal: signalOf(msg.payload, condition, msg.frame),
  };
  const model = modelOf(msg.model);
  if (model !== undefined) observation.model = model;
  return observation;
}

function signalOf(payload: unknown, condition: Condition, frame: unknown): Signal | Unscored {
  if (typeof payload !== "object" || payload === null) throw wrong("msg.payload", payload, "a result");
  const { kind, score } = payload as { kind?: unknown; score?: unknown };
  if (score === null) {
    return { scored: false, reasons: validUnscored(payload).quality.reasons };
  }
  const wanted = KINDS[condition.by];
  if (kind !== wanted) throw wrong("msg.payload.kind", kind, `"${wanted}", as this node is set`);
  switch (condition.by) {
    case "model":
    case "score":
      return anomaly(validAnomaly(payload), condition);
    case "class":
      return classified(validClass(payload), condition);
    case "keyword":
      return heard(keywordsOf(validClass(payload), condition, frame));
    case "value":
      return measured(validValue(payload), condition);
  }
}

function anomaly(result: AnomalyResult, condition: Condition & { by: "model" | "score" }): Signal {
  const value = condition.by === "score" ? condition.threshold : result.threshold * condition.factor;
  const signal: Signal = { scored: true, score: result.score, limit: { value, side: "above", inclusive: false } };
  if (result.contributions) signal.contributions = result.contributions;
  return signal;
}

/** Another class, "uncertain" too, counts as not sure at all of the classes that matter. */
function classified(result: ClassResult, condition: Condition & { by: "class" }): Signal {
  const limit: Limit = { value: condition.confidence, side: "above", inclusive: true };
  if (!condition.labels.includes(result.label)) return { scored: true, score: 0, limit };
  return { scored: true, score: result.confidence, limit, label: shorten(result.label) };
}

function heard(keywords: Keywords): Signal {
  let [nearest] = keywords.scores;
  for (const each of keywords.scores) {
    if (each.score - each.threshold > nearest!.score - nearest!.threshold) nearest = each;
  }
  const { label, score, threshold } = nearest!;
  return { scored: true, score, limit: { value: threshold, side: "above", inclusive: true }, label, keywords };
}

function measured(result: ValueResult, condition: Condition & { by: "value" }): Signal {
  const found =
    condition.name === "" ? result.values[0] : result.values.find((candidate) => candidate.name === condition.name);
  if (!found) {
    const names = result.values.slice(0, 8).map(({ name }) => shorten(name));
    throw wrong("msg.payload.values", names.join(", ") || "empty", `with a value named "${condition.name}"`, true);
  }
  const limit: Limit = { value: condition.limit, side: condition.is, inclusive: false };
  return { scored: true, score: found.value, limit, label: shorten(found.name) };
}

function frameOf(frame: unknown): { end?: number; stream?: unknown } {
  if (frame === undefined || frame === null) return {};
  if (typeof frame !== "object") throw wrong("msg.frame", frame, "the description of a frame");
  const { end, stream } = frame as { end?: unknown; stream?: unknown };
  if (end === undefined) return { stream };
  // Beyond what a Date can hold, no calendar arithmetic works.
  if (typeof end === "number" && Math.abs(end) <= 8.64e15) return { end, stream };
  throw wrong("msg.frame.end", end, "a time in milliseconds since 1970");
}

function modelOf(model: unknown): string | undefined {
  if (typeof model !== "object" || model === null) return undefined;
  const { sha256, version } = model as { sha256?: unknown; version?: unknown };
  if (typeof sha256 === "string") return sha256.slice(0, 64);
  return typeof version === "string" ? version.slice(0, 64) : undefined;
}

function shorten(text: string): string {
  return text.slice(0, MAX_NAME_LENGTH);
}

function wrong(field: string, got: unknown, expected: string, said = false): EdgeMlError {
  return new EdgeMlError("EDGE_ML_PAYLOAD", { field, got: said ? got : describe(got), expected });
}
