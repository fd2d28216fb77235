import { float, OnnxGraph, type OnnxValue } from "../../model/index.js";
import type { Shape } from "../math/seed-centres.js";
import { type KernelTensor, kernelOf } from "./kernel.js";
import type { MixtureKernel, MixtureSums } from "./mixture-kernel.js";

/** Rows for one run. */
const CHUNK_ROWS = 4096;

/**
 * Along the axes everything is a product with the rows or their squares; in float64, since Σ z² p − 2 Σ z μ p + Σ μ² p
 * cancels.
 */
export async function diagonalMixture(z: Float64Array, { rows, columns }: Shape): Promise<MixtureKernel> {
  const expect = await kernelOf(expectationGraph);
  const moments = await kernelOf(momentsGraph);
  const chunks: { rows: KernelTensor; squares: KernelTensor; from: number; count: number }[] = [];
  for (let from = 0; from < rows; from += CHUNK_ROWS) {
    const count = Math.min(CHUNK_ROWS, rows - from);
    const part = z.subarray(from * columns, (from + count) * columns);
    const squares = part.map((value) => value * value);
    const shape = [count, columns];
    chunks.push({ rows: expect.tensor(shape, part), squares: expect.tensor(shape, squares), from, count });
  }
  return {
    async expectation({ means, factors, offsets }, tell) {
      const count = offsets.length;
      const precisions = factors.map((factor) => factor * factor);
      const slopes = means.map((mean, at) => mean * precisions[at]!);
      const constants = offsets.map((offset, k) => {
        let sum = 0;
        for (let at = k * columns; at < (k + 1) * columns; at++) sum += means[at]! * slopes[at]!;
        return offset - sum / 2;
      });
      const fixed = {
        precisions: expect.tensor([count, columns], precisions),
        slopes: expect.tensor([count, columns], slopes),
        offsets: expect.tensor([count], constants),
      };
      const sums = empty(count, columns);
      for (const chunk of chunks) {
        const output = await expect.run({ z: chunk.rows, squares: chunk.squares, ...fixed });
        sums.logLikelihood += (output.logLikelihood!.data as Float64Array)[0]!;
        addMoments(sums, output);
        tell();
      }
      return aboutMeans(sums, means);
    },
    async assigned(nearest, means) {
      const count = means.length / columns;
      const sums = empty(count, columns);
      for (const chunk of chunks) {
        const shares = new Float64Array(chunk.count * count);
        for (let i = 0; i < chunk.count; i++) shares[i * count + nearest[chunk.from + i]!] = 1;
        const feeds = { z: chunk.rows, squares: chunk.squares, shares: moments.tensor([chunk.count, count], shares) };
        addMoments(sums, await moments.run(feeds));
      }
      return aboutMeans(sums, means);
    },
  };
}

function empty(count: number, columns: number): MixtureSums {
  return {
    logLikelihood: 0,
    members: new Float64Array(count),
    first: new Float64Array(count * columns),
    second: new Float64Array(count * columns),
  };
}

function addMoments(sums: MixtureSums, output: Record<string, KernelTensor>): void {
  for (const name of ["members", "first", "second"] as const) {
    const [sum, part] = [sums[name], output[name]!.data as Float64Array];
    for (let i = 0; i < sum.length; i++) sum[i]! += part[i]!;
  }
}

/** Σ r z and Σ r z² become Σ r (z − μ) and Σ r (z − μ)². */
function aboutMeans(sums: MixtureSums, means: Float64Array): MixtureSums {
  const columns = means.length / sums.members.length;
  for (let at = 0; at < means.length; at++) {
    const members = sums.members[Math.floor(at / columns)]!;
    const mean = means[at]!;
    sums.second[at]! += mean * (mean * members - 2 * sums.first[at]!);
    sums.first[at]! -= mean * members;
  }
  return sums;
}

function expectationGraph(): OnnxGraph {
  const g = new OnnxGraph("diagonal-mixture");
  const z = g.input("z", ["N", "F"], "float64");
  const squares = g.input("squares", ["N", "F"], "float64");
  const linear = g.op("Gemm", [z, g.input("slopes", ["K", "F"], "float64"), g.input("offsets", ["K"], "float64")], {
    transB: 1,
  });
  const each = g.op("Gemm", [squares, g.input("precisions", ["K", "F"], "float64"), linear], {
    transB: 1,
    alpha: float(-0.5),
  });
  const most = g.op("ReduceMax", [each], { axes: [1] });
  const powers = g.op("Exp", [g.op("Sub", [each, most])]);
  const sum = g.op("ReduceSum", [powers, g.ints([1])]);
  const logarithms = g.op("Add", [most, g.op("Log", [sum])]);
  g.output("logLikelihood", g.op("ReduceSum", [logarithms], { keepdims: 0 }), [], "float64");
  moments(g, z, squares, g.op("Div", [powers, sum]));
  return g;
}

function momentsGraph(): OnnxGraph {
  const g = new OnnxGraph("diagonal-mixture-moments");
  const z = g.input("z", ["N", "F"], "float64");
  moments(g, z, g.input("squares", ["N", "F"], "float64"), g.input("shares", ["N", "K"], "float64"));
  return g;
}

/** @param shares of each component in each row, [N, K] */
function moments(g: OnnxGraph, z: OnnxValue, squares: OnnxValue, shares: OnnxValue): void {
  g.output("members", g.op("ReduceSum", [shares, g.ints([0])], { keepdims: 0 }), ["K"], "float64");
  g.output("first", g.op("Gemm", [shares, z], { transA: 1 }), ["K", "F"], "float64");
  g.output("second", g.op("Gemm", [shares, squares], { transA: 1 }), ["K", "F"], "float64");
}
