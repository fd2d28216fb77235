/** Classes, values, and what a person does to record them, in a real flow. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FlowNode, type Msg, type Runtime, startRuntime, until } from "../support/runtime.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await startRuntime();
});
afterAll(() => runtime.stop());

/** A learn node "<id>" of a model "<id>-model", with a sink, and edge-infer behind the same model. */
function flow(id: string, settings: Msg): FlowNode[] {
  return [
    { id: `${id}-config`, type: "edge-model", config: true, model: `${id}-model` },
    { id, type: "edge-learn", model: `${id}-config`, ...settings, wires: [["reports"]] },
    { id: "infer", type: "edge-infer", model: `${id}-config`, wires: [["results"]] },
    { id: "reports", type: "test-sink" },
    { id: "results", type: "test-sink" },
  ];
}

/** One feature vector a second. */
function frame(i: number, values: number[], label?: string): Msg {
  return {
    topic: "wand",
    payload: Float32Array.from(values),
    frame: {
      kind: "features",
      shape: [values.length],
      names: values.map((_, k) => `f${k}`),
      stream: "wand",
      seq: i,
      start: 1.7e12 + i * 1000,
      end: 1.7e12 + i * 1000,
      quality: { ok: true, reasons: [], missing: 0, filled: 0 },
      recipe: { version: 1 },
      ...(label === undefined ? {} : { label }),
    },
  };
}

const noise = (i: number) => 0.4 * Math.sin(i * 12.9) + 0.3 * Math.cos(i * 7.7);
const GESTURES = ["idle", "wave", "circle"];
/** Three clouds that lie apart. */
const gesture = (i: number, which: number) => [
  4 * which + noise(i),
  (which === 1 ? 5 : 0) + noise(i + 0.5),
  noise(i * 3),
];

async function feed(id: string, messages: Msg[]): Promise<void> {
  for (const msg of messages) {
    const { error } = await runtime.sendAndWait(id, msg);
    if (error) throw error;
  }
}

async function ask(values: number[], i = 9999): Promise<Msg> {
  let before = runtime.received("results").length;
  await until(() => {
    const found = runtime.received("results").slice(before);
    if (found.length > 0) return true;
    runtime.send("infer", frame(i++, values));
    before = Math.min(before, runtime.received("results").length);
    return false;
  }, "a result");
  return runtime.received("results").at(-1)!.payload;
}

describe("classes", () => {
  it("labelled frames become a model that tells them apart, with what was measured", async () => {
    await runtime.deploy(
      flow("labelled", { task: "class", method: "logistic", amount: "each", each: 40, classes: GESTURES.join(", ") }),
    );
    const messages = Array.from({ length: 150 }, (_, i) => frame(i, gesture(i, i % 3), GESTURES[i % 3]));
    await feed("labelled", [frame(0, gesture(0, 0)), frame(1, gesture(1, 1), "other"), ...messages.slice(0, 90)]);
    await until(() => runtime.status("labelled")?.text === "idle 30/40 · wave 30/40 · circle 30/40", "the counts");
    await feed("labelled", messages.slice(90, 120));
    const [report] = await runtime.receive("reports");
    expect(report!.payload).toMatchObject({
      model: { name: "labelled-model", version: "1" },
      task: "class",
      method: "logistic",
      frames: 120,
      labels: expect.arrayContaining(GESTURES),
    });
    expect(report!.payload.holdOut.metrics.balancedAccuracy).toBeGreaterThan(0.95);
    expect(report!.payload.classes.confusion).toHaveLength(3);
    for (const [which, label] of GESTURES.entries()) {
      expect(await ask(gesture(777, which))).toMatchObject({ kind: "class", label });
    }
  });

  it("a person records one after the other with a button, and learns", async () => {
    await runtime.deploy(
      flow("buttons", { task: "class", method: "random-forest", amount: "each", each: 25, start: "command" }),
    );
    await feed("buttons", [frame(0, gesture(0, 0), "not asked for")]);
    expect(runtime.status("buttons")!.text).toBe("waiting for start");
    await runtime.sendAndWait("buttons", { learn: { label: "wave", frames: 30 } });
    await feed(
      "buttons",
      Array.from({ length: 10 }, (_, i) => frame(10 + i, gesture(i, 1))),
    );
    await until(() => runtime.status("buttons")?.text === "● wave, 20 to go · wave 10/25", "the recording");
    await feed(
      "buttons",
      Array.from({ length: 25 }, (_, i) => frame(20 + i, gesture(i, 1))),
    );
    await until(() => runtime.status("buttons")?.text === "waiting for start · wave 30/25", "the end of the recording");
    expect(runtime.received("reports")).toEqual([]);
    await runtime.sendAndWait("buttons", { learn: { label: "idle" } });
    await feed(
      "buttons",
      Array.from({ length: 40 }, (_, i) => frame(50 + i, gesture(i, 0))),
    );
    const [report] = await runtime.receive("reports");
    expect(report!.payload).toMatchObject({ labels: ["idle", "wave"], method: "random-forest" });
    expect(await ask(gesture(777, 1))).toMatchObject({ label: "wave" });
    // One more gesture, added to what was there.
    await runtime.sendAndWait("buttons", { learn: { label: "circle", seconds: 60 } });
    await feed(
      "buttons",
      Array.from({ length: 30 }, (_, i) => frame(200 + i, gesture(i, 2))),
    );
    await runtime.sendAndWait("buttons", { learn: { label: null } });
    const second = (await runtime.receive("reports", 2))[1]!.payload;
    expect(second.labels).toEqual(["circle", "idle", "wave"]);
    expect(second.frames).toBe(report!.payload.frames + 30);
  });

  it("keeps labels, counts and the label being given over a restart in the middle", async () => {
    const nodes = flow("restarted", { task: "class", method: "decision-tree", amount: "each", each: 30 });
    await runtime.deploy(nodes);
    await feed(
      "restarted",
      Array.from({ length: 30 }, (_, i) => frame(i, gesture(i, 1), "wave")),
    );
    await runtime.sendAndWait("restarted", { learn: { label: "idle" } });
    await feed(
      "restarted",
      Array.from({ length: 10 }, (_, i) => frame(30 + i, gesture(i, 0))),
    );
    await runtime.deploy(nodes);
    await until(() => runtime.status("restarted")?.text === "● idle · wave 30/30 · idle 10/30", "what was there");
    await feed(
      "restarted",
      Array.from({ length: 20 }, (_, i) => frame(40 + i, gesture(i, 0))),
    );
    expect((await runtime.receive("reports"))[0]!.payload).toMatchObject({ frames: 60, labels: ["idle", "wave"] });
  });

  it("says that one class is none, and goes on", async () => {
    await runtime.deploy(flow("alone", { task: "class", method: "logistic", amount: "told" }));
    await feed(
      "alone",
      Array.from({ length: 40 }, (_, i) => frame(i, gesture(i, 1), "wave")),
    );
    const { error } = await runtime.sendAndWait("alone", { learn: "train" });
    expect(error?.code).toMatch(/^EDGE_ML_LEARN_/);
    expect(runtime.status("alone")!.text).toBe("learning failed");
    await feed(
      "alone",
      Array.from({ length: 40 }, (_, i) => frame(100 + i, gesture(i, 0), "idle")),
    );
    expect((await runtime.sendAndWait("alone", { learn: "train" })).error).toBeUndefined();
  });
});

describe("values", () => {
  it("learns the number in the label", async () => {
    await runtime.deploy(flow("value", { task: "value", method: "linear", frames: 100 }));
    const value = ([a, b]: number[]) => 3 * a! - 2 * b! + 7;
    await feed("value", [frame(0, [1, 2], "warm")]);
    await until(() => /1 without a number/.test(runtime.status("value")?.text ?? ""), "the count");
    await feed(
      "value",
      Array.from({ length: 100 }, (_, i) => {
        const values = [noise(i) * 5, noise(i + 0.3) * 2];
        return frame(i, values, String(value(values)));
      }),
    );
    const [report] = await runtime.receive("reports");
    expect(report!.payload).toMatchObject({ task: "value", method: "linear", frames: 100 });
    const { values } = await ask([2, 1]);
    expect(values[0].value).toBeCloseTo(value([2, 1]), 2);
  });

  it("learns what a feature will be some frames later", async () => {
    await runtime.deploy(
      flow("forecast", {
        task: "value",
        method: "ridge",
        valueFrom: "feature",
        feature: "f0",
        ahead: 3,
        amount: "told",
      }),
    );
    const wave = (i: number) => [Math.sin(i / 5), Math.cos(i / 5)];
    await feed(
      "forecast",
      Array.from({ length: 150 }, (_, i) => frame(i, wave(i))),
    );
    await runtime.sendAndWait("forecast", { learn: "train" });
    expect((await runtime.receive("reports"))[0]!.payload.values.source).toMatchObject({ feature: "f0", ahead: 3 });
    expect((await ask(wave(200))).values[0].value).toBeCloseTo(wave(203)[0]!, 1);
  });
});

describe("auto", () => {
  it("tries several and says which it took", async () => {
    await runtime.deploy(flow("auto", { task: "class", method: "auto", amount: "told", limitTime: 1 }));
    await feed(
      "auto",
      Array.from({ length: 120 }, (_, i) => frame(i, gesture(i, i % 2), GESTURES[i % 2])),
    );
    runtime.send("auto", { learn: "train" });
    const [report] = await runtime.receive("reports", 1, 30_000);
    const { candidates, choice, method } = report!.payload;
    expect(candidates.length).toBeGreaterThan(1);
    expect(candidates.find(({ chosen }: Msg) => chosen).method).toBe(method);
    expect(choice.why).toMatch(/./);
  });
});

describe("again", () => {
  it("learns again by the clock, from what came meanwhile", async () => {
    await runtime.deploy(
      flow("clock", {
        method: "kmeans",
        options: { clusters: 2 },
        frames: 40,
        after: "every",
        every: 0.7,
        everyUnit: "s",
      }),
    );
    const steady = (from: number, count: number) =>
      Array.from({ length: count }, (_, i) => frame(from + i, [noise(from + i), noise(from + i + 0.5)]));
    await feed("clock", steady(0, 40));
    await runtime.receive("reports");
    await until(() => /^v1 · again in 1 s$/.test(runtime.status("clock")?.text ?? ""), "the status");
    await feed("clock", steady(40, 20));
    // The interval may end in the middle of these, too.
    await until(() => runtime.received("reports").at(-1)!.payload.start === 1.7e12 + 20_000, "the last of them");
    const { model, frames } = runtime.received("reports").at(-1)!.payload;
    expect(frames).toBe(40);
    expect(Number(model.version)).toBeGreaterThanOrEqual(2);
    // Nothing new comes: no new version.
    await new Promise((done) => setTimeout(done, 1600));
    expect(runtime.received("reports").at(-1)!.payload.model.version).toBe(model.version);
  });
});

describe("a recorded data set", () => {
  it("comes through edge-replay, and its end makes the model", async () => {
    const folder = join(runtime.userDir, "edge-ml", "data");
    mkdirSync(folder, { recursive: true });
    const rows = Array.from({ length: 240 }, (_, i) => {
      const which = Math.floor(i / 40) % 3;
      const [x, y, z] = gesture(i, which);
      return `${new Date(1.7e12 + i * 1000).toISOString()},${x},${y},${z},${GESTURES[which]}`;
    });
    writeFileSync(join(folder, "gestures.csv"), `time,x,y,z,gesture\n${rows.join("\n")}\n`);
    const [config, learn, ...rest] = flow("recorded", { task: "class", method: "logistic", amount: "told" });
    await runtime.deploy([
      config!,
      {
        id: "replay",
        type: "edge-replay",
        file: "gestures.csv",
        labelColumn: "gesture",
        pace: "flow",
        begin: "command",
        wires: [["window"], ["recorded"]],
      },
      { id: "window", type: "edge-window", by: "samples", size: 1, hop: 1, wires: [["features"]] },
      { id: "features", type: "edge-features", blocks: [{ block: "raw", scale: 1 }], wires: [["recorded"]] },
      learn!,
      ...rest,
    ]);
    await runtime.sendAndWait("replay", { payload: "start" });
    const [report] = await runtime.receive("reports");
    expect(report!.payload).toMatchObject({ frames: 240, task: "class", labels: expect.arrayContaining(GESTURES) });
    expect(report!.payload.holdOut.metrics.balancedAccuracy).toBeGreaterThan(0.95);
    await until(() => runtime.status("recorded")?.text === "v1 learned", "the model");
    // Played once more it adds nothing, since the node has learned.
    await runtime.sendAndWait("replay", { payload: "start" });
    await until(() => /^done/.test(runtime.status("replay")?.text ?? ""), "the end");
    expect(runtime.received("reports")).toHaveLength(1);
    expect(runtime.log()).toEqual([]);
  });
});

describe("hostile messages", () => {
  const throwing = {
    get label(): string {
      throw new Error("no");
    },
  };
  const revoked = () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  };
  it.each<[string, () => Msg, string]>([
    ["a label that is an object", () => ({ learn: { label: {} } }), "msg.learn.label"],
    ["a label without end", () => ({ learn: { label: "x".repeat(1e6) } }), "msg.learn.label"],
    ["a time that is text", () => ({ learn: { label: "a", seconds: "9" } }), "msg.learn.seconds"],
    ["a getter that throws", () => ({ learn: throwing }), "msg.learn"],
    ["a proxy that was revoked", () => ({ learn: revoked() }), "msg.learn"],
    ["a list", () => ({ learn: [] }), "msg.learn"],
    ["an event that is another", () => ({ payload: { event: "start" } }), "msg.frame"],
    ["an event on a revoked proxy", () => ({ payload: revoked() }), "msg.frame"],
  ])("refuses %s with a coded error, and goes on", async (_, msg, field) => {
    await runtime.deploy(flow("hostile", { task: "class", method: "logistic" }));
    const { error } = await runtime.sendAndWait("hostile", msg());
    expect(error).toMatchObject({ code: expect.stringMatching(/^EDGE_ML_(COMMAND|FRAME)$/), details: { field } });
    expect((await runtime.sendAndWait("hostile", frame(0, [1, 2, 3], "wave"))).error).toBeUndefined();
  });

  it("learns classes with names that mean something to JavaScript", async () => {
    const names = ["__proto__", "constructor"];
    await runtime.deploy(flow("proto", { task: "class", method: "logistic", amount: "each", each: 20 }));
    await feed(
      "proto",
      Array.from({ length: 40 }, (_, i) => frame(i, gesture(i, i % 2), names[i % 2])),
    );
    expect((await runtime.receive("reports"))[0]!.payload.labels).toEqual(expect.arrayContaining(names));
    expect(await ask(gesture(777, 0))).toMatchObject({ label: "__proto__" });
    expect(({} as Msg).polluted).toBeUndefined();
  });

  it("stays bounded with more labels than classes can be", async () => {
    await runtime.deploy(flow("many", { task: "class", method: "logistic" }));
    await feed(
      "many",
      Array.from({ length: 300 }, (_, i) => frame(i, [1, 2], `label ${i}`)),
    );
    await until(() => /\+96$/.test(runtime.status("many")?.text ?? ""), "the counts");
  });

  const wrong: [string, Msg, string][] = [
    ["a learner of another task", { task: "class", method: "pca" }, "method"],
    ["an unknown task", { task: "regression" }, "task"],
    ["an option that is wrong", { method: "kmeans", options: { clusters: 0 } }, "clusters"],
    ["frames of each class without classes", { amount: "each" }, "amount"],
    ["a value without a feature", { task: "value", method: "linear", valueFrom: "feature" }, "feature"],
    ["nothing that is normal", { unlabelled: false, labels: "," }, "labels"],
    ["no time between trainings", { after: "every", every: 0 }, "every"],
    ["no memory", { limitMemory: 1 }, "limitMemory"],
  ];
  it.each(wrong)("says what is wrong with the settings: %s", async (_, settings, field) => {
    await runtime.deploy(flow("wrong", settings));
    expect(runtime.status("wrong")).toMatchObject({ fill: "red", text: "check settings" });
    const { error } = await runtime.sendAndWait("wrong", frame(0, [1]));
    expect(error).toMatchObject({ code: "EDGE_ML_SETTING", details: { field } });
  });
});
