import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FlowNode, type Msg, type Runtime, startRuntime, until } from "../support/runtime.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await startRuntime();
});
afterAll(() => runtime.stop());

const folder = () => join(runtime.userDir, "edge-ml", "learning");

/** A learn node "<id>" with its model "<id>-model" and its sink. Ids differ by test: a node's id is what survives. */
function flow(id: string, settings: Msg = {}): FlowNode[] {
  return [
    { id: `${id}-config`, type: "edge-model", config: true, model: `${id}-model` },
    { id, type: "edge-learn", model: `${id}-config`, amount: "frames", frames: "40", ...settings, wires: [["sink"]] },
    { id: "sink", type: "test-sink" },
  ];
}

/** A frame of three features of which the third is the sum of the others; one per minute. */
function frame(i: number, info: Msg = {}, payload?: unknown): Msg {
  const a = Math.sin(i * 1.7) + 0.3 * Math.sin(i * 12.9);
  const b = Math.cos(i * 0.9) + 0.3 * Math.sin(i * 7.3);
  return {
    topic: "ahu",
    payload: payload ?? Float32Array.of(20 + a, 100 + 10 * b, 5 + a + b + 0.01 * Math.sin(i * 31)),
    frame: {
      kind: "features",
      shape: [3],
      names: ["air mean", "fan mean", "valve mean"],
      stream: "ahu",
      seq: i,
      start: 1.7e12 + i * 60_000,
      end: 1.7e12 + i * 60_000 + 59_000,
      quality: { ok: true, reasons: [], missing: 0, filled: 0 },
      recipe: {
        version: 1,
        window: {
          by: "samples",
          size: 60,
          hop: 60,
          channels: ["air", "fan", "valve"],
          gap: { policy: "mark", limit: 0 },
        },
        features: [{ block: "flatten", version: 1, options: { scale: 1, statistics: ["average"] } }],
      },
      ...info,
    },
  };
}

async function feed(id: string, from: number, to: number, info: Msg = {}): Promise<void> {
  for (let i = from; i < to; i++) {
    const { error } = await runtime.sendAndWait(id, frame(i, info));
    if (error) throw error;
  }
}

async function score(path: string, rows: Float32Array[]): Promise<{ score: number[]; contributions: number[] }> {
  const session = await InferenceSession.create(path);
  const flat = Float32Array.from(rows.flatMap((row) => [...row]));
  const output = await session.run({ features: new Tensor("float32", flat, [rows.length, 3]) });
  return {
    score: Array.from(output.score!.data as Float32Array),
    contributions: Array.from(output.contributions!.data as Float32Array),
  };
}

describe("edge-learn", () => {
  it.each([
    ["pca", 10],
    ["kmeans", 0],
  ])("learns, saves a bundle that scores as reported, and says so: %s", async (method, margin) => {
    const id = `learns-${method}`;
    await runtime.deploy(flow(id, { method, clusters: 4, frames: 200 }));
    await feed(id, 0, 199);
    expect(runtime.received("sink")).toEqual([]);
    await feed(id, 199, 200);
    const [msg] = await runtime.receive("sink");
    expect(msg!.topic).toBe(`${id}-model`);
    const report = msg!.payload;
    expect(report).toMatchObject({
      model: { name: `${id}-model`, version: "1", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      method,
      frames: 200,
      features: 3,
      streams: ["ahu"],
      threshold: { falseAlarmsPerDay: 1, framesPerDay: 1440, method: "tail", holdOut: { frames: 50 } },
      holdOut: { share: 0.25, frames: 50, learned: 150, start: 1.7e12 + 150 * 60_000 },
    });
    expect(report.text).toContain(`Version 1 of "${id}-model" learned what is normal from 200 frames of 3 features`);
    expect(report.warnings.join()).toContain("extrapolated");
    expect(runtime.status(id)).toMatchObject({ fill: "green", text: "v1 learned" });

    const path = join(runtime.userDir, "edge-ml", "models", `${id}-model`, "1.onnx");
    const holdOut = Array.from({ length: 50 }, (_, i) => frame(150 + i).payload as Float32Array);
    const scores = (await score(path, holdOut)).score;
    // The model has learned from the hold-out after it was calibrated: it scores it lower, on the same scale.
    expect(Math.max(...scores)).toBeLessThanOrEqual(report.holdOut.metrics.maxScore * 1.1);
    expect(scores.filter((each) => each > report.threshold.value)).toHaveLength(0);
    // The relation is broken, though each reading alone is as usual.
    const broken = Float32Array.from(holdOut[0]!);
    broken[2]! += 3;
    const found = await score(path, [broken]);
    expect(found.score[0]).toBeGreaterThan(report.threshold.value + margin);
    // k-means only knows how far it is from the nearest state; PCA, which relation broke.
    if (method === "pca") expect(found.contributions.indexOf(Math.max(...found.contributions))).toBe(2);
  });

  it("counts and leaves out frames that are bad, and keeps those of faults apart", async () => {
    await runtime.deploy(flow("picky", { frames: 60 }));
    await feed("picky", 0, 10);
    await feed("picky", 10, 20, { label: "Normal" });
    await feed("picky", 20, 30, { label: "0" });
    await feed("picky", 30, 40, { label: "damper stuck" });
    await feed("picky", 40, 45, { quality: { ok: false, reasons: ["gap"], missing: 0, filled: 0 } });
    await runtime.sendAndWait("picky", frame(46, {}, Float32Array.of(Number.NaN, 1, 1)));
    await runtime.sendAndWait("picky", frame(47, {}, Float32Array.of(1, Number.POSITIVE_INFINITY, 1)));
    await until(() => runtime.status("picky")?.text === "learning 30/60, 10 faults kept to test, 7 bad", "the counts");
    expect(runtime.status("picky")).toMatchObject({ fill: "yellow" });
  });

  it("tests what it learned with frames of faults, also after a restart", async () => {
    const leaking = (i: number) => frame(i, { label: "leak" }, Float32Array.of(20, 100, 9));
    await runtime.deploy(flow("tested", { frames: 200 }));
    await feed("tested", 0, 150);
    for (let i = 150; i < 162; i++) await runtime.sendAndWait("tested", leaking(i));
    await until(() => runtime.status("tested")?.text === "learning 150/200, 12 faults kept to test", "the faults");
    await runtime.deploy(flow("tested", { frames: 200 }));
    await until(() => runtime.status("tested")?.text === "learning 150/200, 12 faults kept to test", "them again");
    await feed("tested", 162, 212);
    const { payload } = (await runtime.receive("sink"))[0]!;
    expect(payload.frames).toBe(200);
    expect(payload.abnormal).toMatchObject({ frames: 12, labels: [{ label: "leak", frames: 12, found: 12 }], auc: 1 });
    expect(payload.text).toContain(
      "Of the 12 frames with the label of a fault, from which it did not learn, it finds 12",
    );
  });

  it("leaves frames without a label out when asked to", async () => {
    await runtime.deploy(flow("labelled", { unlabelled: false, labels: "good" }));
    await feed("labelled", 0, 5);
    await feed("labelled", 5, 8, { label: "GOOD" });
    await until(() => runtime.status("labelled")?.text === "learning 3/40, 5 not normal", "the counts");
  });

  it("learns from a time of the stream, whatever the clock says", async () => {
    await runtime.deploy(flow("timed", { amount: "duration", duration: "1", durationUnit: "h" }));
    await feed("timed", 0, 30);
    await until(() => runtime.status("timed")?.text === "learning, 31 min left", "the countdown");
    await feed("timed", 30, 62);
    const [msg] = await runtime.receive("sink");
    expect(msg!.payload.frames).toBe(61);
  });

  it("obeys its commands", async () => {
    await runtime.deploy(flow("told", { start: "command" }));
    await feed("told", 0, 50);
    expect(runtime.status("told")).toMatchObject({ fill: "blue", text: "waiting for start" });
    expect((await runtime.sendAndWait("told", { learn: "start" })).error).toBeUndefined();
    await feed("told", 0, 30);
    await runtime.sendAndWait("told", { learn: "stop" });
    await feed("told", 30, 100);
    expect(runtime.received("sink")).toEqual([]);
    // Trains with the 30 from before, and is done when the model is there.
    expect((await runtime.sendAndWait("told", { learn: "train" })).error).toBeUndefined();
    const [first] = await runtime.receive("sink");
    expect(first!.payload.frames).toBe(30);
    // The same frames again.
    await runtime.sendAndWait("told", { learn: "train" });
    expect((await runtime.receive("sink", 2))[1]!.payload).toMatchObject({
      model: { version: "2" },
      frames: first!.payload.frames,
    });
    // "start" after a model was learned begins anew.
    await runtime.sendAndWait("told", { learn: "start" });
    await feed("told", 200, 240);
    expect((await runtime.receive("sink", 3))[2]!.payload).toMatchObject({
      model: { version: "3" },
      start: 1.7e12 + 200 * 60_000,
    });
    await runtime.sendAndWait("told", { learn: "reset" });
    const { error } = await runtime.sendAndWait("told", { learn: "train" });
    expect(error).toMatchObject({ code: "EDGE_ML_LEARN_TOO_FEW", details: { got: 0 } });
  });

  it("takes a frame together with a command", async () => {
    await runtime.deploy(flow("both", { start: "command" }));
    await runtime.sendAndWait("both", { ...frame(0), learn: "start" });
    await until(() => runtime.status("both")?.text === "learning 1/40", "the frame");
  });

  it("learns again after as many new frames, from the latest", async () => {
    await runtime.deploy(flow("again", { after: "again" }));
    await feed("again", 0, 40);
    await runtime.receive("sink", 1);
    await feed("again", 40, 70);
    await until(() => runtime.status("again")?.text === "v1 · 30/40", "the count");
    await feed("again", 70, 80);
    const second = (await runtime.receive("sink", 2))[1]!.payload;
    expect(second).toMatchObject({ model: { version: "2" }, start: 1.7e12 + 40 * 60_000 });
    expect(second.frames).toBe(40);
  });

  it("survives a restart while it learns, and does not learn again after it", async () => {
    const nodes = flow("restarted");
    await runtime.deploy(nodes);
    await feed("restarted", 0, 25);
    await runtime.deploy(nodes);
    await until(() => runtime.status("restarted")?.text === "learning 25/40", "what was collected");
    await feed("restarted", 25, 40);
    const [msg] = await runtime.receive("sink");
    expect(msg!.payload).toMatchObject({ model: { version: "1" }, start: 1.7e12 });
    await runtime.deploy(nodes);
    await until(() => runtime.status("restarted")?.text === "v1 learned", "what was learned");
    await feed("restarted", 40, 100);
    expect(runtime.received("sink")).toEqual([]);
    // Other settings that matter: it learns at once from the frames it has.
    await runtime.deploy(flow("restarted", { method: "kmeans", clusters: 2 }));
    const [other] = await runtime.receive("sink");
    expect(other!.payload).toMatchObject({ method: "kmeans", model: { version: "2" }, start: 1.7e12 });
    // Another idea of what is normal: what was collected does not count.
    await runtime.deploy(flow("restarted", { labels: "fine", unlabelled: false }));
    await until(() => runtime.status("restarted")?.text === "learning 0/40", "a new beginning");
  });

  it("removes its files when the node is deleted", async () => {
    await runtime.deploy(flow("deleted"));
    await feed("deleted", 0, 5);
    await runtime.deploy(flow("deleted"));
    const mine = () =>
      (existsSync(folder()) ? readdirSync(folder()) : []).filter((name) => name.startsWith("deleted."));
    expect(mine()).toHaveLength(2);
    await runtime.deploy([{ id: "sink", type: "test-sink" }]);
    expect(mine()).toEqual([]);
  });

  it("refuses frames that are made in another way, names the field, and goes on", async () => {
    await runtime.deploy(flow("mixed"));
    await feed("mixed", 0, 3);
    const window = frame(0).frame.recipe.window;
    const others: [Msg, string][] = [
      [frame(3, { names: ["air mean", "fan mean", "valve maximum"] }), "name 3"],
      [frame(3, { shape: [4], names: ["a", "b", "c", "d"] }, Float32Array.of(1, 2, 3, 4)), "the shape"],
      [frame(3, { kind: "window", shape: [1, 3] }), "the kind of frame"],
      [frame(3, { recipe: { ...frame(0).frame.recipe, window: { ...window, size: 30 } } }), "window.size"],
    ];
    for (const [msg, field] of others) {
      const { error } = await runtime.sendAndWait("mixed", msg);
      expect(error).toMatchObject({ code: "EDGE_ML_RECIPE_MISMATCH", details: { name: "mixed-model", field } });
    }
    // Another hop makes the same numbers, only more often.
    const hop = frame(3, { recipe: { ...frame(0).frame.recipe, window: { ...window, hop: 10 } } });
    expect((await runtime.sendAndWait("mixed", hop)).error).toBeUndefined();
    await until(() => runtime.status("mixed")?.text === "learning 4/40", "the good ones");
  });

  const bad: [string, () => Msg, string, string][] = [
    ["no frame", () => ({ payload: 1 }), "EDGE_ML_FRAME", "msg.frame"],
    ["text", () => ({ ...frame(0), payload: "abc" }), "EDGE_ML_FRAME", "msg.payload"],
    ["too few numbers", () => frame(0, {}, Float32Array.of(1)), "EDGE_ML_FRAME", "msg.payload"],
    ["BigInt64Array", () => frame(0, {}, BigInt64Array.of(1n, 2n, 3n)), "EDGE_ML_FRAME", "msg.payload"],
    ["time that is NaN", () => frame(0, { start: Number.NaN }), "EDGE_ML_FRAME", "msg.frame.start"],
    ["an unknown command", () => ({ learn: "fly" }), "EDGE_ML_COMMAND", "msg.learn"],
    ["__proto__ as a command", () => ({ learn: "__proto__" }), "EDGE_ML_COMMAND", "msg.learn"],
    ["an object as a command", () => ({ learn: {} }), "EDGE_ML_COMMAND", "msg.learn"],
    ["null as a command", () => ({ learn: null }), "EDGE_ML_COMMAND", "msg.learn"],
    [
      "more features than any learner takes",
      () => frame(0, { shape: [5000], names: new Array(5000).fill("x") }, new Float32Array(5000)),
      "EDGE_ML_TOO_LARGE",
      "msg.payload",
    ],
  ];
  it.each(bad)("refuses %s with a coded error that names the field, and goes on", async (_, msg, code, field) => {
    await runtime.deploy(flow("refuses"));
    const { error } = await runtime.sendAndWait("refuses", msg());
    expect(error).toMatchObject({ code, details: { field } });
    expect((await runtime.sendAndWait("refuses", frame(0))).error).toBeUndefined();
  });

  it.each([
    ["another realm's typed array", () => frame(0, {}, runInNewContext("Float32Array.of(1, 2, 3)"))],
    ["a plain array", () => frame(0, {}, [1, 2, 3])],
    ["huge values", () => frame(0, {}, Float32Array.of(3e38, -3e38, 1e-45))],
    ["__proto__ as topic and channel", () => frame(0, { stream: "__proto__" })],
    ["a time before 1970", () => frame(0, { start: -1e12, end: -1e12 })],
  ])("learns from %s", async (_, msg) => {
    const id = `takes-${String(_).replaceAll(/\W/g, "")}`;
    await runtime.deploy(flow(id));
    expect((await runtime.sendAndWait(id, msg())).error).toBeUndefined();
    await until(() => runtime.status(id)?.text === "learning 1/40", "the frame");
    expect(({} as Msg).polluted).toBeUndefined();
  });

  it("learns from data that are hard to learn from, and warns", async () => {
    await runtime.deploy(flow("hard"));
    for (let i = 0; i < 40; i++) {
      // Constant, huge, and the same times.
      const values = Float32Array.of(20, i % 2 === 0 ? 3e38 : -3e38, i);
      await runtime.sendAndWait(
        "hard",
        frame(i, { start: 5, end: 5, names: ["__proto__", "constructor", "x"] }, values),
      );
    }
    const [msg] = await runtime.receive("sink");
    const { warnings, threshold } = msg!.payload;
    expect(Number.isFinite(threshold.value)).toBe(true);
    expect(warnings.join(" ")).toContain("1 of 3 features never changed (__proto__)");
    expect(warnings.join(" ")).toContain("times do not move on");
  });

  it("stays bounded with 10,000 streams of one frame each", async () => {
    await runtime.deploy(flow("streams", { frames: 20_000 }));
    for (let i = 0; i < 10_000; i++) runtime.send("streams", frame(i, { stream: i === 5 ? "__proto__" : `s${i}` }));
    await until(() => runtime.status("streams")?.text === "learning 10000/20000", "all frames", 20_000);
    await runtime.sendAndWait("streams", { learn: "train" });
    const [msg] = await runtime.receive("sink", 1, 20_000);
    expect(msg!.payload.streams).toHaveLength(100);
    expect(msg!.payload.streams[5]).toBe("__proto__");
  });

  it("says when it failed, keeps what it has, and tries again with more", async () => {
    // 20 frames less the hold-out are too few for 16 clusters.
    await runtime.deploy(flow("fails", { method: "kmeans", clusters: 16, frames: 20 }));
    await feed("fails", 0, 20);
    await until(() => runtime.status("fails")?.text === "learning failed", "the failure");
    expect(
      runtime
        .log()
        .map((entry) => String(entry.msg))
        .join(),
    ).toContain("There are 20 good frames to learn from, but at least");
    // 20 more are too few still, 40 more are enough.
    await feed("fails", 20, 40);
    await until(() => runtime.log().length === 2, "the second failure");
    await feed("fails", 40, 60);
    const [msg] = await runtime.receive("sink");
    expect(msg!.payload.method).toBe("kmeans");
    await until(() => runtime.status("fails")?.text === "v1 learned", "the model");
  });

  it("can be stopped and closed while it trains", async () => {
    await runtime.deploy(flow("stopped", { frames: 20_000 }));
    const send = (i: number) =>
      runtime.send("stopped", {
        ...frame(i, { shape: [200], names: Array.from({ length: 200 }, (_, k) => `f${k}`) }),
        payload: Float32Array.from({ length: 200 }, (_, k) => Math.sin(i * (k + 1))),
      });
    for (let i = 0; i < 5000; i++) send(i);
    await until(() => runtime.status("stopped")?.text === "learning 5000/20000", "all frames", 20_000);
    const training = runtime.sendAndWait("stopped", { learn: "train" });
    await until(() => runtime.status("stopped")?.text?.startsWith("training") === true, "the training");
    await runtime.sendAndWait("stopped", { learn: "stop" });
    expect((await training).error).toBeUndefined();
    await until(() => runtime.status("stopped")?.text === "waiting for start", "the end");
    runtime.send("stopped", { learn: "train" });
    await until(() => runtime.status("stopped")?.text?.startsWith("training") === true, "the training");
    // The next deploy stops the node: nothing is left behind that would keep Node-RED.
    await runtime.deploy(flow("other"));
    expect(runtime.received("sink")).toEqual([]);
  });

  const wrong: [string, Msg, string][] = [
    ["no model", { model: "" }, "model"],
    ["a model that is not there", { model: "gone" }, "model"],
    ["an unknown method", { method: "svm" }, "method"],
    ["__proto__ as method", { method: "__proto__" }, "method"],
    ["too many clusters", { method: "kmeans", clusters: 1000 }, "clusters"],
    ["half a frame", { frames: 40.5 }, "frames"],
    ["more frames than are kept", { frames: 1e6 }, "frames"],
    ["no time", { amount: "duration", duration: 0 }, "duration"],
    ["an unknown unit", { amount: "duration", durationUnit: "weeks" }, "durationUnit"],
    ["everything held out", { holdOut: 100 }, "holdOut"],
    ["no false alarms at all", { falseAlarms: 0 }, "falseAlarms"],
    ["text as a number", { falseAlarms: "few" }, "falseAlarms"],
  ];
  it.each(wrong)("says what is wrong with the settings: %s", async (_, settings, field) => {
    await runtime.deploy(flow("wrong", settings));
    expect(runtime.status("wrong")).toMatchObject({ fill: "red", text: "check settings" });
    const { error } = await runtime.sendAndWait("wrong", frame(0));
    expect(error).toMatchObject({ code: "EDGE_ML_SETTING", details: { field } });
  });
});
