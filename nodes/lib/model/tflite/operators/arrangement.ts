import { axisIn, type Conversion, channelsFirst } from "../conversion.js";
import { ConversionError } from "../conversion-error.js";
import { ConcatenationOptions } from "../schema.js";
import type { Operator } from "./operator.js";

/** RESHAPE, SQUEEZE, EXPAND_DIMS: to the shape that the file says of the result. */
export const reshape: Operator = {
  uses: [0],
  convert(conversion, { inputs, outputs }) {
    const [x = -1] = inputs;
    const [y = -1] = outputs;
    const from = conversion.shape(x);
    const to = conversion.shape(y);
    sameStored(conversion, x, y);
    if (from.length === to.length && from.every((size, axis) => size === to[axis])) {
      const layout = conversion.layoutOf(x);
      conversion.putStored(y, conversion.stored(x, layout), layout);
      return;
    }
    // Among the places of each channel alone: then the channels may stay first.
    const places = Math.min(from.length, to.length) >= 3 && from[0] === to[0] && from.at(-1) === to.at(-1);
    const layout = places ? conversion.layoutOf(x) : "last";
    const sizes = layout === "first" ? channelsFirst(to.length).map((axis) => to[axis]!) : to;
    conversion.putStored(y, conversion.reshape(conversion.stored(x, layout), sizes), layout);
  },
};

export const transpose: Operator = {
  uses: [0],
  convert(conversion, { inputs, outputs }) {
    const [x = -1, list = -1] = inputs;
    const [y = -1] = outputs;
    const rank = conversion.shape(x).length;
    const order = conversion.list(list);
    if (order.length !== rank || new Set(order).size !== rank) throw new ConversionError(`the order of axes ${order}`);
    if (order[0] !== 0) conversion.axis(0, rank);
    sameStored(conversion, x, y);
    const layout = conversion.layoutOf(x);
    const perm = order.map((axis) => axisIn(axis, rank, layout));
    conversion.putStored(y, conversion.graph.op("Transpose", [conversion.stored(x, layout)], { perm }));
  },
};

/** With a number of its own, or with zeros. */
export const pad: Operator = {
  uses: [0, 2],
  convert(conversion, { inputs, outputs }) {
    const [x = -1, list = -1, constant = -1] = inputs;
    const [y = -1] = outputs;
    const shape = conversion.shape(x);
    const rank = shape.length;
    const sizes = conversion.list(list);
    if (sizes.length !== 2 * rank || sizes.some((size) => size < 0)) throw new ConversionError(`the padding ${sizes}`);
    sameStored(conversion, x, y);
    if (constant >= 0) sameStored(conversion, constant, y);
    const layout = conversion.layoutOf(x);
    const begins = new Array<number>(rank).fill(0);
    const ends = new Array<number>(rank).fill(0);
    for (let axis = 0; axis < rank; axis++) {
      const [begin, end] = [sizes[2 * axis]!, sizes[2 * axis + 1]!];
      if (begin + end === 0) continue;
      if (shape[axis]! + begin + end !== conversion.shape(y)[axis]) throw new ConversionError(`the padding ${sizes}`);
      const place = axisIn(conversion.axis(axis, rank), rank, layout);
      begins[place] = begin;
      ends[place] = end;
    }
    const { graph } = conversion;
    const quantized = conversion.quantized(x);
    const zero = graph.scalar(quantized?.zeroPoint ?? 0, quantized?.type ?? "float32");
    const value = constant >= 0 ? graph.op("Reshape", [conversion.stored(constant), graph.ints([])]) : zero;
    const padded = graph.op("Pad", [conversion.stored(x, layout), graph.ints([...begins, ...ends]), value]);
    conversion.putStored(y, padded, layout);
  },
};

export const concatenation: Operator = {
  convert(conversion, { inputs, outputs, options }) {
    const [y = -1] = outputs;
    const rank = conversion.shape(y).length;
    const axis = conversion.axis(options?.int(ConcatenationOptions.axis) ?? 0, rank);
    const layout = rank >= 3 && inputs.some((x) => conversion.layoutOf(x) === "first") ? "first" : "last";
    const attributes = { axis: axisIn(axis, rank, layout) };
    if (inputs.every((x) => conversion.alike(x, y)) && !options?.byte(ConcatenationOptions.activation)) {
      const values = inputs.map((x) => conversion.stored(x, layout));
      conversion.putStored(y, conversion.graph.op("Concat", values, attributes), layout);
      return;
    }
    const values = inputs.map((x) => conversion.real(x, layout));
    const joined = conversion.graph.op("Concat", values, attributes);
    conversion.put(y, joined, layout, options?.byte(ConcatenationOptions.activation));
  },
};

/** Into equal parts; the axis is the first input. */
export const split: Operator = {
  uses: [1],
  convert(conversion, { inputs, outputs }) {
    const [list = -1, x = -1] = inputs;
    const rank = conversion.shape(x).length;
    const axis = conversion.axis(conversion.list(list, 1)[0]!, rank);
    for (const y of outputs) sameStored(conversion, x, y);
    const layout = conversion.layoutOf(x);
    const attributes = { axis: axisIn(axis, rank, layout) };
    const parts = conversion.graph.ops("Split", [conversion.stored(x, layout)], outputs.length, attributes);
    outputs.forEach((y, i) => {
      conversion.putStored(y, parts[i]!, layout);
    });
  },
};

/** What only moves numbers cannot change their scale. */
export function sameStored(conversion: Conversion, x: number, y: number): void {
  if (conversion.alike(x, y)) return;
  throw new ConversionError(
    `the tensors "${conversion.tensor(x).name}" and "${conversion.tensor(y).name}" have two scales`,
  );
}
