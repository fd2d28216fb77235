import type { OnnxValue } from "../../onnx/index.js";
import type { Conversion } from "../conversion.js";
import { ConversionError } from "../conversion-error.js";
import { sameStored } from "./arrangement.js";
import type { Operator } from "./operator.js";

/*
 * TensorFlow writes a dilated convolution as a plain one on several pictures, each of every n-th row and column:
 * SPACE_TO_BATCH_ND takes them apart, BATCH_TO_SPACE_ND puts them together. Rows of the batch do not meet. What the file
 * says of the batch between the two is not asked: it has 1 there when the batch is open.
 */

export const spaceToBatch: Operator = {
  uses: [0],
  convert(conversion, { inputs, outputs }) {
    const [x = -1] = inputs;
    const [y = -1] = outputs;
    const { blocks, margins, places, others } = readSettings(conversion, inputs);
    sameStored(conversion, x, y);
    const quantized = conversion.quantized(x);
    const { graph } = conversion;
    const begins = [0, ...margins.map(([begin]) => begin), ...others.map(() => 0)];
    const ends = [0, ...margins.map(([, end]) => end), ...others.map(() => 0)];
    const zero = graph.scalar(quantized?.zeroPoint ?? 0, quantized?.type ?? "float32");
    const padded = graph.op("Pad", [conversion.stored(x), graph.ints([...begins, ...ends]), zero]);
    const counts = places.map((size, i) => (size + margins[i]![0] + margins[i]![1]) / blocks[i]!);
    if (!counts.every(Number.isInteger)) throw new ConversionError(`blocks of ${blocks}`);
    // [N, count, block, …, others] → [block, …, N, count, …, others]
    const apart = shaped(conversion, padded, [-1, ...counts.flatMap((count, i) => [count, blocks[i]!]), ...others]);
    const perm = [
      ...blocks.map((_, i) => 2 * i + 2),
      0,
      ...blocks.map((_, i) => 2 * i + 1),
      ...others.map((_, i) => 2 * blocks.length + 1 + i),
    ];
    conversion.putStored(y, shaped(conversion, graph.op("Transpose", [apart], { perm }), [-1, ...counts, ...others]));
  },
};

export const batchToSpace: Operator = {
  uses: [0],
  convert(conversion, { inputs, outputs }) {
    const [x = -1] = inputs;
    const [y = -1] = outputs;
    const { blocks, margins, places, others } = readSettings(conversion, inputs);
    sameStored(conversion, x, y);
    const { graph } = conversion;
    // [block, …, N, place, …, others] → [N, place, block, …, others]
    const apart = shaped(conversion, conversion.stored(x), [...blocks, -1, ...places, ...others]);
    const perm = [
      blocks.length,
      ...blocks.flatMap((_, i) => [blocks.length + 1 + i, i]),
      ...others.map((_, i) => 2 * blocks.length + 1 + i),
    ];
    const sizes = places.map((size, i) => size * blocks[i]!);
    const together = shaped(conversion, graph.op("Transpose", [apart], { perm }), [-1, ...sizes, ...others]);
    const cropped = graph.op("Slice", [
      together,
      graph.ints(margins.map(([begin]) => begin)),
      graph.ints(margins.map(([, end], i) => sizes[i]! - end)),
      graph.ints(margins.map((_, i) => i + 1)),
    ]);
    conversion.putStored(y, cropped);
  },
};

function shaped({ graph }: Conversion, value: OnnxValue, sizes: readonly number[]): OnnxValue {
  return graph.op("Reshape", [value, graph.ints(sizes)]);
}

interface Settings {
  blocks: number[];
  /** What is added or cut at the begin and end of each axis. */
  margins: [begin: number, end: number][];
  /** The sizes of the axes that have blocks, and of those after them. */
  places: readonly number[];
  others: readonly number[];
}

function readSettings(conversion: Conversion, inputs: readonly number[]): Settings {
  const blocks = conversion.list(inputs[1] ?? -1);
  const flat = conversion.list(inputs[2] ?? -1);
  const margins = blocks.map((_, i): [number, number] => [flat[2 * i] ?? 0, flat[2 * i + 1] ?? 0]);
  const rest = conversion.shape(inputs[0] ?? -1).slice(1);
  const wrong = flat.length !== 2 * blocks.length || blocks.length > rest.length || blocks.some((block) => block < 1);
  if (wrong || flat.some((margin) => margin < 0)) throw new ConversionError(`blocks of ${blocks}, with ${flat}`);
  return { blocks, margins, places: rest.slice(0, blocks.length), others: rest.slice(blocks.length) };
}
