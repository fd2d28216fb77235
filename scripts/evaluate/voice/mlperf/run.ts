/**
 * Plays clips through edge-window → edge-features → edge-infer with a .tflite model, and the official inputs through
 * edge-infer, in a Node-RED of its own, in a process of its own.
 * Arguments: the model's file, the data's folder, the folder of the official inputs or "", the eight-bit model, the file
 * that the outcome is written to.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ModelStore } from "../../../../nodes/lib/index.ts";
import { embedNodeRed, type FlowNode, nodeRedLine } from "../../../lib/embedded-node-red.ts";
import { ROOT } from "../../../lib/project.ts";
import { LABELS, RATE, readClips, readOfficial } from "./clips.ts";

/** What the network said of one example. */
export interface Said {
  name: string;
  label: string;
  said: string;
  part: string;
}

// biome-ignore lint/suspicious/noExplicitAny: a message holds anything
type Msg = Record<string, any>;

/** ms, for one example. */
const TIMEOUT = 60_000;
const MODEL = "mlperf-keywords";

const FLOW: FlowNode[] = [
  { id: "model", type: "edge-model", config: true, model: MODEL },
  {
    id: "window",
    type: "edge-window",
    by: "samples",
    size: RATE,
    sizeUnit: "samples",
    hop: RATE,
    hopUnit: "samples",
    maxStreams: 10,
    wires: [["features"]],
  },
  // Everything else is at its default: these are the features of MLPerf Tiny.
  {
    id: "features",
    type: "edge-features",
    blocks: [{ block: "log-mel", coefficients: 10, cepstrum: "HTK" }],
    wires: [["infer", "frames"]],
  },
  { id: "infer", type: "edge-infer", model: "model", labels: LABELS.join(", "), wires: [["results"]] },
  { id: "frames", type: "evaluate-collector" },
  { id: "results", type: "evaluate-collector" },
];

async function run([file, folder, official, quantized]: string[]): Promise<Said[]> {
  const userDir = mkdtempSync(join(tmpdir(), "edge-ml-mlperf-"));
  await new ModelStore(join(userDir, "edge-ml", "models")).save(MODEL, () => readFileSync(file!));
  const folders = [join(ROOT, "scripts/evaluate/nodes")];
  const { RED, deploy, stop } = await embedNodeRed(nodeRedLine(), userDir, folders);
  try {
    let frame: object | undefined;
    let wake: (msg: Msg) => void = () => undefined;
    let fail: (error: Error) => void = () => undefined;
    RED.events.on("evaluate-collector", (id: string, msg: Msg) => {
      if (id === "frames") frame = msg.frame;
      else wake(msg);
    });
    RED.hooks.add("onComplete.evaluate", ({ error }: { error?: Error }) => {
      if (error) fail(error);
    });
    await deploy(FLOW);
    const ask = async (node: string, msg: Msg): Promise<string> => {
      const answer = new Promise<Msg>((done, failed) => {
        wake = done;
        fail = failed;
        setTimeout(() => failed(new Error(`Nothing was said of ${msg.topic}.`)), TIMEOUT).unref();
      });
      RED.nodes.getNode(node).receive(msg);
      return (await answer).payload.label;
    };
    const said: Said[] = [];
    for (const [i, { name, label, data, part }] of readClips(folder!).entries()) {
      const heard = await ask("window", { topic: `${i}`, payload: data, rate: RATE, timestamp: i * 1000 });
      said.push({ name, label, part, said: heard });
    }
    if (official) {
      for (const { name, label, data } of readOfficial(official, readFileSync(quantized!))) {
        const heard = await ask("infer", { topic: name, payload: data, frame: { ...frame, stream: name } });
        said.push({ name, label, part: "official", said: heard });
      }
    }
    return said;
  } finally {
    await stop();
    rmSync(userDir, { recursive: true, force: true });
  }
}

const given = process.argv.slice(2);
run(given).then(
  (said) => {
    writeFileSync(given[4]!, JSON.stringify(said));
    process.exit(0);
  },
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
