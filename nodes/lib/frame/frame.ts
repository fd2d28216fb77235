import { describe, EdgeMlError } from "../errors/index.js";
import type { Recipe } from "../recipe/index.js";
import type { Quality } from "./quality.js";
import { schemas } from "./schemas.js";
import { compile } from "./validate.js";

/** The description of a block of numbers; plain JSON. */
export interface FrameInfo {
  kind: "window" | "features";
  /** Row-major: [samples, channels], [frames, bins] or [features]. */
  shape: number[];
  /** Of the last axis: channel or feature names. */
  names: string[];
  /** Hz along the first axis. */
  rate?: number;
  stream: string;
  /** Counts the frames of a stream from 0. */
  seq: number;
  /** ms since 1970, of the first sample. */
  start: number;
  /** ms since 1970, of the last sample. */
  end: number;
  /**
   * The number of the first sample among the samples of its stream. Where two windows of a stream overlap by their
   * positions, they hold the same samples: after an interruption the count goes on far enough for none to overlap.
   */
  position?: number;
  /** Ground truth, when known. */
  label?: string;
  quality: Quality;
  /** What made it, so far. */
  recipe: Recipe;
}

/** A frame: the only thing that passes between processing nodes. */
export interface Frame {
  data: Float32Array;
  info: FrameInfo;
}

/** The most numbers a frame may hold: 64 MiB of float32. */
export const MAX_FRAME_LENGTH = 16 * 1024 * 1024;

const validInfo = compile<FrameInfo>(schemas.frame, "EDGE_ML_FRAME", "msg.frame");

/**
 * The frame that a message carries.
 * The data is this realm's Float32Array: copied only if it came from another realm (a Function node) or as another type.
 * @throws EdgeMlError EDGE_ML_FRAME naming the field; EDGE_ML_TOO_LARGE
 */
export function readFrame(msg: { payload?: unknown; frame?: unknown }): Frame {
  try {
    return read(msg);
  } catch (error) {
    throw EdgeMlError.reading(error, "EDGE_ML_FRAME", "msg.frame");
  }
}

function read(msg: { payload?: unknown; frame?: unknown }): Frame {
  const info = validInfo(msg.frame);
  const data = float32(msg.payload);
  let length = 1;
  for (let i = 0; i < info.shape.length; i++) length *= info.shape[i]!;
  if (data.length !== length) {
    throw new EdgeMlError("EDGE_ML_FRAME", {
      field: "msg.payload",
      got: `${data.length} numbers`,
      expected: `${length} numbers (${info.shape.join(" × ")})`,
    });
  }
  if (info.names.length !== info.shape.at(-1)) {
    throw new EdgeMlError("EDGE_ML_FRAME", {
      field: "msg.frame.names",
      got: describe(info.names),
      expected: `${info.shape.at(-1)} names`,
    });
  }
  return { data, info };
}

/** This realm's Float32Array of any numeric view or array. Numbers only: a text in an array becomes NaN. */
function float32(payload: unknown): Float32Array {
  // Not what only has the prototype, nor memory that another thread may change meanwhile.
  if (payload instanceof Float32Array && ArrayBuffer.isView(payload) && payload.buffer instanceof ArrayBuffer) {
    return payload;
  }
  const numeric =
    Array.isArray(payload) ||
    (ArrayBuffer.isView(payload) &&
      !(payload instanceof DataView) &&
      !isBigIntView(payload) &&
      !Buffer.isBuffer(payload));
  if (!numeric) {
    throw new EdgeMlError("EDGE_ML_FRAME", {
      field: "msg.payload",
      got: describe(payload),
      expected: "a Float32Array",
    });
  }
  const source = payload as ArrayLike<unknown>;
  if (source.length > MAX_FRAME_LENGTH) {
    throw new EdgeMlError("EDGE_ML_TOO_LARGE", {
      field: "msg.payload",
      got: `${source.length} numbers`,
      expected: `${MAX_FRAME_LENGTH}`,
    });
  }
  // By index: an iterator of its own may never end.
  const data = new Float32Array(source.length);
  for (let i = 0; i < data.length; i++) {
    const value = source[i];
    data[i] = typeof value === "number" ? value : Number.NaN;
  }
  return data;
}

function isBigIntView(view: ArrayBufferView): boolean {
  const tag = Object.prototype.toString.call(view);
  return tag === "[object BigInt64Array]" || tag === "[object BigUint64Array]";
}
