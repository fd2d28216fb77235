export type { Alert, Severity } from "./alert.js";
export { type Frame, type FrameInfo, MAX_FRAME_LENGTH, readFrame } from "./frame.js";
export { interleaved, unnamedChannels } from "./interleaved.js";
export { addReason, GOOD, MAX_REASONS, type Quality, type QualityCode, reason } from "./quality.js";
export {
  MAX_CHANNELS,
  MAX_NAME_LENGTH,
  MAX_READING_LENGTH,
  type Reading,
  readReading,
  streamOf,
  toNumber,
  type Values,
} from "./reading.js";
export type {
  AnomalyResult,
  ClassResult,
  ClassScore,
  Contribution,
  ModelReference,
  Result,
  ResultMessage,
  Task,
  TensorsResult,
  UnscoredResult,
  ValueResult,
} from "./result.js";
export { schemas } from "./schemas.js";
export { StreamTable } from "./stream-table.js";
export { TimeOrder } from "./time-order.js";
export { compile, compileSettings } from "./validate.js";
