import { float16Value } from "../float16.js";
import { ConversionError } from "./conversion-error.js";
import type { TfliteTensor } from "./read-model.js";

/** The stored numbers of a constant, row-major; of int64 the lower halves, which hold all that shapes and axes are. */
export function storedNumbers(tensor: TfliteTensor): ArrayLike<number> {
  const { data, name, type } = tensor;
  if (!data) throw new ConversionError(`the tensor "${name}" is not constant`);
  // A copy, since what is inside a file may lie at any place.
  const buffer = () => new Uint8Array(data).buffer;
  switch (type) {
    case "FLOAT32":
      return new Float32Array(buffer());
    case "FLOAT16":
      return Float32Array.from(new Uint16Array(buffer()), float16Value);
    case "INT32":
      return new Int32Array(buffer());
    case "INT64": {
      const halves = new Int32Array(buffer());
      return Int32Array.from({ length: halves.length / 2 }, (_, i) => halves[2 * i]!);
    }
    case "INT8":
      return new Int8Array(data.buffer, data.byteOffset, data.length);
    case "UINT8":
      return data;
    default:
      throw new ConversionError(`the constant "${name}" is of type ${type}, which cannot be converted`);
  }
}

/** The real numbers of a constant: those stored, or what their scales make of them. */
export function realNumbers(tensor: TfliteTensor): ArrayLike<number> {
  const stored = storedNumbers(tensor);
  const quantization = tensor.type.startsWith("FLOAT") ? undefined : tensor.quantization();
  if (!quantization) return stored;
  const { scales, zeroPoints, axis } = quantization;
  const inner = tensor.shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  const real = new Float32Array(stored.length);
  for (let i = 0; i < real.length; i++) {
    const channel = scales.length === 1 ? 0 : Math.floor(i / inner) % scales.length;
    real[i] = scales[channel]! * (stored[i]! - zeroPoints[channel]!);
  }
  return real;
}

/** Row-major numbers with their axes in another order. */
export function permuted(numbers: ArrayLike<number>, shape: readonly number[], order: readonly number[]): number[] {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const sizes = order.map((axis) => shape[axis]!);
  const steps = order.map((axis) => strides[axis]!);
  const result = new Array<number>(numbers.length);
  const place = sizes.map(() => 0);
  let from = 0;
  for (let i = 0; i < numbers.length; i++) {
    result[i] = numbers[from]!;
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      from += steps[axis]!;
      if (++place[axis]! < sizes[axis]!) break;
      from -= steps[axis]! * sizes[axis]!;
      place[axis] = 0;
    }
  }
  return result;
}
