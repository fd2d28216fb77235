import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ModelStore } from "../../nodes/lib/model/index.ts";
import { featureInfo } from "../support/infer-models.ts";
import { background, DIMENSIONS, keywordBytes, keywordManifest } from "../support/keyword-model.ts";
import { type Msg, ROOT, type Runtime, startRuntime, until } from "../support/runtime.ts";

const glue = require(join(ROOT, "dist/glue/models.js")) as typeof import("../../nodes/glue/models.ts");

let runtime: Runtime;
let store: ModelStore;
beforeAll(async () => {
  runtime = await startRuntime();
  store = glue.modelStore(runtime.RED);
});
afterAll(() => runtime.stop());

const ROWS = 120;

function save(name: string, seed = 1, text: string | undefined = JSON.stringify(background(ROWS))) {
  return store.save(name, (version) => keywordBytes(keywordManifest(version, { name }), text, seed));
}

/** The network, and behind its third output a model of one's own that is learned from it. */
function deploy(name: string, settings: object = {}): Promise<void> {
  const embedding = { embedding: true, outputs: 3, queueLimit: 1000 };
  return runtime.deploy([
    { id: "m", type: "edge-model", model: name, config: true },
    { id: "o", type: "edge-model", model: `${name}-own`, config: true },
    { id: "n", type: "edge-infer", model: "m", ...embedding, wires: [["results"], [], ["sink", "learn"]], ...settings },
    {
      id: "learn",
      type: "edge-learn",
      model: "o",
      task: "class",
      method: "logistic",
      amount: "told",
      holdOutBy: "stream",
      folds: 4,
      wires: [["report"]],
    },
    { id: "own", type: "edge-infer", model: "o", wires: [["scores"]] },
    ...["results", "sink", "report", "scores"].map((id) => ({ id, type: "test-sink" })),
  ]);
}

const ready = () => until(() => runtime.status("n")?.text?.startsWith("v") === true, "the network is in use");
const frame = (values: number[], info: Msg = {}): Msg => ({
  topic: "t",
  payload: Float32Array.from(values),
  frame: featureInfo(info),
});

/** Of an example of a word: eight frames 500 ms apart, as the hop of the recipe says at its rate. */
async function say(label: string, stream: string, values: number[]): Promise<void> {
  for (let i = 0; i < 8; i++) {
    const start = 5e9 + 20 * i;
    const noisy = values.map((value, k) => value + 0.05 * Math.sin(7 * i + 3 * k + stream.length));
    const { error } = await runtime.sendAndWait("n", frame(noisy, { label, stream, start, end: start + 40, seq: i }));
    expect(error).toBeUndefined();
  }
}

describe("the embedding of edge-infer", () => {
  it("comes from the third output beside the result, with the network in its recipe", async () => {
    await save("words");
    await deploy("words");
    await ready();
    runtime.send("n", frame([1, 2, 3, 4], { label: "hello", seq: 5, stream: "t" }));
    const [result] = await runtime.receive("results");
    expect(result!.payload).toMatchObject({ kind: "class" });
    const [passed] = await runtime.receive("sink");
    expect(passed!.payload).toBeInstanceOf(Float32Array);
    expect(passed!.payload).toHaveLength(DIMENSIONS);
    expect(passed!.frame).toMatchObject({ kind: "features", shape: [DIMENSIONS], label: "hello", seq: 5, stream: "t" });
    expect(passed!.frame.recipe.embedding).toMatchObject({ model: "words", output: "embedding" });
    // The result is of the frame that came, not of the embedding.
    expect(result!.frame.recipe).not.toHaveProperty("embedding");
    expect(passed!.topic).toBe("t");
  });

  it("is learned from with the background, in seconds; another version of the network is told, and can be rolled back", async () => {
    await save("net");
    await deploy("net");
    await ready();
    // Frames of another network, which a journal may have kept.
    await runtime.sendAndWait("learn", { learn: "reset" });
    const { error } = await runtime.sendAndWait("n", { background: true });
    expect(error).toBeUndefined();
    const sent = await runtime.receive("sink", ROWS);
    expect(sent).toHaveLength(ROWS);
    expect(new Set(sent.map(({ frame: info }) => info.label))).toEqual(new Set(["none"]));
    expect(new Set(sent.map(({ topic }) => topic)).size).toBe(3);
    for (let i = 0; i < 6; i++) await say("marvin", `marvin ${i}`, [3 + 0.1 * i, -3, 3, 3]);
    expect((await runtime.sendAndWait("learn", { learn: "train" })).error).toBeUndefined();
    const [report] = await runtime.receive("report");
    expect(report!.payload).toMatchObject({ labels: ["marvin", "none"], holdOut: { by: "stream" } });
    const own = await store.current("net-own");
    expect(own!.manifest!.input.recipe.embedding).toMatchObject({ model: "net" });

    const [passed] = runtime.received("sink").slice(-1);
    await until(() => runtime.status("own")?.text?.startsWith("v1") === true, "what was learned is in use");
    const clean = () => ({ ...passed, payload: Float32Array.from(passed!.payload) }) as Msg;
    runtime.send("own", clean());
    expect((await runtime.receive("scores"))[0]!.payload).toMatchObject({ kind: "class", label: "marvin" });

    // Another network under the same name.
    await save("net", 2);
    await until(() => runtime.status("n")?.text?.startsWith("v2") === true, "the other network is in use");
    await runtime.sendAndWait("n", frame([3, -3, 3, 3], { stream: "now" }));
    await until(() => runtime.received("sink").at(-1)?.frame.stream === "now", "its embedding");
    const other = runtime.received("sink").at(-1);
    const refused = await runtime.sendAndWait("own", { ...other } as Msg);
    expect(refused.error).toMatchObject({ code: "EDGE_ML_RECIPE_MISMATCH" });
    expect(String(refused.error!.message)).toMatch(/embedding\.sha256.*roll it back, or learn again/s);
  }, 60_000);

  it.each<[string, object, string | undefined, string]>([
    ["is not passed on", { embedding: false, outputs: 2 }, undefined, "EDGE_ML_SETTING"],
    ["comes without a background", {}, "", "EDGE_ML_MODEL_BACKGROUND"],
  ])(
    "tells what is missing when a background is asked for and the embedding %s",
    async (what, settings, text, code) => {
      const name = `bare-${what.length}`;
      await store.save(name, (version) => keywordBytes(keywordManifest(version, { name }), text || undefined));
      await deploy(name, settings);
      await ready();
      expect((await runtime.sendAndWait("n", { background: true })).error).toMatchObject({ code });
      expect(runtime.received("sink")).toEqual([]);
    },
  );

  it("asks for a model when a background is asked for before there is one", async () => {
    await deploy("nothing");
    expect((await runtime.sendAndWait("n", { background: true })).error).toMatchObject({
      code: "EDGE_ML_MODEL_NOT_FOUND",
    });
  });
});
