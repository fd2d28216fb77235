import type { OnnxGraph, OnnxValue } from "../onnx/index.js";
import { ConversionError } from "./conversion-error.js";
import { type Quantized, rangeOf } from "./quantized.js";
import { Activation } from "./schema.js";

const LIMITS = new Map<number, readonly [min: number, max: number]>([
  [Activation.relu, [0, Number.POSITIVE_INFINITY]],
  [Activation.reluN1To1, [-1, 1]],
  [Activation.relu6, [0, 6]],
]);

/** Real numbers through the activation that an operator has built in. */
export function clampedReal(graph: OnnxGraph, value: OnnxValue, activation: number): OnnxValue {
  switch (activation) {
    case Activation.none:
      return value;
    case Activation.relu:
      return graph.op("Relu", [value]);
    case Activation.tanh:
      return graph.op("Tanh", [value]);
    default: {
      const [min, max] = limits(activation);
      return graph.op("Clip", [value, graph.scalar(min), graph.scalar(max)]);
    }
  }
}

/** The same of stored numbers, which TensorFlow Lite limits after rounding. Often their type limits them already. */
export function clampedStored(graph: OnnxGraph, value: OnnxValue, activation: number, quantized: Quantized): OnnxValue {
  if (activation === Activation.none) return value;
  const [least, greatest] = rangeOf(quantized);
  const stored = (real: number) => quantized.zeroPoint + Math.round(Math.fround(real / quantized.scale));
  const [low, high] = limits(activation);
  const min = Math.max(least, stored(low));
  const max = Math.min(greatest, stored(high));
  if (min === least && max === greatest) return value;
  return graph.op("Clip", [value, graph.scalar(min, quantized.type), graph.scalar(max, quantized.type)]);
}

function limits(activation: number): readonly [number, number] {
  const found = LIMITS.get(activation);
  if (!found) throw new ConversionError(`the fused activation ${activation}`);
  return found;
}
