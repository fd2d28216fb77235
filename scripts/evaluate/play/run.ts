/**
 * One job in a Node-RED of its own, in a process of its own (see play.ts).
 * Arguments: the job's JSON file, the file that the outcome is written to.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { embedNodeRed, nodeRedLine } from "../../lib/embedded-node-red.ts";
import { ROOT } from "../../lib/project.ts";
import type { Job, Outcome, Round, RoundOutcome } from "./job.ts";

// biome-ignore lint/suspicious/noExplicitAny: a message holds anything
type Msg = Record<string, any>;

const TIMEOUT = 300_000;
/** ms */
const QUIET = 200;

async function run({ flow, folder, rounds }: Job): Promise<Outcome> {
  const userDir = mkdtempSync(join(tmpdir(), "edge-ml-evaluate-"));
  const { RED, version, deploy, stop } = await embedNodeRed(
    nodeRedLine(),
    userDir,
    [join(ROOT, "scripts/evaluate/nodes")],
    { edgeReplayFolder: folder },
  );
  try {
    const waiting = new Map<string, Msg[]>();
    const wake = new Set<() => void>();
    const look = () => {
      for (const each of [...wake]) each();
    };
    let test = emptyTest();
    const failures: string[] = [];
    let events = 0;
    RED.events.on("evaluate-collector", (id: string, msg: Msg) => {
      // Only what the metrics need: the measured memory is to be the flow's.
      if (id === "results") take(test, msg);
      else if (id === "alerts") test.alerts.push(msg.payload.text);
      else if (id === "errors") failures.push(msg.error?.message ?? "an error without a text");
      else waiting.set(id, [...(waiting.get(id) ?? []), msg]);
      events++;
      look();
    });
    const statuses = new Map<string, string>();
    RED.events.on("node-status", ({ id, status }: { id: string; status: { text?: string } }) => {
      statuses.set(id, status.text ?? "");
      look();
    });
    const until = (what: string, condition: () => boolean) =>
      new Promise<void>((done, fail) => {
        const end = (finish: () => void) => {
          clearTimeout(timer);
          wake.delete(check);
          finish();
        };
        const timer = setTimeout(
          () =>
            end(() =>
              fail(
                new Error(
                  `Not within ${TIMEOUT / 1000} s: ${what}. ${[...statuses].map(([id, text]) => `${id}: ${text}`).join("; ")}`,
                ),
              ),
            ),
          TIMEOUT,
        );
        const check = () => {
          // A flow that failed may never come to what is waited for.
          if (failures.length > 0) end(() => fail(new Error(`${failures[0]} (while waiting for ${what})`)));
          else if (condition()) end(done);
        };
        wake.add(check);
        check();
      });
    const next = async (id: string, what: string): Promise<Msg> => {
      await until(what, () => (waiting.get(id)?.length ?? 0) > 0);
      return waiting.get(id)!.shift()!;
    };
    /** Until nothing has come for QUIET ms. */
    const quiet = async () => {
      for (let before = -1; before !== events; await sleep(QUIET)) before = events;
    };
    const tell = (id: string, msg: Msg) => RED.nodes.getNode(id).receive(msg);
    const completed = new Set<string>();
    RED.hooks.add("onComplete.evaluate", ({ msg }: { msg: Msg }) => {
      if (msg._msgid?.startsWith("evaluate-")) completed.add(msg._msgid);
      look();
    });
    /** Tells and waits until the node is done with it. */
    const ask = async (id: string, msg: Msg, what: string) => {
      const _msgid = `evaluate-${completed.size}`;
      tell(id, { ...msg, _msgid });
      await until(what, () => completed.has(_msgid));
    };

    const playRound = async ({ name, train, test: testFile }: Round, first: boolean): Promise<RoundOutcome> => {
      if (!first) await ask("learn", { learn: "reset" }, "edge-learn to forget");
      tell("replay", { payload: { play: train } });
      await next("end", `the end of ${train}`);
      const told = performance.now();
      tell("learn", { learn: "train" });
      const { payload: report } = await next("report", `the model of ${name}`);
      const trainingSeconds = (performance.now() - told) / 1000;
      const taken = new RegExp(`\\bv${report.model.version}\\b`);
      await until(`edge-infer to take the model of ${name}`, () => taken.test(statuses.get("infer") ?? ""));
      // It may have kept frames of the training file for its model: these are no part of the test.
      await quiet();
      test = emptyTest();
      const began = performance.now();
      tell("replay", { payload: { play: testFile } });
      const { payload: end } = await next("end", `the end of ${testFile}`);
      const seconds = (performance.now() - began) / 1000;
      if (failures.length > 0) throw new Error(`${failures.length} messages failed: ${failures[0]}`);
      const tested = test;
      // What comes from now on belongs to the next round.
      test = emptyTest();
      const { threshold, method, frames: trainingFrames, warnings } = report;
      return {
        name,
        ...tested,
        ...(threshold ? { threshold: threshold.value } : {}),
        method,
        trainingFrames,
        trainingSeconds,
        warnings,
        rows: end.rows,
        seconds,
      };
    };

    await deploy(flow);
    const played: RoundOutcome[] = [];
    for (const round of rounds) played.push(await playRound(round, played.length === 0));
    return { rounds: played, nodeRed: version, ...footprint() };
  } finally {
    await stop();
    rmSync(userDir, { recursive: true, force: true });
  }
}

function emptyTest(): Pick<RoundOutcome, "results" | "unscored" | "alerts"> {
  return { results: [], unscored: 0, alerts: [] };
}

/** A result of edge-infer, or what edge-alert made of it on its second output. */
function take(test: ReturnType<typeof emptyTest>, { payload, frame }: Msg): void {
  const { score, threshold, state, label, confidence } = payload;
  if (score === null) {
    test.unscored++;
    return;
  }
  test.results.push({
    stream: frame.stream,
    time: frame.end,
    ...(frame.label === undefined ? {} : { truth: frame.label }),
    ...(score === undefined ? {} : { score, exceeds: score > threshold }),
    ...(state === undefined ? {} : { alert: state === "raised" }),
    ...(confidence === undefined ? {} : { label, confidence }),
  });
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
