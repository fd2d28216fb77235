import type { OnnxGraph, OnnxValue } from "../onnx/index.js";
import { permuted, realNumbers, storedNumbers } from "./constants.js";
import { ConversionError } from "./conversion-error.js";
import { clampedReal, clampedStored } from "./fused-activation.js";
import { type Integers, type Quantized, quantizedActivation, sameQuantization } from "./quantized.js";
import type { TfliteModel, TfliteTensor } from "./read-model.js";

/**
 * Where the channels stand: last, as in TensorFlow ([batch, height, width, channels]), or first, behind the batch, as
 * ONNX's convolutions want them. It is only ever asked of three dimensions or more.
 */
export type Layout = "last" | "first";

/** Thrown when an operator works across the batch: the model is then converted for one frame at a time. */
export class MixesRows extends Error {}

/** How many times the file's size its constants may take in the graph: 8-bit weights that become real ones take four. */
const MAX_GROWTH = 16;

/**
 * A model on its way from TensorFlow Lite to ONNX: the graph so far, and for each tensor the values that stand for it
 * there, in either layout. What an operator asks for and is not there yet is made: transposed, dequantised.
 */
export class Conversion {
  readonly graph: OnnxGraph;
  /** The batch is left open: each tensor's first dimension is 1 in the file, and rows do not meet. */
  readonly batched: boolean;
  readonly #model: TfliteModel;
  readonly #integers: Integers;
  readonly #values = new Map<number, Partial<Record<Layout, OnnxValue>>>();
  readonly #reals = new Map<string, OnnxValue>();
  readonly #quantized = new Map<number, Quantized | undefined>();
  readonly #folded = new Map<number, ArrayLike<number>>();
  /** Bytes that constants may still take. */
  #budget: number;

  constructor(
    model: TfliteModel,
    graph: OnnxGraph,
    { batched, integers, size }: { batched: boolean; integers: Integers; size: number },
  ) {
    this.#model = model;
    this.graph = graph;
    this.batched = batched;
    this.#integers = integers;
    this.#budget = MAX_GROWTH * size;
  }

  tensor(index: number): TfliteTensor {
    const tensor = this.#model.tensors[index];
    if (!tensor) throw new ConversionError("an operator lacks an input or output that it needs");
    return tensor;
  }

  shape(index: number): readonly number[] {
    return this.tensor(index).shape;
  }

  isConstant(index: number): boolean {
    return this.tensor(index).data !== undefined || this.#folded.has(index);
  }

  /** The real numbers of a constant, row-major. */
  numbers(index: number): ArrayLike<number> {
    return this.#folded.get(index) ?? realNumbers(this.tensor(index));
  }

  /** A short list of whole numbers: axes, sizes, paddings. */
  list(index: number, most = 16): number[] {
    const tensor = this.tensor(index);
    const numbers = tensor.type === "INT32" || tensor.type === "INT64" ? storedNumbers(tensor) : [];
    if (numbers.length === 0 || numbers.length > most) {
      throw new ConversionError(`the tensor "${tensor.name}" is no list of at most ${most} whole numbers`);
    }
    return Array.from(numbers);
  }

  /** Makes a tensor a constant: what it holds is known already. */
  fold(index: number, numbers: ArrayLike<number>): void {
    this.#folded.set(index, numbers);
  }

  /** How a tensor's numbers are stored; undefined when they are real. */
  quantized(index: number): Quantized | undefined {
    if (this.#folded.has(index)) return undefined;
    if (!this.#quantized.has(index)) {
      this.#quantized.set(index, quantizedActivation(this.tensor(index), this.#integers));
    }
    return this.#quantized.get(index);
  }

  /** The layout in which a tensor is there already. */
  layoutOf(index: number): Layout {
    const values = this.#values.get(index);
    return values?.first && !values.last ? "first" : "last";
  }

  /** A tensor's numbers as they are stored: 8-bit ones, or real ones where nothing is quantised. */
  stored(index: number, layout: Layout = "last"): OnnxValue {
    const tensor = this.tensor(index);
    const values = this.#values.get(index) ?? {};
    this.#values.set(index, values);
    if (values[layout]) return values[layout];
    const other = values[layout === "first" ? "last" : "first"];
    if (other) values[layout] = this.#relaid(other, tensor.shape, layout);
    else if (this.isConstant(index)) values[layout] = this.operand(index, tensor.shape.length, layout, "stored");
    else throw new ConversionError(`the tensor "${tensor.name}" is used before it is made`);
    return values[layout];
  }

  /** A tensor's real numbers. */
  real(index: number, layout: Layout = "last"): OnnxValue {
    const quantized = this.quantized(index);
    if (!quantized) return this.stored(index, layout);
    const key = `${index} ${layout}`;
    const value = this.#reals.get(key) ?? this.dequantize(this.stored(index, layout), quantized);
    this.#reals.set(key, value);
    return value;
  }

  /** Says what a tensor is, by its real numbers; `activation` is a fused one. */
  put(index: number, value: OnnxValue, layout: Layout = "last", activation = 0): void {
    const quantized = this.quantized(index);
    if (!quantized) this.putStored(index, clampedReal(this.graph, value, activation), layout);
    else {
      const stored = clampedStored(this.graph, this.quantize(value, quantized), activation, quantized);
      this.putStored(index, stored, layout);
    }
  }

  /** Says what a tensor is, by its numbers as they are stored. */
  putStored(index: number, value: OnnxValue, layout: Layout = "last"): void {
    const { name, shape } = this.tensor(index);
    if (this.batched && shape[0] !== 1) throw new MixesRows();
    if (shape.includes(0)) throw new ConversionError(`the tensor "${name}" is empty`);
    this.#values.set(index, { [layout]: value });
  }

  /** Whether the stored numbers of two tensors mean the same: moving them needs no arithmetic. */
  alike(a: number, b: number): boolean {
    return sameQuantization(this.quantized(a), this.quantized(b));
  }

  /**
   * A constant as an operand among tensors of a rank: with dimensions of 1 in front.
   * @param kind as the tensor's numbers are stored, or real ones
   */
  operand(index: number, rank: number, layout: Layout, kind: "stored" | "real"): OnnxValue {
    const { shape } = this.tensor(index);
    if (shape.length > rank) throw new ConversionError(`the constant "${this.tensor(index).name}" has a rank too high`);
    const long = [...new Array<number>(rank - shape.length).fill(1), ...shape];
    const order = layout === "first" ? channelsFirst(rank) : long.map((_, axis) => axis);
    const sizes = order.map((axis) => long[axis]!);
    const single = this.tensor(index).type === "FLOAT32" || this.tensor(index).quantization()?.scales.length === 1;
    const quantized = single ? this.quantized(index) : undefined;
    if (!quantized) return this.constant(sizes, permuted(this.numbers(index), long, order));
    const numbers = permuted(storedNumbers(this.tensor(index)), long, order).map((number) => number + quantized.shift);
    const stored = this.constant(sizes, numbers, quantized.type);
    return kind === "stored" ? stored : this.dequantize(stored, quantized);
  }

  constant(
    shape: readonly number[],
    numbers: ArrayLike<number>,
    type: "float32" | "int8" | "uint8" | "int32" = "float32",
  ): OnnxValue {
    this.#budget -= numbers.length * (type === "float32" || type === "int32" ? 4 : 1);
    if (this.#budget < 0) throw new ConversionError("its weights are used over and over");
    return this.graph.tensor(shape, numbers, type);
  }

  quantize(value: OnnxValue, { type, scale, zeroPoint }: Omit<Quantized, "shift">): OnnxValue {
    return this.graph.op("QuantizeLinear", [value, this.graph.scalar(scale), this.graph.scalar(zeroPoint, type)]);
  }

  dequantize(value: OnnxValue, { type, scale, zeroPoint }: Omit<Quantized, "shift">): OnnxValue {
    return this.graph.op("DequantizeLinear", [value, this.graph.scalar(scale), this.graph.scalar(zeroPoint, type)]);
  }

  /** A value in another shape, row-major. The first dimension follows from the others: the file may say 1 for any. */
  reshape(value: OnnxValue, shape: readonly number[]): OnnxValue {
    return this.graph.op("Reshape", [value, this.graph.ints(shape.length === 0 ? [] : [-1, ...shape.slice(1)])]);
  }

  /** An axis as the file counts it, from the start; along the batch only when that is fixed. */
  axis(axis: number, rank: number): number {
    const counted = axis < 0 ? axis + rank : axis;
    if (!(counted >= 0 && counted < rank)) throw new ConversionError(`the axis ${axis} of ${rank}`);
    if (counted === 0 && this.batched) throw new MixesRows();
    return counted;
  }

  #relaid(value: OnnxValue, shape: readonly number[], to: Layout): OnnxValue {
    const rank = shape.length;
    if (rank < 3) throw new ConversionError(`channels of ${rank} dimensions`);
    const first = channelsFirst(rank);
    const sizes = to === "first" ? first.map((axis) => shape[axis]!) : shape;
    // With one channel, or one place, the numbers stand in the same order.
    const channels = shape[rank - 1]!;
    const places = shape.slice(1, -1).reduce((product, size) => product * size, 1);
    if (channels === 1 || places === 1) return this.reshape(value, sizes);
    return this.graph.op("Transpose", [value], { perm: to === "first" ? first : channelsLast(rank) });
  }
}

/** Axes of [batch, …, channels] in the order [batch, channels, …]. */
export function channelsFirst(rank: number): number[] {
  return [0, rank - 1, ...Array.from({ length: rank - 2 }, (_, i) => i + 1)];
}

function channelsLast(rank: number): number[] {
  return [0, ...Array.from({ length: rank - 2 }, (_, i) => i + 2), 1];
}

/** Where an axis of the file stands in a layout. */
export function axisIn(axis: number, rank: number, layout: Layout): number {
  return layout === "last" ? axis : channelsFirst(rank).indexOf(axis);
}
