import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FlowNode, type Msg, type Runtime, startRuntime, until } from "../support/runtime.ts";
import { alertFlow, result } from "./support.ts";

let runtime: Runtime;
let folder: string;
beforeAll(async () => {
  runtime = await startRuntime();
  folder = join(runtime.userDir, "edge-ml", "alerts");
});
afterAll(() => runtime.stop());

/** A flow without the memory of an earlier test. */
async function deployNew(settings: Msg = {}): Promise<void> {
  await runtime.deploy([]);
  rmSync(folder, { recursive: true, force: true });
  await runtime.deploy(alertFlow(settings));
}

async function feed(...scores: (number | null)[]): Promise<void> {
  for (const [i, score] of scores.entries()) {
    expect((await runtime.sendAndWait("n", result(score, i))).error).toBeUndefined();
  }
}

describe("edge-alert", () => {
  it("sends alerts to the first output and the state of every result to the second", async () => {
    await deployNew();
    expect(runtime.status("n")).toMatchObject({ fill: "blue", text: "waiting for results" });
    const contributions = [
      { channel: "supply_air_temperature", share: 0.6 },
      { channel: "cooling_valve", share: 0.3 },
    ];
    await feed(4);
    expect(runtime.status("n")).toMatchObject({ fill: "green", text: "1 · no alert" });
    const high = result(84, 1);
    high.payload.contributions = contributions;
    await runtime.sendAndWait("n", high);
    expect(runtime.status("n")).toMatchObject({ fill: "red", shape: "dot", text: "alert: AHU-1" });
    await runtime.sendAndWait("n", result(4, 61));
    const [raised, cleared] = await runtime.receive("alerts", 2);
    expect(raised).toMatchObject({
      topic: "AHU-1",
      severity: "warning",
      event: "raised",
      contributions,
      model: { name: "ahu", version: "3" },
      payload: {
        state: "raised",
        stream: "AHU-1",
        since: 1000,
        score: 84,
        threshold: 10,
        text: "AHU-1 is unusual: supply air temperature, cooling valve (score 84, limit 10)",
      },
    });
    expect(cleared!.payload).toMatchObject({ id: raised!.payload.id, state: "cleared", until: 61_000 });
    const states = await runtime.receive("states", 3);
    expect(states.map(({ payload }) => payload)).toEqual([
      { state: "normal", score: 4, smoothed: 4, threshold: 10, time: 0 },
      { state: "raised", score: 84, smoothed: 84, threshold: 10, time: 1000 },
      { state: "normal", score: 4, smoothed: 4, threshold: 10, time: 61_000 },
    ]);
    expect(states[0]).toMatchObject({ topic: "AHU-1", frame: { end: 0 }, model: { version: "3" } });
  });

  it("works with the defaults as dragged from the palette, numbers stored as text", async () => {
    await deployNew({ needed: "3", among: "5", clearRatio: "80", clearAfter: "2", limit: "", noDataAfter: "3600" });
    await feed(11, 11, 11, 0, 0, 0, 9, 0, 0);
    const alerts = await runtime.receive("alerts", 2);
    expect(alerts.map(({ event, payload }) => [event, payload.since, payload.until])).toEqual([
      ["raised", 0, undefined],
      ["cleared", 0, 7000],
    ]);
  });

  it("does not score bad data, and counts it", async () => {
    await deployNew({ noDataAfter: 2 });
    await feed(4, null);
    expect(runtime.status("n")).toMatchObject({ fill: "yellow", text: "2, 1 not scored" });
    await feed(null, null, null);
    const [data] = await runtime.receive("alerts");
    expect(data!.payload).toMatchObject({ label: "data", text: "AHU-1 has given no usable data for 2 s: a b missing" });
    expect((await runtime.receive("states", 5)).at(-1)!.payload).toMatchObject({ state: "no data", score: null });
  });

  it("decides on classes and on values", async () => {
    await deployNew({ when: "class", labels: " knock , rub", confidence: "50" });
    await runtime.sendAndWait("n", {
      topic: "M",
      payload: { kind: "class", label: "rub", confidence: 0.7, scores: [] },
    });
    expect((await runtime.receive("alerts"))[0]!.payload).toMatchObject({ label: "rub", stream: "M" });
    await deployNew({ when: "below", valueName: "oil", limit: "2.5" });
    const payload = { kind: "value", values: [{ name: "oil", value: 2 }] };
    const before = Date.now();
    await runtime.sendAndWait("n", { topic: "M", payload });
    const alert = (await runtime.receive("alerts"))[0]!.payload;
    expect(alert.text).toBe("M: oil is 2, below the limit of 2.5");
    // Without a frame, the time is the arrival.
    expect(alert.since).toBeGreaterThanOrEqual(before);
  });

  it("takes results of another realm, and __proto__ as a stream and a channel", async () => {
    await deployNew();
    const payload = runInNewContext(
      "({ kind: 'anomaly', score: 11, threshold: 10, anomalous: true, contributions: [{ channel: '__proto__', share: 1 }] })",
    );
    await runtime.sendAndWait("n", { ...result(11), topic: "__proto__", payload });
    const [alert] = await runtime.receive("alerts");
    expect(alert!.payload).toMatchObject({ stream: "__proto__", text: "proto is unusual: proto (score 11, limit 10)" });
    expect(({} as Msg).state).toBeUndefined();
  });

  it("reminds until somebody acknowledges, by id, by stream or all", async () => {
    await deployNew({ remindEvery: "1" });
    await feed(11, 11);
    const [{ payload }] = (await runtime.receive("alerts", 2)) as [Msg];
    expect(runtime.received("alerts").map(({ event }) => event)).toEqual(["raised", "reminder"]);
    for (const command of [{ acknowledge: payload.id }, { acknowledge: "AHU-1" }, { acknowledge: true }]) {
      expect((await runtime.sendAndWait("n", command)).error).toBeUndefined();
      expect(runtime.status("n")).toMatchObject({ fill: "yellow", text: "acknowledged: AHU-1" });
    }
    await feed(11, 11, 11, 11, 0);
    expect((await runtime.receive("alerts", 3)).map(({ event }) => event)).toEqual(["raised", "reminder", "cleared"]);
    expect(await runtime.receive("states", 7)).toHaveLength(7);
  });

  const commands: [string, unknown][] = [
    ["false", false],
    ["null", null],
    ["a number", 5],
    ["an object", {}],
    ["an empty text", ""],
    ["an unknown id", "__proto__"],
    ["a huge text", "x".repeat(1e6)],
  ];
  it.each(commands)("refuses to acknowledge %s", async (_, command) => {
    await deployNew();
    const { error } = await runtime.sendAndWait("n", { acknowledge: command });
    expect(error).toMatchObject({ code: "EDGE_ML_COMMAND", details: { field: "msg.acknowledge" } });
  });

  const bad: [string, Msg, string][] = [
    ["no payload", {}, "msg.payload"],
    ["a number", { payload: 1 }, "msg.payload"],
    ["a typed array", { payload: Float32Array.of(1) }, "msg.payload.kind"],
    ["a frame in place of a result", { ...result(1), payload: Float32Array.of(1) }, "msg.payload.kind"],
    ["an alert in place of a result", { payload: { id: "a", state: "raised" } }, "msg.payload.kind"],
    ["score NaN", result(Number.NaN), "msg.payload.score"],
    ["score Infinity", result(Number.POSITIVE_INFINITY), "msg.payload.score"],
    ["a class", { payload: { kind: "class", label: "a", confidence: 1, scores: [] } }, "msg.payload.kind"],
    ["a time of text", { ...result(1), frame: { end: "now" } }, "msg.frame.end"],
    ["an object as topic", { ...result(1), topic: {} }, "msg.topic"],
  ];
  it.each(bad)("refuses %s with a coded error that names the field, and goes on", async (_, msg, field) => {
    await deployNew();
    const { error } = await runtime.sendAndWait("n", { ...msg });
    expect(error).toMatchObject({ code: "EDGE_ML_PAYLOAD", details: { field } });
    await feed(11);
    await runtime.receive("alerts");
    expect(await runtime.receive("states")).toHaveLength(1);
  });

  const wrong: [string, Msg, string][] = [
    ["another condition", { when: "never" }, "when"],
    ["__proto__ as a condition", { when: "__proto__" }, "when"],
    ["no limit", { when: "score", limit: "" }, "limit"],
    ["a limit that is no number", { when: "above", limit: "high" }, "limit"],
    ["a limit that is infinite", { when: "above", limit: "Infinity" }, "limit"],
    ["no classes", { when: "class", labels: " , " }, "labels"],
    ["a confidence of 200 %", { when: "class", labels: "a", confidence: 200 }, "confidence"],
    ["thresholds that are no numbers", { when: "keyword", thresholds: "jarvis high" }, "thresholds"],
    ["a threshold above 1", { when: "keyword", thresholds: "80" }, "thresholds"],
    ["two thresholds of one word", { when: "keyword", thresholds: "a 0.5, a 0.6" }, "thresholds"],
    ["a threshold of a word that is not listed", { when: "keyword", labels: "a", thresholds: "b 0.6" }, "thresholds"],
    ["more needed than looked at", { needed: 6, among: 5 }, "needed"],
    ["half a result", { needed: 0.5 }, "needed"],
    ["a million results", { among: 1e6 }, "among"],
    ["a negative time", { raiseAfter: -1 }, "raiseAfter"],
    ["a clearing limit beyond the limit", { clearRatio: 120 }, "clearRatio"],
    ["an unknown severity", { severity: "fatal" }, "severity"],
    ["no streams", { streams: 0 }, "streams"],
  ];
  it.each(wrong)("says what is wrong with the settings: %s", async (_, settings, field) => {
    await deployNew(settings);
    expect(runtime.status("n")).toMatchObject({ fill: "red", text: "check settings" });
    const { error } = await runtime.sendAndWait("n", result(1));
    expect(error).toMatchObject({ code: "EDGE_ML_SETTING", details: { field } });
  });

  it("does not mind what stands in a setting that the dialog hides", async () => {
    await deployNew({ limit: "x", labels: 5, confidence: "x", smoothingSize: "x", criticalFactor: "" });
    await feed(11);
    await runtime.receive("alerts");
  });

  it("stays bounded with 10,000 streams, clears what it forgets, and says so", async () => {
    await deployNew({ streams: 100 });
    for (let i = 0; i < 10_000; i++) runtime.send("n", { ...result(11), topic: i === 5 ? "__proto__" : `s${i}` });
    const alerts = await runtime.receive("alerts", 10_000 + 9900, 20_000);
    expect(alerts.filter(({ payload }) => payload.state === "cleared")).toHaveLength(9900);
    expect(alerts.find(({ event }) => event === "cleared")!.model).toBeUndefined();
    for (let i = 9900; i < 10_000; i++) runtime.send("n", { ...result(0), topic: `s${i}` });
    await runtime.receive("states", 10_100);
    await until(() => runtime.status("n")?.text === "10100, 9900 streams dropped", "status counts what was dropped");
    await until(() => existsSync(join(folder, "n.json")), "state saved");
    expect(readFileSync(join(folder, "n.json"), "utf8").length).toBeLessThan(30_000);
  });
});

describe("spoken words", () => {
  /** What an imported flow may say, and no more: the rest is as the dialog would put it in. */
  const words = (more: Msg = {}): FlowNode[] => [
    { id: "n", type: "edge-alert", when: "keyword", ...more, wires: [["alerts"], ["states"]] },
    { id: "alerts", type: "test-sink" },
    { id: "states", type: "test-sink" },
  ];

  /** Scores of "jarvis", 50 ms apart, as edge-infer sends them. */
  async function hear(scores: number[], from = 0): Promise<void> {
    for (const [i, score] of scores.entries()) {
      const rest = 1 - score;
      const { error } = await runtime.sendAndWait("n", {
        topic: "kitchen",
        payload: {
          kind: "class",
          label: score > rest ? "jarvis" : "none",
          confidence: Math.max(score, rest),
          scores: [
            { label: "jarvis", score, threshold: 0.75 },
            { label: "none", score: rest },
          ],
          triggers: { smoothing: 3, hop: 50 },
        },
        frame: { stream: "kitchen", end: from + 50 * i },
      });
      expect(error).toBeUndefined();
    }
  }

  it("are told once each, with the model's thresholds and smoothing, and need not be cleared", async () => {
    await runtime.deploy([]);
    await runtime.deploy(words());
    const word = [...Array(5).fill(1), ...Array(25).fill(0)];
    await hear([0, 0, ...word, ...word]);
    const alerts = await runtime.receive("alerts", 2);
    expect(alerts).toHaveLength(2);
    expect(alerts[0]).toMatchObject({
      topic: "kitchen",
      severity: "info",
      event: "raised",
      payload: { label: "jarvis", score: 1, threshold: 0.75, text: "kitchen: heard “jarvis” (1.00, threshold 0.75)" },
    });
    expect(alerts.map(({ payload }) => payload.since)).toEqual([200, 1700]);
    expect(runtime.status("n")).toMatchObject({ fill: "green", shape: "dot" });
    await until(() => runtime.status("n")?.text === "62 · last heard: jarvis", "the status names the word");
    expect((await runtime.receive("states", 62))[4]!.payload).toMatchObject({ state: "raised", label: "jarvis" });
  });

  it("have thresholds of one's own, are told when they are over, and when they were not sure", async () => {
    await runtime.deploy([]);
    await runtime.deploy(words({ labels: "jarvis", thresholds: "jarvis 0.5", tellOver: true, uncertainRatio: "50" }));
    await hear([0, 0, 0, 0.625, 0.625, 0.625, ...Array(25).fill(0), 0.375, 0.375, 0.375, ...Array(25).fill(0)]);
    const alerts = await runtime.receive("alerts", 3);
    expect(alerts.map(({ event, payload }) => [event, payload.certain, payload.threshold])).toEqual([
      ["raised", undefined, 0.5],
      ["cleared", undefined, 0.5],
      ["uncertain", false, 0.5],
    ]);
  });

  it("that the model does not know are a coded error", async () => {
    await runtime.deploy([]);
    await runtime.deploy(words({ labels: "javis" }));
    const payload = { kind: "class", label: "a", confidence: 1, scores: [{ label: "a", score: 1, threshold: 0.5 }] };
    const { error } = await runtime.sendAndWait("n", { payload });
    expect(error).toMatchObject({ code: "EDGE_ML_PAYLOAD", details: { field: "msg.payload.scores" } });
  });
});

describe("a restart", () => {
  it("keeps what is raised, tells nobody again, and clears it under the same id", async () => {
    const settings = { clearAfter: 2 };
    await deployNew(settings);
    await feed(0, 11);
    const [before] = await runtime.receive("alerts");
    await runtime.deploy(alertFlow(settings));
    expect(runtime.status("n")).toMatchObject({ fill: "red", text: "alert: AHU-1" });
    await runtime.sendAndWait("n", result(11, 2));
    for (const seconds of [3, 4, 5]) await runtime.sendAndWait("n", result(0, seconds));
    const [after] = await runtime.receive("alerts");
    expect(after).toMatchObject({ event: "cleared", payload: { id: before!.payload.id, since: 1000, until: 5000 } });
    await runtime.deploy(alertFlow(settings));
    expect(runtime.status("n")).toMatchObject({ fill: "blue" });
  });

  it("that is none but a kill finds what was raised within a second", async () => {
    await deployNew();
    await feed(11);
    await until(() => existsSync(join(folder, "n.json")), "saved without a close");
    expect(JSON.parse(readFileSync(join(folder, "n.json"), "utf8"))).toMatchObject({
      format: 1,
      streams: [{ stream: "AHU-1", time: 0, condition: { severity: "warning", acknowledged: false } }],
    });
    expect(readdirSync(folder)).toEqual(["n.json"]);
  });

  it("deletes the state with its node", async () => {
    await deployNew();
    await feed(11);
    await runtime.deploy(alertFlow());
    expect(readdirSync(folder)).toEqual(["n.json"]);
    await runtime.deploy([{ id: "other", type: "test-sink" }]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("keeps its file inside the folder, whatever the node is called", async () => {
    await runtime.deploy([]);
    rmSync(folder, { recursive: true, force: true });
    const id = "../../../escaped";
    await runtime.deploy(alertFlow({}, id));
    await runtime.sendAndWait(id, result(11));
    await runtime.deploy(alertFlow({}, id));
    expect(runtime.status(id)).toMatchObject({ text: "alert: AHU-1" });
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.json$/)]);
    expect(existsSync(join(folder, `${id}.json`))).toBe(false);
    await runtime.deploy([]);
  });

  it("goes on, and says once that it cannot save, when the disk does not let it", async () => {
    await deployNew();
    mkdirSync(join(folder, "n.json", "inside"), { recursive: true });
    await feed(11, 0, 11);
    await until(() => runtime.log().length > 0, "the failed write is reported");
    expect(runtime.log()).toHaveLength(1);
    expect(String(runtime.log()[0]!.msg)).toContain("EDGE_ML_STATE_WRITE");
    expect(await runtime.receive("alerts", 3)).toHaveLength(3);
    rmSync(join(folder, "n.json"), { recursive: true });
  });
});
