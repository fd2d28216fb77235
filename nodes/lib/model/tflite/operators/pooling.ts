import type { OnnxAttribute } from "../../onnx/index.js";
import type { Conversion } from "../conversion.js";
import { ConversionError } from "../conversion-error.js";
import { clampedStored } from "../fused-activation.js";
import type { TfliteOperator } from "../read-model.js";
import { PoolOptions } from "../schema.js";
import type { Operator } from "./operator.js";
import { pads } from "./padding.js";

/**
 * TensorFlow Lite rounds the mean of stored numbers half away from zero, ONNX half to even: a scale this much below 1
 * moves halves, and nothing else, over the edge (another mean is further than 1/(2 × window) from a half).
 */
const HALVES_AWAY = 1 - 2 ** -20;

export const averagePool: Operator = {
  convert(conversion, operator) {
    const [x = -1] = operator.inputs;
    const [y = -1] = operator.outputs;
    const attributes = windowOf(conversion, operator);
    const activation = operator.options?.byte(PoolOptions.activation) ?? 0;
    const quantized = conversion.quantized(x);
    const { graph } = conversion;
    if (!quantized || !conversion.alike(x, y)) {
      conversion.put(y, graph.op("AveragePool", [conversion.real(x, "first")], attributes), "first", activation);
      return;
    }
    // Around the file's own zero, from which it rounds away.
    const { type, shift } = quantized;
    const numbers = conversion.dequantize(conversion.stored(x, "first"), { type, scale: 1, zeroPoint: shift });
    const mean = graph.op("AveragePool", [numbers], attributes);
    const stored = conversion.quantize(mean, { type, scale: HALVES_AWAY, zeroPoint: shift });
    conversion.putStored(y, clampedStored(graph, stored, activation, quantized), "first");
  },
};

export const maxPool: Operator = {
  convert(conversion, operator) {
    const [x = -1] = operator.inputs;
    const [y = -1] = operator.outputs;
    const activation = operator.options?.byte(PoolOptions.activation) ?? 0;
    const quantized = conversion.quantized(x);
    const { graph } = conversion;
    const attributes = windowOf(conversion, operator);
    if (!quantized || !conversion.alike(x, y)) {
      conversion.put(y, graph.op("MaxPool", [conversion.real(x, "first")], attributes), "first", activation);
      return;
    }
    const stored = graph.op("MaxPool", [conversion.stored(x, "first")], attributes);
    conversion.putStored(y, clampedStored(graph, stored, activation, quantized), "first");
  },
};

function windowOf(conversion: Conversion, { name, inputs, options }: TfliteOperator): Record<string, OnnxAttribute> {
  const [, height = 0, width = 0] = conversion.shape(inputs[0] ?? -1);
  if (conversion.shape(inputs[0]!).length !== 4 || !options) throw new ConversionError(`${name} without its window`);
  const kernel = [options.int(PoolOptions.height), options.int(PoolOptions.width)];
  const strides = [options.int(PoolOptions.strideH), options.int(PoolOptions.strideW)];
  const padding = pads(options.byte(PoolOptions.padding), [
    { size: height, filter: kernel[0]!, stride: strides[0]!, dilation: 1 },
    { size: width, filter: kernel[1]!, stride: strides[1]!, dilation: 1 },
  ]);
  return { kernel_shape: kernel, strides, pads: padding };
}
