import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { encodeModel, type ModelStore, type OnnxGraph, writeBundle } from "../../nodes/lib/model/index.ts";
import { featureInfo, manifest, softmax, squares } from "../support/infer-models.ts";
import { type OipServer, startOipServer } from "../support/oip-server.ts";
import { type Msg, ROOT, type Runtime, startRuntime, until } from "../support/runtime.ts";

const glue = require(join(ROOT, "dist/glue/models.js")) as typeof import("../../nodes/glue/models.ts");

let runtime: Runtime;
let store: ModelStore;
let server: OipServer;
beforeAll(async () => {
  runtime = await startRuntime();
  store = glue.modelStore(runtime.RED);
  const foreign = (graph: OnnxGraph) => encodeModel(graph, { producerName: "elsewhere", producerVersion: "1" });
  // Twice the score of the model here: so one sees who computed it.
  server = await startOipServer(
    { ahu: writeBundle(squares(), manifest()), twice: foreign(squares({ factor: 2 })), raw: foreign(softmax()) },
    { token: "s3cret" },
  );
  await store.save("ahu", (version) => writeBundle(squares(), manifest(version, { name: "ahu" })));
});
afterEach(() => {
  server.fault = () => undefined;
});
afterAll(async () => {
  await server.stop();
  await runtime.stop();
});

function deploy(settings: object = {}): Promise<void> {
  return runtime.deploy([
    { id: "m", type: "edge-model", model: "ahu", config: true },
    {
      id: "n",
      type: "edge-infer",
      model: "m",
      runs: "server",
      serverUrl: server.url,
      serverModel: "twice",
      credentials: { serverToken: "s3cret" },
      wires: [["sink"]],
      ...settings,
    },
    { id: "sink", type: "test-sink" },
  ]);
}

const frame = (values: number[] = [1, 2, 3, 4], seq = 0): Msg => ({
  topic: "t",
  payload: Float32Array.from(values),
  frame: featureInfo({ seq }),
});
const text = () => runtime.status("n")?.text ?? "";
const infers = () => server.requests.filter(({ path }) => path.endsWith("/infer")).length;
/** The server is there: before, frames go to the model here. */
const connected = () => until(() => /^v1 · \d+($| · )/.test(text()), "the server is there");

describe("edge-infer on a model server", () => {
  it("gives the result of the server, read by the model's manifest, and says whose it is", async () => {
    await deploy({ serverModel: "ahu" });
    await connected();
    runtime.send("n", frame());
    const [msg] = await runtime.receive("sink");
    await deploy({ runs: "here" });
    await until(() => text() === "v1 · 0", "the model runs here");
    runtime.send("n", frame());
    const [here] = await runtime.receive("sink");
    expect(msg!.payload).toEqual(here!.payload);
    expect(msg!.model).toEqual({ ...here!.model, server: server.url });
    expect(msg!.frame).toEqual(here!.frame);
  });

  it("sends the version and the token that were set", async () => {
    await deploy({ serverVersion: "1" });
    await connected();
    runtime.send("n", frame());
    await runtime.receive("sink");
    expect(server.requests.at(-1)).toMatchObject({
      path: "/v2/models/twice/versions/1/infer",
      headers: { authorization: "Bearer s3cret" },
    });
  });

  it("runs the model here while the server is away, loses no frame, and comes back", async () => {
    await deploy();
    await connected();
    runtime.send("n", frame([1, 0, 0, 0], 0));
    expect((await runtime.receive("sink"))[0]!.payload.score).toBe(2);
    await server.shut();
    for (let i = 1; i <= 20; i++) runtime.send("n", frame([1, 0, 0, 0], i));
    const messages = await runtime.receive("sink", 21);
    expect(messages.map(({ frame }) => frame.seq)).toEqual(Array.from({ length: 21 }, (_, i) => i));
    for (const { payload, model } of messages.slice(1)) {
      expect(payload.score).toBe(1);
      expect(model).not.toHaveProperty("server");
    }
    await until(() => text() === "v1 · 21, server away: here", "the status says so");
    expect(runtime.status("n")).toMatchObject({ fill: "yellow" });
    // Told once, not for each frame and not for each attempt.
    expect(runtime.log().filter(({ id }) => id === "n")).toHaveLength(1);
    expect(JSON.stringify(runtime.log()[0]!.msg)).toMatch(/EDGE_ML_SERVER_DOWN/);
    expect(runtime.completions("n").filter(({ error }) => error)).toEqual([]);
    await server.open();
    await connected();
    runtime.send("n", frame([1, 0, 0, 0], 21));
    expect((await runtime.receive("sink", 22))[21]!.payload.score).toBe(2);
  });

  it("starts without the server, and takes it when it comes", async () => {
    await server.shut();
    await deploy();
    runtime.send("n", frame());
    expect((await runtime.receive("sink"))[0]!.payload.score).toBe(30);
    await server.open();
    await connected();
    runtime.send("n", frame());
    expect((await runtime.receive("sink", 2))[1]!.payload.score).toBe(60);
  });

  it("fails frames with the reason, when it must not run the model here", async () => {
    await deploy({ serverFallback: false });
    await connected();
    server.fault = () => ({ status: 500, body: '{"error":"no memory"}' });
    expect((await runtime.sendAndWait("n", frame())).error).toMatchObject({
      code: "EDGE_ML_SERVER_DOWN",
      message: expect.stringContaining("no memory"),
    });
    const asked = infers();
    expect((await runtime.sendAndWait("n", frame())).error).toMatchObject({ code: "EDGE_ML_SERVER_DOWN" });
    // The second did not wait for a server that is known to be away.
    expect(infers()).toBe(asked);
    await until(() => text() === "v1 · 0, server away", "the status says so");
    expect(runtime.status("n")).toMatchObject({ fill: "red" });
    server.fault = () => undefined;
    await until(() => runtime.status("n")?.fill !== "red", "it comes back");
    expect((await runtime.sendAndWait("n", frame())).error).toBeUndefined();
  });

  it("does not send frames that do not fit the model, or are bad", async () => {
    await deploy();
    await connected();
    const asked = infers();
    const other = frame();
    other.frame.recipe.window.size = 8;
    expect((await runtime.sendAndWait("n", other)).error).toMatchObject({ code: "EDGE_ML_RECIPE_MISMATCH" });
    runtime.send("n", frame([1, 2, Number.NaN, 4]));
    expect((await runtime.receive("sink"))[0]!.payload).toMatchObject({ kind: "anomaly", score: null });
    expect(infers()).toBe(asked);
  });

  it("passes the outputs on as they are, when no model is chosen here", async () => {
    await deploy({ model: "", serverFallback: false, serverModel: "raw" });
    // At once: it waits until the server was asked.
    runtime.send("n", frame([0, 5, 1, 0]));
    const [msg] = await runtime.receive("sink");
    expect(msg!.payload.kind).toBe("tensors");
    expect(msg!.payload.tensors[1]).toEqual({ name: "label", shape: [1], data: [1] });
    expect(msg!.model).toEqual({ name: "raw", version: "2", server: server.url });
    expect(JSON.parse(JSON.stringify(msg!.payload))).toEqual(msg!.payload);
    await until(() => /^v2 · 1 · /.test(text()), "the count is shown");
  });

  it("counts frames without a server, when nothing is known of the model", async () => {
    await server.shut();
    await deploy({ model: "", serverFallback: false, serverModel: "raw" });
    await until(() => text() === "server away", "the status says so");
    expect((await runtime.sendAndWait("n", frame())).error).toBeUndefined();
    expect(runtime.received("sink")).toEqual([]);
    await server.open();
    await until(() => /^v2 · 0/.test(text()), "the server is there");
    expect((await runtime.sendAndWait("n", frame([0, 5, 1, 0]))).error).toBeUndefined();
  });

  it("says which model, version or token the server does not take", async () => {
    for (const [settings, expected] of [
      [{ serverModel: "nothing" }, /EDGE_ML_SERVER_REFUSED/],
      [{ serverVersion: "9" }, /EDGE_ML_SERVER_REFUSED/],
      [{ credentials: { serverToken: "wrong" } }, /EDGE_ML_SERVER_(DOWN|REFUSED)/],
    ] as const) {
      await deploy(settings);
      await until(() => runtime.log().some(({ id }) => id === "n"), "it says so");
      expect(JSON.stringify(runtime.log().find(({ id }) => id === "n")!.msg)).toMatch(expected);
      expect((await runtime.sendAndWait("n", frame())).error).toBeUndefined();
    }
  });

  it("changes to a new version of the model here, too", async () => {
    await deploy();
    await connected();
    await store.save("ahu", (version) => writeBundle(squares(), manifest(version, { name: "ahu" })));
    await until(() => text().startsWith("v2"), "version 2 is in use");
    runtime.send("n", frame());
    expect((await runtime.receive("sink"))[0]!.model).toMatchObject({ version: "2", server: server.url });
    await store.activate("ahu", "1");
    await connected();
  });

  it("is deployed again while a frame is under way, and calls done() once for each", async () => {
    await deploy({ serverFallback: false });
    await connected();
    server.fault = ({ path }) => (path.endsWith("/infer") ? { delay: 300 } : undefined);
    const done: string[] = [];
    runtime.RED.hooks.add("onComplete.server-close", ({ msg, node }: { msg: Msg; node: { id: string } }) => {
      if (node.id === "n") done.push(msg._msgid);
    });
    try {
      for (let i = 0; i < 5; i++) runtime.send("n", { ...frame(), _msgid: `close-${i}` });
      await new Promise((resolve) => setImmediate(resolve));
      await deploy();
      expect(done.sort()).toEqual(["close-0", "close-1", "close-2", "close-3", "close-4"]);
    } finally {
      runtime.RED.hooks.remove("*.server-close");
    }
  });

  const wrong: [string, object, string][] = [
    ["no address", { serverUrl: "" }, "serverUrl"],
    ["an address without a protocol", { serverUrl: "server:8000" }, "serverUrl"],
    ["a password in the address", { serverUrl: "http://me:hunter2@server" }, "serverUrl"],
    ["no name of a model", { serverModel: " " }, "serverModel"],
    ["no time", { serverTimeout: 0 }, "serverTimeout"],
    ["all the time", { serverTimeout: 3600 }, "serverTimeout"],
    ["a time in words", { serverTimeout: "long" }, "serverTimeout"],
    ["no model to run here", { model: "" }, "model"],
    ["elsewhere", { runs: "cloud" }, "runs"],
    ["a token that breaks the header", { credentials: { serverToken: "a b" } }, "serverToken"],
  ];
  it.each(wrong)("says what is wrong with the settings: %s", async (_, settings, field) => {
    await deploy(settings);
    expect(runtime.status("n")).toMatchObject({ fill: "red", text: "check settings" });
    expect((await runtime.sendAndWait("n", frame())).error).toMatchObject({
      code: "EDGE_ML_SETTING",
      details: { field },
    });
  });

  it("does not care for what a hidden field holds", async () => {
    await deploy({ runs: "here", serverUrl: "x", serverTimeout: "long" });
    await until(() => text() === "v1 · 0", "the model runs here");
  });
});
