import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Inference, ModelServer, ServedModel, ServerLink } from "../../../../nodes/lib/infer/index.ts";
import type { ServedModelSettings } from "../../../../nodes/lib/infer/remote/served-model.ts";
import { OnnxGraph } from "../../../../nodes/lib/model/index.ts";
import { anomalyModel, bundle, featureInfo, foreign, manifest, squares } from "../../../support/infer-models.ts";
import { type OipServer, startOipServer } from "../../../support/oip-server.ts";

/** Each row without the mean of its batch: what a batch gives is not what its rows give alone. */
function mixing(): OnnxGraph {
  const g = new OnnxGraph("mixing");
  const x = g.input("features", ["N", 4]);
  const parts = g.op("Mul", [x, x]);
  const centred = g.op("Sub", [parts, g.op("ReduceMean", [parts], { axes: [0], keepdims: 1 })]);
  g.output("score", g.op("ReduceSum", [centred, g.ints([1])], { keepdims: 0 }), ["N"]);
  g.output("contributions", parts, ["N", 4]);
  return g;
}

/** A window of 3 samples and 2 channels, as PyTorch has it: channels first. */
function window(): OnnxGraph {
  const g = new OnnxGraph("window");
  g.output("same", g.op("Identity", [g.input("window", ["N", 2, 3])]), ["N", 2, 3]);
  return g;
}

const files = {
  squares: anomalyModel(),
  single: bundle(squares({ batch: 1 }), manifest("1", { input: { ...manifest().input, shape: [1, 4] } })),
  mixing: bundle(mixing(), manifest()),
  window: foreign(window()),
};

let server: OipServer;
beforeAll(async () => {
  server = await startOipServer(Object.fromEntries(Object.entries(files).map(([name, { bytes }]) => [name, bytes])));
});
afterAll(() => server.stop());

const open: { link: ServerLink; inference: Inference }[] = [];
afterEach(async () => {
  server.fault = () => undefined;
  for (const { link, inference } of open.splice(0)) {
    await inference.close();
    link.close();
  }
});

/** The server's model; without its file here, as the settings say. */
async function serve(model: keyof typeof files, alone?: ServedModelSettings) {
  const events = { up: () => undefined, down: () => undefined };
  const times = { retryMs: 3600_000, healthMs: 3600_000 };
  const link = new ServerLink(new ModelServer({ url: server.url, model, timeoutMs: 5000 }), events, times);
  await link.start();
  const served = new ServedModel(link, alone ? { name: model } : { name: model, file: files[model] }, alone ?? {});
  const inference = new Inference({ limit: 1000, policy: "refuse" });
  inference.use(served);
  open.push({ link, inference });
  return { served, inference };
}

/** Scores of frames that come at once, and the sizes of the requests that they went in. */
async function scores(inference: Inference, count: number): Promise<{ scores: number[]; rows: number[] }> {
  const before = server.requests.length;
  const frames = Array.from({ length: count }, (_, i) => ({ data: Float32Array.of(i, 0, 0, 0), info: featureInfo() }));
  const outcomes = await Promise.all(frames.map((frame) => inference.infer(frame)));
  return {
    scores: outcomes.map((outcome) => (outcome!.result as { score: number }).score),
    rows: server.requests.slice(before).map(({ message }) => message.inputs[0].shape[0]),
  };
}

const SQUARES = Array.from({ length: 40 }, (_, i) => i * i);

describe("frames for a server", () => {
  it("go together once the model was seen to treat each row alone", async () => {
    const { served, inference } = await serve("squares");
    expect(await scores(inference, 40)).toEqual({ scores: SQUARES, rows: Array(40).fill(1) });
    await served.tryBatches();
    expect(served.maxBatch).toBeGreaterThan(1);
    const together = await scores(inference, 40);
    expect(together.scores).toEqual(SQUARES);
    // The first finds nobody before it.
    expect(together.rows.slice(0, 2)).toEqual([1, Math.min(39, served.maxBatch)]);
  });

  it.each(["single", "mixing"] as const)("go one by one to a model that does not: %s", async (model) => {
    const { served, inference } = await serve(model);
    await served.tryBatches();
    expect(served.maxBatch).toBe(1);
    expect((await scores(inference, 10)).rows).toEqual(Array(10).fill(1));
  });

  it("go one by one while the trial failed, which is made again", async () => {
    const { served } = await serve("squares");
    server.fault = () => ({ status: 400 });
    await served.tryBatches();
    expect(served.maxBatch).toBe(1);
    server.fault = () => undefined;
    await served.tryBatches();
    expect(served.maxBatch).toBeGreaterThan(1);
  });
});

describe("a server's model that is not known here", () => {
  const result = async (inference: Inference, data: number[], info = featureInfo()) =>
    (await inference.infer({ data: Float32Array.from(data), info }))!.result;

  it("is read as the node says", async () => {
    const { inference } = await serve("squares", { task: "value", output: "score", labels: ["power"] });
    expect(await result(inference, [1, 2, 3, 4])).toEqual({ kind: "value", values: [{ name: "power", value: 30 }] });
    const strange = await serve("squares", { task: "anomaly", threshold: 20 });
    expect(await result(strange.inference, [1, 2, 3, 4])).toMatchObject({
      kind: "anomaly",
      score: 30,
      anomalous: true,
    });
    await expect(serve("squares", { task: "value", output: "other" })).rejects.toMatchObject({
      code: "EDGE_ML_MODEL_INVALID",
    });
  });

  it("gets windows the way they fit its input", async () => {
    const { inference } = await serve("window", {});
    const info = featureInfo({ kind: "window", shape: [3, 2], names: ["x", "y"] });
    expect(await result(inference, [1, 10, 2, 20, 3, 30], info)).toEqual({
      kind: "tensors",
      tensors: [{ name: "same", shape: [1, 2, 3], data: [1, 2, 3, 10, 20, 30] }],
    });
  });
});
