import { EdgeMlError } from "../../errors/index.js";

/** The element types that our own models, and those that are converted, are made of. */
export type ElementType = keyof typeof ELEMENTS;

/** A dimension: a number, or a name for one that is known only when the model runs. */
export type Dimension = number | string;

/** A value that flows through the graph. Only a graph makes them. */
export class OnnxValue {
  /** @internal */
  constructor(
    /** @internal */
    readonly graph: OnnxGraph,
    /** @internal */
    readonly made: "input" | "tensor" | "op",
    /** @internal The name of an input or output; all other values are named when the graph is encoded. */
    public name?: string,
  ) {}
}

/** A whole number is an INT, a list of whole numbers INTS, a text STRING; a FLOAT is made by `float`, FLOATS are a Float32Array. */
export type OnnxAttribute = number | string | FloatAttribute | readonly number[] | readonly string[] | Float32Array;

export interface FloatAttribute {
  readonly float: number;
}

/** A FLOAT attribute, for example Gemm's `alpha`: whether a number is whole does not tell its type. */
export function float(value: number): FloatAttribute {
  return { float: value };
}

export interface OnnxNode {
  type: string;
  inputs: readonly (OnnxValue | undefined)[];
  outputs: readonly OnnxValue[];
  attributes: readonly (readonly [name: string, value: OnnxAttribute])[];
}

export interface OnnxTensor {
  value: OnnxValue;
  type: ElementType;
  shape: readonly number[];
  /** Little-endian, row-major. */
  data: Uint8Array;
}

export interface OnnxPort {
  value: OnnxValue;
  type: ElementType;
  shape: readonly Dimension[];
}

/**
 * Builds an ONNX graph (opset 17) so that it reads like the mathematics:
 *
 * ```ts
 * const g = new OnnxGraph("distance");
 * const x = g.input("features", ["N", 2]);
 * const z = g.op("Sub", [x, g.tensor([2], [20.5, 0.4])]);
 * g.output("score", g.op("ReduceL2", [z], { axes: [1], keepdims: 0 }), ["N"]);
 * ```
 *
 * Mistakes in the building (an unknown value, a wrong number of elements, NaN as a coefficient) throw where they are
 * made, as EDGE_ML_MODEL_INVALID; whether shapes fit each other only ONNX Runtime checks.
 */
export class OnnxGraph {
  readonly name: string;
  readonly inputs: OnnxPort[] = [];
  readonly outputs: OnnxPort[] = [];
  readonly nodes: OnnxNode[] = [];
  readonly tensors: OnnxTensor[] = [];
  readonly #names = new Set<string>();

  constructor(name: string) {
    this.name = name;
  }

  /** An input of the model. */
  input(name: string, shape: readonly Dimension[], type: ElementType = "float32"): OnnxValue {
    this.#claim(name);
    const value = new OnnxValue(this, "input", name);
    this.inputs.push({ value, type, shape: [...shape] });
    return value;
  }

  /** A constant, row-major. Numbers are rounded to the type; each must be finite in it. */
  tensor(shape: readonly number[], data: ArrayLike<number>, type: ElementType = "float32"): OnnxValue {
    const length = shape.reduce((product, size) => product * size, 1);
    if (data.length !== length) {
      throw this.#invalid(`a tensor of shape [${shape.join(", ")}] has ${data.length} numbers instead of ${length}`);
    }
    const value = new OnnxValue(this, "tensor");
    this.tensors.push({ value, type, shape: [...shape], data: this.#encode(data, type) });
    return value;
  }

  /** A constant number, shape []. */
  scalar(number: number, type: ElementType = "float32"): OnnxValue {
    return this.tensor([], [number], type);
  }

  /** A constant list of int64, as axes and shapes are given. */
  ints(numbers: readonly number[]): OnnxValue {
    return this.tensor([numbers.length], numbers, "int64");
  }

  /**
   * One operator with one output. An optional input that is left out is undefined.
   * @param type with its domain when it is none of ONNX's own: "ai.onnx.ml.TreeEnsembleRegressor"
   */
  op(
    type: string,
    inputs: readonly (OnnxValue | undefined)[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
  ): OnnxValue {
    return this.ops(type, inputs, 1, attributes)[0]!;
  }

  /** One operator with several outputs, for example TopK. */
  ops(
    type: string,
    inputs: readonly (OnnxValue | undefined)[],
    outputs: number,
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
  ): OnnxValue[] {
    for (const input of inputs) if (input !== undefined) this.#own(input);
    for (const [name, value] of Object.entries(attributes)) {
      const numbers = typeof value === "number" ? [value] : Array.isArray(value) ? value : [];
      if (numbers.some((number) => typeof number === "number" && !Number.isSafeInteger(number))) {
        throw this.#invalid(`the attribute ${name} of ${type} is no whole number; a FLOAT is written float(${value})`);
      }
    }
    const values = Array.from({ length: outputs }, () => new OnnxValue(this, "op"));
    this.nodes.push({ type, inputs: [...inputs], outputs: values, attributes: Object.entries(attributes) });
    return values;
  }

  /** Makes a value an output of the model, under this name. */
  output(name: string, value: OnnxValue, shape: readonly Dimension[], type: ElementType = "float32"): void {
    this.#own(value);
    this.#claim(name);
    const named = value.made !== "op" || value.name !== undefined;
    const result = named ? this.op("Identity", [value]) : value;
    result.name = name;
    this.outputs.push({ value: result, type, shape: [...shape] });
  }

  /** What is made of an output takes its place, under its name. */
  refine(name: string, shape: readonly Dimension[], make: (value: OnnxValue) => OnnxValue): void {
    const at = this.outputs.findIndex((port) => port.value.name === name);
    if (at < 0) throw this.#invalid(`it has no output "${name}"`);
    const [{ value, type }] = this.outputs.splice(at, 1) as [OnnxPort];
    delete value.name;
    this.#names.delete(name);
    this.output(name, make(value), shape, type);
  }

  /** The name of every value in the file: v0, v1, … where nobody gave one. */
  valueNames(): Map<OnnxValue, string> {
    const names = new Map<OnnxValue, string>();
    let next = 0;
    for (const value of [
      ...this.tensors.map((tensor) => tensor.value),
      ...this.nodes.flatMap((node) => node.outputs),
    ]) {
      while (value.name === undefined && this.#names.has(`v${next}`)) next++;
      names.set(value, value.name ?? `v${next++}`);
    }
    for (const { value } of this.inputs) names.set(value, value.name!);
    return names;
  }

  #claim(name: string): void {
    if (name === "") throw this.#invalid("an input or output has no name");
    if (this.#names.has(name)) throw this.#invalid(`the name "${name}" is used twice`);
    this.#names.add(name);
  }

  #own(value: OnnxValue): void {
    if (value.graph !== this) throw this.#invalid("a value belongs to another graph");
  }

  #encode(data: ArrayLike<number>, type: ElementType): Uint8Array {
    const { size, min, max, set }: Element = ELEMENTS[type];
    const bytes = new Uint8Array(data.length * size);
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < data.length; i++) {
      const number = data[i]!;
      const fits =
        min === undefined
          ? Number.isFinite(type === "float32" ? Math.fround(number) : number)
          : Number.isInteger(number) && number >= min && number <= max;
      if (!fits) throw this.#invalid(`a coefficient is ${number}, which is no finite ${type}`);
      set(view, i * size, number);
    }
    return bytes;
  }

  #invalid(reason: string): EdgeMlError {
    return new EdgeMlError("EDGE_ML_MODEL_INVALID", { name: this.name, reason });
  }
}

interface Element {
  /** Bytes. */
  size: number;
  /** Of whole numbers. */
  min?: number;
  max: number;
  set(view: DataView, offset: number, value: number): void;
}

const ELEMENTS = {
  float32: { size: 4, max: Number.MAX_VALUE, set: (view, at, value) => view.setFloat32(at, value, true) },
  float64: { size: 8, max: Number.MAX_VALUE, set: (view, at, value) => view.setFloat64(at, value, true) },
  int64: {
    size: 8,
    min: Number.MIN_SAFE_INTEGER,
    max: Number.MAX_SAFE_INTEGER,
    set: (view, at, value) => view.setBigInt64(at, BigInt(value), true),
  },
  int32: { size: 4, min: -(2 ** 31), max: 2 ** 31 - 1, set: (view, at, value) => view.setInt32(at, value, true) },
  int8: { size: 1, min: -128, max: 127, set: (view, at, value) => view.setInt8(at, value) },
  uint8: { size: 1, min: 0, max: 255, set: (view, at, value) => view.setUint8(at, value) },
} satisfies Record<string, Element>;
