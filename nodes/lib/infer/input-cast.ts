import type { Tensor } from "onnxruntime-node";

/** How float32 rows become what a model's input wants. Whole-number types are rounded and limited to their range. */
export interface InputCast {
  type: Tensor.Type;
  convert(rows: Float32Array): Tensor.DataType;
}

/** The cast for an element type, or undefined when the type cannot be made of numbers here (text, float16). */
export function inputCast(type: Tensor.Type): InputCast | undefined {
  switch (type) {
    case "float32":
      return { type, convert: (rows) => rows };
    case "float64":
      return { type, convert: (rows) => Float64Array.from(rows) };
    case "int64":
      return { type, convert: (rows) => BigInt64Array.from(rows, (value) => BigInt(Math.round(value))) };
    case "bool":
      return { type, convert: (rows) => Uint8Array.from(rows, (value) => (value === 0 ? 0 : 1)) };
    case "int8":
      return { type, convert: (rows) => Int8Array.from(rows, within(-128, 127)) };
    case "uint8":
      return { type, convert: (rows) => Uint8Array.from(rows, within(0, 255)) };
    case "int16":
      return { type, convert: (rows) => Int16Array.from(rows, within(-32768, 32767)) };
    case "uint16":
      return { type, convert: (rows) => Uint16Array.from(rows, within(0, 65535)) };
    case "int32":
      return { type, convert: (rows) => Int32Array.from(rows, within(-2147483648, 2147483647)) };
    case "uint32":
      return { type, convert: (rows) => Uint32Array.from(rows, within(0, 4294967295)) };
    default:
      return undefined;
  }
}

function within(min: number, max: number): (value: number) => number {
  return (value) => Math.min(max, Math.max(min, Math.round(value)));
}
