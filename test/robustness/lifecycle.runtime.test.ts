/** Deploys in the middle of everything, subflows, and what a frame of bad quality must never become. */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type ModelStore, writeBundle } from "../../nodes/lib/model/index.ts";
import { featureInfo, manifest, squares } from "../support/infer-models.ts";
import { type FlowNode, type Msg, ROOT, type Runtime, startRuntime, until } from "../support/runtime.ts";

const glue = require(join(ROOT, "dist/glue/models.js")) as typeof import("../../nodes/glue/models.ts");

let runtime: Runtime;
let store: ModelStore;
const workers = new Set<Worker>();
const escaped: unknown[] = [];
const onWorker = (worker: Worker) => {
  workers.add(worker);
  worker.once("exit", () => workers.delete(worker));
};
const onEscaped = (error: unknown) => escaped.push(error);

beforeAll(async () => {
  process.on("worker", onWorker);
  process.on("unhandledRejection", onEscaped);
  process.env.EDGE_ML_TEST_SIZE = "3";
  process.env.EDGE_ML_TEST_MODEL = "from-env";
  runtime = await startRuntime();
  store = glue.modelStore(runtime.RED);
});
afterAll(async () => {
  await runtime.stop();
  process.off("worker", onWorker);
  process.off("unhandledRejection", onEscaped);
});
beforeEach(() => {
  escaped.length = 0;
});
afterEach(() => expect(escaped).toEqual([]));

const save = (name: string, options: Parameters<typeof squares>[0] = {}) =>
  store.save(name, (version) => writeBundle(squares(options), manifest(version, { name })));

const frame = (i: number, more: Msg = {}): Msg => ({
  topic: "t",
  payload: Float32Array.of(1 + Math.sin(i), 2 + Math.cos(1.3 * i), 3 + Math.sin(0.7 * i), 4 + Math.cos(i * i)),
  frame: featureInfo({ seq: i, start: 60_000 * i, end: 60_000 * i + 59_000, stream: "t" }),
  ...more,
});

/** Deploys with a type of its own ("full", "nodes", "flows"); the flow is complete. */
async function deploy(flows: Msg[], deploymentType: string): Promise<void> {
  const started = new Promise((done) => runtime.RED.events.once("flows:started", done));
  await runtime.RED.runtime.flows.setFlows({ flows: { flows: structuredClone(flows) }, deploymentType });
  await started;
}

const at = (z: string, nodes: FlowNode[]): Msg[] =>
  nodes.map(({ config, ...node }, i) => (config ? node : { x: 100, y: 40 * (i + 1), z, wires: [], ...node }));

const files = (folder: string) => {
  const path = join(runtime.userDir, "edge-ml", folder);
  return existsSync(path) ? readdirSync(path).sort() : [];
};

describe("a frame that is not ok", () => {
  it.each([
    ["missing-values", "not a number"],
    ["sensor-flat-lined", "stuck"],
  ])("is never learned from, never scored, and raises an alert of its own: %s", async (fault, reason) => {
    const channel = fault === "sensor-flat-lined" ? [{ channel: "supply_air_temperature", stuck: 5 }] : [];
    const others = ["return_air_temperature", "mixed_air_temperature"].map((name) => ({ channel: name, stuck: 5 }));
    const channels = fault === "sensor-flat-lined" ? [...channel, ...others] : [];
    await runtime.deploy([
      {
        id: "sim",
        type: "edge-simulator",
        speed: 60_000,
        interval: 60,
        autostart: false,
        begin: "date",
        wires: [["win"]],
      },
      {
        id: "win",
        type: "edge-window",
        by: "samples",
        size: 4,
        sizeUnit: "samples",
        hop: 4,
        hopUnit: "samples",
        channels,
        wires: [["feat"]],
      },
      {
        id: "feat",
        type: "edge-features",
        blocks: [{ block: "flatten" }],
        wires: [[`learn-${fault}`, "infer", "frames"]],
      },
      { id: "m", type: "edge-model", config: true, model: `quality-${fault}` },
      { id: `learn-${fault}`, type: "edge-learn", model: "m", frames: 150, wires: [["reports"]] },
      { id: "infer", type: "edge-infer", model: "m", queueLimit: 10_000, wires: [[`alert-${fault}`, "results"]] },
      { id: `alert-${fault}`, type: "edge-alert", noDataAfter: 3600, wires: [["alerts"], []] },
      ...["frames", "reports", "results", "alerts"].map((id) => ({ id, type: "test-sink" })),
    ]);
    runtime.send("sim", { payload: "start" });
    await runtime.receive("reports");
    await runtime.receive("results");
    runtime.send("sim", { payload: { fault, intensity: 1 } });
    await until(
      () => runtime.received("alerts").some(({ payload }) => payload.label === "data"),
      "the alert about data",
    );
    runtime.send("sim", { payload: "stop" });
    const alert = runtime.received("alerts").find(({ payload }) => payload.label === "data")!;
    expect(alert.payload).toMatchObject({
      state: "raised",
      severity: "warning",
      text: expect.stringContaining(reason),
    });

    const bad = runtime.received("frames").filter(({ frame: info }) => !info.quality.ok);
    expect(bad.length).toBeGreaterThan(10);
    const results = runtime.received("results");
    for (const { frame: info } of bad) {
      const found = results.find((msg) => msg.frame.seq === info.seq);
      if (found) expect(found.payload).toEqual({ kind: "anomaly", score: null, quality: info.quality });
    }
    for (const { payload, frame: info } of results) expect(payload.score === null).toBe(!info.quality.ok);
  });
});

describe("a deploy in the middle", () => {
  /** Learns, trains, infers (in this thread and in a worker), alerts and replays, all at once. */
  const busy = (round: number): Msg[] => [
    { id: "tab", type: "tab", label: "a" },
    { id: "tab2", type: "tab", label: "b" },
    { id: "model-fast", type: "edge-model", model: "fast" },
    { id: "model-slow", type: "edge-model", model: "slow" },
    { id: "model-made", type: "edge-model", model: "made" },
    ...at("tab", [
      {
        id: "learn",
        type: "edge-learn",
        model: "model-made",
        frames: 60,
        after: "again",
        name: `${round}`,
        wires: [[]],
      },
      {
        id: "infer-slow",
        type: "edge-infer",
        model: "model-slow",
        queueLimit: 5,
        name: `${round}`,
        wires: [["alert"]],
      },
      { id: "alert", type: "edge-alert", needed: 1, among: 1, name: `${round % 2}`, wires: [[], []] },
      { id: "window", type: "edge-window", wires: [["features"]] },
      { id: "features", type: "edge-features", blocks: [{ block: "flatten" }] },
    ]),
    ...at("tab2", [
      { id: "infer", type: "edge-infer", model: "model-fast", name: `${round}`, wires: [["alert"]] },
      { id: "infer-made", type: "edge-infer", model: "model-made", name: `${round}`, wires: [["alert"]] },
      {
        id: "replay",
        type: "edge-replay",
        file: EXAMPLE,
        begin: "deploy",
        loop: true,
        name: `${round}`,
        wires: [["window"]],
      },
      { id: "sim", type: "edge-simulator", speed: 100_000, name: `${round}`, wires: [["window"]] },
    ]),
  ];

  it("of any kind crashes nothing, and leaves no worker, file or timer behind", async () => {
    await save("fast");
    await save("slow", { slow: true });
    await deploy([{ id: "tab", type: "tab" }], "full");
    await until(() => workers.size === 0, "all workers ended");
    const before = { files: openFiles(), timers: timers() };
    let i = 0;
    for (let round = 0; round < 4; round++) {
      await deploy(busy(round), (["full", "nodes", "flows"] as const)[round % 3]!);
      for (let k = 0; k < 70; k++, i++) {
        for (const id of ["learn", "infer", "infer-slow", "infer-made"]) runtime.send(id, frame(i));
      }
      if (round === 2) rmSync(join(runtime.userDir, "edge-ml", "models", "fast"), { recursive: true });
      await new Promise((done) => setTimeout(done, [0, 5, 60, 250][round % 4]));
    }
    // It still works, with the model that is gone too: it comes again.
    await save("fast");
    await deploy(busy(99), "full");
    await until(() => runtime.status("infer")?.text?.startsWith("v") === true, "the model is back");
    expect((await runtime.sendAndWait("infer", frame(i))).error).toBeUndefined();
    expect((await runtime.sendAndWait("learn", frame(i))).error).toBeUndefined();

    expect(files("learning").length).toBeGreaterThan(0);
    await deploy([{ id: "tab", type: "tab" }], "full");
    await until(() => workers.size === 0, "all workers ended");
    // Deleted nodes leave nothing on the disk.
    await until(() => files("learning").length === 0 && files("alerts").length === 0, "the nodes' files are gone");
    await until(() => timers() <= before.timers, "all timers ended");
    // The store goes on watching the models that were asked for: one watch each, in one inotify.
    await until(() => openFiles() <= before.files + 1, "all files closed");
  }, 60_000);

  it("loses no frame when the model changes under load, in two nodes that use it", async () => {
    await save("shared");
    await runtime.deploy([
      { id: "m", type: "edge-model", config: true, model: "shared" },
      { id: "a", type: "edge-infer", model: "m", queueLimit: 10_000, wires: [["sa"]] },
      { id: "b", type: "edge-infer", model: "m", queueLimit: 10_000, wires: [["sb"]] },
      { id: "sa", type: "test-sink" },
      { id: "sb", type: "test-sink" },
    ]);
    for (const id of ["a", "b"])
      await until(() => runtime.status(id)?.text?.startsWith("v1") === true, `${id} is ready`);
    let i = 0;
    const saves = (async () => {
      for (let version = 0; version < 4; version++) await save("shared", { factor: version + 2 });
    })();
    let done = false;
    void saves.then(() => {
      done = true;
    });
    while (!done || i < 2000) {
      for (let k = 0; k < 20; k++, i++) for (const id of ["a", "b"]) runtime.send(id, frame(i));
      await new Promise((turn) => setTimeout(turn, 1));
    }
    for (const sink of ["sa", "sb"]) {
      const results = await runtime.receive(sink, i);
      expect(results.map((msg) => msg.frame.seq)).toEqual(Array.from({ length: i }, (_, k) => k));
    }
    for (const id of ["a", "b"]) await until(() => runtime.status(id)?.text?.startsWith("v5") === true, `${id} has v5`);
  });

  it("restores what was learned and raised, when another node of the flow changes", async () => {
    const flow = (name: string): Msg[] => [
      { id: "tab", type: "tab" },
      { id: "m", type: "edge-model", model: "kept" },
      ...at("tab", [
        { id: "k-learn", type: "edge-learn", model: "m", frames: 100, name, wires: [[]] },
        { id: "k-alert", type: "edge-alert", needed: 1, among: 1, name, wires: [[], []] },
      ]),
    ];
    await deploy(flow("one"), "full");
    for (let i = 0; i < 30; i++) await runtime.sendAndWait("k-learn", frame(i));
    const payload = { kind: "anomaly", score: 99, threshold: 10, anomalous: true };
    await runtime.sendAndWait("k-alert", { topic: "ahu", payload, frame: { stream: "ahu", end: 1000 } });
    for (const [name, type] of [
      ["two", "nodes"],
      ["three", "flows"],
      ["four", "full"],
    ] as const) {
      await deploy(flow(name), type);
      await until(() => runtime.status("k-learn")?.text?.includes("30/100") === true, `frames after ${type}`);
      expect(runtime.status("k-alert")).toMatchObject({ fill: "red", text: "alert: ahu" });
    }
    // A tab that is disabled is not deleted.
    await deploy([{ id: "tab", type: "tab", disabled: true }, ...flow("four").slice(1)], "full");
    expect(files("learning").some((name) => name.startsWith("k-learn"))).toBe(true);
    expect(files("alerts")).toContain("k-alert.json");
    await deploy(flow("four"), "full");
    await until(
      () => runtime.status("k-learn")?.text?.includes("30/100") === true,
      "frames after the tab was disabled",
    );
  });
});

describe("in a subflow", () => {
  const subflow = (instances: string[]): Msg[] => [
    { id: "tab", type: "tab" },
    {
      id: "sf",
      type: "subflow",
      name: "watch",
      in: [{ x: 20, y: 20, wires: [{ id: "sf-learn" }, { id: "sf-infer" }] }],
      out: [{ x: 300, y: 20, wires: [{ id: "sf-infer", port: 0 }] }],
      env: [{ name: "UNIT", type: "str", value: "none" }],
    },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Node-RED's own substitution
    { id: "sf-model", type: "edge-model", z: "sf", model: "${UNIT}" },
    ...at("sf", [
      { id: "sf-learn", type: "edge-learn", model: "sf-model", frames: 60, wires: [[]] },
      { id: "sf-infer", type: "edge-infer", model: "sf-model", wires: [["sf-alert"]] },
      { id: "sf-alert", type: "edge-alert", needed: 1, among: 1, wires: [[], []] },
    ]),
    ...at(
      "tab",
      instances.map((unit) => ({
        id: `i-${unit}`,
        type: "subflow:sf",
        env: [{ name: "UNIT", type: "str", value: unit }],
        wires: [["sink"]],
      })),
    ),
    ...at("tab", [{ id: "sink", type: "test-sink" }]),
  ];

  it("each instance has its own model and its own state, also after a restart", async () => {
    await deploy(subflow(["one", "two"]), "full");
    const status = (unit: string) => runtime.status(`i-${unit}-sf-learn`)?.text;
    for (let i = 0; i < 40; i++) runtime.send("i-one", frame(i));
    await until(() => status("one")?.includes("40/60") === true, "the first has 40 frames");
    expect(status("two")).toContain("0/60");
    await deploy(subflow(["one", "two"]), "full");
    await until(() => status("one")?.includes("40/60") === true, "the first has them again");
    for (let i = 40; i < 60; i++) runtime.send("i-one", frame(i));
    await until(() => status("one")?.startsWith("v1") === true, "the first has learned");
    let i = 60;
    await until(() => {
      runtime.send("i-one", frame(i++));
      return runtime.received("sink").length > 0;
    }, "a result of the first");
    expect(runtime.received("sink")[0]!.model.name).toBe("one");
    expect(await store.names()).toContain("one");
    expect(await store.names()).not.toContain("two");

    await deploy(subflow(["two"]), "full");
    await until(
      () => !files("learning").some((name) => name.includes("i-one")),
      "the deleted instance's files are gone",
    );
  });
});

it("settings may be environment variables", async () => {
  await runtime.deploy([
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: Node-RED's own substitution
    { id: "m", type: "edge-model", config: true, model: "${EDGE_ML_TEST_MODEL}" },
    {
      id: "win",
      type: "edge-window",
      by: "samples",
      size: "${EDGE_ML_TEST_SIZE}",
      sizeUnit: "samples",
      hop: "${EDGE_ML_TEST_SIZE}",
      hopUnit: "samples",
      wires: [["sink"]],
    },
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: Node-RED's own substitution
    { id: "infer", type: "edge-infer", model: "m", wires: [["sink"]] },
    { id: "sink", type: "test-sink" },
  ]);
  for (let i = 0; i < 3; i++) runtime.send("win", { payload: i });
  const [msg] = await runtime.receive("sink");
  expect(msg!.frame.shape).toEqual([3, 1]);
  await save("from-env");
  await until(() => runtime.status("infer")?.text?.startsWith("v1") === true, "the model of that name is in use");
});

const EXAMPLE = `examples:${readdirSync(join(ROOT, "examples/recordings")).find((name) => name.endsWith(".csv"))}`;

function openFiles(): number {
  return existsSync("/proc/self/fd") ? readdirSync("/proc/self/fd").length : 0;
}

function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
}
