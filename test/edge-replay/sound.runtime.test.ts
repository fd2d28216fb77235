import { mkdirSync, readdirSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeWav } from "../../nodes/lib/sound/index.ts";
import { type FlowNode, type Runtime, startRuntime, until } from "../support/runtime.ts";

let runtime: Runtime;
let data: string;
beforeAll(async () => {
  runtime = await startRuntime();
  data = join(runtime.userDir, "edge-ml", "data");
  for (const folder of ["", "words/go", "words/stop"]) mkdirSync(join(data, folder), { recursive: true });
  const sound = (length: number) => writeWav(new Float32Array(length).fill(0.5), RATE);
  writeFileSync(join(data, "a.wav"), sound(2000));
  writeFileSync(join(data, "long.wav"), sound(60 * RATE));
  writeFileSync(join(data, "words/go/1.wav"), sound(800));
  writeFileSync(join(data, "words/stop/1.wav"), sound(400));
  writeFileSync(join(data, "words/stop/bad.wav"), "no sound");
  writeFileSync(join(data, "text.wav"), "time,x\n1,2\n");
  symlinkSync("/etc", join(data, "outside"));
});
afterAll(() => runtime.stop());

const RATE = 8000;
const flow = (settings: object = {}, ...more: FlowNode[]): FlowNode[] => [
  { id: "n", type: "edge-replay", file: "a.wav", ...settings, wires: [["sink"], ["end"]] },
  { id: "sink", type: "test-sink" },
  { id: "end", type: "test-sink" },
  ...more,
];
const GIVEN = { soundStart: "given", soundTime: "2026-01-01T00:00:00Z" };
const T0 = Date.UTC(2026, 0, 1);

const openFiles = () =>
  readdirSync("/proc/self/fd").filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(data);
    } catch {
      return false;
    }
  });

describe("edge-replay with sound", () => {
  it("plays a WAV file in pieces, and says at its end what was played", async () => {
    await runtime.deploy(flow({ ...GIVEN, topic: "mic", chunk: "100" }));
    expect((await runtime.sendAndWait("n", { payload: "start" })).error).toBeUndefined();
    const [end] = await runtime.receive("end");
    const messages = runtime.received("sink");
    expect(messages.map(({ payload }) => payload.length)).toEqual([1600, 1600, 800]);
    expect(messages.map(({ timestamp }) => timestamp - T0)).toEqual([0, 100, 200]);
    expect(messages[0]).toMatchObject({ topic: "mic", rate: RATE });
    expect(Buffer.isBuffer(messages[0]!.payload)).toBe(true);
    expect("label" in messages[0]! || "channels" in messages[0]!).toBe(false);
    expect(end!.payload).toMatchObject({ event: "end", file: "a.wav", chunks: 3, duration: 0.25, files: 1, pass: 1 });
    await until(() => runtime.status("n")?.text === "done · 0.3 s", "status of the end");
  });

  it("plays a folder, each file as a stream with its folder as label", async () => {
    await runtime.deploy(flow({ file: "words", ...GIVEN, chunk: 1000, soundLabel: "folder", topic: "set" }));
    runtime.send("n", { payload: "start" });
    const [end] = await runtime.receive("end");
    expect(runtime.received("sink").map(({ topic, label, timestamp }) => [topic, label, timestamp - T0])).toEqual([
      ["set/go/1.wav", "go", 0],
      ["set/stop/1.wav", "stop", 100],
    ]);
    expect(end!.payload).toMatchObject({ file: "words", files: 2, unreadable: 1, chunks: 2 });
    await until(() => runtime.status("n")?.text === "done · 0.2 s of 2 files · 1 file unreadable", "status");
  });

  it("goes on in time when it is repeated", async () => {
    await runtime.deploy(flow({ loop: true, chunk: 250 }));
    runtime.send("n", { payload: "start" });
    await runtime.receive("end", 3);
    await runtime.sendAndWait("n", { payload: "stop" });
    const times = runtime.received("sink").map(({ timestamp }) => timestamp as number);
    expect(times.slice(1, 3).map((time, i) => time - times[i]!)).toEqual([250, 250]);
  });

  it("pauses, resumes and stops in real time, and closes the file", async () => {
    await runtime.deploy(flow({ file: "long.wav", pace: "time", speed: 1, chunk: 20 }));
    await runtime.sendAndWait("n", { payload: "start" });
    await runtime.receive("sink", 5);
    await runtime.sendAndWait("n", { payload: "pause" });
    const held = runtime.received("sink").length;
    await new Promise((done) => setTimeout(done, 150));
    expect(runtime.received("sink").length).toBeLessThanOrEqual(held + 1);
    await runtime.sendAndWait("n", { payload: "resume" });
    await runtime.receive("sink", held + 3);
    await runtime.sendAndWait("n", { payload: "stop" });
    await until(() => openFiles().length === 0, "closed file");
    expect(runtime.received("end")).toEqual([]);
  });

  it("waits for a slow flow: never more than a second of sound is on its way", async () => {
    const slow = {
      id: "slow",
      type: "function",
      func: "global.set('open', (global.get('open') || 0) + 1); global.set('most', Math.max(global.get('most') || 0, global.get('open'))); setTimeout(() => { global.set('open', global.get('open') - 1); node.send(msg); node.done(); }, 2); return;",
      wires: [["sink"]],
    };
    await runtime.deploy([
      { id: "n", type: "edge-replay", file: "long.wav", chunk: 100, wires: [["slow"], ["end"]] },
      slow,
      { id: "sink", type: "test-sink" },
      { id: "end", type: "test-sink" },
    ]);
    runtime.send("n", { payload: "start" });
    const [end] = await runtime.receive("end", 1, 30_000);
    expect(end!.payload.chunks).toBe(600);
    expect(runtime.received("sink")).toHaveLength(600);
    const most = runtime.RED.nodes.getNode("slow").context().global.get("most");
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(20);
  });

  const files: [string, string, string][] = [
    ["a file that is no sound", "text.wav", "EDGE_ML_SOUND"],
    ["a folder outside", "../..", "EDGE_ML_FILE_OUTSIDE"],
    ["a link to a folder outside", "outside", "EDGE_ML_FILE_OUTSIDE"],
    ["a WAV file that is not there", "none.wav", "EDGE_ML_FILE_READ"],
    ["a folder without sound", "examples:.", "EDGE_ML_FILE_OUTSIDE"],
  ];
  it.each(files)("refuses %s with a coded error, and goes on", async (_, file, code) => {
    await runtime.deploy(flow({ file }));
    expect((await runtime.sendAndWait("n", { payload: "start" })).error).toMatchObject({ code });
    expect((await runtime.sendAndWait("n", { payload: { play: "a.wav" } })).error).toBeUndefined();
    await runtime.receive("end");
  });

  it.each<[string, object, string]>([
    ["pieces that are too short", { chunk: 1 }, "chunk"],
    ["no time to begin at", { soundStart: "given" }, "soundTime"],
    ["a label from nowhere", { soundLabel: "guess" }, "soundLabel"],
  ])("says what is wrong with the settings: %s", async (_, settings, field) => {
    await runtime.deploy(flow(settings));
    expect((await runtime.sendAndWait("n", { payload: "start" })).error).toMatchObject({
      code: "EDGE_ML_SETTING",
      details: { field },
    });
  });
});
