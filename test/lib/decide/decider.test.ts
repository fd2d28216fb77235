import { describe, expect, it } from "vitest";
import { type DecideSettings, observe } from "../../../nodes/lib/decide/index.ts";
import { compile, schemas } from "../../../nodes/lib/frame/index.ts";
import { anomaly, Feed, SECOND, unscored } from "./support.ts";

const S = SECOND;
type Row = [name: string, settings: Partial<DecideSettings>, scores: (number | null)[], events: string[]];

// The limit is 10; results come a second apart.
const table: Row[] = [
  ["calm results raise nothing", {}, [0, 5, 10], []],
  ["the limit itself is not beyond it", {}, [10, 10], []],
  ["beyond and back", {}, [11, 9], ["0:raised", "1:cleared"]],
  ["one alert while it lasts", {}, [11, 12, 13, 9], ["0:raised", "3:cleared"]],

  ["own threshold", { condition: { by: "score", threshold: 20 } }, [11, 21, 19], ["1:raised", "2:cleared"]],
  ["factor on the model's threshold", { condition: { by: "model", factor: 2 } }, [11, 20, 21], ["2:raised"]],
  ["factor below 1", { condition: { by: "model", factor: 0.5 } }, [5, 6], ["1:raised"]],

  ["hysteresis: between the limits it stays", { clearRatio: 0.8 }, [11, 9, 8.5, 8], ["0:raised", "3:cleared"]],
  ["hysteresis: between the limits it does not begin", { clearRatio: 0.8 }, [9, 9.9, 10], []],
  [
    "hysteresis of a negative limit",
    { condition: { by: "score", threshold: -10 }, clearRatio: 0.8 },
    [-9, -11, -12],
    ["0:raised", "2:cleared"],
  ],

  ["3 of 5, in a row", { needed: 3, among: 5 }, [11, 11, 11], ["2:raised"]],
  ["3 of 5, with gaps", { needed: 3, among: 5 }, [11, 0, 11, 0, 11], ["4:raised"]],
  ["3 of 5, too far apart", { needed: 3, among: 5 }, [11, 0, 11, 0, 0, 11, 0, 0, 11], []],
  [
    "3 of 5 clears when fewer than 3 of 5 are beyond",
    { needed: 3, among: 5 },
    [11, 11, 11, 0, 0, 0],
    ["2:raised", "5:cleared"],
  ],
  [
    "3 of 5 after clearing begins anew",
    { needed: 3, among: 5 },
    [11, 11, 11, 0, 0, 0, 11, 11, 11],
    ["2:raised", "5:cleared", "8:raised"],
  ],
  ["one outlier does not keep it", { needed: 2, among: 3 }, [11, 11, 0, 0, 11, 0], ["1:raised", "3:cleared"]],

  ["held for 3 s", { raiseAfter: 3 * S }, [11, 11, 11, 11], ["3:raised"]],
  ["not held for 3 s", { raiseAfter: 3 * S }, [11, 11, 11, 0, 11, 11, 11, 0], []],
  ["calm for 3 s", { clearAfter: 3 * S }, [11, 0, 0, 0, 0], ["0:raised", "4:cleared"]],
  ["not calm for 3 s", { clearAfter: 3 * S }, [11, 0, 0, 11, 0, 0, 0, 0], ["0:raised", "7:cleared"]],
  [
    "a result between the limits starts the calm anew",
    { clearRatio: 0.5, clearAfter: 2 * S },
    [11, 0, 0, 6, 0, 0, 0],
    ["0:raised", "6:cleared"],
  ],
  ["3 of 5 held for 2 s", { needed: 3, among: 5, raiseAfter: 2 * S }, [11, 11, 11, 0, 11], ["4:raised"]],
  [
    "not raised by a calm result, though held",
    { needed: 2, among: 3, raiseAfter: 1 * S },
    [11, 11, 0, 11],
    ["3:raised"],
  ],

  [
    "not cleared by a result beyond the limit",
    { needed: 2, among: 3, clearAfter: S },
    [11, 11, 0, 0, 11, 0],
    ["1:raised", "5:cleared"],
  ],
  [
    "refractory: nothing for 5 s after clearing",
    { refractory: 5 * S },
    [11, 0, 11, 0, 11, 0, 11],
    ["0:raised", "1:cleared", "6:raised"],
  ],
  [
    "refractory: what still holds is raised at its end",
    { refractory: 3 * S },
    [11, 0, 11, 11, 11],
    ["0:raised", "1:cleared", "4:raised"],
  ],

  ["mean of 3", { smoothing: { method: "mean", size: 3 } }, [0, 0, 20, 20], ["3:raised"]],
  ["median of 3 passes over an outlier", { smoothing: { method: "median", size: 3 } }, [0, 0, 99, 0, 0], []],
  ["median of 3", { smoothing: { method: "median", size: 3 } }, [0, 0, 99, 99, 0, 0], ["3:raised", "5:cleared"]],
  ["EWMA of 3 (weight 1/2)", { smoothing: { method: "ewma", size: 3 } }, [0, 16, 16, 0], ["2:raised", "3:cleared"]],

  ["unscored results neither raise", { needed: 2, among: 2 }, [11, null, null, 11], ["3:raised"]],
  ["… nor clear", {}, [11, null, null, 11, 0], ["0:raised", "4:cleared"]],
  ["… nor count as time", { raiseAfter: 3 * S }, [11, null, null, null, 11, 11, 11], ["6:raised"]],
  ["… nor as calm time", { clearAfter: 3 * S }, [11, 0, null, null, null, 0, 0, 0], ["0:raised", "7:cleared"]],

  [
    "no data for 3 s is an alert of its own",
    { noDataAfter: 3 * S },
    [0, null, null, null, null, 0],
    ["4:raised", "5:cleared"],
  ],
  ["no data, too short", { noDataAfter: 3 * S }, [null, null, null, 0, null, null, null, 0], []],
  ["no data from the start", { noDataAfter: 2 * S }, [null, null, null], ["2:raised"]],
  [
    "no data while raised",
    { noDataAfter: 2 * S },
    [11, null, null, null, 0],
    ["0:raised", "3:raised", "4:cleared", "4:cleared"],
  ],

  ["severity rises once", { severity: "score" }, [11, 15, 21, 30, 15, 0], ["0:raised", "2:escalated", "5:cleared"]],
  ["a fixed severity does not rise", { severity: "info" }, [11, 99], ["0:raised"]],

  [
    "reminds every 2 s while beyond",
    { remindEvery: 2 * S },
    [11, 11, 11, 11, 11, 0],
    ["0:raised", "2:reminder", "4:reminder", "5:cleared"],
  ],
  ["no reminder while it is calming down", { remindEvery: 2 * S, clearAfter: 9 * S }, [11, 0, 0, 0], ["0:raised"]],
  [
    "reminds of missing data",
    { noDataAfter: 1 * S, remindEvery: 2 * S },
    [null, null, null, null],
    ["1:raised", "3:reminder"],
  ],
];

const validAlert = compile(schemas.alert, "EDGE_ML_INTERNAL", "alert");

describe("results in, alerts out", () => {
  it.each(table)("%s", (_, settings, scores, events) => {
    expect(new Feed(settings).run(scores)).toEqual(events);
  });
});

describe("an alert", () => {
  it("says since when, how far and what, and keeps its id until it is cleared", () => {
    const feed = new Feed({ needed: 2, among: 3, clearRatio: 0.8 });
    feed.push(anomaly(0));
    feed.push(anomaly(12));
    const raised = feed.push(anomaly(84.32)).events[0]!;
    expect(raised.alert).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
      state: "raised",
      severity: "warning",
      stream: "AHU-1",
      score: 84.32,
      threshold: 10,
      since: 2000,
      text: "AHU-1 is unusual (score 84.3, limit 10)",
    });
    feed.push(anomaly(1), 60);
    const cleared = feed.push(anomaly(1), 92).events[0]!;
    expect(cleared.alert).toEqual({
      ...raised.alert,
      state: "cleared",
      score: 1,
      until: 92_000,
      text: "AHU-1 is normal again after 1.5 min (score 1, limit 10)",
    });
    for (const { alert } of [raised, cleared]) expect(() => validAlert(alert)).not.toThrow();
  });

  it("names what drove it over all the results that built it up, not only the last", () => {
    const feed = new Feed({ needed: 3, among: 3 });
    const parts = (a: number, b: number, c: number) => ({
      contributions: [
        { channel: "supply_air_temperature", share: a, feature: "mean" },
        { channel: "cooling_valve", share: b },
        { channel: "fan_speed", share: c },
      ].sort((x, y) => y.share - x.share),
    });
    feed.push(anomaly(11, 10, parts(0.7, 0.2, 0.1)));
    feed.push(anomaly(11, 10, parts(0.6, 0.4, 0)));
    const { alert, contributions } = feed.push(anomaly(84, 31, parts(0.1, 0.1, 0.8))).events[0]!;
    expect(alert.text).toBe("AHU-1 is unusual: supply air temperature, fan speed, cooling valve (score 84, limit 31)");
    expect(contributions!.map(({ channel }) => channel)).toEqual([
      "supply_air_temperature",
      "fan_speed",
      "cooling_valve",
    ]);
    expect(contributions![0]!.share).toBeCloseTo(1.4 / 3, 1);
    expect(contributions![0]!.feature).toBe("mean");
  });

  it("leaves out what hardly weighs, and what came from calm results", () => {
    const feed = new Feed();
    feed.push(anomaly(1, 10, { contributions: [{ channel: "calm", share: 1 }] }));
    const contributions = [
      { channel: "AHU: Mixed Air Temperature", share: 0.9 },
      { channel: "b", share: 0.1 },
    ];
    expect(feed.push(anomaly(11, 10, { contributions })).events[0]!.alert.text).toBe(
      "AHU-1 is unusual: AHU: Mixed Air Temperature (score 11, limit 10)",
    );
  });

  it("names an only channel with the feature that weighs most in it", () => {
    const feed = new Feed();
    const contributions = [{ channel: "acceleration", share: 1, feature: "BPFO harmonic 1" }];
    expect(feed.push(anomaly(11, 10, { contributions })).events[0]!.alert.text).toBe(
      "AHU-1 is unusual: acceleration, BPFO harmonic 1 (score 11, limit 10)",
    );
  });

  it("forgets what was building up and came to nothing", () => {
    const feed = new Feed({ needed: 2, among: 2 });
    const from = (channel: string) => ({ contributions: [{ channel, share: 1 }] });
    feed.push(anomaly(11, 10, from("old")));
    feed.run([0, 0]);
    feed.push(anomaly(11, 10, from("new")));
    const { text } = feed.push(anomaly(11, 10, from("new"))).events[0]!.alert;
    expect(text).toBe("AHU-1 is unusual: new (score 11, limit 10)");
  });

  it("of a stream without a name still reads as a sentence", () => {
    const feed = new Feed();
    const texts = [11, 0].map((score) => feed.push(anomaly(score), undefined, "").events[0]!.alert.text);
    expect(texts).toEqual([
      "Unusual readings (score 11, limit 10)",
      "Readings are normal again after 1 s (score 0, limit 10)",
    ]);
  });

  it("says that it got worse, and that it still lasts", () => {
    const feed = new Feed({ severity: "score", remindEvery: 2 * S });
    const texts = [11, 21, 21, 21].flatMap((score) => feed.push(anomaly(score)).events.map(({ alert }) => alert));
    expect(texts.map(({ severity, state, text }) => [severity, state, text])).toEqual([
      ["warning", "raised", "AHU-1 is unusual (score 11, limit 10)"],
      ["critical", "raised", "Now critical: AHU-1 is unusual (score 21, limit 10)"],
      ["critical", "raised", "Still so after 3 s: AHU-1 is unusual (score 21, limit 10)"],
    ]);
    expect(new Set(texts.map(({ id }) => id)).size).toBe(1);
  });

  it("about missing data names the reasons, most frequent first", () => {
    const feed = new Feed({ noDataAfter: 2 * S });
    feed.push(unscored("stuck: fan_speed"));
    feed.push(unscored("missing: supply_air_temperature", "gap"));
    const raised = feed.push(unscored("missing: supply_air_temperature")).events[0]!.alert;
    expect(raised).toMatchObject({ state: "raised", label: "data", severity: "warning", since: 1000 });
    expect(raised.text).toBe(
      "AHU-1 has given no usable data for 2 s: supply air temperature missing, fan speed stuck, gap",
    );
    expect(feed.push(anomaly(0)).events[0]!.alert).toMatchObject({
      id: raised.id,
      state: "cleared",
      until: 4000,
      text: "AHU-1 gives usable data again after 3 s",
    });
  });

  const classes = { by: "class", labels: ["knock", "rub"], confidence: 0.6 } as const;
  const heard = (label: string, confidence: number) => ({ kind: "class", label, confidence, scores: [] });
  it("of classes: one of the list, sure enough", () => {
    const feed = new Feed({ condition: classes });
    const rows: [string, number][] = [
      ["idle", 0.99],
      ["knock", 0.59],
      ["uncertain", 0.9],
      ["knock", 0.6],
      ["rub", 0.9],
      ["idle", 0.9],
    ];
    const events = rows.map(([label, confidence]) => feed.push(heard(label, confidence)).events.map((e) => e.alert));
    expect(events.map((list) => list.map(({ state, label, text }) => [state, label, text]))).toEqual([
      [],
      [],
      [],
      [["raised", "knock", "AHU-1: knock (60 % sure, limit 60 %)"]],
      [],
      [["cleared", "knock", "AHU-1: no longer knock, after 2 s"]],
    ]);
  });

  const level = (value: number) => ({
    kind: "value",
    values: [
      { name: "other", value: 0 },
      { name: "oil_level", value },
    ],
  });
  it("of values: beyond a limit, with hysteresis on the right side", () => {
    const condition = { by: "value", name: "oil_level", is: "below", limit: 1000 } as const;
    const feed = new Feed({ condition, clearRatio: 0.9 });
    const events = [1000, 999.5, 1050, 1100].map((value) => feed.push(level(value)).events.map((e) => e.alert.text));
    expect(events).toEqual([
      [],
      ["AHU-1: oil level is 999.5, below the limit of 1000"],
      [],
      ["AHU-1: oil level is 1100, no longer below the limit of 1000, after 2 s"],
    ]);
  });

  it("has a new id each time, also when a replay tells the same story again", () => {
    const feed = new Feed();
    const ids = [0, 1, 2].flatMap(() => [
      feed.push(anomaly(11), 1000).events.at(-1)!.alert.id,
      feed.push(anomaly(0), 2000).events.at(-1)!.alert.id,
    ]);
    expect(ids[0]).toBe(ids[1]);
    expect(new Set(ids).size).toBe(3);
  });
});

describe("time", () => {
  it("is the frame's end, or the arrival", () => {
    const condition = { by: "model", factor: 1 } as const;
    expect(observe({ payload: anomaly(1), frame: { end: 5 } }, condition, 77).time).toBe(5);
    expect(observe({ payload: anomaly(1) }, condition, 77).time).toBe(77);
  });

  it("that stands still (duplicate timestamps) counts results, not duration", () => {
    const feed = new Feed({ needed: 3, among: 5, raiseAfter: S });
    for (let i = 0; i < 10; i++) expect(feed.push(anomaly(11), 5).events).toEqual([]);
    expect(feed.push(anomaly(11), 6).events).toHaveLength(1);
  });

  it("that steps back a little is a clock set right: what runs goes on", () => {
    const feed = new Feed({ raiseAfter: 10 * S, clearAfter: 10 * S });
    feed.push(anomaly(11), 1000);
    feed.push(anomaly(11), 1006);
    feed.push(anomaly(11), 950);
    expect(feed.push(anomaly(11), 953).events).toEqual([]);
    expect(feed.push(anomaly(11), 954).events[0]).toMatchObject({ event: "raised", alert: { since: 954_000 } });
    feed.push(anomaly(0), 960);
    feed.push(anomaly(0), 900);
    expect(feed.push(anomaly(0), 909).events).toEqual([]);
    const { since, until } = feed.push(anomaly(0), 910).events[0]!.alert;
    expect(until!).toBeGreaterThanOrEqual(since);
  });

  it("that steps back a little takes the reminder, the pause and the wait for data along", () => {
    const remind = new Feed({ remindEvery: 10 * S });
    remind.push(anomaly(11), 1000);
    remind.push(anomaly(11), 950);
    expect(remind.push(anomaly(11), 959).events).toEqual([]);
    expect(remind.push(anomaly(11), 960).events[0]!.event).toBe("reminder");

    const pause = new Feed({ refractory: 10 * S });
    pause.push(anomaly(11), 1000);
    pause.push(anomaly(0), 1001);
    pause.push(anomaly(0), 951);
    expect(pause.push(anomaly(11), 960).events).toEqual([]);
    expect(pause.push(anomaly(11), 961).events[0]!.event).toBe("raised");

    const data = new Feed({ noDataAfter: 10 * S, remindEvery: 10 * S });
    data.push(unscored("gap"), 1000);
    data.push(unscored("gap"), 950);
    expect(data.push(unscored("gap"), 959).events).toEqual([]);
    expect(data.push(unscored("gap"), 960).events[0]!.event).toBe("raised");
    data.push(unscored("gap"), 910);
    expect(data.push(unscored("gap"), 920).events[0]!.event).toBe("reminder");
  });

  it("that starts again ends a raised alert and forgets what was building up", () => {
    const feed = new Feed({ needed: 2, among: 3, noDataAfter: 10 * S });
    feed.push(anomaly(11), 1000);
    const raised = feed.push(anomaly(11), 1010).events[0]!.alert;
    const { events, state } = feed.push(anomaly(11), 0);
    expect(events.map((e) => e.alert)).toEqual([
      expect.objectContaining({
        id: raised.id,
        state: "cleared",
        until: 1_010_000,
        text: "AHU-1: the alert ended, because the time of the readings started again",
      }),
    ]);
    expect(state.state).toBe("pending");
    expect(feed.push(anomaly(11), 1).events[0]).toMatchObject({ event: "raised", alert: { since: 0 } });
  });

  it("that starts again ends an alert about missing data, too, and the refractory time", () => {
    const feed = new Feed({ noDataAfter: 10 * S, refractory: 1e9 });
    feed.push(anomaly(11), 990);
    feed.push(anomaly(0), 991);
    feed.push(unscored("gap"), 1000);
    expect(feed.push(unscored("gap"), 1010).events[0]!.event).toBe("raised");
    expect(feed.push(unscored("gap"), 0).events.map(({ event }) => event)).toEqual(["cleared"]);
    expect(feed.push(anomaly(11), 1).events.map(({ event }) => event)).toEqual(["raised"]);
  });
});

describe("acknowledge", () => {
  const raised = () => {
    const feed = new Feed({ remindEvery: 2 * S, severity: "score" });
    const { id } = feed.push(anomaly(11)).events[0]!.alert;
    return { feed, id };
  };
  const targets = [
    ["its id", (id: string) => ({ idOrStream: id })],
    ["its stream", () => ({ idOrStream: "AHU-1" })],
    ["the stream of the message", () => ({ stream: "AHU-1" })],
    ["all", () => ({ all: true }) as const],
  ] as const;
  it.each(targets)("by %s stops the reminders, and the alert clears as ever", (_, target) => {
    const { feed, id } = raised();
    expect(feed.decider.acknowledge(target(id))).toBe(1);
    expect(feed.decider.acknowledged).toBe(1);
    expect(feed.run([11, 11, 11, 11, 0])).toEqual(["4:cleared"]);
    expect([feed.decider.raised, feed.decider.acknowledged]).toEqual([0, 0]);
  });

  it("meets nothing else", () => {
    const { feed } = raised();
    expect(feed.decider.acknowledge({ idOrStream: "__proto__" })).toBe(0);
    expect(feed.decider.acknowledge({ stream: "AHU-2" })).toBe(0);
    expect(feed.run([11, 11])).toEqual(["1:reminder"]);
  });

  it("does not hold for the worse alert that it becomes", () => {
    const { feed } = raised();
    feed.decider.acknowledge({ all: true });
    expect(feed.run([21, 21, 21])).toEqual(["0:escalated", "2:reminder"]);
    expect(feed.decider.acknowledged).toBe(0);
  });
});

describe("the picture of a stream", () => {
  it("tells the state, the score and the limit of every result", () => {
    const feed = new Feed({ needed: 2, among: 2, smoothing: { method: "mean", size: 2 }, noDataAfter: S });
    const states = [anomaly(4), anomaly(20), anomaly(20), unscored("gap"), anomaly(0), anomaly(0), anomaly(0)].map(
      (payload) => feed.push(payload).state,
    );
    expect(states.map(({ state }) => state)).toEqual([
      "normal",
      "pending",
      "raised",
      "raised",
      "normal",
      "normal",
      "normal",
    ]);
    expect(states[1]).toEqual({ state: "pending", score: 20, smoothed: 12, threshold: 10, time: 2000 });
    expect(states[3]).toEqual({ state: "raised", score: null, smoothed: null, threshold: 10, time: 4000 });
    feed.push(unscored("gap"));
    expect(feed.push(unscored("gap")).state.state).toBe("no data");
  });
});

describe("a new version of the model", () => {
  it("does not average its scores with those of the old one", () => {
    const feed = new Feed({ smoothing: { method: "mean", size: 3 } });
    feed.push(anomaly(9), undefined, "a", { sha256: "1" });
    feed.push(anomaly(9), undefined, "a", { sha256: "1" });
    expect(feed.push(anomaly(0.5, 1), undefined, "a", { sha256: "2" }).state.smoothed).toBe(0.5);
  });
});
