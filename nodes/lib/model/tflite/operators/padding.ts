import { ConversionError } from "../conversion-error.js";
import { PADDING_SAME } from "../schema.js";

/** One direction of a window that moves over a picture. */
export interface Sliding {
  size: number;
  filter: number;
  stride: number;
  dilation: number;
}

/** ONNX's `pads` ([begin of each, end of each]) for TensorFlow's SAME (the odd one at the end) and VALID. */
export function pads(padding: number, directions: readonly Sliding[]): number[] {
  const both = directions.map(({ size, filter, stride, dilation }) => {
    if (filter < 1 || stride < 1 || dilation < 1)
      throw new ConversionError(`a window of ${filter} with stride ${stride}`);
    if (padding !== PADDING_SAME) return [0, 0] as const;
    const reach = (filter - 1) * dilation + 1;
    const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + reach - size);
    return [total >> 1, total - (total >> 1)] as const;
  });
  return [...both.map(([begin]) => begin), ...both.map(([, end]) => end)];
}
