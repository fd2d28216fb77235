import type { OnnxValue } from "../../onnx/index.js";
import { axisIn, type Conversion } from "../conversion.js";
import { ConversionError } from "../conversion-error.js";
import { SliceOptions } from "../schema.js";
import { sameStored } from "./arrangement.js";
import type { Operator } from "./operator.js";

/** From, until (not with it) and how far apart, of one axis; `until` -1 of a backward one is before the first. */
interface Range {
  axis: number;
  begin: number;
  end: number;
  stride: number;
}

/** x[begin:end:stride, …], an axis of which may be a single place that falls away. */
export const stridedSlice: Operator = {
  uses: [0],
  convert(conversion, { inputs, outputs, options }) {
    const [x = -1, ...lists] = inputs;
    const shape = conversion.shape(x);
    const [begins, ends, strides] = lists.map((list) => conversion.list(list));
    if (
      options?.int(SliceOptions.ellipsisMask) ||
      options?.int(SliceOptions.newAxisMask) ||
      !begins ||
      !ends ||
      !strides
    ) {
      throw new ConversionError("STRIDED_SLICE with an ellipsis or a new axis");
    }
    const has = (field: number, axis: number) => ((options?.int(field) ?? 0) & (1 << axis)) !== 0;
    const ranges = begins.map((given, axis): Range => {
      const size = shape[axis] ?? 0;
      const stride = strides[axis] ?? 1;
      const place = (value: number) => (value < 0 ? value + size : value);
      if (has(SliceOptions.shrinkAxisMask, axis))
        return { axis, begin: place(given), end: place(given) + 1, stride: 1 };
      const [least, most] = stride > 0 ? [0, size] : [-1, size - 1];
      const limit = (value: number) => Math.min(most, Math.max(least, value));
      const begin = has(SliceOptions.beginMask, axis) ? (stride > 0 ? 0 : size - 1) : limit(place(given));
      const end = has(SliceOptions.endMask, axis) ? (stride > 0 ? size : -1) : limit(place(ends[axis] ?? size));
      return { axis, begin, end, stride };
    });
    slice(conversion, x, outputs[0] ?? -1, ranges);
  },
};

/** `size` numbers of each axis from `begin`; -1 is all that are left. */
export const plainSlice: Operator = {
  uses: [0],
  convert(conversion, { inputs, outputs }) {
    const [x = -1, begins = -1, sizes = -1] = inputs;
    const shape = conversion.shape(x);
    const counts = conversion.list(sizes);
    const ranges = conversion.list(begins).map((begin, axis): Range => {
      const count = counts[axis] ?? -1;
      return { axis, begin, end: count < 0 ? shape[axis]! : begin + count, stride: 1 };
    });
    slice(conversion, x, outputs[0] ?? -1, ranges);
  },
};

function slice(conversion: Conversion, x: number, y: number, ranges: Range[]): void {
  const shape = conversion.shape(x);
  const rank = shape.length;
  if (ranges.length > rank || ranges.some(({ stride }) => stride === 0))
    throw new ConversionError("a slice without end");
  sameStored(conversion, x, y);
  const kept = conversion.shape(y).length === rank;
  const layout = kept ? conversion.layoutOf(x) : "last";
  const cut = ranges.filter(({ axis, begin, end, stride }) => begin !== 0 || end !== shape[axis] || stride !== 1);
  const axes = cut.map(({ axis }) => axisIn(conversion.axis(axis, rank), rank, layout));
  const sliced = cutOut(conversion, conversion.stored(x, layout), cut, axes);
  conversion.putStored(y, kept ? sliced : conversion.reshape(sliced, conversion.shape(y)), layout);
}

function cutOut({ graph }: Conversion, value: OnnxValue, ranges: readonly Range[], axes: readonly number[]): OnnxValue {
  if (ranges.length === 0) return value;
  return graph.op("Slice", [
    value,
    graph.ints(ranges.map(({ begin }) => begin)),
    graph.ints(ranges.map(({ end }) => (end < 0 ? -(2 ** 31) : end))),
    graph.ints(axes),
    graph.ints(ranges.map(({ stride }) => stride)),
  ]);
}
