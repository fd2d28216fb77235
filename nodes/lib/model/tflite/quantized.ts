import { ConversionError } from "./conversion-error.js";
import type { TfliteTensor } from "./read-model.js";

/** How a tensor of 8-bit numbers stands in the ONNX graph: real = scale × (stored − zeroPoint). */
export interface Quantized {
  type: "int8" | "uint8";
  scale: number;
  zeroPoint: number;
  /** What is added to the file's numbers. */
  shift: number;
}

/** The integer types of activations in the graph, for the processor that runs it. */
export type Integers = "int8" | "uint8";

/**
 * ONNX Runtime makes integer operators of signed activations on arm64 only, where it recommends them; elsewhere it
 * computes them in float. int8 moved by 128 is the same number.
 */
export function fastIntegers(architecture: string = process.arch): Integers {
  return architecture === "arm64" ? "int8" : "uint8";
}

/** Of an activation; undefined when its numbers are real ones. */
export function quantizedActivation(tensor: TfliteTensor, integers: Integers): Quantized | undefined {
  if (tensor.type === "FLOAT32") return undefined;
  const quantization = tensor.type === "INT8" || tensor.type === "UINT8" ? tensor.quantization() : undefined;
  if (!quantization) {
    throw new ConversionError(`the tensor "${tensor.name}" is of type ${tensor.type}, which cannot be converted`);
  }
  const { scales, zeroPoints } = quantization;
  if (scales.length !== 1) throw new ConversionError(`the activation "${tensor.name}" has ${scales.length} scales`);
  const signed = tensor.type === "INT8";
  const shift = signed && integers === "uint8" ? 128 : 0;
  const zeroPoint = zeroPoints[0]!;
  if (zeroPoint < (signed ? -128 : 0) || zeroPoint > (signed ? 127 : 255)) {
    throw new ConversionError(`the tensor "${tensor.name}" has the zero point ${zeroPoint}`);
  }
  return {
    type: signed && shift === 0 ? "int8" : "uint8",
    scale: scales[0]!,
    zeroPoint: zeroPoint + shift,
    shift,
  };
}

/** The least and the greatest number that is stored. */
export function rangeOf({ type }: Quantized): [min: number, max: number] {
  return type === "int8" ? [-128, 127] : [0, 255];
}

export function sameQuantization(a: Quantized | undefined, b: Quantized | undefined): boolean {
  return a?.type === b?.type && a?.scale === b?.scale && a?.zeroPoint === b?.zeroPoint;
}
