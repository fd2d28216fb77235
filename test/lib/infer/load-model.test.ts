import { afterEach, describe, expect, it } from "vitest";
import { type LoadedModel, type LoadOptions, loadModel, type ModelFile } from "../../../nodes/lib/infer/index.ts";
import { encodeModel, type Manifest, OnnxGraph } from "../../../nodes/lib/model/index.ts";
import {
  anomalyModel,
  bundle,
  foreign,
  logarithm,
  manifest,
  modelFile,
  softmax,
  squares,
  TS_WORKER,
} from "../../support/infer-models.ts";

const open: LoadedModel[] = [];
afterEach(async () => {
  for (const model of open.splice(0)) await model.runner.close();
});

/** In the process or in a worker as the test says: what a busy machine measures decides nothing here. */
async function load(file: ModelFile, options: LoadOptions = {}): Promise<LoadedModel> {
  const model = await loadModel(file, { worker: TS_WORKER, maxProcessMs: PROCESS, ...options });
  open.push(model);
  return model;
}

const PROCESS = 60_000;
const WORKER = 0;

describe("loadModel", () => {
  it("runs a quick model on the calling thread, in batches", async () => {
    const file = anomalyModel("3");
    const model = await load(file);
    expect(model.reference).toEqual({ name: "ahu", version: "3", sha256: file.sha256 });
    expect(model.task).toBe("anomaly");
    expect(model.runner.place).toBe("process");
    expect(model.maxBatch).toBeGreaterThan(1);
    const { outputs } = await model.runner.run(Float32Array.of(1, 2, 3, 4, 0, 0, 0, 1), 2);
    expect(outputs.map(({ name, shape, data }) => [name, shape, [...data]])).toEqual([
      ["score", [2], [30, 1]],
      ["contributions", [2, 4], [1, 4, 9, 16, 0, 0, 0, 1]],
    ]);
  });

  it("keeps a model that takes longer in its worker, with the same outputs", async () => {
    const model = await load(anomalyModel("1", { slow: true }), { maxProcessMs: 1 });
    expect(model.runner.place).toBe("worker");
    expect(model.medianMs).toBeGreaterThan(1);
    const { outputs } = await model.runner.run(Float32Array.of(1, 2, 3, 4), 1);
    expect([...outputs[0]!.data]).toEqual([30]);
    expect(outputs[0]!.data).toBeInstanceOf(Float32Array);
  });

  it("leaves the rows to the caller", async () => {
    const rows = Float32Array.of(1, 2, 3, 4);
    const model = await load(anomalyModel(), { maxProcessMs: WORKER });
    expect(model.runner.place).toBe("worker");
    await model.runner.run(rows, 1);
    expect([...rows]).toEqual([1, 2, 3, 4]);
  });

  it("gives frames one by one to a model with a batch of 1", async () => {
    const own = manifest("1", { input: { ...manifest().input, shape: [1, 4] } });
    const model = await load(bundle(squares({ batch: 1 }), own));
    expect(model.maxBatch).toBe(1);
  });

  it("gives frames one by one to a model that mixes the rows of a batch", async () => {
    const g = new OnnxGraph("mixes");
    const x = g.input("features", ["N", 4]);
    const centred = g.op("Sub", [x, g.op("ReduceMean", [x], { axes: [0], keepdims: 1 })]);
    g.output("score", g.op("ReduceSum", [centred, g.ints([1])], { keepdims: 0 }), ["N"]);
    const model = await load(bundle(g, manifest("1", { outputs: { score: "score" } })));
    expect(model.maxBatch).toBe(1);
  });

  it("takes a model from elsewhere, and tells int64 as numbers", async () => {
    const model = await load(foreign(softmax()));
    expect(model.task).toBe("tensors");
    const { outputs } = await model.runner.run(Float32Array.of(0, 5, 1, 0), 1);
    expect(outputs.map(({ name }) => name)).toEqual(["probabilities", "label"]);
    expect([...outputs[1]!.data]).toEqual([1]);
  });

  it("casts to the type of the input", async () => {
    for (const type of ["float64", "int64"] as const) {
      const g = new OnnxGraph("typed");
      g.output("y", g.op("Mul", [g.input("x", ["N", 2], type), g.scalar(2, type)]), ["N", 2], type);
      const model = await load(foreign(g));
      const { outputs } = await model.runner.run(Float32Array.of(1.5, -2), 1);
      expect([...outputs[0]!.data]).toEqual(type === "int64" ? [4, -4] : [3, -4]);
    }
  });

  const constantNaN = new OnnxGraph("nan");
  {
    const x = constantNaN.input("features", ["N", 4]);
    const zero = constantNaN.op("Mul", [
      constantNaN.op("ReduceSum", [x, constantNaN.ints([1])], { keepdims: 0 }),
      constantNaN.scalar(0),
    ]);
    constantNaN.output("score", constantNaN.op("Div", [zero, zero]), ["N"]);
  }
  const wide = (F: number): Partial<Manifest> => ({
    input: {
      ...manifest().input,
      shape: [null, F],
      names: Array.from({ length: F }, (_, i) => `f${i}`),
      channels: Array.from({ length: F }, () => null),
    },
  });
  const { threshold: _, ...unsure } = manifest();

  const bad: [string, () => ModelFile, RegExp][] = [
    ["no bytes", () => modelFile(new Uint8Array()), /not an ONNX file/],
    ["text", () => modelFile(Buffer.from("hello")), /not an ONNX file/],
    ["a cut file", () => modelFile(anomalyModel().bytes.slice(0, 200)), /not an ONNX file/],
    [
      "another number of features than the manifest says",
      () => bundle(squares(), manifest("2", wide(7))),
      /takes any × 4/,
    ],
    [
      "names that do not fit the shape",
      () => bundle(squares(), manifest("2", { input: { ...wide(7).input!, shape: [null, 4] } })),
      /names 7 features/,
    ],
    [
      "an output that is not there",
      () => bundle(squares(), manifest("2", { outputs: { score: "distance" } })),
      /no output tensor "distance"/,
    ],
    ["a score of NaN", () => bundle(constantNaN, manifest("2", { outputs: { score: "score" } })), /its score is NaN/],
    [
      "a score of another shape",
      () => bundle(squares(), manifest("2", { outputs: { score: "contributions" } })),
      /has the shape 1 × 4/,
    ],
    ["no threshold", () => modelFile(anomalyModel().bytes, "2", unsure), /no threshold/],
    [
      "a classifier without labels",
      () => bundle(softmax(), manifest("2", { task: "class", outputs: { probabilities: "probabilities" } })),
      /labels/,
    ],
    [
      "a classifier with one label too many",
      () =>
        bundle(
          softmax(),
          manifest("2", { task: "class", labels: ["a", "b", "c", "d"], outputs: { probabilities: "probabilities" } }),
        ),
      /1 × 4 was expected/,
    ],
    [
      "a value model without an output",
      () => bundle(squares(), manifest("2", { task: "value", outputs: {} })),
      /which output holds the values/,
    ],
    [
      "an operator that does not exist",
      () => {
        const g = new OnnxGraph("unknown");
        g.output("y", g.op("Frobnicate", [g.input("x", ["N", 4])]), ["N", 4]);
        return modelFile(encodeModel(g, { producerName: "", producerVersion: "" }));
      },
      /cannot load it/,
    ],
  ];
  it.each(bad)("refuses a model with %s", async (_, file, reason) => {
    await expect(load(file())).rejects.toMatchObject({
      code: "EDGE_ML_MODEL_INVALID",
      message: expect.stringMatching(reason),
    });
  });

  it("does without the model's threshold when the node has one", async () => {
    const model = await load(modelFile(anomalyModel().bytes, "2", unsure), { threshold: 5 });
    const { outputs } = await model.runner.run(Float32Array.of(1, 2, 0, 0), 1);
    expect(model.interpreter.result(outputs, 0, 1)).toMatchObject({ score: 5, threshold: 5, anomalous: false });
  });

  it("takes a model that has no number for some frames: those frames fail, not the model", async () => {
    const model = await load(bundle(logarithm(), manifest()));
    const { outputs } = await model.runner.run(Float32Array.of(-9, 0, 0, 0), 1);
    expect(() => model.interpreter.result(outputs, 0, 1)).toThrow(/score is NaN/);
  });

  it("says what does not fit when a run gets too many numbers, and goes on", async () => {
    for (const maxProcessMs of [PROCESS, WORKER]) {
      const { runner } = await load(anomalyModel(), { maxProcessMs });
      await expect(runner.run(new Float32Array(5), 1)).rejects.toMatchObject({ code: "EDGE_ML_MODEL_RUN" });
      expect([...(await runner.run(new Float32Array(4), 1)).outputs[0]!.data]).toEqual([0]);
    }
  });

  it("refuses runs after it was closed, and may be closed twice", async () => {
    for (const maxProcessMs of [PROCESS, WORKER]) {
      const { runner } = await load(anomalyModel(), { maxProcessMs });
      await runner.close();
      await runner.close();
      await expect(runner.run(new Float32Array(4), 1)).rejects.toMatchObject({ code: "EDGE_ML_MODEL_RUN" });
    }
  });

  it("waits for the run under way before it frees a model of the calling thread", async () => {
    const { runner } = await load(anomalyModel());
    const run = runner.run(Float32Array.of(1, 0, 0, 0), 1);
    await runner.close();
    expect([...(await run).outputs[0]!.data]).toEqual([1]);
  });

  it("takes 50 runs at once", async () => {
    for (const maxProcessMs of [PROCESS, WORKER]) {
      const { runner } = await load(anomalyModel(), { maxProcessMs });
      const runs = Array.from({ length: 50 }, (_, i) => runner.run(Float32Array.of(i, 0, 0, 0), 1));
      const scores = (await Promise.all(runs)).map(({ outputs }) => outputs[0]!.data[0]);
      expect(scores).toEqual(Array.from({ length: 50 }, (_, i) => i * i));
    }
  });
});
