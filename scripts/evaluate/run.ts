/**
 * One run of the flow in a Node-RED of its own: learn from the training file, then play the test file.
 * A process of its own, since a process can start Node-RED once, and its memory is measured.
 * Arguments: the job's JSON file, the file that the outcome is written to.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { embedNodeRed, nodeRedLine } from "../lib/embedded-node-red.ts";
import { ROOT } from "../lib/project.ts";
import type { Method, Unit } from "./dataset.ts";
import { buildFlow } from "./flow.ts";

export interface Job {
  unit: Unit;
  method: Method;
}

/** What came out of one run. */
export interface Outcome {
  /** One per scored frame of the test part, in the order they came. */
  results: { time: number; faulty: boolean; score: number; exceeds: boolean; alert: boolean }[];
  /** Results without a score: the frame's quality was not ok. */
  unscored: number;
  /** What edge-alert said, in its own words. */
  alerts: string[];
  threshold: number;
  trainingFrames: number;
  warnings: string[];
  /** Rows of the test file, and the seconds it took to play them through. */
  rows: number;
  seconds: number;
  /** Bytes: the most this process used. */
  peakMemory: number;
  nodeRed: string;
  node: string;
}

// biome-ignore lint/suspicious/noExplicitAny: a message holds anything
type Msg = Record<string, any>;

const TIMEOUT = 300_000;

async function run({ unit, method }: Job): Promise<Outcome> {
  const userDir = mkdtempSync(join(tmpdir(), "edge-ml-evaluate-"));
  const { RED, version, deploy, stop } = await embedNodeRed(
    nodeRedLine(),
    userDir,
    [join(ROOT, "scripts/evaluate/nodes")],
    { edgeReplayFolder: join(unit.train, "..") },
  );
  try {
    const collected = new Map<string, Msg[]>();
    const wake = new Set<() => void>();
    let test = emptyTest();
    RED.events.on("evaluate-collector", (id: string, msg: Msg) => {
      // Only what the metrics need: the measured memory is to be the flow's.
      if (id === "states") take(test, msg);
      else if (id === "alerts") test.alerts.push(msg.payload.text);
      else collected.set(id, [...(collected.get(id) ?? []), msg]);
      for (const look of [...wake]) look();
    });
    const failures: string[] = [];
    let inferStatus = "";
    RED.events.on("node-status", ({ id, status }: { id: string; status: { text?: string } }) => {
      if (id === "infer") inferStatus = status.text ?? "";
      for (const look of [...wake]) look();
    });
    RED.hooks.add("onComplete.evaluate", ({ error }: { error?: Error }) => {
      if (error) failures.push(error.message);
    });
    const until = (what: string, condition: () => boolean) =>
      new Promise<void>((done, fail) => {
        const timer = setTimeout(
          () => fail(new Error(`Not within ${TIMEOUT / 1000} s: ${what}. ${failures.slice(0, 3).join(" ")}`)),
          TIMEOUT,
        );
        const look = () => {
          if (!condition()) return;
          clearTimeout(timer);
          wake.delete(look);
          done();
        };
        wake.add(look);
        look();
      });
    const next = async (id: string, what: string): Promise<Msg> => {
      await until(what, () => (collected.get(id)?.length ?? 0) > 0);
      return collected.get(id)!.shift()!;
    };
    const tell = (id: string, msg: Msg) => RED.nodes.getNode(id).receive(msg);

    await deploy(buildFlow(unit, method));
    tell("replay", { payload: { play: basename(unit.train) } });
    await next("end", "the end of the training file");
    tell("learn", { learn: "train" });
    const report = await next("report", "the model");
    await until("edge-infer takes the model", () => /\bv1\b/.test(inferStatus));
    test = emptyTest();
    const began = performance.now();
    tell("replay", { payload: { play: basename(unit.test) } });
    const end = await next("end", "the end of the test file");
    const seconds = (performance.now() - began) / 1000;
    if (failures.length > 0) throw new Error(`${failures.length} messages failed: ${failures[0]}`);
    return { ...test, ...summary(report), rows: end.payload.rows, seconds, nodeRed: version, ...footprint() };
  } finally {
    await stop();
    rmSync(userDir, { recursive: true, force: true });
  }
}

function emptyTest(): Pick<Outcome, "results" | "unscored" | "alerts"> {
  return { results: [], unscored: 0, alerts: [] };
}

/** The second output of edge-alert: each result's score and what became of it. */
function take(test: ReturnType<typeof emptyTest>, { payload, frame }: Msg): void {
  const { state, score, threshold } = payload;
  if (score === null) test.unscored++;
  else {
    const faulty = frame.label === "1";
    test.results.push({ time: frame.end, faulty, score, exceeds: score > threshold, alert: state === "raised" });
  }
}

function summary({ payload: { threshold, frames, warnings } }: Msg) {
  return {
    threshold: threshold.value as number,
    trainingFrames: frames,
    warnings,
  };
}

function footprint() {
  // In kilobytes, on every platform.
  return { peakMemory: process.resourceUsage().maxRSS * 1024, node: process.version };
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
