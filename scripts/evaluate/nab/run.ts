/**
 * Plays all series through one Node-RED: edge-replay → edge-detect. A process of its own, since a process can start
 * Node-RED once. Arguments: the job's JSON file, the file that the outcome is written to.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { embedNodeRed, nodeRedLine } from "../../lib/embedded-node-red.ts";
import { ROOT } from "../../lib/project.ts";
import { buildFlow } from "./flow.ts";

export interface Job {
  folder: string;
  files: string[];
}

export interface Outcome {
  /** By node and file: [ms since 1970, score, marked as anomalous], of each reading that was scored. */
  results: Record<string, Record<string, [number, number, boolean][]>>;
  readings: number;
  seconds: number;
  nodeRed: string;
}

// biome-ignore lint/suspicious/noExplicitAny: a message holds anything
type Msg = Record<string, any>;

const TIMEOUT = 600_000;

async function run({ folder, files }: Job): Promise<Outcome> {
  const userDir = mkdtempSync(join(tmpdir(), "edge-ml-nab-"));
  const { RED, version, deploy, stop } = await embedNodeRed(
    nodeRedLine(),
    userDir,
    [join(ROOT, "scripts/evaluate/nodes")],
    { edgeReplayFolder: folder },
  );
  try {
    const results: Outcome["results"] = {};
    let file = "";
    let ended: (rows: number) => void = () => undefined;
    RED.events.on("evaluate-collector", (id: string, { payload, frame }: Msg) => {
      if (id === "end") ended(payload.rows);
      else if (payload.score !== null) {
        const node = id.replace(/ results$/, "");
        const ofNode = results[node] ?? {};
        results[node] = ofNode;
        const ofFile = ofNode[file] ?? [];
        ofNode[file] = ofFile;
        ofFile.push([frame.end, payload.score, payload.anomalous]);
      }
    });
    const failures: string[] = [];
    RED.hooks.add("onComplete.evaluate", ({ error }: { error?: Error }) => {
      if (error) failures.push(error.message);
    });
    const flow = buildFlow();
    await deploy(flow);
    const tell = (id: string, msg: Msg) => RED.nodes.getNode(id).receive(msg);
    const began = performance.now();
    let readings = 0;
    for (file of files) {
      for (const { id, type } of flow) if (type === "edge-detect") tell(id, { reset: true });
      const end = new Promise<number>((done, fail) => {
        ended = done;
        setTimeout(() => fail(new Error(`${file} did not end. ${failures.slice(0, 3).join(" ")}`)), TIMEOUT).unref();
      });
      tell("replay", { payload: { play: file } });
      readings += await end;
      // What the end overtook is still under way.
      await new Promise((done) => setTimeout(done, 50));
    }
    if (failures.length > 0) throw new Error(`${failures.length} messages failed: ${failures[0]}`);
    return { results, readings, seconds: (performance.now() - began) / 1000, nodeRed: version };
  } finally {
    await stop();
    rmSync(userDir, { recursive: true, force: true });
  }
}

const [jobFile, outcomeFile] = process.argv.slice(2);
run(JSON.parse(readFileSync(jobFile!, "utf8")) as Job).then(
  (outcome) => {
    writeFileSync(outcomeFile!, JSON.stringify(outcome));
    process.exit(0);
  },
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
