import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { summariseFeatures } from "../../nodes/lib/drift/index.ts";
import { compile, type Result, schemas } from "../../nodes/lib/frame/index.ts";
import { type Manifest, type ModelStore, type OnnxGraph, writeBundle } from "../../nodes/lib/model/index.ts";
import { featureInfo, logarithm, manifest, NAMES, squares } from "../support/infer-models.ts";
import { type Msg, ROOT, type Runtime, startRuntime, until } from "../support/runtime.ts";

const glue = require(`${ROOT}/dist/glue/models.js`) as typeof import("../../nodes/glue/models.ts");
const validResult = compile<Result>(schemas.result, "EDGE_ML_PAYLOAD", "msg.payload");

let runtime: Runtime;
let store: ModelStore;
beforeAll(async () => {
  runtime = await startRuntime();
  store = glue.modelStore(runtime.RED);
});
afterAll(() => runtime.stop());

let count = 0;
const newName = () => `adaptive-${count++}`;

function save(name: string, graph: OnnxGraph, overrides: Partial<Manifest> = {}) {
  return store.save(name, (version) => writeBundle(graph, manifest(version, { name, ...overrides })));
}

const deploy = (name: string, settings: object = {}) =>
  runtime.deploy([
    { id: "m", type: "edge-model", model: name, config: true },
    { id: "n", type: "edge-infer", model: "m", wires: [["sink"], ["told"]], ...settings },
    { id: "sink", type: "test-sink" },
    { id: "told", type: "test-sink" },
  ]);

const status = (wanted: RegExp) => until(() => wanted.test(runtime.status("n")?.text ?? ""), `status ${wanted}`);

const frame = (values: number[], info: Msg = {}): Msg => ({
  topic: "t",
  payload: Float32Array.from(values),
  frame: featureInfo(info),
});

async function statistics(): Promise<Msg> {
  const before = runtime.received("told").length;
  await runtime.sendAndWait("n", { stats: true });
  return (await runtime.receive("told", before + 1))[before]!.payload;
}

describe("edge-infer with several versions that must agree", () => {
  it("says how many do; a frame is anomalous when all do", async () => {
    const name = newName();
    for (const factor of [1, 2, 3]) await save(name, squares({ factor }));
    await deploy(name, { agree: "3" });
    // At once: frames wait until all are loaded.
    for (const first of [3, 4]) runtime.send("n", frame([first, 0, 0, 0]));
    const [some, all] = await runtime.receive("sink", 2);
    expect(some!.payload).toMatchObject({ score: 9, anomalous: false, agreement: { agree: 2, of: 3 } });
    expect(all!.payload).toMatchObject({ score: 16, anomalous: true, agreement: { agree: 3, of: 3 } });
    expect(all!.model).toMatchObject({ name, version: "3" });
    expect(JSON.parse(JSON.stringify(all!.payload))).toEqual(validResult(all!.payload));
    await status(/^v3 & 2 older · 2/);
    expect(await statistics()).toMatchObject({ agreement: { versions: ["3", "2", "1"], needed: 3 } });
  });

  it("takes a new version among them without a deploy, and leaves the oldest out", async () => {
    const name = newName();
    for (const factor of [1, 2]) await save(name, squares({ factor }));
    await deploy(name, { agree: 2, agreeLeast: 1 });
    await status(/^v2 & 1 older/);
    await runtime.sendAndWait("n", frame([1, 0, 0, 0]));
    await save(name, squares({ factor: 3 }));
    await status(/^v3/);
    await runtime.sendAndWait("n", frame([2, 0, 0, 0]));
    expect((await runtime.receive("sink", 2))[1]!.payload).toMatchObject({ score: 12, agreement: { agree: 1, of: 2 } });
    expect(await statistics()).toMatchObject({
      agreement: { versions: ["3", "2"], needed: 1 },
      change: { from: "2", to: "3", frames: 1 },
    });
  });

  it("keeps as many versions in the store as are asked, for as long as it is there", async () => {
    const name = newName();
    await deploy(name, { agree: 12 });
    for (let i = 0; i < 13; i++) await save(name, squares());
    expect((await store.list(name)).length).toBe(12);
    await deploy(name);
    await save(name, squares());
    expect((await store.list(name)).length).toBe(10);
  });

  it("drops an old version that fails, says so, and goes on", async () => {
    const name = newName();
    await save(name, logarithm());
    await save(name, squares());
    await deploy(name, { agree: 2 });
    await status(/^v2 & 1 older/);
    expect((await runtime.sendAndWait("n", frame([-9, 0, 0, 0]))).error).toBeUndefined();
    expect((await runtime.receive("sink"))[0]!.payload).toMatchObject({ score: 81, agreement: { agree: 1, of: 1 } });
    await status(/^v2 · 1/);
    const told = JSON.stringify(runtime.log().map(({ msg }) => msg));
    expect(told).toMatch(/Version 1 of the model .* has no say any more: its score is NaN.*EDGE_ML_MODEL_NO_SAY/);
  });
});

describe("edge-infer and drift", () => {
  const training = () => {
    const own = manifest();
    const rows = 400;
    const data = new Float32Array(rows * 4);
    // Every feature between 0 and 1, each in an order of its own.
    for (let i = 0; i < data.length; i++) data[i] = ((i * 0.6180339887) % 1) ** ((i % 4) + 1);
    const bins = summariseFeatures({ rows, columns: 4, data })!;
    const features = NAMES.map((name, i) => ({ name, mean: 0.5, std: 0.3, bins: bins[i]! }));
    return { rows: data, training: { ...own.training, frames: rows, features } };
  };
  /** Frames of the training again; `by` is added to the last feature. */
  const feed = async (rows: Float32Array, by: number, from: number) => {
    for (let i = 0; i < 300; i++) {
      const values = [...rows.subarray(4 * i, 4 * i + 4)];
      values[3]! += by;
      runtime.send("n", frame(values, { start: from + 1000 * i, seq: i, position: (from / 1000 + i) * 2 }));
    }
    await until(() => runtime.completions("n").length >= 300, "all are done");
  };

  it("tells which features drift most, on its second output and in its status", async () => {
    const name = newName();
    const { rows, training: summary } = training();
    await save(name, squares(), { training: summary });
    await deploy(name, { queueLimit: 1000 });
    await status(/^v1/);
    await feed(rows, 0.5, 5_000_000);
    const { drift } = await statistics();
    expect(drift).toMatchObject({ since: 5_000_000, frames: 300, level: "strong" });
    expect(drift.features[0]).toMatchObject({ name: "b maximum", level: "strong", psi: expect.any(Number) });
    expect(drift.features[0].psi).toBeGreaterThan(0.25);
    expect(drift.features.slice(1).map(({ level }: { level: string }) => level)).toEqual(["none", "none", "none"]);
    await status(/^v1 · 300, drift: b maximum$/);
    expect(runtime.status("n")).toMatchObject({ fill: "yellow" });
    expect(JSON.parse(JSON.stringify(drift))).toEqual(drift);
    // A new version learned from other frames: it begins anew.
    await save(name, squares({ factor: 2 }), { training: summary });
    await status(/^v2/);
    expect(await statistics()).not.toHaveProperty("drift");
    await runtime.sendAndWait("n", frame([0.5, 0.5, 0.5, 0.5]));
    expect((await statistics()).drift).toMatchObject({ frames: 1, level: "none" });
  });

  it("reports none where nothing has changed, nor of frames of bad quality", async () => {
    const name = newName();
    const { rows, training: summary } = training();
    await save(name, squares(), { training: summary });
    await deploy(name, { queueLimit: 1000 });
    await status(/^v1/);
    await feed(rows, 0, 0);
    const quality = { ok: false, reasons: ["gap"], missing: 0, filled: 0 };
    for (let i = 0; i < 300; i++) runtime.send("n", frame([99, 99, 99, 99], { quality }));
    await until(() => runtime.completions("n").length >= 600, "all are done");
    expect((await statistics()).drift).toMatchObject({ frames: 300, level: "none" });
  });

  it("has nothing to say of a model that does not tell what it learned from", async () => {
    const name = newName();
    await save(name, squares());
    await deploy(name);
    await status(/^v1/);
    await runtime.sendAndWait("n", frame([1, 2, 3, 4]));
    expect(await statistics()).not.toHaveProperty("drift");
  });
});
