import { afterAll, describe, expect, it } from "vitest";
import { gram, gramHere } from "../../../../nodes/lib/learn/kernels/gram.ts";
import { Kernel, kernelOf } from "../../../../nodes/lib/learn/kernels/kernel.ts";
import { weightedSquares, weightedSquaresHere } from "../../../../nodes/lib/learn/kernels/weighted-squares.ts";
import { OnnxGraph } from "../../../../nodes/lib/model/index.ts";
import { gaussian } from "../support.ts";

function product(): OnnxGraph {
  const g = new OnnxGraph("product");
  g.output("y", g.op("MatMul", [g.input("a", ["N", "K"]), g.input("b", ["K", "M"])]), ["N", "M"]);
  return g;
}

const normals = (count: number, seed: number) => Float64Array.from({ length: count }, gaussian(seed));

describe("Kernel", () => {
  it("runs a graph with tensors of any size, and an output as the next input", async () => {
    const kernel = await Kernel.compile(product());
    const a = kernel.tensor([1, 2], Float32Array.of(1, 2));
    const b = kernel.tensor([2, 2], Float32Array.of(0, 1, 1, 0));
    const { y } = await kernel.run({ a, b });
    expect(y!.dims).toEqual([1, 2]);
    expect(y!.data).toEqual(Float32Array.of(2, 1));
    expect((await kernel.run({ a: y!, b })).y!.data).toEqual(Float32Array.of(1, 2));
    await kernel.release();
  });

  it("makes a coded error of a graph that cannot be compiled, and of a run that fails", async () => {
    const wrong = new OnnxGraph("wrong");
    wrong.output("y", wrong.op("NoSuchOperator", [wrong.input("x", [1])]), [1]);
    await expect(Kernel.compile(wrong)).rejects.toMatchObject({ code: "EDGE_ML_LEARN_FAILED" });
    const kernel = await Kernel.compile(product());
    const a = kernel.tensor([1, 2], new Float32Array(2));
    await expect(kernel.run({ a, b: a })).rejects.toMatchObject({
      code: "EDGE_ML_LEARN_FAILED",
      details: { reason: expect.stringContaining("product") },
    });
    await kernel.release();
  });

  it("compiles a graph that is always the same once, and again after a failure", async () => {
    expect(kernelOf(product)).toBe(kernelOf(product));
    let times = 0;
    const failing = (): OnnxGraph => {
      times++;
      const g = new OnnxGraph("failing");
      g.output("y", g.op("NoSuchOperator", [g.input("x", [1])]), [1]);
      return g;
    };
    await expect(kernelOf(failing)).rejects.toThrow();
    await expect(kernelOf(failing)).rejects.toThrow();
    expect(times).toBe(2);
  });
});

describe("products on kernels", () => {
  // More than what is worth a kernel.
  const shape = { rows: 500, columns: 30 };
  const z = normals(shape.rows * shape.columns, 1);

  it("gram is the same as in TypeScript", async () => {
    const expected = gramHere(z, shape);
    (await gram(z, shape)).forEach((value, at) => {
      expect(value).toBeCloseTo(expected[at]!, 9);
    });
  });

  it("weightedSquares is the same as in TypeScript", async () => {
    const vectors = normals(shape.columns ** 2, 2);
    const weights = normals(shape.columns * 2, 3);
    const expected = weightedSquaresHere(z, shape, vectors, weights);
    (await weightedSquares(z, shape, vectors, weights)).forEach((value, at) => {
      expect(value / expected[at]!).toBeCloseTo(1, 9);
    });
  });
});

afterAll(async () => (await kernelOf(product)).release());
