import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { EvaluationPicture } from "../../nodes/edge-evaluate/picture.ts";
import { unpackMoments } from "../../nodes/edge-evaluate/picture.ts";
import { atThreshold, rocAuc } from "../../nodes/lib/evaluate/index.ts";
import { type FlowNode, type Msg, type Runtime, startRuntime, until } from "../support/runtime.ts";
import { evaluateFlow, scored, week } from "./support.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await startRuntime();
});
afterAll(() => runtime.stop());

/** A flow without what an earlier test collected. */
async function deployNew(flow: FlowNode[]): Promise<void> {
  await runtime.deploy([]);
  await runtime.deploy(flow);
}

async function feed(messages: Iterable<Msg>): Promise<void> {
  for (const message of messages) expect((await runtime.sendAndWait("n", message)).error).toBeUndefined();
}

/** What a command makes the node send. */
async function report(): Promise<Msg> {
  const before = runtime.received("reports").length;
  expect((await runtime.sendAndWait("n", { evaluate: "report" })).error).toBeUndefined();
  return (await runtime.receive("reports", before + 1))[before]!.payload;
}

/** A status that only counts is shown at most twice a second. */
const showsSoon = (fill: string, text: string) =>
  until(() => runtime.status("n")?.fill === fill && runtime.status("n")?.text === text, `${fill}: ${text}`);

const picture = async (id = "n"): Promise<EvaluationPicture> =>
  (await (await fetch(`${runtime.url}/edge-ml/evaluate/${id}`)).json()) as EvaluationPicture;

const said = (label: string, truth: string | undefined, confidence = 0.8): Msg => ({
  payload: {
    kind: "class",
    label,
    confidence,
    scores: [
      { label: "idle", score: label === "idle" ? confidence : 1 - confidence },
      { label: "spin", score: label === "idle" ? 1 - confidence : confidence },
    ],
  },
  label: truth,
});
const measured = (value: number, truth: unknown): Msg => ({
  payload: { kind: "value", values: [{ name: "t", value }] },
  label: truth,
});

describe("edge-evaluate", () => {
  it("holds anomaly scores against the frames' labels, and reports on command", async () => {
    await deployNew(evaluateFlow());
    expect(runtime.status("n")).toMatchObject({ fill: "blue", text: "waiting for results" });
    const messages = week(500);
    await feed(messages);
    expect(runtime.received("reports")).toEqual([]);
    const found = await report();
    const labelled = messages.filter(({ payload, frame }) => payload.score !== null && frame.label !== undefined);
    const auc = rocAuc(
      labelled.map(({ payload }) => payload.score),
      labelled.map(({ frame }) => frame.label !== "normal"),
    );
    expect(found).toMatchObject({
      task: "anomaly",
      counts: { results: 500, labelled: labelled.length, forgotten: 0 },
      threshold: 5,
      curves: { auc: { value: auc } },
      alarms: { events: 1, found: 1 },
    });
    expect(found.text).toMatch(/^500 results over .* AUC /);
    expect(found.best.map(({ goal }: Msg) => goal)).toEqual(["falseAlarmsPerDay", "f1", "balancedAccuracy"]);
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
    expect(found.curves.roc.length).toBeLessThanOrEqual(200);
    await until(() => /^AUC \d\.\d\d · [\d.]+ false\/day$/.test(runtime.status("n")?.text ?? ""), "the status");

    const [csv] = await runtime.receive("csv");
    const lines = csv!.payload.split("\n");
    expect(lines).toHaveLength(502);
    expect(lines[0]).toBe("time,stream,label,truth,score,threshold,anomalous");
    expect(lines[1]).toBe("2026-01-12T00:00:00.000Z,AHU-1,normal,normal,1,5,0");
  });

  it("counts what was not scored and what has no label apart", async () => {
    await deployNew(evaluateFlow());
    await feed([scored(0, null), scored(1, 1, null), scored(2, 9, null)]);
    await showsSoon("yellow", "3, no labels");
    const found = await report();
    expect(found.counts).toMatchObject({ results: 3, scored: 2, unscored: 1, labelled: 0, unlabelled: 2 });
    expect(found.confusion).toEqual({ truePositives: 0, falsePositives: 0, trueNegatives: 0, falseNegatives: 0 });
    expect(found.alarms).toMatchObject({ alarms: 1, falseAlarms: 0, unknownAlarms: 1 });
    expect(found.rates).toEqual({});
    expect(found.curves.auc).toBeUndefined();
  });

  it("takes the alarms from edge-alert when its alerts come, too", async () => {
    await deployNew([
      ...evaluateFlow(),
      { id: "alert", type: "edge-alert", needed: 2, among: 2, clearAfter: 0, noDataAfter: 0, wires: [["n"], []] },
      { id: "in", type: "junction", wires: [["n", "alert"]] },
    ]);
    for (const [i, score] of [1, 9, 1, 1, 1, 9, 9, 9, 1, 1].entries()) {
      const message = scored(i, score, i >= 5 && i < 8 ? "leak" : "normal");
      expect((await runtime.sendAndWait("alert", structuredClone(message))).error).toBeUndefined();
      await feed([message]);
    }
    await until(() => runtime.completions("n").length >= 12, "both alerts");
    // A single high result is no alert where two are needed.
    expect(await report()).toMatchObject({
      alarmsOf: "alerts",
      confusion: { falsePositives: 1 },
      alarms: { alarms: 1, falseAlarms: 0, events: 1, found: 1 },
    });
  });

  it("holds classes against labels", async () => {
    await deployNew(evaluateFlow({ positive: "spin", csv: "summary" }));
    await feed([said("idle", "idle"), said("spin", "idle", 0.6), said("spin", "spin"), said("uncertain", "spin")]);
    await feed([said("spin", undefined)]);
    await showsSoon("green", "50.0 % right of 4");
    const found = await report();
    expect(found).toMatchObject({
      task: "class",
      labels: ["idle", "spin", "uncertain"],
      matrix: [
        [1, 1, 0],
        [0, 1, 1],
        [0, 0, 0],
      ],
      accuracy: { value: 0.5 },
      uncertain: 1,
      positive: { label: "spin", positives: 2, negatives: 2 },
    });
    const [csv] = await runtime.receive("csv");
    expect(csv!.payload).toMatch(/^metric,value\ntask,class\n/);
    expect(csv!.payload).toContain("accuracy.value,0.5\n");
  });

  it("holds values against labels that are numbers", async () => {
    await deployNew(evaluateFlow());
    await feed([measured(20, 19), measured(21, "22"), measured(21, "warm")]);
    await showsSoon("green", "RMSE 1 · R² 0.56");
    expect(await report()).toMatchObject({ task: "value", name: "t", metrics: { count: 2, rmse: 1, mae: 1, bias: 0 } });
  });

  it("begins anew on command, and then with another kind", async () => {
    await deployNew(evaluateFlow());
    await feed([scored(0, 1)]);
    const { error } = await runtime.sendAndWait("n", said("idle", "idle"));
    expect(error).toMatchObject({ code: "EDGE_ML_PAYLOAD", details: { field: "msg.payload.kind", got: '"class"' } });
    await feed([{ evaluate: "reset" }]);
    expect(runtime.status("n")).toMatchObject({ fill: "blue", text: "waiting for results" });
    await feed([said("idle", "idle")]);
    expect(await report()).toMatchObject({ task: "class", counts: { results: 1 } });
  });

  it("goes on after a deploy, unless it was deleted or its own settings changed", async () => {
    await runtime.deploy([]);
    await runtime.deploy(evaluateFlow());
    await feed(week(20));
    await runtime.deploy(evaluateFlow());
    expect((await report()).counts.results).toBe(20);
    await runtime.deploy(evaluateFlow({ reportOn: "results" }));
    expect((await report()).counts.results).toBe(20);
    await runtime.deploy(evaluateFlow({ gap: 5 }));
    expect((await report()).task).toBe("none");
    await feed(week(20));
    const folder = join(runtime.userDir, "edge-ml", "evaluations");
    await runtime.deploy(evaluateFlow({ gap: 6 }));
    expect(readdirSync(folder)).toEqual(["n.json"]);
    await runtime.deploy([]);
    expect(readdirSync(folder)).toEqual([]);
    await runtime.deploy(evaluateFlow({ gap: 6 }));
    expect((await report()).task).toBe("none");
  });

  it("sets a file aside that cannot be understood, says so, and begins anew", async () => {
    await runtime.deploy([]);
    const path = join(runtime.userDir, "edge-ml", "evaluations", "n.json");
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, "{");
    await runtime.deploy(evaluateFlow());
    const told = runtime.log().map(({ msg }) => JSON.stringify(msg));
    expect(told).toEqual([expect.stringContaining("cannot be understood")]);
    expect((await report()).task).toBe("none");
  });

  it("forgets what has come when its dialog says so", async () => {
    await deployNew(evaluateFlow());
    await feed(week(20));
    expect((await fetch(`${runtime.url}/edge-ml/evaluate/n`, { method: "DELETE" })).status).toBe(200);
    expect((await report()).task).toBe("none");
    expect((await fetch(`${runtime.url}/edge-ml/evaluate/none`, { method: "DELETE" })).status).toBe(200);
  });

  it("reports every so many results", async () => {
    await deployNew(evaluateFlow({ reportOn: "results", reportEvery: "3" }));
    await feed(week(10));
    expect((await runtime.receive("reports", 3)).map(({ payload }) => payload.counts.results)).toEqual([3, 6, 9]);
  });

  it("reports every so many minutes, when there is something to report", async () => {
    const timers = vi.spyOn(globalThis, "setInterval");
    await deployNew(evaluateFlow({ reportOn: "minutes", reportEvery: "7" }));
    const [tick] = timers.mock.calls.find(([, wait]) => wait === 420_000)!;
    timers.mockRestore();
    tick();
    await feed(week(4));
    expect(runtime.received("reports")).toEqual([]);
    tick();
    expect((await runtime.receive("reports"))[0]!.payload.counts.results).toBe(4);
  });

  it("gives each receiver a message of its own", async () => {
    await deployNew(evaluateFlow());
    await feed(week(20));
    await Promise.all([1, 2, 3].map(() => runtime.sendAndWait("n", { evaluate: "report" })));
    const reports = await runtime.receive("reports", 3);
    expect(new Set(reports.map(({ _msgid }) => _msgid)).size).toBe(3);
    expect(reports[1]).not.toBe(reports[0]);
  });

  it("stays within its memory", async () => {
    await deployNew(evaluateFlow({ keep: "100", csv: "results" }));
    for (const message of week(3000)) runtime.send("n", message);
    await until(() => runtime.completions("n").length >= 3000, "all results");
    const found = await report();
    expect(found.counts).toMatchObject({ results: 3000, forgotten: 3000 - 300 });
    // Faults are few; normal results do not push them out.
    // Two of a hundred have no score.
    expect(found.curves).toMatchObject({ positives: 98 });
    expect((await runtime.receive("csv"))[0]!.payload.split("\n")).toHaveLength(302);
  });

  it("takes results of another realm, and names of the prototype", async () => {
    await deployNew(evaluateFlow());
    const payload = runInNewContext("({ kind: 'anomaly', score: 9, threshold: 5, anomalous: true })");
    await feed([{ topic: "__proto__", payload, label: "constructor" }]);
    expect(await report()).toMatchObject({ events: [{ stream: "__proto__", label: "constructor", scored: 1 }] });
    expect(({} as Msg).label).toBeUndefined();
  });

  const commands: [string, unknown][] = [
    ["true", true],
    ["a number", 5],
    ["an object", {}],
    ["another text", "rebort"],
    ["null", null],
  ];
  it.each(commands)("refuses %s as a command", async (_, evaluate) => {
    await deployNew(evaluateFlow());
    const { error } = await runtime.sendAndWait("n", { evaluate });
    expect(error).toMatchObject({ code: "EDGE_ML_COMMAND", details: { field: "msg.evaluate" } });
  });

  const wrong: [string, Msg, string][] = [
    ["no count of results", { reportOn: "results", reportEvery: "0" }, "reportEvery"],
    ["a task that is none", { task: "tensors" }, "task"],
    ["too much to keep", { keep: 1e6 }, "keep"],
    ["a negative gap", { gap: -1 }, "gap"],
  ];
  it.each(wrong)("refuses settings: %s", async (_, settings, field) => {
    await deployNew(evaluateFlow(settings));
    expect(runtime.status("n")).toMatchObject({ fill: "red", text: "check settings" });
    const { error } = await runtime.sendAndWait("n", scored(0, 1));
    expect(error).toMatchObject({ code: "EDGE_ML_SETTING", details: { field } });
  });

  it("does not mind a wrong setting that its dialog hides", async () => {
    await deployNew(evaluateFlow({ reportOn: "command", reportEvery: "x" }));
    await feed([scored(0, 1)]);
  });
});

describe("the picture of edge-evaluate", () => {
  it("has the moments, from which the library makes the report's numbers", async () => {
    await deployNew(evaluateFlow());
    await feed(week(400));
    const found = await report();
    const drawn = await picture();
    if (drawn.task !== "anomaly") throw new Error("a picture of anomaly scores");
    const moments = unpackMoments(drawn.moments);
    expect(moments).toHaveLength(400);
    const { confusion, rates, alarms } = atThreshold(moments, drawn.threshold!, drawn.rules);
    expect({ confusion, rates, alarms }).toEqual({
      confusion: found.confusion,
      rates: found.rates,
      alarms: found.alarms,
    });
    expect(drawn.counts).toEqual(found.counts);
  });

  it("of classes and values has their report", async () => {
    await deployNew([...evaluateFlow(), ...evaluateFlow({}, "v"), { id: "e", type: "edge-evaluate", wires: [[], []] }]);
    await feed([said("idle", "idle")]);
    expect(await picture()).toMatchObject({
      task: "class",
      matrix: [
        [1, 0],
        [0, 0],
      ],
    });
    await runtime.sendAndWait("v", measured(2, 1));
    expect(await picture("v")).toMatchObject({ task: "value", points: [[2, 1]], metrics: { bias: 1 } });
    expect(await picture("e")).toMatchObject({ task: "none", counts: { results: 0 } });
  });

  it("of a node that does not run is none", async () => {
    await runtime.deploy([]);
    for (const id of ["n", "none", "__proto__", encodeURIComponent("../settings")]) {
      expect(await picture(id), id).toEqual({ task: "undeployed" });
    }
  });
});

it("the reference names every field of a report", async () => {
  await deployNew(evaluateFlow());
  await feed(week(50));
  const found = await report();
  const page = readFileSync(join(__dirname, "../../docs/reference/messages.md"), "utf8");
  const section = page.slice(page.indexOf("## Evaluation report"));
  const undocumented = Object.keys(found).filter((key) => !section.includes(`\`${key}\``));
  expect(undocumented).toEqual([]);
});
