import { OnnxGraph, type OnnxValue } from "../../model/index.js";
import type { Shape } from "../math/seed-centres.js";
import { type Kernel, type KernelTensor, kernelOf } from "./kernel.js";

/** full: a cloud of any direction; diagonal: along the axes, with one factor for each feature in place of a matrix. */
export type MixtureShape = "full" | "diagonal";

/** A mixture of K normal distributions, in the form in which the expectation step needs it. */
export interface MixtureState {
  /** [K, F] */
  means: Float64Array;
  /** y = d P has |y|² = d Σ⁻¹ dᵀ: [K, F, F], or [K, F] where diagonal. */
  factors: Float64Array;
  /** log weight − log det Σ / 2 − F log 2π / 2, [K] */
  offsets: Float64Array;
}

/** What one pass over the rows gives: sums over the rows, about the means that it was given. */
export interface MixtureSums {
  logLikelihood: number;
  /** Σ r, [K] */
  members: Float64Array;
  /** Σ r d, [K, F] */
  first: Float64Array;
  /** Σ r dᵀd, [K, F, F], or its diagonal [K, F] */
  second: Float64Array;
}

/** Rows for one run: what it computes for them stays in the cache. */
const CHUNK_ROWS = 1024;

/**
 * The sums of expectation and maximisation over all rows. Differences are taken from the means of the round before:
 * Σ r zᵀz less the product of the means would cancel in float32.
 * @throws EdgeMlError EDGE_ML_ONNXRUNTIME; Cancelled
 */
export class MixtureKernel {
  readonly #shape: Shape;
  readonly #kind: MixtureShape;
  readonly #expect: Kernel;
  readonly #moments: Kernel;
  readonly #chunks: { rows: KernelTensor; from: number; count: number }[] = [];

  static async of(z: Float32Array, shape: Shape, kind: MixtureShape): Promise<MixtureKernel> {
    const full = kind === "full";
    const expect = await kernelOf(full ? fullGraph : diagonalGraph);
    const moments = await kernelOf(full ? fullMoments : diagonalMoments);
    return new MixtureKernel(z, shape, kind, expect, moments);
  }

  private constructor(z: Float32Array, shape: Shape, kind: MixtureShape, expect: Kernel, moments: Kernel) {
    this.#shape = shape;
    this.#kind = kind;
    this.#expect = expect;
    this.#moments = moments;
    const { rows, columns } = shape;
    for (let from = 0; from < rows; from += CHUNK_ROWS) {
      const count = Math.min(CHUNK_ROWS, rows - from);
      const part = z.subarray(from * columns, (from + count) * columns);
      this.#chunks.push({ rows: expect.tensor([count, columns], part), from, count });
    }
  }

  /** One round of expectation, and the sums for the maximisation. */
  async expectation({ means, factors, offsets }: MixtureState, tell: () => void): Promise<MixtureSums> {
    const { columns } = this.#shape;
    const count = offsets.length;
    const kernel = this.#expect;
    const fixed = {
      means: this.#means(kernel, means),
      factors: kernel.tensor(
        this.#kind === "full" ? [count, columns, columns] : [count, 1, columns],
        Float32Array.from(factors),
      ),
      offsets: kernel.tensor([count, 1], Float32Array.from(offsets)),
    };
    const sums = this.#empty(count);
    for (const { rows } of this.#chunks) {
      const output = await kernel.run({ z: rows, ...fixed });
      sums.logLikelihood += (output.logLikelihood!.data as Float32Array)[0]!;
      addMoments(sums, output);
      tell();
    }
    return sums;
  }

  /** The sums where each row belongs to one component. */
  async assigned(nearest: Int32Array, means: Float64Array): Promise<MixtureSums> {
    const count = means.length / this.#shape.columns;
    const kernel = this.#moments;
    const sums = this.#empty(count);
    for (const { rows, from, count: length } of this.#chunks) {
      const shares = new Float32Array(count * length);
      for (let i = 0; i < length; i++) shares[nearest[from + i]! * length + i] = 1;
      addMoments(
        sums,
        await kernel.run({
          z: rows,
          means: this.#means(kernel, means),
          shares: kernel.tensor([count, length], shares),
        }),
      );
    }
    return sums;
  }

  #means(kernel: Kernel, means: Float64Array): KernelTensor {
    const { columns } = this.#shape;
    return kernel.tensor([means.length / columns, 1, columns], Float32Array.from(means));
  }

  #empty(count: number): MixtureSums {
    const { columns } = this.#shape;
    return {
      logLikelihood: 0,
      members: new Float64Array(count),
      first: new Float64Array(count * columns),
      second: new Float64Array(count * columns * (this.#kind === "full" ? columns : 1)),
    };
  }
}

function addMoments(sums: MixtureSums, output: Record<string, KernelTensor>): void {
  for (const name of ["members", "first", "second"] as const) {
    const [sum, part] = [sums[name], output[name]!.data as Float32Array];
    for (let i = 0; i < sum.length; i++) sum[i]! += part[i]!;
  }
}

const fullGraph = () => expectationGraph("full");
const diagonalGraph = () => expectationGraph("diagonal");
const fullMoments = () => momentsGraph("full");
const diagonalMoments = () => momentsGraph("diagonal");

function expectationGraph(kind: MixtureShape): OnnxGraph {
  const g = new OnnxGraph(`${kind}-mixture`);
  const d = differences(g);
  const factors = g.input("factors", ["K", kind === "full" ? "F" : 1, "F"]);
  const y = g.op(kind === "full" ? "MatMul" : "Mul", [d, factors]);
  const squares = g.op("ReduceSumSquare", [y], { axes: [2], keepdims: 0 });
  const each = g.op("Sub", [g.input("offsets", ["K", 1]), g.op("Mul", [squares, g.scalar(0.5)])]);
  const most = g.op("ReduceMax", [each], { axes: [0] });
  const powers = g.op("Exp", [g.op("Sub", [each, most])]);
  const sum = g.op("ReduceSum", [powers, g.ints([0])]);
  const logarithms = g.op("Add", [most, g.op("Log", [sum])]);
  g.output("logLikelihood", g.op("ReduceSum", [logarithms], { keepdims: 0 }), []);
  moments(g, kind, d, g.op("Div", [powers, sum]));
  return g;
}

function momentsGraph(kind: MixtureShape): OnnxGraph {
  const g = new OnnxGraph(`${kind}-mixture-moments`);
  moments(g, kind, differences(g), g.input("shares", ["K", "N"]));
  return g;
}

/** Of each row from each mean, [K, N, F]. */
function differences(g: OnnxGraph): OnnxValue {
  return g.op("Sub", [g.input("z", ["N", "F"]), g.input("means", ["K", 1, "F"])]);
}

/** @param shares of each component in each row, [K, N] */
function moments(g: OnnxGraph, kind: MixtureShape, d: OnnxValue, shares: OnnxValue): void {
  const across = g.op("Unsqueeze", [shares, g.ints([1])]);
  g.output("members", g.op("ReduceSum", [shares, g.ints([1])], { keepdims: 0 }), ["K"]);
  g.output("first", g.op("MatMul", [across, d]), ["K", 1, "F"]);
  if (kind === "full") {
    const weighted = g.op("Mul", [d, g.op("Unsqueeze", [shares, g.ints([2])])]);
    g.output("second", g.op("MatMul", [g.op("Transpose", [weighted], { perm: [0, 2, 1] }), d]), ["K", "F", "F"]);
  } else {
    g.output("second", g.op("MatMul", [across, g.op("Mul", [d, d])]), ["K", 1, "F"]);
  }
}
