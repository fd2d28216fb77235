import type { OnnxValue } from "../../onnx/index.js";
import { permuted, storedNumbers } from "../constants.js";
import type { Conversion } from "../conversion.js";
import { ConversionError } from "../conversion-error.js";
import type { TfliteOperator } from "../read-model.js";
import { ConvOptions, DepthwiseOptions } from "../schema.js";
import type { Operator } from "./operator.js";
import { pads } from "./padding.js";

/** Weights [out, height, width, in]; in groups when the input has more channels than they. */
export const convolution: Operator = {
  convert(conversion, operator) {
    convolve(conversion, operator, ConvOptions, [0, 3, 1, 2]);
  },
};

/** Weights [1, height, width, out]: each channel alone. */
export const depthwiseConvolution: Operator = {
  convert(conversion, operator) {
    convolve(conversion, operator, DepthwiseOptions, [3, 0, 1, 2]);
  },
};

function convolve(
  conversion: Conversion,
  { name, inputs, outputs, options }: TfliteOperator,
  fields: typeof ConvOptions | typeof DepthwiseOptions,
  /** Of the weights' axes, as [out, in, height, width]. */
  order: readonly number[],
): void {
  const [x = -1, w = -1, bias = -1] = inputs;
  const [y = -1] = outputs;
  const [, height = 0, width = 0, channels = 0] = conversion.shape(x);
  const [out = 0, each = 0, kernelHeight = 0, kernelWidth = 0] = order.map((axis) => conversion.shape(w)[axis] ?? 0);
  if (conversion.shape(x).length !== 4 || each < 1 || channels % each !== 0) {
    throw new ConversionError(`${name} of ${conversion.shape(x).join(" × ")} by ${conversion.shape(w).join(" × ")}`);
  }
  const dilations = [options?.int(fields.dilationH, 1) ?? 1, options?.int(fields.dilationW, 1) ?? 1];
  const strides = [options?.int(fields.strideH) ?? 1, options?.int(fields.strideW) ?? 1];
  const padding = pads(options?.byte(fields.padding) ?? 0, [
    { size: height, filter: kernelHeight, stride: strides[0]!, dilation: dilations[0]! },
    { size: width, filter: kernelWidth, stride: strides[1]!, dilation: dilations[1]! },
  ]);
  const operands = [conversion.real(x, "first"), ...weights(conversion, x, w, bias, order)];
  const attributes = {
    kernel_shape: [kernelHeight, kernelWidth],
    pads: padding,
    strides,
    dilations,
    group: channels / each,
  };
  if (out % (channels / each) !== 0) throw new ConversionError(`${name} with ${channels / each} groups of ${out}`);
  conversion.put(y, conversion.graph.op("Conv", operands, attributes), "first", options?.byte(fields.activation));
}

/**
 * Weights, and the bias if there is one, for a real input or for a quantised one: then 8-bit and 32-bit numbers with
 * their scales, from which ONNX Runtime makes one integer operator.
 * @param order of the weights' axes in ONNX
 */
export function weights(
  conversion: Conversion,
  x: number,
  w: number,
  bias: number,
  order: readonly number[],
): OnnxValue[] {
  const { shape } = conversion.tensor(w);
  const sizes = order.map((axis) => shape[axis]!);
  if (!conversion.isConstant(w) || (bias >= 0 && !conversion.isConstant(bias))) {
    throw new ConversionError(`the weights "${conversion.tensor(w).name}" are computed`);
  }
  if (!conversion.quantized(x)) {
    const real = [conversion.constant(sizes, permuted(conversion.numbers(w), shape, order))];
    if (bias >= 0) real.push(conversion.constant(conversion.shape(bias), conversion.numbers(bias)));
    return real;
  }
  const type = conversion.tensor(w).type === "UINT8" ? "uint8" : "int8";
  const numbers = permuted(storedNumbers(conversion.tensor(w)), shape, order);
  const integers = [scaled(conversion, w, conversion.constant(sizes, numbers, type), type, order)];
  if (bias >= 0) {
    const sums = conversion.constant(conversion.shape(bias), storedNumbers(conversion.tensor(bias)), "int32");
    integers.push(scaled(conversion, bias, sums, "int32", [0]));
  }
  return integers;
}

/** Stored numbers with the scales, one or one for each channel, that make them real. */
function scaled(
  conversion: Conversion,
  index: number,
  value: OnnxValue,
  type: "int8" | "uint8" | "int32",
  order: readonly number[],
): OnnxValue {
  const { name, quantization } = conversion.tensor(index);
  const found = quantization();
  if (!found) throw new ConversionError(`the weights "${name}" have no scale`);
  const { scales, zeroPoints, axis } = found;
  const { graph } = conversion;
  const shape = scales.length === 1 ? [] : [scales.length];
  const operands = [value, conversion.constant(shape, scales), graph.tensor(shape, zeroPoints, type)];
  return graph.op("DequantizeLinear", operands, scales.length === 1 ? {} : { axis: order.indexOf(axis) });
}
