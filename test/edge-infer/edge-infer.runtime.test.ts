import { readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compile, type Result, schemas } from "../../nodes/lib/frame/index.ts";
import { type Manifest, type ModelStore, OnnxGraph, writeBundle } from "../../nodes/lib/model/index.ts";
import { featureInfo, logarithm, manifest, squares } from "../support/infer-models.ts";
import { type Msg, ROOT, type Runtime, startRuntime, until } from "../support/runtime.ts";
import { FULLY_CONNECTED, tflite } from "../support/tflite.ts";

const glue = require(join(ROOT, "dist/glue/models.js")) as typeof import("../../nodes/glue/models.ts");

let runtime: Runtime;
let store: ModelStore;
beforeAll(async () => {
  runtime = await startRuntime();
  store = glue.modelStore(runtime.RED);
});
afterAll(() => runtime.stop());

const validResult = compile<Result>(schemas.result, "EDGE_ML_PAYLOAD", "msg.payload");

/** Each test has a model of its own. */
let count = 0;
const newName = () => `model-${count++}`;

function save(name: string, graph: OnnxGraph, overrides: Partial<Manifest> = {}) {
  return store.save(name, (version) => writeBundle(graph, manifest(version, { name, ...overrides })));
}

function deploy(name: string, settings: object = {}): Promise<void> {
  return runtime.deploy([
    { id: "m", type: "edge-model", model: name, config: true },
    { id: "n", type: "edge-infer", model: "m", wires: [["sink"]], ...settings },
    { id: "sink", type: "test-sink" },
  ]);
}

/** The model is in use: before, frames wait for it. */
const ready = () => until(() => runtime.status("n")?.text?.startsWith("v") === true, "a model is in use");

const frame = (values: number[] = [1, 2, 3, 4], info: Msg = {}, overrides: Msg = {}): Msg => ({
  topic: "t",
  payload: Float32Array.from(values),
  frame: featureInfo(info),
  ...overrides,
});

describe("edge-infer", () => {
  it("sends the result, with the model that gave it and the frame it is of", async () => {
    const name = newName();
    const { sha256 } = await save(name, squares());
    await deploy(name);
    const sent = frame([1, 2, 3, 4], { seq: 7, stream: "t", label: "normal" });
    const info = structuredClone(sent.frame);
    // At once: it waits until the model is loaded.
    runtime.send("n", sent);
    const [msg] = await runtime.receive("sink");
    expect(msg!.topic).toBe("t");
    expect(msg!.payload).toEqual({
      kind: "anomaly",
      score: 30,
      threshold: 10,
      anomalous: true,
      contributions: [
        { channel: "b", share: expect.closeTo(25 / 30, 6), feature: "maximum" },
        { channel: "a", share: expect.closeTo(5 / 30, 6), feature: "maximum" },
      ],
    });
    expect(msg!.model).toEqual({ name, version: "1", sha256 });
    expect(msg!.frame).toEqual(info);
    expect(JSON.parse(JSON.stringify(msg!.payload))).toEqual(validResult(msg!.payload));
    await until(() => /^v1 · 1 · \S+ ms, p99 \S+ ms$/.test(runtime.status("n")!.text!), "the count is shown");
    expect(runtime.status("n")).toMatchObject({ fill: "green" });
  });

  it("counts frames while there is no model, and takes the first one without a deploy", async () => {
    const name = newName();
    await deploy(name);
    await until(() => runtime.status("n")?.text === "waiting for model", "it says that it waits");
    expect((await runtime.sendAndWait("n", frame())).error).toBeUndefined();
    expect((await runtime.sendAndWait("n", frame())).error).toBeUndefined();
    await until(() => runtime.status("n")?.text === "waiting for model (2)", "frames are counted");
    expect(runtime.status("n")).toMatchObject({ fill: "blue" });
    expect(runtime.received("sink")).toEqual([]);
    await save(name, squares());
    await ready();
    runtime.send("n", frame());
    expect((await runtime.receive("sink"))[0]!.payload).toMatchObject({ score: 30 });
  });

  it("gives no score to a frame of bad quality, or with NaN in it", async () => {
    const name = newName();
    await save(name, squares());
    await deploy(name);
    const quality = { ok: false, reasons: ["gap"], missing: 0, filled: 0 };
    runtime.send("n", frame([1, 2, 3, 4], { quality }));
    runtime.send("n", frame([1, 2, Number.NaN, 4]));
    runtime.send("n", frame([1, 2, 3, Number.POSITIVE_INFINITY]));
    const messages = await runtime.receive("sink", 3);
    expect(messages.map(({ payload }) => validResult(payload))).toEqual([
      { kind: "anomaly", score: null, quality },
      {
        kind: "anomaly",
        score: null,
        quality: { ok: false, reasons: ["not-a-number: b mean"], missing: 1, filled: 0 },
      },
      { kind: "anomaly", score: null, quality: expect.objectContaining({ reasons: ["not-a-number: b maximum"] }) },
    ]);
    expect(messages[0]!.model).toMatchObject({ name, version: "1" });
    await until(() => runtime.status("n")?.text === "v1 · 0, 3 bad", "bad frames are counted");
    expect(runtime.status("n")).toMatchObject({ fill: "yellow" });
  });

  it("holds scores against its own threshold", async () => {
    const name = newName();
    await save(name, squares());
    await deploy(name, { thresholdFrom: "own", threshold: "29.5", contributions: "0" });
    runtime.send("n", frame());
    expect((await runtime.receive("sink"))[0]!.payload).toEqual({
      kind: "anomaly",
      score: 30,
      threshold: 29.5,
      anomalous: true,
    });
  });

  it("changes to each new version under load, and loses no frame", async () => {
    const name = newName();
    await save(name, squares({ factor: 1 }));
    await deploy(name, { queueLimit: 10_000 });
    const total = 3000;
    const feeding = (async () => {
      for (let i = 0; i < total; i++) {
        runtime.send("n", frame([i % 50, 0, 0, 0], { seq: i }));
        if (i % 20 === 0) await new Promise((done) => setTimeout(done, 2));
        // All three versions have their turn, however fast this machine is.
        if (i === 1000 || i === 2000) {
          const version = String(1 + i / 1000);
          await save(name, squares({ factor: 1 + i / 1000 }));
          await until(() => runtime.status("n")!.text!.startsWith(`v${version}`), `version ${version} is in use`);
        }
      }
    })();
    const messages = await runtime.receive("sink", total, 20_000);
    await feeding;
    expect(messages.map(({ frame }) => frame.seq)).toEqual(Array.from({ length: total }, (_, i) => i));
    const versions = messages.map(({ model }) => Number(model.version));
    expect([...new Set(versions)]).toEqual([1, 2, 3]);
    messages.forEach(({ payload, frame }, i) => {
      expect(payload.score).toBe(versions[i]! * (frame.seq % 50) ** 2);
    });
    expect(runtime.completions("n").filter(({ error }) => error)).toEqual([]);
    expect(runtime.completions("n")).toHaveLength(total);
  });

  it("refuses a version that does not work, says so once, goes on with the one before, and takes the next", async () => {
    const name = newName();
    const broken = new OnnxGraph("broken");
    const x = broken.input("features", ["N", 4]);
    const zero = broken.op("Mul", [broken.op("ReduceSum", [x, broken.ints([1])], { keepdims: 0 }), broken.scalar(0)]);
    broken.output("score", broken.op("Div", [zero, zero]), ["N"]);
    await save(name, squares());
    await deploy(name);
    await ready();
    await save(name, broken, { outputs: { score: "score" } });
    await until(() => runtime.status("n")?.text === "v1 · 0, v2 refused", "the status says so");
    expect(runtime.status("n")).toMatchObject({ fill: "yellow" });
    for (let i = 0; i < 5; i++) runtime.send("n", frame());
    const messages = await runtime.receive("sink", 5);
    expect(messages.map(({ model }) => model.version)).toEqual(["1", "1", "1", "1", "1"]);
    const errors = runtime.log().filter(({ id }) => id === "n");
    expect(errors).toHaveLength(1);
    expect(JSON.stringify(errors[0]!.msg)).toMatch(/its score is NaN.*EDGE_ML_MODEL_INVALID/);
    await save(name, squares({ factor: 3 }));
    await until(() => runtime.status("n")!.text!.startsWith("v3"), "the next version is in use");
    runtime.send("n", frame());
    expect((await runtime.receive("sink", 6))[5]!.payload.score).toBe(90);
  });

  it("goes back to an older version when a person does", async () => {
    const name = newName();
    await save(name, squares({ factor: 1 }));
    await save(name, squares({ factor: 2 }));
    await deploy(name);
    await until(() => runtime.status("n")!.text!.startsWith("v2"), "version 2 is in use");
    await store.activate(name, "1");
    await until(() => runtime.status("n")!.text!.startsWith("v1"), "version 1 is in use");
    runtime.send("n", frame());
    expect((await runtime.receive("sink"))[0]!.payload.score).toBe(30);
  });

  it("says when the only version does not work", async () => {
    const name = newName();
    await save(name, squares(), { outputs: { score: "nothing" } });
    await deploy(name);
    await until(() => runtime.status("n")?.text === "v1 refused", "the status says so");
    expect(runtime.status("n")).toMatchObject({ fill: "red" });
    expect((await runtime.sendAndWait("n", frame())).error).toBeUndefined();
    expect(runtime.received("sink")).toEqual([]);
  });

  it("takes 50 messages at once and gives their results in order", async () => {
    const name = newName();
    await save(name, squares());
    await deploy(name);
    for (let i = 0; i < 50; i++) runtime.send("n", frame([i, 0, 0, 0], { seq: i }));
    const messages = await runtime.receive("sink", 50);
    expect(messages.map(({ payload }) => payload.score)).toEqual(Array.from({ length: 50 }, (_, i) => i * i));
    expect(messages.map(({ frame }) => frame.seq)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });

  it("fails a frame that the model has no number for, and goes on", async () => {
    const name = newName();
    await save(name, logarithm());
    await deploy(name);
    const all = await Promise.all([
      runtime.sendAndWait("n", frame([1, 0, 0, 0])),
      runtime.sendAndWait("n", frame([-9, 0, 0, 0])),
      runtime.sendAndWait("n", frame([2, 0, 0, 0])),
    ]);
    expect(all.map(({ error }) => error?.code)).toEqual([undefined, "EDGE_ML_MODEL_RUN", undefined]);
    expect((await runtime.receive("sink", 2)).map(({ payload }) => payload.score)).toEqual([
      expect.closeTo(Math.log(6), 5),
      expect.closeTo(Math.log(7), 5),
    ]);
    await until(() => runtime.status("n")?.text === "v1 · 2, 1 failed", "the failure is counted");
  });
});

describe("edge-infer's statistics", () => {
  const told = { id: "told", type: "test-sink" };
  const withStatistics = (name: string, settings: object = {}) =>
    runtime.deploy([
      { id: "m", type: "edge-model", model: name, config: true },
      { id: "n", type: "edge-infer", model: "m", wires: [["sink"], ["told"]], ...settings },
      { id: "sink", type: "test-sink" },
      told,
    ]);

  it("come when a message asks for them, which is no frame", async () => {
    const name = newName();
    const { sha256 } = await save(name, squares());
    await withStatistics(name);
    await ready();
    await runtime.sendAndWait("n", frame());
    await runtime.sendAndWait("n", { stats: true, topic: "q" });
    const [msg] = await runtime.receive("told");
    expect(msg).toMatchObject({
      topic: "q",
      payload: {
        kind: "statistics",
        model: { name, version: "1", sha256, place: expect.stringMatching(/process|worker/) },
        frames: { scored: 1, bad: 0, failed: 0, dropped: 0, unserved: 0 },
        runs: { count: 1, meanBatch: 1, largestBatch: 1 },
        queue: { waiting: 0, longest: 0, limit: 100 },
      },
    });
    const spread = { p50: expect.any(Number), p95: expect.any(Number), p99: expect.any(Number) };
    expect(msg!.payload).toMatchObject({ latency: spread, run: spread });
    expect(runtime.received("sink")).toHaveLength(1);
  });

  it("come regularly, if it is set so, also before there is a model", async () => {
    await withStatistics(newName(), { statisticsEvery: 0.02 });
    const messages = await runtime.receive("told", 3);
    expect(messages[2]!.payload).toMatchObject({ kind: "statistics", frames: { scored: 0 } });
    expect(messages[2]!.payload).not.toHaveProperty("model");
  });

  it("go nowhere in a flow from before there were any", async () => {
    const name = newName();
    await save(name, squares());
    await deploy(name, { statisticsEvery: 0.02 });
    await ready();
    await runtime.sendAndWait("n", { stats: true });
    expect(runtime.received("sink")).toEqual([]);
  });

  it("tell how far a new version agrees with the one before, and so do the status and the log", async () => {
    const name = newName();
    await save(name, squares({ factor: 1 }));
    await withStatistics(name);
    await ready();
    // Scores 1, 4, 9, 16: one is above the threshold of 10. Five times as much: 5, 20, 45, 80.
    for (const first of [1, 2, 3, 4]) await runtime.sendAndWait("n", frame([first, 0, 0, 0]));
    await save(name, squares({ factor: 5 }));
    const [msg] = await runtime.receive("told");
    expect(msg!.payload).toMatchObject({
      model: { version: "2" },
      change: { from: "1", to: "2", frames: 4, same: 0.5, meanDifference: 30, ms: { from: expect.any(Number) } },
    });
    expect(msg!.payload.change.correlation).toBeCloseTo(1, 6);
    await until(() => runtime.status("n")?.text === "v2, 50 % as v1", "the status tells it");
  });

  it("keeps the old version when the new one fails on a recent frame, and says why", async () => {
    const name = newName();
    await save(name, squares());
    await withStatistics(name);
    await ready();
    // The logarithm is fine where the trial looks, and has no number for this.
    await runtime.sendAndWait("n", frame([-9, 0, 0, 0]));
    await save(name, logarithm());
    await until(() => runtime.status("n")?.text === "v1 · 1, v2 refused", "the status says so");
    expect(JSON.stringify(runtime.log().map(({ msg }) => msg))).toMatch(/its score is NaN.*EDGE_ML_MODEL_INVALID/);
    runtime.send("n", frame());
    expect((await runtime.receive("sink", 2))[1]!.model.version).toBe("1");
  });
});

describe("edge-infer and the versions of its model", () => {
  const change = (model: unknown) => runtime.sendAndWait("n", { model });
  const inUse = (version: string) =>
    until(() => runtime.status("n")!.text!.startsWith(`v${version}`), `version ${version} is in use`);

  it("goes back, and to any version, when a message says so and the node allows it", async () => {
    const name = newName();
    for (const factor of [1, 2, 3]) await save(name, squares({ factor }));
    await deploy(name, { messagesChangeModel: true });
    await inUse("3");
    expect((await change({ rollback: true })).error).toBeUndefined();
    await inUse("2");
    expect((await change({ use: 1 })).error).toBeUndefined();
    await inUse("1");
    expect((await change({ rollback: true })).error).toMatchObject({ code: "EDGE_ML_MODEL_NOT_FOUND" });
    expect((await change({ use: "../1" })).error).toMatchObject({ code: "EDGE_ML_MODEL_NOT_FOUND" });
    expect((await change({ use: {} })).error).toMatchObject({ code: "EDGE_ML_COMMAND" });
    expect((await store.current(name))!.version).toBe("1");
    runtime.send("n", frame());
    expect((await runtime.receive("sink"))[0]!.payload.score).toBe(30);
  });

  it("obeys no message as it comes, and takes a result's model for no command", async () => {
    const name = newName();
    for (const factor of [1, 2]) await save(name, squares({ factor }));
    await deploy(name);
    await inUse("2");
    expect((await change({ rollback: true })).error).toMatchObject({
      code: "EDGE_ML_SETTING",
      details: { field: "messagesChangeModel" },
    });
    expect((await store.current(name))!.version).toBe("2");
    runtime.send("n", frame([1, 2, 3, 4], {}, { model: { name: "other", version: "1", sha256: "0" } }));
    expect((await runtime.receive("sink"))[0]!.model.version).toBe("2");
  });

  it("goes on with a model whose files somebody deletes", async () => {
    const name = newName();
    const { path } = await save(name, squares());
    await deploy(name);
    await ready();
    rmSync(dirname(path), { recursive: true });
    expect(await store.current(name)).toBeUndefined();
    runtime.send("n", frame());
    expect((await runtime.receive("sink"))[0]!.payload.score).toBe(30);
    expect(runtime.status("n")).toMatchObject({ text: expect.stringMatching(/^v1/) });
  });

  it("shares one session among all nodes that run the same version, and frees it with the last", async () => {
    const [name, other] = [newName(), newName()];
    await save(name, squares());
    await save(other, squares());
    const nodes = ["n", "n2", "n3", "n4"];
    await runtime.deploy([
      { id: "m", type: "edge-model", model: name, config: true },
      { id: "o", type: "edge-model", model: other, config: true },
      ...nodes.map((id, i) => ({ id, type: "edge-infer", model: i < 3 ? "m" : "o", threshold: i, wires: [["sink"]] })),
      { id: "sink", type: "test-sink" },
    ]);
    for (const id of nodes) await until(() => runtime.status(id)?.text?.startsWith("v") === true, `${id} is ready`);
    const shared = glue.runnersOf(store);
    expect(shared.size).toBe(2);
    for (const id of nodes) runtime.send(id, frame());
    expect((await runtime.receive("sink", 4)).map(({ payload }) => payload.score)).toEqual([30, 30, 30, 30]);
    await save(name, squares({ factor: 2 }));
    for (const id of nodes.slice(0, 3)) {
      await until(() => runtime.status(id)!.text!.startsWith("v2"), `${id} has version 2`);
    }
    expect(shared.size).toBe(2);
    await runtime.deploy([]);
    expect(shared.size).toBe(0);
  });
});

describe("edge-infer with a model from elsewhere", () => {
  const golden = (file: string) => new Uint8Array(readFileSync(join(ROOT, "test/golden/infer", file)));
  const numbers = (length: number, names = Array.from({ length }, (_, i) => `f${i}`)) => ({ shape: [length], names });

  async function run(file: string, settings: object, msg: Msg): Promise<Msg> {
    const name = newName();
    await store.save(name, () => golden(file));
    await deploy(name, settings);
    await ready();
    runtime.send("n", msg);
    const [result] = await runtime.receive("sink");
    expect(validResult(JSON.parse(JSON.stringify(result!.payload)))).toEqual(result!.payload);
    return result!;
  }

  it("gives classes by the names in the file: so many, and uncertain below a class's own threshold", async () => {
    const { rows, classes } = JSON.parse(readFileSync(join(ROOT, "test/golden/infer/trained/trained.json"), "utf8"));
    const { label, probabilities } = classes["zipmap-text"];
    const most = Math.max(...probabilities[0]);
    const settings = { top: 1, classThresholds: `${label[0]} ${most > 0.5 ? 1 : 0.99}` };
    const { payload } = await run("trained/zipmap-text.onnx", settings, frame(rows[0], numbers(3)));
    expect(payload).toEqual({
      kind: "class",
      label: "uncertain",
      confidence: expect.closeTo(most, 5),
      scores: [{ label: label[0], score: expect.closeTo(most, 5) }],
    });
  });

  it("takes further inputs from the message, and gives the output that is chosen", async () => {
    const torch = JSON.parse(readFileSync(join(ROOT, "test/golden/infer/networks/torch.json"), "utf8"));
    const msg = frame(torch.rows[1], numbers(4), { inputs: { weather: torch.weather[1] } });
    const { payload } = await run("networks/torch-two.onnx", { task: "value", output: "sum", labels: "power" }, msg);
    expect(payload).toEqual({ kind: "value", values: [{ name: "power", value: expect.closeTo(torch.two.sum[1], 5) }] });
    const { error } = await runtime.sendAndWait("n", frame(torch.rows[1], numbers(4)));
    expect(error).toMatchObject({ code: "EDGE_ML_PAYLOAD", message: expect.stringMatching(/msg\.inputs\.weather/) });
  });

  it("says what is wrong with its settings", async () => {
    await deploy(newName(), { classThresholds: "spin high" });
    expect(runtime.status("n")).toMatchObject({ fill: "red" });
  });
});

describe("edge-infer with a slow model", () => {
  it("leaves the event loop free and keeps the order", async () => {
    const name = newName();
    await save(name, squares({ slow: true }));
    await deploy(name);
    await ready();
    let turns = 0;
    let spinning = true;
    const spin = () => {
      turns++;
      if (spinning) setImmediate(spin);
    };
    spin();
    for (let i = 0; i < 20; i++) runtime.send("n", frame([i, 0, 0, 0], { seq: i }));
    const messages = await runtime.receive("sink", 20);
    expect(messages.map(({ frame, payload }) => [frame.seq, payload.score])).toEqual(
      Array.from({ length: 20 }, (_, i) => [i, i * i]),
    );
    spinning = false;
    // On the event loop a run leaves a turn or two before the next; a worker leaves it to everybody else.
    expect(turns).toBeGreaterThan(1000);
  });

  it("drops the oldest frames when too many wait, calls done() for each, and says how many", async () => {
    const name = newName();
    await save(name, squares({ slow: true }));
    await deploy(name, { queueLimit: 3 });
    await ready();
    for (let i = 0; i < 40; i++) runtime.send("n", frame([i, 0, 0, 0], { seq: i }));
    await until(() => runtime.completions("n").length === 40, "every frame is done");
    // The first ran, and the last three waited.
    expect(runtime.received("sink").map(({ frame }) => frame.seq)).toEqual([0, 37, 38, 39]);
    expect(runtime.completions("n").filter(({ error }) => error)).toEqual([]);
    await until(() => runtime.status("n")?.text === "v1 · 4, 36 dropped", "drops are shown");
    expect(runtime.status("n")).toMatchObject({ fill: "yellow" });
  });

  it("refuses the newest frames instead, if it is set so", async () => {
    const name = newName();
    await save(name, squares({ slow: true }));
    await deploy(name, { queueLimit: 3, queuePolicy: "refuse" });
    await ready();
    for (let i = 0; i < 10; i++) runtime.send("n", frame([i, 0, 0, 0], { seq: i }));
    await until(() => runtime.completions("n").length === 10, "every frame is done");
    expect(runtime.received("sink").map(({ frame }) => frame.seq)).toEqual([0, 1, 2, 3]);
    const codes = runtime.completions("n").flatMap(({ error }) => (error ? [error.code] : []));
    expect(codes).toEqual(Array(6).fill("EDGE_ML_QUEUE_FULL"));
  });

  it("calls done() exactly once for every frame when it is closed while it runs", async () => {
    const name = newName();
    await save(name, squares({ slow: true }));
    await deploy(name);
    await ready();
    const ids = new Map<string, number>();
    runtime.RED.hooks.add("onComplete.infer-close", ({ msg, node }: { msg: Msg; node: { id: string } }) => {
      if (node.id === "n") ids.set(msg._msgid, (ids.get(msg._msgid) ?? 0) + 1);
    });
    try {
      for (let i = 0; i < 30; i++) runtime.send("n", frame([i, 0, 0, 0], {}, { _msgid: `close-${i}` }));
      await new Promise((done) => setImmediate(done));
      await deploy(name);
      expect([...ids.values()]).toEqual(Array(30).fill(1));
    } finally {
      runtime.RED.hooks.remove("*.infer-close");
    }
    await ready();
    expect((await runtime.sendAndWait("n", frame())).error).toBeUndefined();
    expect(await runtime.receive("sink")).toHaveLength(1);
  });

  it("may be closed while its model is being loaded", async () => {
    const name = newName();
    await save(name, squares({ slow: true }));
    for (let i = 0; i < 5; i++) await deploy(name);
    runtime.send("n", frame());
    await runtime.receive("sink");
  });
});

describe("edge-infer and bad input", () => {
  let name: string;
  beforeAll(async () => {
    name = newName();
    await save(name, squares());
  });

  const other = (change: (frame: Msg) => unknown) => () => {
    const msg = frame();
    change(msg.frame);
    return msg;
  };
  const bad: [string, () => Msg, string, string][] = [
    ["no frame", () => ({ payload: 1 }), "EDGE_ML_FRAME", "msg.frame"],
    ["a text as frame", () => ({ ...frame(), frame: "x" }), "EDGE_ML_FRAME", "msg.frame"],
    ["a text as payload", () => ({ ...frame(), payload: "abc" }), "EDGE_ML_FRAME", "msg.payload"],
    ["no payload", () => ({ ...frame(), payload: undefined }), "EDGE_ML_FRAME", "msg.payload"],
    ["an empty payload", () => frame([]), "EDGE_ML_FRAME", "msg.payload"],
    ["too many numbers", () => frame([1, 2, 3, 4, 5]), "EDGE_ML_FRAME", "msg.payload"],
    ["a huge array", () => ({ ...frame(), payload: new Array(20_000_000) }), "EDGE_ML_TOO_LARGE", "msg.payload"],
    ["BigInt64Array", () => ({ ...frame(), payload: new BigInt64Array(4) }), "EDGE_ML_FRAME", "msg.payload"],
    ["DataView", () => ({ ...frame(), payload: new DataView(new ArrayBuffer(16)) }), "EDGE_ML_FRAME", "msg.payload"],
    ["a Buffer", () => ({ ...frame(), payload: Buffer.alloc(4) }), "EDGE_ML_FRAME", "msg.payload"],
    ["no quality", other((info) => delete info.quality), "EDGE_ML_FRAME", "msg.frame.quality"],
    [
      "another recipe",
      other((info) => Object.assign(info.recipe.window, { size: 8 })),
      "EDGE_ML_RECIPE_MISMATCH",
      "window.size",
    ],
    [
      "a missing channel",
      other((info) => info.recipe.window.channels.pop()),
      "EDGE_ML_RECIPE_MISMATCH",
      "window.channels.1",
    ],
    [
      "__proto__ as channel",
      other((info) => info.recipe.window.channels.splice(0, 1, "__proto__")),
      "EDGE_ML_RECIPE_MISMATCH",
      "window.channels.0",
    ],
    [
      "__proto__ as name",
      other((info) => info.names.splice(0, 1, "__proto__")),
      "EDGE_ML_RECIPE_MISMATCH",
      "msg.frame.names.0",
    ],
    [
      "a window instead of features",
      () =>
        frame([1, 2, 3, 4], {
          kind: "window",
          shape: [2, 2],
          names: ["a", "b"],
          recipe: { version: 1, window: featureInfo().recipe.window },
        }),
      "EDGE_ML_RECIPE_MISMATCH",
      "features",
    ],
  ];
  it("refuses each with a coded error that names the field, and goes on", async () => {
    await deploy(name);
    for (const [what, msg, code, field] of bad) {
      const { error } = await runtime.sendAndWait("n", msg());
      expect(error, what).toMatchObject({ code, details: { field } });
    }
    expect((await runtime.sendAndWait("n", frame())).error).toBeUndefined();
    expect(await runtime.receive("sink")).toHaveLength(1);
  });

  it("takes plain arrays, and typed arrays and objects of another realm", async () => {
    await deploy(name);
    runtime.send("n", { ...frame(), payload: [1, 2, 3, 4] });
    runtime.send("n", { ...frame(), payload: runInNewContext("Float64Array.of(1, 2, 3, 4)") });
    const foreign = runInNewContext(`JSON.parse(${JSON.stringify(JSON.stringify(featureInfo()))})`);
    runtime.send("n", { payload: runInNewContext("Float32Array.of(1, 2, 3, 4)"), frame: foreign });
    const messages = await runtime.receive("sink", 3);
    expect(messages.map(({ payload }) => payload.score)).toEqual([30, 30, 30]);
  });

  it("takes time as it comes: backwards, twice, far away", async () => {
    await deploy(name);
    for (const start of [5000, 1000, 1000, -1e15, 1e300]) runtime.send("n", frame([1, 2, 3, 4], { start, end: start }));
    expect(await runtime.receive("sink", 5)).toHaveLength(5);
  });

  it("stays bounded and in order with 10,000 streams, __proto__ among them", async () => {
    await deploy(name, { queueLimit: 10_000 });
    for (let i = 0; i < 10_000; i++) {
      const topic = i === 7 ? "__proto__" : `s${i}`;
      runtime.send("n", frame([1, 0, 0, 0], { stream: topic, seq: i }, { topic }));
    }
    const messages = await runtime.receive("sink", 10_000, 20_000);
    expect(messages.map(({ frame }) => frame.seq)).toEqual(Array.from({ length: 10_000 }, (_, i) => i));
    expect(messages[7]!.topic).toBe("__proto__");
    expect(({} as Msg).payload).toBeUndefined();
  });

  const wrong: [string, object, string][] = [
    ["no model", { model: "" }, "model"],
    ["a model node that is not there", { model: "gone" }, "model"],
    ["a node that names no model", { model: "sink" }, "model"],
    ["an own threshold that is empty", { thresholdFrom: "own", threshold: "" }, "threshold"],
    ["an own threshold that is no number", { thresholdFrom: "own", threshold: "high" }, "threshold"],
    ["a confidence above 1", { uncertainBelow: "60" }, "uncertainBelow"],
    ["half a channel", { contributions: 0.5 }, "contributions"],
    ["no place to wait", { queueLimit: 0 }, "queueLimit"],
    ["an endless queue", { queueLimit: 1e9 }, "queueLimit"],
    ["statistics of the past", { statisticsEvery: -1 }, "statisticsEvery"],
    ["an unknown policy", { queuePolicy: "newest" }, "queuePolicy"],
  ];
  it.each(wrong)("says what is wrong with the settings: %s", async (_, settings, field) => {
    await deploy(name, settings);
    expect(runtime.status("n")).toMatchObject({ fill: "red", text: "check settings" });
    expect((await runtime.sendAndWait("n", frame())).error).toMatchObject({
      code: "EDGE_ML_SETTING",
      details: { field },
    });
  });
});

describe("edge-infer with a .tflite model", () => {
  const golden = (file: string) => readFileSync(join(ROOT, "test/golden/tflite", file));

  it("runs it on frames of real numbers", async () => {
    const name = newName();
    const { sha256 } = await store.save(name, () => golden("autoencoder-int8.tflite"));
    await deploy(name);
    await ready();
    const names = Array.from({ length: 40 }, (_, i) => `bin ${i}`);
    runtime.send("n", frame(new Array(40).fill(0), { shape: [40], names }));
    const [msg] = await runtime.receive("sink");
    expect(msg!.model).toEqual({ name, version: "1", sha256 });
    expect(msg!.payload).toMatchObject({ kind: "tensors", tensors: [{ shape: [1, 40] }] });
    expect(msg!.payload.tensors[0].data.every(Number.isFinite)).toBe(true);
  });

  it("converts a large one in a worker, and says what is wrong with one", async () => {
    const name = newName();
    const size = 300;
    const weights = (data: Float32Array) =>
      tflite({
        tensors: [
          { shape: [1, size] },
          { shape: [1, size] },
          { shape: [size, size], data: new Uint8Array(data.buffer) },
        ],
        operators: [{ code: FULLY_CONNECTED, inputs: [0, 2], outputs: [1] }],
      });
    const twos = Float32Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 2 : 0));
    await store.save(name, () => weights(twos));
    await deploy(name);
    await ready();
    const names = Array.from({ length: size }, (_, i) => `x${i}`);
    const values = names.map((_, i) => i);
    runtime.send("n", frame(values, { shape: [size], names }));
    const [msg] = await runtime.receive("sink");
    expect(msg!.payload.tensors[0].data).toEqual(values.map((value) => 2 * value));
    const wrong = store.save(name, () => weights(twos.fill(Number.NaN)));
    await expect(wrong).rejects.toMatchObject({ code: "EDGE_ML_MODEL_INVALID", details: { name } });
  });
});
