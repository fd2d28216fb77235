import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { catalogue } from "../../nodes/lib/errors/index.ts";
import { compile, schemas } from "../../nodes/lib/frame/index.ts";
import { ModelStore, writeBundle } from "../../nodes/lib/model/index.ts";
import { windowMessage } from "../support/frames.ts";
import { featureInfo, manifest, squares } from "../support/infer-models.ts";
import { type FlowNode, type Msg, type Runtime, startRuntime, until } from "../support/runtime.ts";
import { COMMANDS, FEATURES, READINGS, RESULTS, VALUES, WINDOWS } from "./hostile-messages.ts";

let runtime: Runtime;
const rejections: unknown[] = [];
const onRejection = (reason: unknown) => rejections.push(reason);
beforeAll(async () => {
  process.on("unhandledRejection", onRejection);
  runtime = await startRuntime();
  const store = new ModelStore(`${runtime.userDir}/edge-ml/models`);
  await store.save("ahu", (version) => writeBundle(squares(), manifest(version)));
});
afterAll(async () => {
  await runtime.stop();
  process.off("unhandledRejection", onRejection);
});

const frameSchema = compile(schemas.frame, "EDGE_ML_FRAME", "msg.frame");
const resultSchema = compile(schemas.result, "EDGE_ML_PAYLOAD", "msg.payload");
const alertSchema = compile(schemas.alert, "EDGE_ML_PAYLOAD", "msg.payload");

const isFrame = ({ payload, frame }: Msg) => {
  frameSchema(frame);
  expect(payload).toBeInstanceOf(Float32Array);
  expect(payload).toHaveLength(frame.shape.reduce((a: number, b: number) => a * b, 1));
};
const isResult = ({ payload, frame }: Msg) => {
  frameSchema(frame);
  resultSchema(payload);
};
const isAlert = ({ payload }: Msg) => void alertSchema(payload);
const isAnything = () => undefined;

const features = (): Msg => ({ topic: "good", payload: Float32Array.of(1, 2, 3, 4), frame: featureInfo() });

interface Case {
  type: string;
  settings?: Msg;
  messages: [string, () => Msg][];
  /** Sent before each of them. */
  before?: () => Msg;
  /** What its first output sends. */
  check: (msg: Msg) => void;
  /** A message that the node must still understand afterwards … */
  good: () => Msg;
  /** … and answer, unless it does not answer. */
  silent?: boolean;
}

const CASES: Case[] = [
  {
    type: "edge-window",
    settings: { by: "samples", size: 1, sizeUnit: "samples", hop: 1, hopUnit: "samples" },
    messages: READINGS,
    check: isFrame,
    good: () => ({ topic: "good", payload: { a: 1, b: 2 } }),
  },
  {
    type: "edge-window",
    settings: { by: "time", size: 1, sizeUnit: "s", hop: 1, hopUnit: "s", channels: [{ channel: "a" }] },
    messages: READINGS,
    check: isFrame,
    good: () => ({ topic: "good", payload: { a: 1 } }),
    silent: true,
  },
  {
    type: "edge-clip",
    settings: { before: 0.001, after: 0.001 },
    before: () => ({ topic: "good", payload: [1, 2, 3], rate: 1000 }),
    messages: [
      ...READINGS,
      ...["state", "stream", "since"].flatMap((field) =>
        VALUES.map(([name, make]): [string, () => Msg] => [
          `alert.${field}: ${name}`,
          () => ({ payload: { id: "a", state: "raised", stream: "good", since: Date.now(), [field]: make() } }),
        ]),
      ),
    ],
    check: isAnything,
    good: () => ({ topic: "good", payload: [1, 2, 3], rate: 1000, trigger: true }),
  },
  {
    type: "edge-features",
    messages: WINDOWS,
    check: isFrame,
    good: () => windowMessage([[1, 2]]),
  },
  {
    type: "edge-detect",
    messages: READINGS,
    check: isResult,
    good: () => ({ topic: "good", payload: 1 }),
    silent: true,
  },
  {
    type: "edge-detect",
    settings: { detector: "half-space-trees", channels: "a" },
    messages: [...READINGS, ...FEATURES.filter(([name]) => /frame|shape|names/.test(name))],
    check: isResult,
    good: () => ({ topic: "good", payload: { a: 1 } }),
    silent: true,
  },
  { type: "edge-infer", settings: { model: "m" }, messages: FEATURES, check: isResult, good: features },
  {
    type: "edge-learn",
    settings: { model: "l", frames: 20_000 },
    messages: FEATURES,
    check: isAnything,
    good: features,
    silent: true,
  },
  {
    // Each message is the first of its kind: what it says is taken as what frames are like.
    type: "edge-learn",
    settings: { model: "l", frames: 20_000 },
    before: () => ({ learn: "reset" }),
    messages: FEATURES.filter(([name]) => /recipe|names|shape/.test(name)),
    check: isAnything,
    good: () => ({ ...features(), learn: "reset" }),
    silent: true,
  },
  {
    type: "edge-alert",
    settings: { needed: 1, among: 1, noDataAfter: 0 },
    messages: RESULTS,
    check: isAlert,
    good: () => ({ topic: "good", payload: { kind: "anomaly", score: 99, threshold: 10, anomalous: true } }),
  },
  {
    type: "edge-evaluate",
    messages: [
      ...RESULTS,
      ...["label", "evaluate"].flatMap((field) =>
        VALUES.map(([name, make]): [string, () => Msg] => [
          `${field}: ${name}`,
          () => ({ payload: { kind: "anomaly", score: 1, threshold: 10, anomalous: false }, [field]: make() }),
        ]),
      ),
      ...["id", "state", "severity", "stream", "since", "until", "label", "text"].flatMap((field) =>
        VALUES.map(([name, make]): [string, () => Msg] => [
          `alert.${field}: ${name}`,
          () => ({
            payload: { id: "a", state: "raised", severity: "info", stream: "s", since: 0, text: "x", [field]: make() },
          }),
        ]),
      ),
    ],
    check: isAnything,
    good: () => ({ evaluate: "report" }),
  },
  {
    type: "edge-simulator",
    settings: { autostart: false },
    messages: COMMANDS,
    check: isAnything,
    good: () => ({ payload: "start" }),
  },
  {
    type: "edge-replay",
    settings: { begin: "command", file: "none.csv" },
    messages: COMMANDS,
    check: isAnything,
    good: () => ({ payload: "stop" }),
    silent: true,
  },
];

function flow({ type, settings = {} }: Case): FlowNode[] {
  return [
    { id: "m", type: "edge-model", config: true, model: "ahu" },
    { id: "l", type: "edge-model", config: true, model: "learned" },
    { id: "n", type, ...settings, wires: [["sink"]] },
    { id: "sink", type: "test-sink" },
  ];
}

describe.each(CASES.map((each, i) => [`${i + 1} ${each.type}`, each] as const))("%s", (_, each) => {
  it("answers every hostile message with done() once, and goes on", async () => {
    await runtime.deploy(flow(each));
    if (each.type === "edge-infer") {
      await until(() => runtime.status("n")?.text?.startsWith("v1") === true, "the model is in use");
    }
    const problems: string[] = [];
    for (const [name, make] of each.messages) {
      const before = runtime.received("sink").length;
      if (each.before) await runtime.sendAndWait("n", each.before());
      const msg = make();
      const { error } = await runtime.sendAndWait("n", msg);
      if (error) {
        const { code = "none" } = error;
        if (!Object.hasOwn(catalogue, code)) problems.push(`${name}: ${error.message}`);
        if (code === "EDGE_ML_INTERNAL") problems.push(`${name}: ${error.message}`);
      }
      await new Promise((done) => setImmediate(done));
      for (const sent of runtime.received("sink").slice(before)) {
        try {
          each.check(sent);
        } catch (wrong) {
          problems.push(`${name}: sent ${(wrong as Error).message}`);
        }
      }
      if (({} as Msg).polluted !== undefined) problems.push(`${name}: Object.prototype is polluted`);
    }
    expect(problems).toEqual([]);
    expect(rejections).toEqual([]);

    const dones = new Map<string, number>();
    for (const { msg } of runtime.completions("n")) dones.set(msg._msgid, (dones.get(msg._msgid) ?? 0) + 1);
    expect(dones.size).toBe(each.messages.length * (each.before ? 2 : 1));
    expect([...dones.values()].every((count) => count === 1)).toBe(true);

    const count = runtime.received("sink").length;
    expect((await runtime.sendAndWait("n", each.good())).error).toBeUndefined();
    if (!each.silent) await runtime.receive("sink", count + 1);
  }, 60_000);
});
