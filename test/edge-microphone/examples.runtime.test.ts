import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Runtime, startRuntime } from "../support/runtime.ts";
import { bursts } from "../support/sound.ts";

let runtime: Runtime;
const folder = mkdtempSync(join(tmpdir(), "edge-ml-examples-"));
beforeAll(async () => {
  writeFileSync(join(folder, "words.raw"), bursts(60));
  writeFileSync(join(folder, "silence.raw"), Buffer.alloc(2 * 16_000 * 60));
  runtime = await startRuntime();
});
afterAll(async () => {
  await runtime?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function deploy(file = "words.raw"): Promise<void> {
  await runtime.deploy([
    {
      id: "n",
      type: "edge-microphone",
      source: "command",
      command: `cat "${join(folder, file)}"`,
      topic: "mic",
      wires: [[], ["sink"]],
    },
    { id: "sink", type: "test-sink" },
  ]);
  while ((await level()).state !== "listening") await setTimeout(50);
}

const url = (path = "") => `${runtime.url}/edge-ml/microphone/n${path}`;
const level = async () => (await (await fetch(url("/level"))).json()) as { state: string };
const post = (path: string, body: unknown, type = "application/json") =>
  fetch(url(path), { method: "POST", headers: { "content-type": type }, body: JSON.stringify(body) });
const listed = async () => (await (await fetch(url("/examples"))).json()).examples;

describe("examples of edge-microphone", () => {
  it("are recorded, listened to, deleted and sent by the dialog; each is a stream of its own", async () => {
    await deploy();
    // One after the other; a second one meanwhile is refused.
    const first = post("/examples", { label: " marvin " });
    const meanwhile = await post("/examples", { label: "marvin" });
    expect([meanwhile.status, (await meanwhile.json()).code]).toEqual([409, "EDGE_ML_EXAMPLE"]);
    expect((await first).status).toBe(200);
    const { id, ...one } = await (await first).json();
    // 1.215 s and eight windows 50 ms apart.
    expect(one).toEqual({ label: "marvin", seconds: expect.closeTo(1.565, 2) });
    expect((await post("/examples", { label: "none" })).status).toBe(200);
    expect(await listed()).toMatchObject([{ id }, { label: "none", seconds: expect.closeTo(3.3, 2) }]);

    const sound = await fetch(url(`/examples/${encodeURIComponent(id)}/sound`));
    expect(sound.headers.get("content-type")).toMatch(/audio\/.*wav/);
    const wav = Buffer.from(await sound.arrayBuffer());
    expect(wav.toString("latin1", 0, 4)).toBe("RIFF");
    expect(wav.readUInt32LE(24)).toBe(16_000);
    expect((await fetch(url("/examples/other/sound"))).status).toBe(404);

    expect(await (await post("/examples/send", {})).json()).toEqual({ sent: 2 });
    const [word, none] = await runtime.receive("sink", 2);
    expect(word).toMatchObject({ topic: id, label: "marvin", rate: 16_000 });
    expect(Buffer.isBuffer(word!.payload)).toBe(true);
    expect(word!.payload.length / 2).toBe(Math.round(1.565 * 16_000));
    expect(Math.abs(word!.timestamp - Date.now())).toBeLessThan(60_000);
    expect(none!.topic).not.toBe(word!.topic);
    // Sent is gone: nothing is kept.
    expect(await listed()).toEqual([]);
    expect(await (await post("/examples/send", {})).json()).toEqual({ sent: 0 });
  }, 40_000);

  it("are recorded by a message, too, and sent at once; a deploy forgets what was not sent", async () => {
    await deploy();
    const { error } = await runtime.sendAndWait("n", { record: { label: "marvin" } });
    expect(error).toBeUndefined();
    expect((await runtime.receive("sink"))[0]).toMatchObject({ label: "marvin", rate: 16_000 });
    const kept = await (await post("/examples", { label: "marvin" })).json();
    expect(await (await fetch(url(`/examples/${kept.id}`), { method: "DELETE" })).json()).toEqual({ deleted: true });
    const cut = runtime.sendAndWait("n", { record: { label: "marvin" } });
    await deploy("silence.raw");
    expect((await cut).error).toMatchObject({ code: "EDGE_ML_EXAMPLE" });
    expect(await listed()).toEqual([]);
    const silent = await runtime.sendAndWait("n", { record: { label: "marvin" } });
    expect(silent.error).toMatchObject({ code: "EDGE_ML_EXAMPLE" });
    expect(String(silent.error!.message)).toContain("nothing was heard");
  }, 40_000);

  it.each<[string, unknown]>([
    ["no label", {}],
    ["an empty label", { label: " " }],
    ["a label that is a number", { label: 5 }],
    ["a label of 65 letters", { label: "x".repeat(65) }],
    ["null", null],
    ["a list", [1]],
  ])("are refused with %s", async (_, record) => {
    if (runtime.status("n") === undefined) await deploy("silence.raw");
    const { error } = await runtime.sendAndWait("n", { record });
    expect(error).toMatchObject({ code: "EDGE_ML_COMMAND" });
  });

  it("are refused while the microphone does not listen, and of a node that is not there", async () => {
    await runtime.deploy([{ id: "n", type: "edge-microphone", source: "command", command: "cat x", begin: "command" }]);
    const refused = await post("/examples", { label: "marvin" });
    expect([refused.status, (await refused.json()).message]).toEqual([409, expect.stringContaining("does not listen")]);
    expect((await post("/examples", { label: "marvin" }, "text/plain")).status).toBe(400);
    expect((await post("/examples/send", {}, "text/plain")).status).toBe(415);
    await runtime.deploy([{ id: "other", type: "test-sink" }]);
    expect(await (await fetch(url("/examples"))).json()).toEqual({ deployed: false, examples: [] });
    expect((await post("/examples", { label: "marvin" })).status).toBe(404);
  });
});
