import type { Tensor } from "onnxruntime-node";

/** How numbers become what a model's input wants. Whole-number types are rounded and limited to their range. */
export interface InputCast {
  type: Tensor.Type;
  convert(numbers: Float32Array | Float64Array): Tensor.DataType;
}

/** The cast for an element type, or undefined when the type cannot be made of numbers here (text; half precision, which has been cast already). */
export function inputCast(type: Tensor.Type): InputCast | undefined {
  switch (type) {
    case "float32":
      return { type, convert: (numbers) => (numbers instanceof Float32Array ? numbers : Float32Array.from(numbers)) };
    case "float64":
      return { type, convert: (numbers) => Float64Array.from(numbers) };
    case "int64":
      return { type, convert: (numbers) => BigInt64Array.from(numbers, whole(-(2 ** 63), 2 ** 63 - 1024)) };
    case "uint64":
      return { type, convert: (numbers) => BigUint64Array.from(numbers, whole(0, 2 ** 64 - 2048)) };
    case "bool":
      return { type, convert: (numbers) => Uint8Array.from(numbers, (value) => (value === 0 ? 0 : 1)) };
    case "int8":
      return { type, convert: (numbers) => Int8Array.from(numbers, within(-128, 127)) };
    case "uint8":
      return { type, convert: (numbers) => Uint8Array.from(numbers, within(0, 255)) };
    case "int16":
      return { type, convert: (numbers) => Int16Array.from(numbers, within(-32768, 32767)) };
    case "uint16":
      return { type, convert: (numbers) => Uint16Array.from(numbers, within(0, 65535)) };
    case "int32":
      return { type, convert: (numbers) => Int32Array.from(numbers, within(-2147483648, 2147483647)) };
    case "uint32":
      return { type, convert: (numbers) => Uint32Array.from(numbers, within(0, 4294967295)) };
    default:
      return undefined;
  }
}

function within(min: number, max: number): (value: number) => number {
  return (value) => Math.min(max, Math.max(min, Math.round(value)));
}

function whole(min: number, max: number): (value: number) => bigint {
  const limit = within(min, max);
  return (value) => BigInt(limit(value));
}
