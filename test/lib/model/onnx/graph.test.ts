import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { encodeModel, float, OnnxGraph } from "../../../../nodes/lib/model/onnx/index.ts";
import { protobufFields, protobufNumbers } from "../../../../nodes/lib/model/onnx/protobuf-reader.ts";
import { ProtobufWriter } from "../../../../nodes/lib/model/onnx/protobuf-writer.ts";

const header = { producerName: "test", producerVersion: "1" };

async function run(graph: OnnxGraph, feeds: Record<string, Tensor>) {
  const session = await InferenceSession.create(encodeModel(graph, header));
  try {
    return await session.run(feeds);
  } finally {
    await session.release();
  }
}

/** Numbers that repeat from run to run. */
function series(count: number, scale = 1): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => scale * Math.sin(1.7 * i + 0.3));
}

function closeTo(got: ArrayLike<unknown>, expected: readonly number[]): void {
  expect(got.length).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs(Number(got[i]) - value)).toBeLessThanOrEqual(1e-5 * Math.max(Math.abs(value), 1e-3));
  });
}

describe("OnnxGraph", () => {
  it("gives what TypeScript computes: standardised distance, and its parts", async () => {
    const F = 7;
    const N = 5;
    const mean = series(F, 20);
    const std = series(F).map((value) => 0.5 + Math.abs(value));
    const g = new OnnxGraph("distance");
    const x = g.input("features", ["N", F]);
    const z = g.op("Div", [g.op("Sub", [x, g.tensor([F], mean)]), g.tensor([F], std)]);
    const parts = g.op("Mul", [z, z]);
    g.output("score", g.op("ReduceSum", [parts, g.ints([1])], { keepdims: 0 }), ["N"]);
    g.output("contributions", parts, ["N", F]);

    const data = series(N * F, 25);
    const out = await run(g, { features: new Tensor("float32", data, [N, F]) });
    const expected = Array.from(data, (value, i) => ((value - mean[i % F]!) / std[i % F]!) ** 2);
    closeTo(out.contributions!.data as Float32Array, expected);
    const sums = Array.from({ length: N }, (_, n) => expected.slice(n * F, (n + 1) * F).reduce((a, b) => a + b, 0));
    closeTo(out.score!.data as Float32Array, sums);
    expect(out.score!.dims).toEqual([N]);
  });

  it("gives what TypeScript computes: every kind of attribute and constant", async () => {
    const g = new OnnxGraph("kinds");
    const x = g.input("x", [2, 3]);
    const w = series(12);
    const gemm = g.op("Gemm", [x, g.tensor([4, 3], w), g.tensor([4], [1, 2, 3, 4])], {
      alpha: float(0.5),
      beta: float(2),
      transB: 1,
    });
    g.output("gemm", gemm, [2, 4]);
    const [values, indices] = g.ops("TopK", [gemm, g.ints([2])], 2, { axis: -1, largest: 1 });
    g.output("top", values!, [2, 2]);
    g.output("index", indices!, [2, 2], "int64");
    g.output("turned", g.op("Transpose", [gemm], { perm: [1, 0] }), [4, 2]);
    g.output("clipped", g.op("Clip", [gemm, undefined, g.scalar(1)]), [2, 4]);
    g.output("wide", g.op("Cast", [gemm], { to: 11 }), [2, 4], "float64");
    g.output("constant", g.scalar(-7, "int64"), [], "int64");
    g.output("same", x, [2, 3]);

    const data = series(6, 3);
    const out = await run(g, { x: new Tensor("float32", data, [2, 3]) });
    const expected = Array.from({ length: 8 }, (_, i) => {
      const row = Math.floor(i / 4);
      const column = i % 4;
      let sum = 0;
      for (let k = 0; k < 3; k++) sum += data[row * 3 + k]! * w[column * 3 + k]!;
      return 0.5 * sum + 2 * (column + 1);
    });
    closeTo(out.gemm!.data as Float32Array, expected);
    closeTo(
      out.clipped!.data as Float32Array,
      expected.map((value) => Math.min(value, 1)),
    );
    closeTo(
      out.turned!.data as Float32Array,
      [0, 1, 2, 3].flatMap((column) => [expected[column]!, expected[4 + column]!]),
    );
    const order = [0, 1].map((row) => {
      const columns = [0, 1, 2, 3].sort((a, b) => expected[row * 4 + b]! - expected[row * 4 + a]!);
      return columns.slice(0, 2);
    });
    expect(Array.from(out.index!.data as BigInt64Array, Number)).toEqual(order.flat());
    closeTo(
      out.top!.data as Float32Array,
      order.flatMap((columns, row) => columns.map((column) => expected[row * 4 + column]!)),
    );
    expect(out.wide!.type).toBe("float64");
    expect(out.constant!.data).toEqual(BigInt64Array.of(-7n));
    expect(out.same!.data).toEqual(data);
  });

  it("takes operators of ONNX's domain for machine learning, and of no other", async () => {
    const g = new OnnxGraph("tree");
    // One question: is x at most 0.5? Then 10, else 20.
    const tree = g.op("ai.onnx.ml.TreeEnsembleRegressor", [g.input("x", ["N", 1])], {
      n_targets: 1,
      nodes_treeids: [0, 0, 0],
      nodes_nodeids: [0, 1, 2],
      nodes_featureids: [0, 0, 0],
      nodes_values: Float32Array.of(0.5, 0, 0),
      nodes_modes: ["BRANCH_LEQ", "LEAF", "LEAF"],
      nodes_truenodeids: [1, 0, 0],
      nodes_falsenodeids: [2, 0, 0],
      target_treeids: [0, 0],
      target_nodeids: [1, 2],
      target_ids: [0, 0],
      target_weights: Float32Array.of(10, 20),
    });
    g.output("y", tree, ["N", 1]);
    const { y } = await run(g, { x: new Tensor("float32", Float32Array.of(0.25, 0.5, 0.75), [3, 1]) });
    expect([...(y!.data as Float32Array)]).toEqual([10, 10, 20]);
    const other = new OnnxGraph("other");
    other.output("y", other.op("com.example.Magic", [other.input("x", ["N", 1])]), ["N", 1]);
    expect(() => encodeModel(other, header)).toThrow(/nobody knows the domain com.example/);
  });

  it("gives the same bytes for the same graph", () => {
    const build = () => {
      const g = new OnnxGraph("g");
      g.output("y", g.op("Relu", [g.input("x", ["N", 2])]), ["N", 2]);
      return encodeModel(g, header);
    };
    expect(build()).toEqual(build());
  });

  it("keeps names apart, also when an input is called like an inner value", async () => {
    const g = new OnnxGraph("names");
    const x = g.input("v0", [1]);
    const c = g.input("c0", [1]);
    const sum = g.op("Add", [g.op("Add", [x, c]), g.tensor([1], [1])]);
    g.output("v1", sum, [1]);
    g.output("again", sum, [1]);
    const out = await run(g, { v0: new Tensor("float32", [2], [1]), c0: new Tensor("float32", [3], [1]) });
    expect(out.v1!.data).toEqual(Float32Array.of(6));
    expect(out.again!.data).toEqual(Float32Array.of(6));
  });

  const mistakes: [string, (g: OnnxGraph) => unknown, RegExp][] = [
    ["too few numbers", (g) => g.tensor([2, 2], [1, 2, 3]), /has 3 numbers instead of 4/],
    ["NaN", (g) => g.tensor([1], [Number.NaN]), /a coefficient is NaN/],
    ["Infinity", (g) => g.scalar(Number.POSITIVE_INFINITY), /a coefficient is Infinity/],
    ["a number beyond float32", (g) => g.scalar(1e39), /no finite float32/],
    ["a fraction as int64", (g) => g.ints([0.5]), /no finite int64/],
    ["a fraction as an attribute", (g) => g.op("Elu", [g.input("x", [1])], { alpha: 0.5 }), /float\(0\.5\)/],
    ["a value of another graph", (g) => g.op("Relu", [new OnnxGraph("other").input("x", [1])]), /another graph/],
    ["one name twice", (g) => [g.input("x", [1]), g.input("x", [1])], /"x" is used twice/],
    ["an empty name", (g) => g.input("", [1]), /no name/],
    ["no output", (g) => encodeModel(g, header), /no output/],
  ];
  it.each(mistakes)("refuses %s where it is made", (_, mistake, message) => {
    expect(() => mistake(new OnnxGraph("g"))).toThrow(message);
    expect(() => mistake(new OnnxGraph("g"))).toThrow(expect.objectContaining({ code: "EDGE_ML_MODEL_INVALID" }));
  });
});

it("packs whole numbers of every size, as a reader takes them apart", () => {
  const numbers = [0, 1, 127, 128, 16_383, 16_384, 2 ** 31, 2 ** 32 + 5, Number.MAX_SAFE_INTEGER, -1, -(2 ** 40)];
  const [field] = [...protobufFields(new ProtobufWriter().ints(8, numbers).finish())];
  expect(protobufNumbers(field!)).toEqual(numbers);
  const floats = Float32Array.of(0, -1.5, 3.4e38, 1e-45);
  const [packed] = [...protobufFields(new ProtobufWriter().floats(7, floats).finish())];
  expect(new Float32Array(packed!.bytes.slice().buffer)).toEqual(floats);
});
