import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Msg, type Runtime, startRuntime, until } from "../support/runtime.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await startRuntime();
});
afterAll(() => runtime.stop());

const RATE = 8000;
const T0 = Date.UTC(2026, 0, 1);

const flow = (settings: object = {}) => [
  { id: "n", type: "edge-clip", before: 0.1, after: 0.2, ...settings, wires: [["sink"]] },
  { id: "sink", type: "test-sink" },
];

/** 100 ms of sound whose samples are all the same. */
const sound = (number: number, more: Msg = {}): Msg => {
  const payload = Buffer.alloc(1600);
  for (let i = 0; i < 800; i++) payload.writeInt16LE(number, 2 * i);
  return { topic: "mic", payload, rate: RATE, timestamp: T0 + 100 * number, ...more };
};

async function play(from: number, to: number, more: Msg = {}) {
  for (let i = from; i < to; i++) expect((await runtime.sendAndWait("n", sound(i, more))).error).toBeUndefined();
}

const alert = (ms: number, more: Msg = {}) => ({
  ...{ id: "a1", state: "raised", severity: "warning", stream: "mic", label: "jarvis", since: T0 + ms, text: "jarvis" },
  ...more,
});

describe("edge-clip", () => {
  it("sends a WAV file of the sound around an alert, with what there is to know of it", async () => {
    await runtime.deploy(flow());
    expect(runtime.status("n")).toMatchObject({ fill: "blue", text: "waiting for sound" });
    await play(0, 10);
    expect(runtime.status("n")).toMatchObject({ fill: "green", text: "0 clips" });
    const raised = alert(550);
    await runtime.sendAndWait("n", { payload: raised, event: "raised", topic: "mic", _msgid: "m1" });
    const [msg] = await runtime.receive("sink");
    expect(msg).toMatchObject({
      topic: "mic",
      rate: RATE,
      timestamp: T0 + 450,
      duration: 0.3,
      complete: true,
      triggers: 1,
    });
    expect(msg!.offset).toBeCloseTo(0.1, 9);
    expect(msg!.alert).toEqual(raised);
    expect(msg!._msgid).toBe("m1");
    expect(msg!.payload.toString("latin1", 0, 4)).toBe("RIFF");
    const pcm = msg!.payload.subarray(44);
    expect(pcm.length).toBe(2 * 2400);
    const numbers = Array.from({ length: 2400 }, (_, i) => pcm.readInt16LE(2 * i));
    expect([4, 5, 6, 7].map((n) => numbers.filter((each) => each === n).length)).toEqual([400, 800, 800, 400]);
    await until(() => runtime.status("n")?.text === "1 clips", "status");
  });

  it.each<[string, Msg]>([
    ["cleared", { payload: alert(500, { state: "cleared" }) }],
    ["raised before, and told again", { payload: alert(500), event: "reminder" }],
  ])("takes no clip of an alert that was %s", async (_, msg) => {
    await runtime.deploy(flow());
    await play(0, 10);
    expect((await runtime.sendAndWait("n", msg)).error).toBeUndefined();
    await play(10, 12);
    expect(runtime.received("sink")).toEqual([]);
  });

  const triggers: [string, Msg, number][] = [
    ["an alert of another realm", { payload: runInNewContext(`(${JSON.stringify(alert(500))})`) }, 400],
    ["an alert without a stream", { topic: "mic", payload: alert(500, { stream: undefined }) }, 400],
    ["msg.trigger, for now", { trigger: true, topic: "mic" }, 900],
    ["msg.trigger with a time", { trigger: true, timestamp: T0 + 500 }, 400],
    ["msg.trigger of an inject node", { trigger: true, payload: Date.now(), topic: "" }, 900],
    ["msg.trigger with sound", sound(10, { trigger: true }), 900],
  ];
  it.each(triggers)("is triggered by %s", async (_, msg, start) => {
    await runtime.deploy(flow());
    await play(0, 10);
    expect((await runtime.sendAndWait("n", msg)).error).toBeUndefined();
    await play(msg.payload instanceof Buffer ? 11 : 10, 14);
    const [clip] = await runtime.receive("sink");
    expect(clip!.timestamp).toBeCloseTo(T0 + start, 3);
    expect(clip!.complete).toBe(true);
  });

  it.each<[string, (payload: Msg["payload"]) => boolean, number]>([
    ["pcm", (payload) => Buffer.isBuffer(payload), 2 * 2400],
    ["float", (payload) => payload instanceof Float32Array, 2400],
  ])("sends it as %s", async (format, isRight, length) => {
    await runtime.deploy(flow({ format }));
    await play(0, 10);
    runtime.send("n", { payload: alert(500) });
    const [msg] = await runtime.receive("sink");
    expect(isRight(msg!.payload)).toBe(true);
    expect(msg!.payload).toHaveLength(length);
    expect("channels" in msg!).toBe(false);
  });

  it("keeps two channels as they are", async () => {
    await runtime.deploy(flow());
    await play(0, 3, { channels: 2, rate: RATE / 2 });
    runtime.send("n", { trigger: true, timestamp: T0 + 100 });
    const [msg] = await runtime.receive("sink");
    expect(msg).toMatchObject({ channels: 2, rate: RATE / 2, duration: 0.3 });
    expect(msg!.payload.readUInt16LE(22)).toBe(2);
  });

  it("sends what there is when the sound stops, as not complete", { timeout: 15_000 }, async () => {
    await runtime.deploy(flow());
    await play(0, 10);
    await runtime.sendAndWait("n", { payload: alert(950) });
    expect(runtime.status("n")).toMatchObject({ fill: "blue", text: "taking a clip · 0 clips" });
    const [msg] = await runtime.receive("sink", 1, 10_000);
    expect(msg).toMatchObject({ complete: false, timestamp: T0 + 850, duration: 0.15 });
    await until(() => runtime.status("n")?.text === "1 clips · 1 not whole", "status");
  });

  it("forgets on reset", async () => {
    await runtime.deploy(flow());
    await play(0, 10);
    await runtime.sendAndWait("n", { reset: true });
    expect(runtime.status("n")).toMatchObject({ text: "waiting for sound" });
    expect((await runtime.sendAndWait("n", { payload: alert(500) })).error).toMatchObject({ code: "EDGE_ML_PAYLOAD" });
  });

  const wrong: [string, Msg, string][] = [
    ["an alert whose sound is gone", { payload: alert(-5000) }, "EDGE_ML_PAYLOAD"],
    ["an alert with a time that is none", { payload: alert(1e300) }, "EDGE_ML_PAYLOAD"],
    ["sound without a rate", { payload: [1, 2, 3] }, "EDGE_ML_PAYLOAD"],
    ["values by name", { payload: { a: 1 } }, "EDGE_ML_PAYLOAD"],
    ["the second output of edge-alert", { payload: { state: "raised", score: 1, time: 5 } }, "EDGE_ML_PAYLOAD"],
    ["an MP3 file", { payload: Buffer.from("ID3\x03\0\0\0\0\0\0\0\0") }, "EDGE_ML_SOUND"],
    ["a chunk of one byte", { payload: Buffer.alloc(1), rate: RATE }, "EDGE_ML_PAYLOAD"],
    ["nothing", {}, "EDGE_ML_PAYLOAD"],
    ["a reset that is no true", { reset: "all" }, "EDGE_ML_COMMAND"],
  ];
  it.each(wrong)("refuses %s with a coded error, and goes on", async (_, msg, code) => {
    await runtime.deploy(flow());
    await play(0, 10);
    expect((await runtime.sendAndWait("n", msg)).error).toMatchObject({ code });
    await runtime.sendAndWait("n", { payload: alert(500) });
    expect(await runtime.receive("sink")).toHaveLength(1);
  });

  it.each<[string, object, string]>([
    ["a time before that is negative", { before: -1 }, "before"],
    ["a time after that is no number", { after: "x" }, "after"],
    ["neither before nor after", { before: 0, after: 0 }, "after"],
    ["an end that is unknown", { ends: "never" }, "ends"],
    ["a level above full scale", { level: 3 }, "level"],
    ["a format that is unknown", { format: "mp3" }, "format"],
  ])("says what is wrong with the settings: %s", async (_, settings, field) => {
    await runtime.deploy(flow(settings));
    expect(runtime.status("n")).toMatchObject({ fill: "red", text: "check settings" });
    expect((await runtime.sendAndWait("n", sound(0))).error).toMatchObject({
      code: "EDGE_ML_SETTING",
      details: { field },
    });
  });
});
