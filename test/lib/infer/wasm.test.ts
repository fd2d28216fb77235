/** The WebAssembly build of ONNX Runtime, for machines without a native one, held against the native one. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LoadedModel, loadModel } from "../../../nodes/lib/infer/index.ts";
import { encodeModel, OnnxGraph } from "../../../nodes/lib/model/index.ts";
import { cachedPackage } from "../../../scripts/lib/npm-cache.ts";
import { foreign, softmax, squares, TS_WORKER } from "../../support/infer-models.ts";
import { ROOT } from "../../support/runtime.ts";

beforeAll(() => {
  // Workers get the environment, too.
  process.env.EDGE_ML_ONNXRUNTIME = cachedPackage("onnxruntime-web", "onnxruntime-web@1.30.0");
}, 300_000);
afterAll(() => {
  delete process.env.EDGE_ML_ONNXRUNTIME;
});

/** Three dense layers with weights of some pattern: enough sums that another order of adding shows. */
function network(): OnnxGraph {
  const g = new OnnxGraph("network");
  let x = g.input("x", ["N", 32]);
  for (const [rows, columns] of [
    [32, 64],
    [64, 64],
    [64, 8],
  ] as const) {
    const weights = Array.from({ length: rows * columns }, (_, i) => Math.sin(i * 12.9898) / Math.sqrt(rows));
    x = g.op("Tanh", [g.op("MatMul", [x, g.tensor([rows, columns], weights)])]);
  }
  g.output("y", g.op("Softmax", [x], { axis: 1 }), ["N", 8]);
  return g;
}

/** Two convolutions over 16 × 8 numbers. */
function convolutions(): OnnxGraph {
  const g = new OnnxGraph("convolutions");
  let x = g.op("Reshape", [g.input("x", ["N", 128]), g.ints([-1, 1, 16, 8])]);
  for (const [outputs, inputs] of [
    [8, 1],
    [4, 8],
  ] as const) {
    const weights = Array.from({ length: outputs * inputs * 9 }, (_, i) => Math.sin(i * 12.9898) / 3);
    x = g.op("Relu", [g.op("Conv", [x, g.tensor([outputs, inputs, 3, 3], weights)], { pads: [1, 1, 1, 1] })]);
  }
  g.output("y", g.op("ReduceMean", [x], { axes: [2, 3], keepdims: 0 }), ["N", 4]);
  return g;
}

const encode = (graph: OnnxGraph) => encodeModel(graph, { producerName: "test", producerVersion: "1" });

const models: [string, Uint8Array, number][] = [
  ["sums of squares", foreign(squares()).bytes, 4],
  ["softmax and int64", foreign(softmax()).bytes, 4],
  ["dense layers", encode(network()), 32],
  ["convolutions", encode(convolutions()), 128],
  [
    "an isolation forest of scikit-learn",
    readFileSync(join(ROOT, "test/golden/infer/trained/isolation-forest.onnx")),
    3,
  ],
];

describe("the WebAssembly build", () => {
  it.each(models)("gives the numbers of the native one: %s", async (_, bytes, features) => {
    const rows = Float32Array.from({ length: 16 * features }, (_, i) => 3 * Math.sin(i * 78.233));
    const native = await InferenceSession.create(bytes, { logSeverityLevel: 4 });
    const expected = await native.run({ [native.inputNames[0]!]: new Tensor("float32", rows, [16, features]) });
    let model: LoadedModel | undefined;
    try {
      model = await loadModel({ name: "m", version: "1", sha256: "", bytes }, { worker: TS_WORKER });
      expect(model.wasm).toBe(true);
      // However quick it is: to compile it here would hold everybody up.
      expect(model.runner.place).toBe("worker");
      const { outputs } = await model.runner.run(rows, 16);
      expect(outputs.length).toBeGreaterThan(0);
      for (const { name, shape, data } of outputs) {
        const wanted = expected[name]!;
        expect(shape).toEqual(wanted.dims);
        const numbers = Array.from(wanted.data as ArrayLike<number | bigint>, Number);
        let worst = 0;
        for (const [i, number] of numbers.entries()) {
          worst = Math.max(worst, Math.abs(Number(data[i]) - number) / Math.max(1, Math.abs(number)));
        }
        expect(worst).toBeLessThan(1e-4);
      }
    } finally {
      await model?.runner.close();
      await native.release();
    }
  });
});
