import type { ErrorCode } from "../../errors/index.js";
import type { Task } from "../../frame/index.js";

/** What a model file is, for a person who looks at it before using it; plain JSON, and never longer than a page. */
export interface ModelDescription {
  /** Missing when the bytes are no model. */
  format?: "ONNX" | "TensorFlow Lite";
  /** Bytes of the file. */
  size: number;
  /** Of the file, in hexadecimal. */
  sha256: string;
  /** What wrote the file, for example "skl2onnx 1.17.0". */
  producer?: string;
  irVersion?: number;
  /** Sets of operators that it was written for, the standard ones as "ai.onnx". */
  opsets: { domain: string; version: number }[];
  inputs: PortDescription[];
  /** As they are when it runs: without maps and sequences. */
  outputs: PortDescription[];
  /** The most used first; those beyond a limit are left out. */
  operators: { type: string; count: number }[];
  /** Names of its classes, those beyond a limit left out. */
  labels?: string[];
  /** How many classes there are. */
  classes?: number;
  task?: Task;
  /** Windows and features that it takes, in words; missing from a model that does not say. */
  recipe?: string;
  training?: TrainingDescription;
  /** What stands in the way of using it; empty when nothing was found. */
  problems: { code: ErrorCode; message: string }[];
}

export interface PortDescription {
  name: string;
  /** Of a tensor's elements, as "float32"; else what it is instead, as "map". */
  type: string;
  /** null is a size that is open, as the batch; missing when the file does not say. */
  shape?: (number | null)[];
}

export interface TrainingDescription {
  method: string;
  frames: number;
  /** ms since 1970, of the first and last reading. */
  start: number;
  end: number;
  /** ISO 8601. */
  created: string;
  threshold?: number;
  falseAlarmsPerDay?: number;
  warnings: string[];
}
