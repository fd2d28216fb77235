import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compile, schemas } from "../../nodes/lib/frame/index.ts";
import { type Msg, type Runtime, startRuntime, until } from "../support/runtime.ts";
import { detectFlow, noise, reading, START } from "./support.ts";

let runtime: Runtime;
let folder: string;
beforeAll(async () => {
  runtime = await startRuntime();
  folder = join(runtime.userDir, "edge-ml", "detectors");
});
afterAll(() => runtime.stop());

const validFrame = compile(schemas.frame, "EDGE_ML_FRAME", "msg.frame");
const validResult = compile(schemas.result, "EDGE_ML_PAYLOAD", "msg.payload");

/** A flow without the memory of an earlier test. */
async function deployNew(settings: Msg = {}): Promise<void> {
  await runtime.deploy([]);
  rmSync(folder, { recursive: true, force: true });
  await runtime.deploy(detectFlow(settings));
}

async function send(msg: Msg): Promise<void> {
  expect((await runtime.sendAndWait("n", msg)).error).toBeUndefined();
}

/** A status that only counts is shown at most twice a second. */
const shows = (text: string) => until(() => runtime.status("n")?.text === text, `the status "${text}"`, 2000);

/** So many usual readings, from the given one on. */
async function feed(count: number, first = 0, make: (i: number) => unknown = noise): Promise<void> {
  for (let i = first; i < first + count; i++) await send(reading(make(i), i));
}

/** Robust-z needs 50 readings and 100 scores. */
const WARM_UP = 150;

describe("edge-detect", () => {
  it("warms up without a word, then sends a result for every reading", async () => {
    await deployNew();
    expect(runtime.status("n")).toMatchObject({ fill: "blue", text: "waiting for readings" });
    await feed(1);
    await shows("warming up 1/150");
    await feed(WARM_UP - 1, 1);
    expect(runtime.received("sink")).toEqual([]);
    await feed(1, WARM_UP);
    const [usual] = await runtime.receive("sink");
    validResult(usual!.payload);
    validFrame(usual!.frame);
    expect(usual).toMatchObject({
      topic: "pump",
      payload: { kind: "anomaly", anomalous: false },
      frame: { kind: "window", shape: [1, 1], names: ["value"], stream: "pump", seq: WARM_UP, end: START + 150_000 },
    });
    await shows("1 · 0 anomalous");
    // Far out: a hundred scores show little of what is rarer than one in a hundred thousand.
    await send(reading(400, WARM_UP + 1));
    const [, strange] = await runtime.receive("sink", 2);
    expect(strange!.payload).toMatchObject({ kind: "anomaly", anomalous: true });
    // One a day, of a reading each second.
    expect(strange!.payload.threshold).toBeCloseTo(Math.log10(2 * 86_400), 6);
    expect(strange!.payload.score).toBeGreaterThan(strange!.payload.threshold);
    expect(runtime.status("n")).toMatchObject({ fill: "red", shape: "dot", text: "anomaly: pump" });
  });

  it("takes what any node sends, and names the channels", async () => {
    await deployNew();
    await feed(WARM_UP + 1, 0, (i) => ({ speed: noise(i), heat: String(noise(i + 7)) }));
    await send(reading({ speed: 0, heat: 50 }, 200));
    const [, strange] = await runtime.receive("sink", 2);
    expect(strange!.payload.contributions[0]).toMatchObject({ channel: "heat" });
    // From a Function node.
    await deployNew({ channels: "a, b" });
    const chunk = runInNewContext("Float32Array.from({ length: 400 }, (_, i) => Math.sin(i * i))");
    await send({ topic: "pump", payload: chunk, timestamp: 0, rate: 10 });
    expect(await runtime.receive("sink", 200 - WARM_UP)).toHaveLength(50);
  });

  it("keeps the other properties of the message, and leaves a frozen one alone", async () => {
    await deployNew();
    await feed(WARM_UP);
    await send(Object.freeze(reading(0, WARM_UP, { unit: "bar", _msgid: "frozen" })));
    const [result] = await runtime.receive("sink");
    expect(result).toMatchObject({ unit: "bar", payload: { kind: "anomaly" } });
  });

  it.each<[string, unknown, string[]]>([
    ["a text", "unavailable", ["missing: value"]],
    ["null", null, ["missing: value"]],
    ["NaN", Number.NaN, ["missing: value"]],
    ["an object without the channel", { other: 1 }, ["missing: value"]],
  ])("flags %s, and scores it never", async (_, payload, reasons) => {
    await deployNew();
    await feed(3);
    await send(reading(payload, 3));
    const [result] = await runtime.receive("sink");
    validResult(result!.payload);
    validFrame(result!.frame);
    expect(result!.payload).toMatchObject({ kind: "anomaly", score: null, quality: { ok: false, reasons } });
    expect(runtime.status("n")).toMatchObject({ fill: "yellow", text: "0, 1 bad" });
  });

  it.each<[string, Msg, string]>([
    ["an empty array", { payload: [] }, "EDGE_ML_PAYLOAD"],
    ["a function", { payload: () => 1 }, "EDGE_ML_PAYLOAD"],
    ["a wrong time", { payload: 1, timestamp: "yesterday" }, "EDGE_ML_PAYLOAD"],
    ["a frame that is none", { payload: [1], frame: {} }, "EDGE_ML_FRAME"],
    ["a wrong reset", { reset: 5 }, "EDGE_ML_COMMAND"],
  ])("says what is wrong with %s", async (_, msg, code) => {
    await deployNew();
    const { error } = await runtime.sendAndWait("n", msg);
    expect(error).toMatchObject({ code });
  });

  it.each<[string, Msg, RegExp]>([
    ["a detector that is not there", { detector: "oracle" }, /"detector".*oracle/],
    ["an option out of range", { options: { window: 1 } }, /"window".*at least 20/],
    ["a wish that is none", { falseAlarms: 0 }, /"falseAlarms"/],
    ["a time zone that is none", { detector: "seasonal", options: { timeZone: "Mars" } }, /"timeZone".*Mars/],
    ["a channel twice", { channels: "a, a" }, /"channels".*once/],
  ])("refuses %s, in its status and to each message", async (_, settings, text) => {
    await deployNew(settings);
    expect(runtime.status("n")).toMatchObject({ fill: "red", text: "check settings" });
    const { error } = await runtime.sendAndWait("n", reading(1, 0));
    expect(error).toMatchObject({ code: "EDGE_ML_SETTING", message: expect.stringMatching(text) });
  });

  it("takes settings stored as text, and those of a flow that lacks some", async () => {
    await deployNew({ falseAlarms: "10", falseAlarmsPer: "readings", pause: "", options: { window: "30" } });
    // A window of 30 needs no more.
    await feed(131);
    const [result] = await runtime.receive("sink");
    expect(result!.payload.threshold).toBeCloseTo(Math.log10(2 * 100), 9);
  });

  it("forgets on msg.reset: a stream, or all", async () => {
    await deployNew();
    await feed(20);
    await send({ payload: 1, topic: "fan" });
    await send({ reset: "pump" });
    await send(reading(1, 20));
    await shows("warming up 1/150");
    await send({ reset: true, topic: "fan" });
    await send({ payload: 1, topic: "fan" });
    await shows("warming up 1/150");
    await send({ reset: true });
    await send(reading(1, 21));
    await shows("warming up 1/150");
  });

  it("scores features of edge-features, each a channel, and keeps their frame", async () => {
    await deployNew();
    const frame = (i: number) => ({
      kind: "features",
      shape: [2],
      names: ["x rms", "x peak"],
      stream: "motor",
      seq: i,
      start: START + 1000 * i,
      end: START + 1000 * i + 999,
      quality: { ok: true, reasons: [], missing: 0, filled: 0 },
      recipe: { version: 1 },
    });
    for (let i = 0; i < WARM_UP; i++) {
      await send({ payload: Float32Array.of(noise(i), noise(i + 3)), frame: frame(i) });
    }
    await send({ payload: Float32Array.of(0, 90), frame: frame(WARM_UP) });
    const [result] = await runtime.receive("sink");
    expect(result).toMatchObject({
      topic: "motor",
      payload: { anomalous: true, contributions: [{ channel: "x peak" }, { channel: "x rms" }] },
      frame: frame(WARM_UP),
    });
  });

  it("makes edge-alert raise an alert that names the channel, and clear it", async () => {
    await runtime.deploy([]);
    rmSync(folder, { recursive: true, force: true });
    await runtime.deploy([
      { id: "n", type: "edge-detect", detector: "ewma", wires: [["alert"]] },
      { id: "alert", type: "edge-alert", needed: 2, among: 3, clearAfter: 0, noDataAfter: 0, wires: [["sink"], []] },
      { id: "sink", type: "test-sink" },
    ]);
    await feed(WARM_UP + 5, 0, (i) => ({ oil_pressure: noise(i), heat: noise(i + 9) }));
    for (let i = 0; i < 3; i++) await send(reading({ oil_pressure: 60, heat: noise(i) }, WARM_UP + 5 + i));
    const [raised] = await runtime.receive("sink");
    expect(raised!.payload).toMatchObject({ state: "raised", stream: "pump" });
    expect(raised!.payload.text).toMatch(/^pump is unusual: oil pressure \(score /);
    await feed(60, WARM_UP + 8, (i) => ({ oil_pressure: noise(i), heat: noise(i + 9) }));
    const [, cleared] = await runtime.receive("sink", 2);
    expect(cleared!.payload).toMatchObject({ state: "cleared" });
  });
});

describe("a restart", () => {
  it("loses nothing: the node goes on where it was", async () => {
    await deployNew();
    await feed(140);
    await runtime.deploy(detectFlow());
    await feed(11, 140);
    expect(await runtime.receive("sink")).toHaveLength(1);
  });

  it("with other options begins anew", async () => {
    await deployNew();
    await feed(140);
    await runtime.deploy(detectFlow({ options: { window: 100 } }));
    await feed(1, 140);
    await shows("warming up 1/150");
  });

  it.each([
    ["half of it", '{"format":1,"detector":"robust-z","str'],
    ["zeros, as after a power cut", "\u0000".repeat(4096)],
    ["null", "null"],
    ["of the future", '{"format":2,"detector":"robust-z","options":{},"streams":[]}'],
  ])("with a state that cannot be understood sets it aside and begins anew: %s", async (_, content) => {
    await runtime.deploy([]);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "n.json"), content);
    await runtime.deploy(detectFlow());
    expect(runtime.log()).toHaveLength(1);
    expect(String(runtime.log()[0]!.msg)).toContain("EDGE_ML_STATE_CORRUPT");
    expect(readFileSync(join(folder, "n.json.corrupt"), "utf8")).toBe(content);
    await feed(1);
    await shows("warming up 1/150");
  });

  it("with numbers that are none says so, and begins anew", async () => {
    await runtime.deploy([]);
    mkdirSync(folder, { recursive: true });
    const streams = [{ stream: "pump", channels: ["value"], numbers: "AAAA" }];
    writeFileSync(
      join(folder, "n.json"),
      JSON.stringify({ format: 1, detector: "robust-z", options: { window: 200 }, streams }),
    );
    await runtime.deploy(detectFlow());
    expect(String(runtime.log()[0]!.msg)).toContain("EDGE_ML_STATE");
    await feed(1);
    await shows("warming up 1/150");
  });

  it("deletes the state with the node", async () => {
    await deployNew();
    await feed(3);
    await runtime.deploy(detectFlow());
    expect(existsSync(join(folder, "n.json"))).toBe(true);
    await runtime.deploy([]);
    expect(readdirSync(folder)).toEqual([]);
  });
});
