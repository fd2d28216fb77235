import { EventEmitter } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as Onnx from "onnxruntime-node";
import type { Frame } from "../nodes/lib/index.ts";
import { type EmbeddedNodeRed, embedNodeRed, nodeRedLine } from "../scripts/lib/embedded-node-red.ts";
import { ROOT } from "../scripts/lib/project.ts";
import { bundle, frames, MODEL } from "./lib/anomaly-model.ts";
import { type Bench, type Row, rowsOf, type Table } from "./lib/bench.ts";
import { library } from "./lib/library.ts";
import { type Case, compare } from "./lib/measure.ts";

const onnx = createRequire(import.meta.url)("onnxruntime-node") as typeof Onnx;

type Message = Record<string, unknown>;
/** How many messages arrived at bench-sink nodes. */
const arrivals = new EventEmitter();
let arrived = 0;

/** Two wires per flow, so that every flow has the same hops around the node that is measured. */
const SIZE = 100;
const FLOW = [
  { id: "to-sink", type: "bench-pass", wires: [["sink"]] },
  { id: "to-window", type: "bench-pass", wires: [["window"]] },
  { id: "window", type: "edge-window", by: "samples", size: SIZE, hop: SIZE, maxStreams: 1000, wires: [["sink"]] },
  { id: "to-features", type: "bench-pass", wires: [["features"]] },
  { id: "features", type: "edge-features", wires: [["sink"]] },
  { id: "to-infer", type: "bench-pass", wires: [["infer"]] },
  { id: "infer", type: "edge-infer", model: "model", queueLimit: 10_000, wires: [["sink"]] },
  { id: "to-run", type: "bench-pass", wires: [["run"]] },
  { id: "sink", type: "bench-sink" },
  { id: "model", type: "edge-model", model: MODEL, config: true },
];

/** Hands `count` messages to a node and waits until as many as expected arrive at the sink. */
function through(nodeRed: EmbeddedNodeRed, entry: string, message: (i: number) => Message, share = 1) {
  const node = nodeRed.RED.nodes.getNode(entry);
  let sent = 0;
  let due = 0;
  return {
    /** All at once: how much the flow takes. */
    async flood(count: number) {
      for (let i = 0; i < count; i++) node.receive(message(sent++));
      due += count;
      const whole = Math.floor(due / share);
      due -= whole * share;
      await arrival(whole);
    },
    /** The next one when the one before it has arrived: how long one takes. */
    async oneByOne(count: number) {
      for (let i = 0; i < count; i++) {
        node.receive(message(sent++));
        await arrival(1);
      }
    },
  };
}

async function arrival(count: number): Promise<void> {
  const target = arrived + count;
  await new Promise<void>((done) => {
    const look = () => {
      if (arrived < target) return;
      arrivals.off("message", look);
      done();
    };
    arrivals.on("message", look);
    look();
  });
}

/** The same hop and the same run as edge-infer's, without what edge-infer does around it. */
const PEER = "with a node that only calls session.run";

const frameMessage = (list: readonly Frame[]) => (i: number) => {
  const { data, info } = list[i % list.length]!;
  return { topic: "bench", payload: data, frame: info };
};

async function readings(nodeRed: EmbeddedNodeRed): Promise<Table[]> {
  let time = 0;
  const one = (stream: (i: number) => string) => (i: number) => {
    time += 1000;
    return { topic: stream(i), payload: i % 1013, timestamp: time };
  };
  const single = one(() => "s");
  const bare = through(nodeRed, "to-sink", single);
  const windowed = through(nodeRed, "to-window", single, SIZE);
  // Streams are used in blocks: all of them fill their windows together, as sensors do.
  const flow = (streams: number): Case => {
    const run = through(
      nodeRed,
      "to-window",
      one((i) => `${streams}-${i % streams}`),
      SIZE,
    );
    return {
      name: `${streams.toLocaleString("en-US")} streams, in turn`,
      run: (count) => run.flood(Math.max(1, Math.round(count / (SIZE * streams))) * SIZE * streams),
    };
  };
  const results = await compare(
    [
      { name: "without it", run: (count) => bare.flood(count) },
      { name: "with edge-window", run: (count) => windowed.flood(Math.max(1, Math.round(count / SIZE)) * SIZE) },
    ],
    { ms: 100, most: 20_000 },
  );
  const rows = rowsOf(results, "without it");
  rows.push({
    what: "edge-window itself, and its hop",
    value: results.get("with edge-window")! - results.get("without it")! / 2,
    unit: "µs",
  });
  const byStreams: Row[] = [];
  for (const streams of [1, 100, 1000]) {
    const one = flow(streams);
    const least = SIZE * streams;
    const us = await compare([{ name: one.name, run: async () => one.run(least) }], { repeats: 5, most: 1 });
    byStreams.push({ what: one.name, value: (1e6 * least) / us.get(one.name)!, unit: "readings/s" });
  }
  return [
    { title: `A reading through a flow (real Node-RED; windows of ${SIZE} samples)`, rows },
    { title: "Readings per second through edge-window (real Node-RED)", rows: byStreams },
  ];
}

async function framesThrough(nodeRed: EmbeddedNodeRed, windows: Frame[], features: Frame[], bytes: Uint8Array) {
  const session = await onnx.InferenceSession.create(bytes, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const bare: Case = {
    name: "session.run",
    async run(count) {
      for (let i = 0; i < count; i++) {
        const { data } = features[i % features.length]!;
        await session.run({ features: new onnx.Tensor("float32", data, [1, data.length]) });
      }
    },
  };
  const pass = through(nodeRed, "to-sink", frameMessage(features));
  const extract = through(nodeRed, "to-features", frameMessage(windows));
  const infer = through(nodeRed, "to-infer", frameMessage(features));
  const peer = through(nodeRed, "to-run", frameMessage(features));
  const table = async (how: "flood" | "oneByOne", title: string): Promise<Table> => {
    const results = await compare(
      [
        bare,
        { name: "a flow without our nodes", run: (count) => pass[how](count) },
        { name: "with edge-features", run: (count) => extract[how](count) },
        { name: PEER, run: (count) => peer[how](count) },
        { name: "with edge-infer", run: (count) => infer[how](count) },
      ],
      { ms: 100, most: 5000 },
    );
    return {
      title,
      rows: [
        ...rowsOf(results, "session.run"),
        {
          what: "edge-infer on top of that node",
          value: results.get("with edge-infer")! - results.get(PEER)!,
          unit: "µs",
        },
      ],
    };
  };
  return [
    await table("oneByOne", "A frame through a flow, one at a time (real Node-RED)"),
    await table("flood", "A frame through a flow, thousands at once (real Node-RED; waiting frames share a run)"),
  ];
}

/** Node-RED does not start a flow with a node that it could not load: it would wait for ever. */
function checkLoaded({ RED }: EmbeddedNodeRed): void {
  for (const { name, err } of RED.nodes.getNodeList() as { name: string; err?: unknown }[]) {
    if (err !== undefined && FLOW.some(({ type }) => type === name)) throw new Error(`${name} did not load: ${err}`);
  }
}

export const bench: Bench = {
  title: "the nodes in a real Node-RED",
  async run() {
    const userDir = mkdtempSync(join(tmpdir(), "edge-ml-bench-"));
    try {
      const { windows, features } = frames(1000);
      const model = await bundle(features);
      const store = new library.ModelStore(join(userDir, "edge-ml", "models"));
      const { bytes, path } = await store.save(MODEL, (version) => model.bytes(version));
      const nodeRed = await embedNodeRed(nodeRedLine(), userDir, [join(ROOT, "bench/nodes")]);
      nodeRed.RED.events.on("bench-sink", () => {
        arrived++;
        arrivals.emit("message");
      });
      checkLoaded(nodeRed);
      await nodeRed.deploy([...FLOW, { id: "run", type: "bench-run", file: path, wires: [["sink"]] }]);
      // Frames wait while the model is being loaded: the first result says that it is there.
      await through(nodeRed, "to-infer", frameMessage(features)).oneByOne(1);
      const tables = [...(await readings(nodeRed)), ...(await framesThrough(nodeRed, windows, features, bytes))];
      tables[0]!.notes = [`Node-RED ${nodeRed.version}`];
      await nodeRed.stop();
      return tables;
    } finally {
      rmSync(userDir, { recursive: true, force: true });
    }
  },
};
