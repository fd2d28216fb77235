import { ConversionError } from "../conversion-error.js";
import type { Conversion } from "../conversion.js";
import { sameStored } from "./arrangement.js";
import type { Operator } from "./operator.js";

/*
 * TensorFlow writes a dilated convolution as a plain one on several pictures, each of every n-th row and column:
 * SPACE_TO_BATCH_ND takes them apart, BATCH_TO_SPACE_ND puts them together. One dimension or more of places.
 */

export const spaceToBatch: Operator = {
  uses: [0],
  convert(conversion, { inputs, outputs }) {
    const [x = -1] = inputs;
    const [y = -1] = outputs;
    const { blocks, margins } = listsOf(conversion, inputs);
    const [batch = 1, ...rest] = conversion.shape(x);
    const places = blocks.length;
    conversion.axis(0, rest.length + 1);
    sameStored(conversion, x, y);
    const { graph } = conversion;
    const quantized = conversion.quantized(x);
    const begins = [0, ...margins.map(([begin]) => begin), ...rest.slice(places).map(() => 0)];
    const ends = [0, ...margins.map(([, end]) => end), ...rest.slice(places).map(() => 0)];
    const padded = graph.op("Pad", [
      conversion.stored(x),
      graph.ints([...begins, ...ends]),
      graph.scalar(quantized?.zeroPoint ?? 0, quantized?.type ?? "float32"),
    ]);
    const sizes = blocks.flatMap((block, i) => [(rest[i]! + margins[i]![0] + margins[i]![1]) / block, block]);
    if (sizes.some((size) => !Number.isInteger(size))) throw new ConversionError(`blocks of ${blocks}`);
    const apart = graph.op("Reshape", [padded, graph.ints([batch, ...sizes, ...rest.slice(places)])]);
    const perm = [
      ...blocks.map((_, i) => 2 * i + 2),
      0,
      ...blocks.map((_, i) => 2 * i + 1),
      ...rest.slice(places).map((_, i) => 2 * places + 1 + i),
    ];
    conversion.putStored(y, conversion.reshape(graph.op("Transpose", [apart], { perm }), conversion.shape(y)));
  },
};

export const batchToSpace: Operator = {
  uses: [0],
  convert(conversion, { inputs, outputs }) {
    const [x = -1] = inputs;
    const [y = -1] = outputs;
    const { blocks, margins } = listsOf(conversion, inputs);
    const [batch = 1, ...rest] = conversion.shape(x);
    const places = blocks.length;
    conversion.axis(0, rest.length + 1);
    sameStored(conversion, x, y);
    const { graph } = conversion;
    const each = batch / blocks.reduce((product, block) => product * block, 1);
    if (!Number.isInteger(each)) throw new ConversionError(`blocks of ${blocks}`);
    const apart = graph.op("Reshape", [conversion.stored(x), graph.ints([...blocks, each, ...rest])]);
    const perm = [
      places,
      ...blocks.flatMap((_, i) => [places + 1 + i, i]),
      ...rest.slice(places).map((_, i) => 2 * places + 1 + i),
    ];
    const sizes = blocks.map((block, i) => rest[i]! * block);
    const together = graph.op("Reshape", [
      graph.op("Transpose", [apart], { perm }),
      graph.ints([each, ...sizes, ...rest.slice(places)]),
    ]);
    const cropped = graph.op("Slice", [
      together,
      graph.ints(margins.map(([begin]) => begin)),
      graph.ints(margins.map(([, end], i) => sizes[i]! - end)),
      graph.ints(margins.map((_, i) => i + 1)),
    ]);
    conversion.putStored(y, cropped);
  },
};

/** The blocks' sizes, and what is added or cut at the begin and end of each axis. */
function listsOf(conversion: Conversion, inputs: readonly number[]): { blocks: number[]; margins: [number, number][] } {
  const blocks = conversion.list(inputs[1] ?? -1);
  const flat = conversion.list(inputs[2] ?? -1);
  const margins = blocks.map((_, i): [number, number] => [flat[2 * i] ?? 0, flat[2 * i + 1] ?? 0]);
  const rank = conversion.shape(inputs[0] ?? -1).length;
  const wrong = flat.length !== 2 * blocks.length || blocks.length > rank - 2 || blocks.some((block) => block < 1);
  if (wrong || flat.some((margin) => margin < 0)) throw new ConversionError(`blocks of ${blocks}, with ${flat}`);
  return { blocks, margins };
}
