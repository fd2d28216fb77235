/**
 * Plays tracks through the flow in a Node-RED of its own, in a process of its own (see play.ts).
 * Arguments: the job's JSON file, the files that the outcome and the scores are written to.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ModelStore, readManifest, withManifest } from "../../../../nodes/lib/index.ts";
import { embedNodeRed, nodeRedLine } from "../../../lib/embedded-node-red.ts";
import { ROOT } from "../../../lib/project.ts";
import type { Trigger } from "../match.ts";
import type { Job, Outcome, TrackOutcome } from "./job.ts";
import { ScoreWriter } from "./scores.ts";

// biome-ignore lint/suspicious/noExplicitAny: a message holds anything
type Msg = Record<string, any>;
interface SendEvent {
  msg: Msg;
  source: { id: string; port: number };
}

/** s: what a microphone hands over at once. */
const CHUNK = 0.1;
/** Chunks that are given before the flow is waited for. */
const AHEAD = 20;
/** ms: for the chunks that are given before the flow is waited for. */
const TIMEOUT = 300_000;
const BEGIN = Date.UTC(2024, 0, 1);
/** ms: between two tracks. */
const BETWEEN = 60_000;

async function run({ flow, model, labels, rate, tracks }: Job, scores: ScoreWriter): Promise<Outcome> {
  const userDir = mkdtempSync(join(tmpdir(), "edge-ml-voice-"));
  const bundle = readFileSync(model);
  const manifest = readManifest(bundle, model)!;
  const name = flow.find(({ type }) => type === "edge-model")!.model as string;
  // The store gives it a version of its own.
  await new ModelStore(join(userDir, "edge-ml", "models")).save(name, (version) =>
    withManifest(bundle, { ...manifest, name, version }),
  );
  const { RED, version, deploy, stop } = await embedNodeRed(nodeRedLine(), userDir, [
    join(ROOT, "scripts/evaluate/nodes"),
  ]);
  try {
    let begin = BEGIN;
    const seconds = (time: number) => (time - begin) / 1000 + 1 / rate;
    let played = emptyTrack(labels);
    /** Of the track: chunks that are through edge-window, windows it made, results, results that edge-alert is done with. */
    const count = { chunks: 0, windows: 0, results: 0, decided: 0 };
    RED.hooks.add("onSend.evaluate", (events: SendEvent[]) => {
      for (const { msg, source } of events) {
        if (source.id === "window") count.windows++;
        else if (source.id === "infer") {
          count.results++;
          note(played, msg, seconds);
        } else if (source.id === "alert" && source.port === 0 && msg.event === "raised") {
          // In the same breath it says of which result this is.
          const state = events.find((event) => event.source.port === 1)!.msg.payload;
          played.triggers.push({ label: msg.payload.label, time: seconds(state.time) });
        }
      }
    });
    const failures: string[] = [];
    let look: () => void = () => undefined;
    RED.hooks.add("onComplete.evaluate", ({ error, node }: { error?: Error; node: { id: string } }) => {
      if (error) failures.push(error.message);
      if (node.id === "window") count.chunks++;
      if (node.id === "alert") count.decided++;
      look();
    });
    const status = { infer: "" };
    RED.events.on("node-status", ({ id, status: { text } }: { id: string; status: { text?: string } }) => {
      if (id === "infer") status.infer = text ?? "";
    });
    /** Until so many chunks of the track are decided on; looks when a node is done. */
    const through = (chunks: number) =>
      new Promise<void>((done, failed) => {
        const end = (finish: () => void) => {
          clearTimeout(timer);
          look = () => undefined;
          finish();
        };
        const still = () => end(() => failed(new Error(`The flow stands still. edge-infer: ${status.infer}`)));
        const timer = setTimeout(still, TIMEOUT);
        look = () => {
          if (failures.length > 0) end(() => failed(new Error(failures[0])));
          else if (count.chunks >= chunks && count.decided >= count.windows) end(done);
        };
        look();
      });
    await deploy(flow);
    const outcomes: TrackOutcome[] = [];
    for (const { name: topic, file } of tracks) {
      const pcm = readFileSync(file);
      const size = 2 * Math.round(rate * CHUNK);
      played = emptyTrack(labels);
      Object.assign(count, { chunks: 0, windows: 0, results: 0, decided: 0 });
      const began = performance.now();
      let chunks = 0;
      for (let at = 0; at < pcm.length; at += size) {
        const payload = Buffer.from(pcm.subarray(at, at + size));
        const timestamp = begin + (at / 2 / rate) * 1000;
        RED.nodes.getNode("window").receive({ topic, payload, rate, timestamp });
        chunks++;
        if (chunks % AHEAD === 0) await through(chunks);
      }
      await through(chunks);
      scores.track(played.times, played.lines);
      outcomes.push({
        name: topic,
        windows: count.windows,
        triggers: played.triggers,
        seconds: (performance.now() - began) / 1000,
      });
      begin += (pcm.length / 2 / rate) * 1000 + BETWEEN;
    }
    return { tracks: outcomes, nodeRed: version, node: process.version };
  } finally {
    await stop();
    rmSync(userDir, { recursive: true, force: true });
  }
}

interface Played {
  labels: string[];
  times: number[];
  lines: number[][];
  triggers: Trigger[];
}

function emptyTrack(labels: string[]): Played {
  return { labels, times: [], lines: labels.map(() => []), triggers: [] };
}

/** Keeps the scores of a result. */
function note({ labels, times, lines }: Played, { payload, frame }: Msg, seconds: (time: number) => number): void {
  if (payload.score === null) return;
  times.push(seconds(frame.end));
  const byLabel = new Map<string, number>(payload.scores.map((each: Msg) => [each.label, each.score]));
  for (const [i, label] of labels.entries()) lines[i]!.push(byLabel.get(label) ?? 0);
}

const [jobFile, outcomeFile, scoresFile] = process.argv.slice(2);
const writer = new ScoreWriter();
run(JSON.parse(readFileSync(jobFile!, "utf8")) as Job, writer).then(
  (outcome) => {
    writeFileSync(outcomeFile!, JSON.stringify(outcome));
    writeFileSync(scoresFile!, writer.bytes());
    process.exit(0);
  },
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
