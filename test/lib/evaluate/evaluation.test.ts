import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import {
  type AnomalyReport,
  atThreshold,
  Evaluation,
  type EvaluationSettings,
  readEvaluated,
  readSavedEvaluation,
  resultsCsv,
  rocAuc,
  type SavedEvaluation,
  summaryCsv,
} from "../../../nodes/lib/evaluate/index.ts";

const golden: { oneVersusRest: { probabilities: number[][]; truth: number[]; auc: number[] } } = JSON.parse(
  readFileSync(join(__dirname, "../../golden/evaluate/curves.json"), "utf8"),
);

const SETTINGS: EvaluationSettings = {
  task: "auto",
  labels: { normal: ["normal", "0"], faulty: [] },
  rules: { gap: 60_000, longestStep: 3_600_000 },
  keep: 1000,
  falseAlarmsPerDay: 1,
  value: "",
};
const QUALITY = { ok: false, reasons: ["missing: a"], missing: 1, filled: 0 };

type Message = Parameters<typeof readEvaluated>[0];

function evaluate(messages: Iterable<Message>, settings: Partial<EvaluationSettings> = {}): Evaluation {
  const evaluation = new Evaluation({ ...SETTINGS, ...settings });
  for (const message of messages) evaluation.add(readEvaluated(message, 0));
  return evaluation;
}

const at = (minute: number, label?: string, stream = "s") => ({
  stream,
  end: 60_000 * minute,
  ...(label === undefined ? {} : { label }),
});
const anomaly = (minute: number, score: number | null, label?: string, stream?: string): Message => ({
  payload:
    score === null
      ? { kind: "anomaly", score, quality: QUALITY }
      : { kind: "anomaly", score, threshold: 5, anomalous: score > 5 },
  frame: at(minute, label, stream),
});
const alert = (state: "raised" | "cleared", since: number, until?: number, stream = "s"): Message => ({
  payload: {
    id: `${stream}-${since}`,
    state,
    severity: "warning",
    stream,
    since: 60_000 * since,
    ...(until === undefined ? {} : { until: 60_000 * until }),
    text: "x",
  },
});
const said = (minute: number, label: string, truth: string | undefined, scores: [string, number][] = []): Message => ({
  payload: { kind: "class", label, confidence: 0.9, scores: scores.map(([name, score]) => ({ label: name, score })) },
  frame: at(minute, truth),
});
const measured = (minute: number, values: [string, number][], truth?: unknown): Message => ({
  payload: { kind: "value", values: values.map(([name, value]) => ({ name, value })) },
  frame: at(minute),
  label: truth,
});

/** A day: a fault in the middle, found after ten minutes; two false alarms; some without score, some without label. */
const day = Array.from({ length: 1440 }, (_, minute): Message => {
  const fault = minute >= 600 && minute < 700;
  const label = minute >= 1400 ? undefined : fault ? "stuck damper" : "normal";
  if (minute % 100 === 99) return anomaly(minute, null, label);
  const high = minute === 100 || minute === 101 || minute === 300;
  return anomaly(minute, fault ? (minute < 610 ? 4 : 8) : high ? 6 : (minute % 7) / 3, label);
});

describe("an evaluation of anomaly scores", () => {
  const evaluation = evaluate(day);
  let report: AnomalyReport;
  beforeAll(async () => {
    report = (await evaluation.report()) as AnomalyReport;
    expect(report.task).toBe("anomaly");
  });

  it("counts what came, and never takes what was not scored for normal", async () => {
    expect(report.counts).toEqual({
      results: 1440,
      scored: 1426,
      unscored: 14,
      labelled: 1386,
      unlabelled: 40,
      forgotten: 300,
    });
    expect(report.confusion).toEqual({ truePositives: 89, falsePositives: 3, trueNegatives: 1284, falseNegatives: 10 });
  });

  it("tells alarms, events and delay", async () => {
    expect(report).toMatchObject({ alarmsOf: "results", threshold: 5, thresholds: "one" });
    expect(report.alarms).toMatchObject({ alarms: 3, falseAlarms: 2, events: 1, found: 1, missed: 0 });
    expect(report.alarms.delay).toEqual({ median: 600_000, mean: 600_000, longest: 600_000 });
    expect(report.events).toEqual([
      { stream: "s", label: "stuck damper", start: 36_000_000, end: 41_940_000, scored: 99, found: 36_600_000 },
    ]);
    expect(report.alarms.falseAlarmsPerDay).toBeCloseTo(2 / report.alarms.normalDays, 12);
  });

  it("draws the curves from what is kept", async () => {
    const record = evaluation.record!;
    if (record.task !== "anomaly") throw new Error("anomaly");
    const kept = record.record.moments().filter(({ score, truth }) => score !== undefined && truth !== "unknown");
    expect(kept.filter(({ truth }) => truth === "faulty")).toHaveLength(99);
    const auc = rocAuc(
      kept.map(({ score }) => score!),
      kept.map(({ truth }) => truth === "faulty"),
    );
    expect(report.curves.auc?.value).toBeCloseTo(auc, 12);
    expect(report.best.map(({ goal }) => goal)).toEqual(["falseAlarmsPerDay", "f1", "balancedAccuracy"]);
  });

  it("is plain JSON without NaN, and says it in words", async () => {
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(JSON.stringify(report)).not.toContain("null");
    expect(report.text).toMatch(
      /^1440 results over 24 h, 14 not scored, 40 without a label, 300 kept as counts only\. AUC 1 /,
    );
    expect(report.text).toContain("At the threshold of 5: 89.9 %");
    expect(report.text).toContain("1 of 1 fault found, after 10 min.");
  });

  it("at the threshold in use has the numbers of the library's own what-if, as long as all is kept", async () => {
    const all = evaluate(day, { keep: 2000 });
    const exact = await all.report();
    if (exact.task !== "anomaly" || all.record?.task !== "anomaly") throw new Error("anomaly");
    const { confusion, rates, alarms } = atThreshold(all.record.record.moments(), 5, SETTINGS.rules);
    expect({ confusion, rates, alarms }).toEqual({
      confusion: exact.confusion,
      rates: exact.rates,
      alarms: exact.alarms,
    });
  });

  it("of alerts counts these: false is one that meets no event", async () => {
    const messages: Message[] = [
      ...day.slice(0, 150),
      alert("raised", 100),
      alert("raised", 100),
      alert("cleared", 100, 110),
    ];
    messages.push(
      ...day.slice(150, 650),
      alert("raised", 606),
      ...day.slice(650, 720),
      alert("cleared", 606, 705),
      ...day.slice(720),
    );
    // That a stream is silent is no alarm of the model's.
    messages.push({ payload: { ...(alert("raised", 1200).payload as object), label: "data" } });
    const found = await evaluate(messages).report();
    expect(found).toMatchObject({
      alarmsOf: "alerts",
      alarms: { alarms: 2, falseAlarms: 1, unknownAlarms: 0, events: 1, found: 1, delay: { median: 360_000 } },
    });
    expect(found.text).toContain("false alerts per day");
  });

  it("keeps alerts that come before the first result, and of an unknown stream says nothing", async () => {
    const found = await evaluate([alert("raised", 0, undefined, "other"), ...day.slice(0, 10)]).report();
    expect(found).toMatchObject({ alarmsOf: "alerts", alarms: { alarms: 1, falseAlarms: 0, unknownAlarms: 1 } });
  });

  it("takes only some labels for faults when told so; the others say nothing", async () => {
    const found = await evaluate(day, { labels: { normal: ["normal"], faulty: ["leak"] } }).report();
    expect(found).toMatchObject({ confusion: { truePositives: 0, falseNegatives: 0 }, counts: { labelled: 1287 } });
    expect(found.text).toContain("No AUC: it takes normal and faulty results");
  });

  it("says so when the threshold was not always the same", async () => {
    const other = anomaly(1, 9, "normal");
    (other.payload as { threshold: number }).threshold = 7;
    expect(await evaluate([anomaly(0, 1, "normal"), other]).report()).toMatchObject({
      thresholds: "several",
      threshold: 7,
    });
  });

  it("is bounded, and faults are not pushed out by normal moments", async () => {
    const many = evaluate(
      (function* () {
        for (let i = 0; i < 20_000; i++) yield anomaly(i, i % 5, i < 50 ? "fault" : "normal", `s${i % 3000}`);
      })(),
      { keep: 100 },
    );
    const { record } = many;
    if (record?.task !== "anomaly") throw new Error("anomaly");
    expect(record.record.moments()).toHaveLength(150);
    expect(await many.report()).toMatchObject({
      counts: { forgotten: 19_850 },
      curves: { positives: 50, negatives: 100 },
    });
  });
});

describe("the NAB score of an evaluation", () => {
  // 600 minutes, the first 90 of which do not count; a fault of 100 minutes.
  const played = (alarmed: (minute: number) => boolean) =>
    Array.from({ length: 600 }, (_, i) => anomaly(i, alarmed(i) ? 9 : 1, i >= 300 && i < 400 ? "fault" : "normal"));
  const nabOf = async (messages: Iterable<Message>) => ((await evaluate(messages).report()) as AnomalyReport).nab;

  it("is 0 of silence, 100 of a detection at once, and less of a late one or with false ones", async () => {
    expect((await nabOf(played(() => false)))?.standard).toBeCloseTo(0, 10);
    // The window's first row is worth a little less than the place before it, from which the benchmark counts.
    const atOnce = (await nabOf(played((i) => i === 300)))!;
    expect(atOnce.standard).toBeGreaterThan(99);
    const late = (await nabOf(played((i) => i === 390)))!;
    expect(late.standard).toBeGreaterThan(50);
    expect(late.standard).toBeLessThan(80);
    const noisy = (await nabOf(played((i) => i === 300 || i % 50 === 0)))!;
    expect(noisy.standard).toBeLessThan(atOnce.standard);
    expect(noisy.lowFalsePositives).toBeLessThan(noisy.standard);
  });

  it("of the benchmark's rule has a threshold that our nodes can use", async () => {
    const messages = played((i) => i >= 305 && i < 320).map((message, i) =>
      i === 200 ? anomaly(i, 4, "normal") : message,
    );
    const { best } = (await nabOf(messages))!;
    expect(best!.threshold).toBeGreaterThanOrEqual(4);
    expect(best!.threshold).toBeLessThan(9);
    expect(best!.standard).toBeGreaterThan(90);
  });

  it("is none without a fault, and has no threshold where silence is best", async () => {
    expect(await nabOf(day.slice(0, 200))).toBeUndefined();
    expect(await nabOf(played((i) => i < 300 && i >= 100))).toMatchObject({ standard: expect.any(Number) });
    expect(JSON.stringify(await nabOf(played(() => false)))).not.toContain("null");
  });
});

describe("an evaluation of classes", () => {
  const { probabilities, truth, auc } = golden.oneVersusRest;
  const names = ["idle", "spin", "shake"];
  const messages = probabilities.map((row, i) =>
    said(
      i,
      names[row.indexOf(Math.max(...row))]!,
      names[truth[i]!]!,
      row.map((score, k) => [names[k]!, score]),
    ),
  );

  it("has the area of each class against the rest, as scikit-learn", async () => {
    const report = await evaluate(messages, { labels: { normal: [], faulty: ["spin"] } }).report();
    if (report.task !== "class") throw new Error("a class report");
    const found = new Map(report.oneVersusRest.map(({ label, auc: { value } }) => [label, value]));
    for (const [k, name] of names.entries()) expect(found.get(name), name).toBeCloseTo(auc[k]!, 12);
    expect(report.positive?.label).toBe("spin");
    expect(report.positive?.auc?.value).toBeCloseTo(auc[1]!, 12);
    expect(report.text).toMatch(/^90 results over 1\.48 h\. Accuracy \d/);
  });

  it("has no area of a class whose score some results do not tell", async () => {
    const report = await evaluate([...messages, said(99, "spin", "spin", [["spin", 0.9]])]).report();
    expect(report).toMatchObject({ task: "class", oneVersusRest: [{ label: "spin" }] });
  });

  it("without labels has counts and no numbers", async () => {
    const report = await evaluate([said(0, "spin", undefined)]).report();
    expect(report).toMatchObject({ counts: { scored: 1, unlabelled: 1 }, classes: [] });
    expect(report.text).toBe("1 result, 1 without a label. No result has a label.");
  });
});

describe("an evaluation of values", () => {
  it("holds them against labels that are numbers, or texts of numbers", async () => {
    const report = await evaluate([
      measured(0, [["t", 20]], 19),
      measured(1, [["t", 21]], "22"),
      measured(2, [["t", 21]], "warm"),
      measured(3, [["t", 21]]),
    ]).report();
    expect(report).toMatchObject({
      counts: { labelled: 2, unlabelled: 2 },
      name: "t",
      metrics: { count: 2, rmse: 1, mae: 1, bias: 0 },
    });
  });
  it("takes the value that it is told to, and says when there is none", async () => {
    const two: [string, number][] = [
      ["a", 1],
      ["b", 2],
    ];
    expect(await evaluate([measured(0, two, 2)], { value: "b" }).report()).toMatchObject({
      name: "b",
      metrics: { mae: 0 },
    });
    expect(() => evaluate([measured(0, two, 2)], { value: "c" })).toThrow(
      'msg.payload.values is a, b, but it must be with a value named "c"',
    );
    expect(() => evaluate([measured(0, [], 2)])).toThrow("at least one value");
  });
});

describe("an evaluation", () => {
  it("of nothing says so", async () => {
    expect(await evaluate([]).report()).toEqual({
      task: "none",
      counts: { results: 0, scored: 0, unscored: 0, labelled: 0, unlabelled: 0, forgotten: 0 },
      text: "No results have come.",
    });
  });
  it("is of what the first result is, or of what it is told", async () => {
    expect(() => evaluate([anomaly(0, 1), said(1, "a", "a")])).toThrow(
      'msg.payload.kind is "class", but it must be "anomaly"',
    );
    expect(() => evaluate([anomaly(0, 1)], { task: "class" })).toThrow('it must be "class"');
  });
  it("is not begun by a result that it refuses", async () => {
    const evaluation = new Evaluation(SETTINGS);
    expect(() => evaluation.add(readEvaluated(measured(0, []), 0))).toThrow("at least one value");
    expect((await evaluation.report()).task).toBe("none");
  });
});

describe("a saved evaluation", () => {
  const classes = ["a a", "b a", "uncertain b", "b b"].map((pair, i) => {
    const [label, truth] = pair.split(" ") as [string, string];
    return said(
      i,
      label,
      truth,
      i === 2
        ? [["b", 0.4]]
        : [
            ["a", 0.7],
            ["b", 0.3],
          ],
    );
  });
  const cases: [string, Message[], Partial<EvaluationSettings>][] = [
    ["anomaly scores", day, {}],
    ["more anomaly scores than are kept", day, { keep: 100 }],
    ["anomaly scores and alerts", [...day, alert("raised", 100), alert("cleared", 100, 130), alert("raised", 605)], {}],
    ["classes", classes, {}],
    ["values", [measured(0, [["t", 20]], 19), measured(1, [["t", 21]], "22"), measured(2, [["t", 3]])], {}],
    ["nothing", [], {}],
  ];
  const restored = (saved: unknown, settings: Partial<EvaluationSettings>) => {
    const evaluation = new Evaluation({ ...SETTINGS, ...settings });
    evaluation.restore(readSavedEvaluation(JSON.parse(JSON.stringify(saved))));
    return evaluation;
  };

  it.each(cases)("of %s goes on as if there had been no restart", async (_, messages, settings) => {
    const half = Math.ceil(messages.length / 2);
    const whole = evaluate(messages, settings);
    expect(await restored(whole.save(), settings).report()).toEqual(await whole.report());
    expect(resultsCsv(restored(whole.save(), settings))).toBe(resultsCsv(whole));
    const continued = restored(evaluate(messages.slice(0, half), settings).save(), settings);
    for (const message of messages.slice(half)) continued.add(readEvaluated(message, 0));
    const { counts } = await whole.report();
    expect((await continued.report()).counts).toEqual(counts);
    expect(resultsCsv(continued)).toBe(resultsCsv(whole));
  });

  it("by other settings is not taken over", async () => {
    const evaluation = restored(evaluate(day).save(), { labels: { normal: ["ok"], faulty: [] } });
    expect((await evaluation.report()).task).toBe("none");
  });

  const spoilt: [string, (saved: SavedEvaluation) => unknown, string][] = [
    ["of another format", (saved) => ({ ...saved, format: 2 }), "state.format"],
    ["that is a list", () => [], "state"],
    [
      "with a count that is a text",
      (saved) => ({ ...saved, counts: { ...saved.counts, scored: "5" } }),
      "state.counts.scored",
    ],
    ["with a time beyond all calendars", (saved) => ({ ...saved, from: 1e16 }), "state.from"],
    [
      "with a truth that is none",
      (saved) => ({ ...saved, anomaly: { ...saved.anomaly, kept: [{ ...saved.anomaly!.kept[0], truth: "maybe" }] } }),
      "state.anomaly.kept.0.truth",
    ],
  ];
  it.each(spoilt)("is refused: %s", (_, spoil, field) => {
    expect(() => readSavedEvaluation(spoil(evaluate(day).save()))).toThrow(
      expect.objectContaining({ code: "EDGE_ML_STATE", details: expect.objectContaining({ field }) }),
    );
  });
});

describe("readEvaluated", () => {
  const bad: [string, Message, string][] = [
    ["no payload", {}, "msg.payload"],
    ["a number", { payload: 5 }, "msg.payload"],
    ["tensors", { payload: { kind: "tensors", tensors: [] } }, "msg.payload.kind"],
    [
      "a score that is NaN",
      { payload: { kind: "anomaly", score: Number.NaN, threshold: 1, anomalous: false } },
      "msg.payload.score",
    ],
    [
      "an infinite threshold",
      { payload: { kind: "anomaly", score: 1, threshold: Number.POSITIVE_INFINITY, anomalous: false } },
      "msg.payload.threshold",
    ],
    [
      "a confidence that is NaN",
      { payload: { kind: "class", label: "a", confidence: Number.NaN, scores: [] } },
      "msg.payload.confidence",
    ],
    [
      "a value that is NaN",
      { payload: { kind: "value", values: [{ name: "a", value: Number.NaN }] } },
      "msg.payload.values.0.value",
    ],
    ["a label that is a list", { payload: (anomaly(0, 1) as { payload: unknown }).payload, label: [1] }, "msg.label"],
    [
      "a time beyond all calendars",
      { payload: (anomaly(0, 1) as { payload: unknown }).payload, frame: { end: 9e15 } },
      "msg.frame.end",
    ],
    [
      "an alert without a time",
      { payload: { state: "raised", id: "a", severity: "info", stream: "s", text: "x" } },
      "msg.payload.since",
    ],
  ];
  it.each(bad)("refuses %s", (_, message, field) => {
    expect(() => readEvaluated(message, 0)).toThrow(
      expect.objectContaining({ code: "EDGE_ML_PAYLOAD", details: expect.objectContaining({ field }) }),
    );
  });
  it("takes the frame's label before the message's, numbers too, and the arrival where there is no frame", async () => {
    const { payload } = anomaly(0, 1);
    expect(readEvaluated({ payload, frame: at(2, "a"), label: "b" }, 7)).toMatchObject({ label: "a", time: 120_000 });
    expect(readEvaluated({ payload, label: 0, topic: 5 }, 7)).toMatchObject({ label: "0", time: 7, stream: "5" });
    expect(readEvaluated({ payload, label: "" }, 7)).not.toHaveProperty("label");
  });
});

describe("CSV", () => {
  it("has one line for each result that is kept", async () => {
    const messages = [anomaly(0, 1, "normal"), anomaly(1, null, 'say "so", twice'), anomaly(2, 9, "=1+1", "a,b")];
    expect(resultsCsv(evaluate(messages))).toBe(
      [
        "time,stream,label,truth,score,threshold,anomalous",
        "1970-01-01T00:00:00.000Z,s,normal,normal,1,5,0",
        '1970-01-01T00:01:00.000Z,s,"say ""so"", twice",faulty,,,',
        `1970-01-01T00:02:00.000Z,"a,b",'=1+1,faulty,9,5,1`,
        "",
      ].join("\n"),
    );
    expect(resultsCsv(evaluate([said(0, "a", "b")]))).toBe(
      "time,stream,label,predicted,confidence\n1970-01-01T00:00:00.000Z,s,b,a,0.9\n",
    );
    expect(resultsCsv(evaluate([measured(0, [["t", 3]], 1)]))).toBe(
      "time,stream,label,predicted,truth,error\n1970-01-01T00:00:00.000Z,s,1,3,1,2\n",
    );
    expect(resultsCsv(evaluate([]))).toBe("time,stream,label\n");
  });
  it("has the single numbers of a report", async () => {
    const lines = summaryCsv(await evaluate(day).report()).split("\n");
    expect(lines[0]).toBe("metric,value");
    expect(lines).toContain("confusion.truePositives,89");
    expect(lines).toContain("alarms.falseAlarms,2");
    expect(lines.every((line) => line === "" || line.split(",").length === 2)).toBe(true);
  });
});
