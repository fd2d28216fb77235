import type { Tensor } from "onnxruntime-node";
import { float16Bits, float16Value, type PortInfo } from "../../model/index.js";
import { inputCast } from "../input-cast.js";
import { plainData } from "../output-data.js";
import type { OutputTensor } from "../runner.js";

type ElementType = Extract<Tensor.Type, PortInfo["type"]>;

/** A data type of the protocol. */
interface DataType {
  /** What ONNX Runtime calls it. */
  type: ElementType;
  /** Of one element; 0 for texts, which have a length of their own. */
  bytes: number;
  view: (bytes: ArrayBuffer) => unknown;
}

/** Open Inference Protocol v2, "Tensor Data Types". */
const TYPES = new Map<string, DataType>([
  ["BOOL", { type: "bool", bytes: 1, view: (bytes) => new Uint8Array(bytes) }],
  ["UINT8", { type: "uint8", bytes: 1, view: (bytes) => new Uint8Array(bytes) }],
  ["UINT16", { type: "uint16", bytes: 2, view: (bytes) => new Uint16Array(bytes) }],
  ["UINT32", { type: "uint32", bytes: 4, view: (bytes) => new Uint32Array(bytes) }],
  ["UINT64", { type: "uint64", bytes: 8, view: (bytes) => new BigUint64Array(bytes) }],
  ["INT8", { type: "int8", bytes: 1, view: (bytes) => new Int8Array(bytes) }],
  ["INT16", { type: "int16", bytes: 2, view: (bytes) => new Int16Array(bytes) }],
  ["INT32", { type: "int32", bytes: 4, view: (bytes) => new Int32Array(bytes) }],
  ["INT64", { type: "int64", bytes: 8, view: (bytes) => new BigInt64Array(bytes) }],
  ["FP16", { type: "float16", bytes: 2, view: (bytes) => Float32Array.from(new Uint16Array(bytes), float16Value) }],
  ["FP32", { type: "float32", bytes: 4, view: (bytes) => new Float32Array(bytes) }],
  ["FP64", { type: "float64", bytes: 8, view: (bytes) => new Float64Array(bytes) }],
  ["BYTES", { type: "string", bytes: 0, view: () => [] }],
]);

/** What ONNX Runtime calls a data type of the protocol; undefined when it is none, or one that we do not know. */
export function tensorType(datatype: string): ElementType | undefined {
  return TYPES.get(datatype)?.type;
}

/** Numbers as an input's data type wants them; half precision rounds only when it becomes bytes. Undefined for texts. */
export function inputData(datatype: string, numbers: Float32Array): Tensor.DataType | undefined {
  const type = tensorType(datatype);
  return type && inputCast(type === "float16" ? "float32" : type)?.convert(numbers);
}

/** Values of an input for JSON. */
export function jsonData(datatype: string, data: Tensor.DataType): unknown[] {
  if (datatype === "BOOL") return Array.from(data as Uint8Array, (value) => value !== 0);
  return Array.from(data as ArrayLike<number | bigint>, Number);
}

/** The bytes of an input, in the machine's order, which has to be the protocol's little-endian. */
export function binaryData(datatype: string, data: Tensor.DataType): Uint8Array {
  const stored = datatype === "FP16" ? Uint16Array.from(data as Float32Array, float16Bits) : (data as Float32Array);
  return new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
}

/**
 * Values from JSON, flat or nested; undefined when they are not `count` values of this type.
 * @param count is checked before anything is made of it
 */
export function fromJson(datatype: string, values: unknown, count: number): OutputTensor["data"] | undefined {
  const flat: unknown[] = [];
  if (!flatten(values, flat, count, 0) || flat.length !== count) return undefined;
  if (datatype === "BYTES") return flat.every((value) => typeof value === "string") ? (flat as string[]) : undefined;
  const numbers = datatype === "FP32" || datatype === "FP16" ? new Float32Array(count) : new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const value = flat[i];
    if (typeof value === "boolean" && datatype === "BOOL") numbers[i] = Number(value);
    else if (typeof value === "number") numbers[i] = value;
    else return undefined;
  }
  return numbers;
}

/** Tensors have a few dimensions. */
const MAX_DEPTH = 16;

function flatten(value: unknown, into: unknown[], limit: number, depth: number): boolean {
  if (!Array.isArray(value) || depth > MAX_DEPTH) return false;
  for (const each of value) {
    if (Array.isArray(each)) {
      if (!flatten(each, into, limit, depth + 1)) return false;
    } else if (into.push(each) > limit) return false;
  }
  return true;
}

/** Values from the binary tensor data extension; undefined when they are not `count` values of this type. */
export function fromBinary(datatype: string, bytes: Uint8Array, count: number): OutputTensor["data"] | undefined {
  const type = TYPES.get(datatype);
  if (!type) return undefined;
  if (type.type === "string") return texts(bytes, count);
  if (bytes.byteLength !== count * type.bytes) return undefined;
  // A copy: a part of the answer may begin at any place, and a number only at multiples of its size.
  const copy = new Uint8Array(bytes);
  return plainData(type.type, type.view(copy.buffer));
}

/** Each text has its length, 4 bytes, before it. */
function texts(bytes: Uint8Array, count: number): string[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: string[] = [];
  let at = 0;
  while (at < bytes.byteLength) {
    if (found.length === count || at + 4 > bytes.byteLength) return undefined;
    const length = view.getUint32(at, true);
    if (at + 4 + length > bytes.byteLength) return undefined;
    found.push(Buffer.from(bytes.subarray(at + 4, at + 4 + length)).toString("utf8"));
    at += 4 + length;
  }
  return found.length === count ? found : undefined;
}
