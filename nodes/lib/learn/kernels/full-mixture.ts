import { OnnxGraph, type OnnxValue } from "../../model/index.js";
import type { Shape } from "../math/seed-centres.js";
import { type Kernel, type KernelTensor, kernelOf } from "./kernel.js";
import type { MixtureKernel, MixtureSums } from "./mixture-kernel.js";

/** Rows for one run: what it computes for them stays in the cache. */
const CHUNK_ROWS = 1024;

/**
 * In float32: differences are taken from the means of the round before, since Σ r zᵀz less the product of the means
 * would cancel.
 */
export async function fullMixture(z: Float64Array, { rows, columns }: Shape): Promise<MixtureKernel> {
  const expect = await kernelOf(expectationGraph);
  const moments = await kernelOf(momentsGraph);
  const data = Float32Array.from(z);
  const chunks: { rows: KernelTensor; from: number; count: number }[] = [];
  for (let from = 0; from < rows; from += CHUNK_ROWS) {
    const count = Math.min(CHUNK_ROWS, rows - from);
    const part = data.subarray(from * columns, (from + count) * columns);
    chunks.push({ rows: expect.tensor([count, columns], part), from, count });
  }
  const tensorOf = (kernel: Kernel, shape: number[], values: Float64Array) =>
    kernel.tensor(shape, Float32Array.from(values));
  const empty = (count: number): MixtureSums => ({
    logLikelihood: 0,
    members: new Float64Array(count),
    first: new Float64Array(count * columns),
    second: new Float64Array(count * columns * columns),
  });
  return {
    async expectation({ means, factors, offsets }, tell) {
      const count = offsets.length;
      const fixed = {
        means: tensorOf(expect, [count, 1, columns], means),
        factors: tensorOf(expect, [count, columns, columns], factors),
        offsets: tensorOf(expect, [count, 1], offsets),
      };
      const sums = empty(count);
      for (const chunk of chunks) {
        const output = await expect.run({ z: chunk.rows, ...fixed });
        sums.logLikelihood += (output.logLikelihood!.data as Float32Array)[0]!;
        addMoments(sums, output);
        tell();
      }
      return sums;
    },
    async assigned(nearest, means) {
      const count = means.length / columns;
      const sums = empty(count);
      for (const chunk of chunks) {
        const shares = new Float32Array(count * chunk.count);
        for (let i = 0; i < chunk.count; i++) shares[nearest[chunk.from + i]! * chunk.count + i] = 1;
        const feeds = {
          z: chunk.rows,
          means: tensorOf(moments, [count, 1, columns], means),
          shares: moments.tensor([count, chunk.count], shares),
        };
        addMoments(sums, await moments.run(feeds));
      }
      return sums;
    },
  };
}

function addMoments(sums: MixtureSums, output: Record<string, KernelTensor>): void {
  for (const name of ["members", "first", "second"] as const) {
    const [sum, part] = [sums[name], output[name]!.data as Float32Array];
    for (let i = 0; i < sum.length; i++) sum[i]! += part[i]!;
  }
}

function expectationGraph(): OnnxGraph {
  const g = new OnnxGraph("mixture");
  const d = differences(g);
  const y = g.op("MatMul", [d, g.input("factors", ["K", "F", "F"])]);
  const squares = g.op("ReduceSumSquare", [y], { axes: [2], keepdims: 0 });
  const each = g.op("Sub", [g.input("offsets", ["K", 1]), g.op("Mul", [squares, g.scalar(0.5)])]);
  const most = g.op("ReduceMax", [each], { axes: [0] });
  const powers = g.op("Exp", [g.op("Sub", [each, most])]);
  const sum = g.op("ReduceSum", [powers, g.ints([0])]);
  const logarithms = g.op("Add", [most, g.op("Log", [sum])]);
  g.output("logLikelihood", g.op("ReduceSum", [logarithms], { keepdims: 0 }), []);
  moments(g, d, g.op("Div", [powers, sum]));
  return g;
}

function momentsGraph(): OnnxGraph {
  const g = new OnnxGraph("mixture-moments");
  moments(g, differences(g), g.input("shares", ["K", "N"]));
  return g;
}

/** Of each row from each mean, [K, N, F]. */
function differences(g: OnnxGraph): OnnxValue {
  return g.op("Sub", [g.input("z", ["N", "F"]), g.input("means", ["K", 1, "F"])]);
}

/** @param shares of each component in each row, [K, N] */
function moments(g: OnnxGraph, d: OnnxValue, shares: OnnxValue): void {
  g.output("members", g.op("ReduceSum", [shares, g.ints([1])], { keepdims: 0 }), ["K"]);
  g.output("first", g.op("MatMul", [g.op("Unsqueeze", [shares, g.ints([1])]), d]), ["K", 1, "F"]);
  const weighted = g.op("Mul", [d, g.op("Unsqueeze", [shares, g.ints([2])])]);
  g.output("second", g.op("MatMul", [g.op("Transpose", [weighted], { perm: [0, 2, 1] }), d]), ["K", "F", "F"]);
}
