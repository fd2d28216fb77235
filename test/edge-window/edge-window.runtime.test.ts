import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Msg, type Runtime, startRuntime, until } from "../support/runtime.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await startRuntime();
});
afterAll(() => runtime.stop());

const BY_SAMPLES = { by: "samples", size: "2", hop: "2" };

const deploy = (settings: Msg = BY_SAMPLES) =>
  runtime.deploy([
    { id: "n", type: "edge-window", ...settings, wires: [["sink"]] },
    { id: "sink", type: "test-sink" },
  ]);
const numbers = (messages: Msg[]) => messages.map((msg) => [...msg.payload]);

describe("edge-window", () => {
  it("sends windows with their description, keeps the topic, and counts in the status", async () => {
    await deploy({ ...BY_SAMPLES, channels: [{ channel: "b", min: "", max: "50", stuck: null }, { channel: "a" }] });
    expect(runtime.status("n")).toMatchObject({ fill: "blue", text: "waiting" });
    runtime.send("n", { topic: "ahu", payload: { a: 1, b: 2 }, timestamp: 1000 });
    runtime.send("n", { topic: "ahu", payload: { a: 3, b: 4, c: 9 }, timestamp: 2000, label: "fault" });
    const [msg] = await runtime.receive("sink");
    expect(msg!.payload).toBeInstanceOf(Float32Array);
    expect([...msg!.payload]).toEqual([2, 1, 4, 3]);
    expect(msg!.topic).toBe("ahu");
    expect(msg!.frame).toEqual({
      kind: "window",
      shape: [2, 2],
      names: ["b", "a"],
      stream: "ahu",
      seq: 0,
      position: expect.any(Number),
      start: 1000,
      end: 2000,
      label: "fault",
      quality: { ok: true, reasons: [], missing: 0, filled: 0 },
      recipe: {
        version: 1,
        window: {
          by: "samples",
          size: 2,
          hop: 2,
          channels: ["b", "a"],
          gap: { policy: "mark", limit: 0 },
          limits: [{ channel: "b", max: 50 }],
        },
      },
    });
    expect(runtime.status("n")).toMatchObject({ fill: "green", text: "2 ch · 1 frames" });
  });

  it("has defaults that work: 60 s windows every 10 s", async () => {
    await deploy({});
    for (let time = 0; time <= 80_000; time += 1000) runtime.send("n", { payload: time, timestamp: time });
    const messages = await runtime.receive("sink", 3);
    expect(messages.map(({ frame }) => [frame.start, frame.end, frame.shape[0]])).toEqual([
      [0, 59_000, 60],
      [10_000, 69_000, 60],
      [20_000, 79_000, 60],
    ]);
  });

  it("turns units into ms, and the gate's settings into its condition", async () => {
    await deploy({
      by: "time",
      size: "0.5",
      sizeUnit: "min",
      hop: "1",
      hopUnit: "h",
      gap: "hold",
      holdLimit: "3",
      gapLimit: "90",
      gateChannel: "fan",
      gateIs: ">=",
      gateValue: "0.5",
      gateSettle: "0",
    });
    for (const time of [0, 10_000, 40_000]) runtime.send("n", { payload: { x: 1, fan: 1 }, timestamp: time });
    const [msg] = await runtime.receive("sink");
    expect(msg!.frame.recipe.window).toEqual({
      by: "time",
      size: 30_000,
      hop: 3_600_000,
      channels: ["x"],
      gap: { policy: "hold", limit: 3 },
      gapLimit: 90_000,
      gate: { channel: "fan", is: ">=", value: 0.5, settle: 0 },
    });
    runtime.send("n", { payload: { x: 1, fan: 0 }, timestamp: 50_000 });
    const { error } = await runtime.sendAndWait("n", { payload: { x: 1, fan: 0 }, timestamp: 51_000 });
    expect(error).toBeUndefined();
    await expect.poll(() => runtime.status("n")?.text).toBe("gate closed · 1 frames");
  });

  it("holds back windows without sound, says how many, and sends those with a sound in them", async () => {
    await deploy({ by: "samples", size: "1000", hop: "100", sound: true, soundMargin: "6", soundHold: "0.5" });
    let state = 1;
    const noise = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return 0.002 * (state / 2 ** 31 - 1);
    };
    /** 0.5 s of noise, with a tone or not. */
    const hear = (chunk: number, level = 0) => {
      const payload = Float32Array.from({ length: 500 }, (_, i) => noise() + level * Math.sin(i));
      runtime.send("n", { topic: "sound", payload, rate: 1000, timestamp: 1e6 + 500 * chunk });
    };
    for (let chunk = 0; chunk < 16; chunk++) hear(chunk);
    await until(() => /^quiet: \d+ windows saved$/.test(runtime.status("n")?.text ?? ""), "what is saved is counted");
    // Until 4 s are heard, nobody knows what is noise.
    expect(await runtime.receive("sink", 30)).toHaveLength(30);
    hear(16, 0.1);
    for (let chunk = 17; chunk < 30; chunk++) hear(chunk);
    const sent = () => runtime.received("sink").length;
    await until(() => runtime.status("n")?.text === `quiet: ${141 - sent()} windows saved`, "all 141 windows are told");
    // 0.5 s of sound, 1 s until it has left the window, and 0.5 s more.
    expect(sent() - 30).toBeGreaterThanOrEqual(20);
    expect(sent() - 30).toBeLessThanOrEqual(22);
    const { error } = await runtime.sendAndWait("n", { payload: 0.1 });
    expect(error).toMatchObject({ code: "EDGE_ML_PAYLOAD", details: { field: "msg.rate" } });
  });

  it("marks bad values, passes the window with its flag, and says so in the status", async () => {
    await deploy();
    runtime.send("n", { payload: { a: 1, b: 1 } });
    runtime.send("n", { payload: { a: "unavailable" } });
    const [msg] = await runtime.receive("sink");
    expect(numbers([msg!])).toEqual([[1, 1, Number.NaN, Number.NaN]]);
    expect(msg!.frame.quality).toEqual({
      ok: false,
      reasons: ["not-a-number: a", "missing: b"],
      missing: 2,
      filled: 0,
    });
    expect(runtime.status("n")).toMatchObject({ fill: "yellow", text: "2 ch · 1 frames · 1 bad" });
  });

  it("time backwards and duplicate timestamps are left out, counted, and do not spoil the window", async () => {
    await deploy();
    for (const [timestamp, payload] of [
      [1000, 1],
      [500, 99],
      [1000, 98],
      [2000, 2],
    ]) {
      await runtime.sendAndWait("n", { payload, timestamp });
    }
    const [msg] = await runtime.receive("sink");
    expect(numbers([msg!])).toEqual([[1, 2]]);
    expect(msg!.frame.quality.ok).toBe(true);
    await expect.poll(() => runtime.status("n")?.text).toBe("1 ch · 1 frames · 2 late");
  });

  it("resets one stream, or all", async () => {
    await deploy();
    runtime.send("n", { topic: "a", payload: 1 });
    runtime.send("n", { topic: "b", payload: 2 });
    runtime.send("n", { topic: "a", reset: true });
    runtime.send("n", { topic: "a", payload: 3 });
    runtime.send("n", { topic: "b", payload: 4 });
    runtime.send("n", { reset: true });
    runtime.send("n", { topic: "a", payload: 5 });
    runtime.send("n", { topic: "a", payload: 6 });
    const messages = await runtime.receive("sink", 2);
    expect(messages.map((msg) => [msg.topic, ...msg.payload])).toEqual([
      ["b", 2, 4],
      ["a", 5, 6],
    ]);
  });

  it("a window that a flow holds on to does not change", async () => {
    await deploy({ by: "samples", size: 2, hop: 1 });
    for (const payload of [1, 2, 3, 4]) runtime.send("n", { payload });
    expect(numbers(await runtime.receive("sink", 3))).toEqual([
      [1, 2],
      [2, 3],
      [3, 4],
    ]);
  });

  it("fills on a line, and cuts at a missing value", async () => {
    await deploy({ by: "samples", size: 3, hop: 3, gap: "interpolate", holdLimit: "2" });
    for (const [i, payload] of [0, null, null, 3].entries()) runtime.send("n", { payload, timestamp: i });
    const [filled] = await runtime.receive("sink");
    expect(numbers([filled!])).toEqual([[0, 1, 2]]);
    expect(filled!.frame.quality).toEqual({ ok: true, reasons: [], missing: 0, filled: 2 });
    expect(filled!.frame.recipe.window.gap).toEqual({ policy: "interpolate", limit: 2 });

    await deploy({ ...BY_SAMPLES, gap: "split" });
    for (const [i, payload] of [1, null, 2, 3].entries()) runtime.send("n", { payload, timestamp: i });
    expect(numbers(await runtime.receive("sink"))).toEqual([[2, 3]]);
    await expect.poll(() => runtime.status("n")?.text).toBe("1 ch · 1 frames · 1 cut by a missing value");
  });

  it("sorts readings within the tolerance, and says so", async () => {
    await deploy({ ...BY_SAMPLES, tolerance: "100" });
    for (const timestamp of [0, 20, 10, 200]) runtime.send("n", { payload: timestamp, timestamp });
    expect(numbers(await runtime.receive("sink"))).toEqual([[0, 10]]);
    await expect.poll(() => runtime.status("n")?.text).toBe("1 ch · 1 frames · 1 sorted");
  });

  it("gives a window the label that most of its samples have", async () => {
    await deploy({ by: "samples", size: 4, hop: 4, labelBy: "share", labelShare: "75" });
    for (const [i, label] of ["a", "a", "b", "a", "a", "a", "b", "b"].entries()) {
      runtime.send("n", { payload: i, timestamp: i, label });
    }
    expect((await runtime.receive("sink", 2)).map(({ frame }) => frame.label)).toEqual(["a", undefined]);
  });

  it("begins a window at an event, with its pre-roll; an event in between is missed", async () => {
    await deploy({
      by: "time",
      size: "0.05",
      hop: "0.05",
      trigger: "above",
      triggerChannel: "x",
      triggerValue: "5",
      preRoll: "20",
      preRollUnit: "ms",
    });
    for (const [i, x] of [0, 1, 2, 9, 0].entries()) runtime.send("n", { payload: { x }, timestamp: 10 * i });
    await expect.poll(() => runtime.status("n")?.text).toBe("1 ch · waiting for an event");
    runtime.send("n", { payload: { x: 9 }, timestamp: 50 });
    runtime.send("n", { payload: { x: 0 }, timestamp: 60 });
    const [msg] = await runtime.receive("sink");
    expect(numbers([msg!])).toEqual([[1, 2, 9, 0, 9]]);
    expect(msg!.frame).toMatchObject({ start: 10, end: 50, recipe: { window: { trigger: { preRoll: 20 } } } });
    await expect.poll(() => runtime.status("n")?.text).toBe("1 ch · 1 frames · 1 events missed");
  });

  it("begins a window at a message that says so, with or without a value", async () => {
    await deploy({ by: "samples", size: 2, hop: 2, trigger: "message" });
    runtime.send("n", { payload: 0, timestamp: 0 });
    runtime.send("n", { payload: 1, timestamp: 1, trigger: true });
    runtime.send("n", { payload: 2, timestamp: 2 });
    runtime.send("n", { payload: 3, timestamp: 3 });
    const { error } = await runtime.sendAndWait("n", { trigger: true });
    expect(error).toBeUndefined();
    runtime.send("n", { payload: 4, timestamp: 4 });
    runtime.send("n", { payload: 5, timestamp: 5 });
    expect(numbers(await runtime.receive("sink", 2))).toEqual([
      [1, 2],
      [4, 5],
    ]);
  });

  it("forgets a silent stream, though no message comes any more", async () => {
    await deploy({ ...BY_SAMPLES, idle: "0.2" });
    runtime.send("n", { topic: "a", payload: 1 });
    await runtime.sendAndWait("n", { topic: "b", payload: 2 });
    await expect.poll(() => runtime.status("n")?.text, { timeout: 5000 }).toBe("waiting · 2 streams silent");
    runtime.send("n", { topic: "a", payload: 3 });
    runtime.send("n", { topic: "a", payload: 4 });
    expect(numbers(await runtime.receive("sink"))).toEqual([[3, 4]]);
  });

  it("resamples to a fixed rate, and says so in the frame", async () => {
    await deploy({ by: "samples", size: 5, hop: 5, rate: "10", alignLimit: "400" });
    for (let i = 0; i < 40; i++) runtime.send("n", { payload: i, timestamp: 1000 + i * 100 });
    const [first, second] = await runtime.receive("sink", 2);
    expect(numbers([first!, second!])).toEqual([
      [0, 1, 2, 3, 4],
      [5, 6, 7, 8, 9],
    ]);
    expect(first!.frame).toMatchObject({ rate: 10, start: 1000, end: 1400 });
    expect(first!.frame.recipe.window).toMatchObject({ rate: 10, resample: { limit: 400 } });
  });

  it("joins topics as channels of one window, without a topic of its own", async () => {
    await deploy({
      ...BY_SAMPLES,
      channels: [{ channel: "supply" }, { channel: "return" }],
      align: "asof",
      alignClock: "supply",
      alignLimit: "5000",
    });
    for (let i = 0; i < 4; i++) {
      runtime.send("n", { topic: "return", payload: 10 * i, timestamp: 1000 * i });
      runtime.send("n", { topic: "supply", payload: i, timestamp: 1000 * i + 500 });
      runtime.send("n", { topic: "other", payload: 99, timestamp: 1000 * i });
    }
    const [msg] = await runtime.receive("sink");
    expect(numbers([msg!])).toEqual([[0, 0, 1, 10]]);
    expect(msg).not.toHaveProperty("topic");
    expect(msg!.frame).toMatchObject({
      stream: "",
      names: ["supply", "return"],
      recipe: { window: { align: { method: "asof", clock: "supply", limit: 5000 } } },
    });
  });

  it("flags a rate that the timestamps do not bear out", async () => {
    await deploy({ by: "samples", size: 100, hop: 100, channels: [{ channel: "x" }] });
    for (let i = 0; i < 30; i++) {
      runtime.send("n", { payload: new Array(100).fill(i), timestamp: 1e6 + i * 1100, rate: 100 });
    }
    const messages = await runtime.receive("sink", 30);
    expect(messages[0]!.frame.quality.ok).toBe(true);
    expect(messages[29]!.frame).toMatchObject({ rate: 100, quality: { ok: false, reasons: ["rate"] } });
  });

  it("counts its samples from another number after each deploy", async () => {
    const positions: number[] = [];
    for (let i = 0; i < 2; i++) {
      await deploy({ by: "samples", size: 1, hop: 1 });
      runtime.send("n", { payload: 1 });
      positions.push((await runtime.receive("sink"))[0]!.frame.position);
    }
    expect(positions[1]! - positions[0]!).toBeGreaterThan(1e9);
  });

  const refused: [string, () => Msg, string, string][] = [
    ["no payload", () => ({}), "EDGE_ML_PAYLOAD", "msg.payload"],
    ["a function", () => ({ payload: () => 1 }), "EDGE_ML_PAYLOAD", "msg.payload"],
    ["a symbol", () => ({ payload: Symbol("x") }), "EDGE_ML_PAYLOAD", "msg.payload"],
    ["an empty object", () => ({ payload: {} }), "EDGE_ML_PAYLOAD", "msg.payload"],
    ["an empty array", () => ({ payload: [] }), "EDGE_ML_PAYLOAD", "msg.payload"],
    ["an empty typed array", () => ({ payload: new Float64Array(0) }), "EDGE_ML_PAYLOAD", "msg.payload"],
    ["an empty Buffer", () => ({ payload: Buffer.alloc(0) }), "EDGE_ML_PAYLOAD", "msg.payload"],
    ["half a PCM sample", () => ({ payload: Buffer.alloc(3) }), "EDGE_ML_PAYLOAD", "msg.payload"],
    ["a Date", () => ({ payload: new Date(0) }), "EDGE_ML_PAYLOAD", "msg.payload"],
    ["a Map", () => ({ payload: new Map() }), "EDGE_ML_PAYLOAD", "msg.payload"],
    ["a BigInt64Array", () => ({ payload: BigInt64Array.of(1n) }), "EDGE_ML_PAYLOAD", "msg.payload"],
    ["a DataView", () => ({ payload: new DataView(new ArrayBuffer(8)) }), "EDGE_ML_PAYLOAD", "msg.payload"],
    ["100 numbers of what", () => ({ payload: new Array(100).fill(1) }), "EDGE_ML_PAYLOAD", "msg.payload"],
    [
      "1,000 channels",
      () => ({ payload: Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`c${i}`, i])) }),
      "EDGE_ML_TOO_LARGE",
      "msg.payload",
    ],
    ["an object as topic", () => ({ payload: 1, topic: {} }), "EDGE_ML_PAYLOAD", "msg.topic"],
    ["text as timestamp", () => ({ payload: 1, timestamp: "soon" }), "EDGE_ML_PAYLOAD", "msg.timestamp"],
    ["NaN as timestamp", () => ({ payload: 1, timestamp: Number.NaN }), "EDGE_ML_PAYLOAD", "msg.timestamp"],
    ["an endless timestamp", () => ({ payload: 1, timestamp: 1e300 }), "EDGE_ML_PAYLOAD", "msg.timestamp"],
    ["a rate of 0", () => ({ payload: [1], rate: 0 }), "EDGE_ML_PAYLOAD", "msg.rate"],
    ["an endless rate", () => ({ payload: [1], rate: Number.POSITIVE_INFINITY }), "EDGE_ML_PAYLOAD", "msg.rate"],
    ["an object as label", () => ({ payload: 1, label: {} }), "EDGE_ML_PAYLOAD", "msg.label"],
    ["an unknown command", () => ({ payload: 1, reset: "yes" }), "EDGE_ML_COMMAND", "msg.reset"],
  ];
  it.each(refused)("refuses %s with a coded error that names the field, and goes on", async (_, msg, code, field) => {
    await deploy({ by: "samples", size: 1, hop: 1 });
    const { error } = await runtime.sendAndWait("n", msg());
    expect(error).toMatchObject({ code, details: { field } });
    runtime.send("n", { payload: 5 });
    expect(numbers(await runtime.receive("sink"))).toEqual([[5]]);
  });

  const marked: [string, () => unknown][] = [
    ["NaN", () => Number.NaN],
    ["Infinity", () => Number.NEGATIVE_INFINITY],
    ["null", () => null],
    ["text", () => "unavailable"],
    ["an empty text", () => ""],
    ["a huge number", () => 1e300],
    ["an array with text", () => ["x"]],
    ["another realm's NaN", () => runInNewContext("Float64Array.of(NaN)")],
  ];
  it.each(marked)("%s is a missing value, never a number", async (_, payload) => {
    await deploy({ by: "samples", size: 1, hop: 1 });
    const { error } = await runtime.sendAndWait("n", { payload: payload() });
    expect(error).toBeUndefined();
    const [msg] = await runtime.receive("sink");
    expect(numbers([msg!])).toEqual([[Number.NaN]]);
    expect(msg!.frame.quality).toMatchObject({ ok: false, missing: 1 });
  });

  it("takes arrays, typed arrays and objects of another realm", async () => {
    await deploy();
    runtime.send("n", { payload: runInNewContext("({ a: 1, b: 2 })") });
    runtime.send("n", { payload: runInNewContext("Float32Array.of(3, 4)") });
    runtime.send("n", { payload: runInNewContext("[5, 6, 7, 8]") });
    expect(numbers(await runtime.receive("sink", 2))).toEqual([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ]);
  });

  it("__proto__ is a topic and a channel like any other", async () => {
    await deploy({ by: "samples", size: 1, hop: 1 });
    runtime.send("n", { topic: "__proto__", payload: JSON.parse('{"__proto__": 1, "constructor": 2}') });
    const [msg] = await runtime.receive("sink");
    expect(numbers([msg!])).toEqual([[1, 2]]);
    expect(msg!.frame).toMatchObject({ stream: "__proto__", names: ["__proto__", "constructor"] });
    expect(({} as Msg).payload).toBeUndefined();
  });

  it("stays bounded with 10,000 streams, and says how many it forgot", async () => {
    await deploy({ ...BY_SAMPLES, maxStreams: 100 });
    for (let i = 0; i < 10_000; i++) runtime.send("n", { topic: i === 5 ? "__proto__" : `s${i}`, payload: i });
    // Only the newest 100 streams still know their first value.
    for (let i = 9_900; i < 10_000; i++) runtime.send("n", { topic: `s${i}`, payload: -i });
    runtime.send("n", { topic: "s0", payload: 0 });
    await runtime.sendAndWait("n", { topic: "s1", payload: 0 });
    const messages = await runtime.receive("sink", 100, 20_000);
    expect(messages.length).toBe(100);
    expect(numbers(messages).every(([first, second]) => first === -second!)).toBe(true);
    await expect.poll(() => runtime.status("n")?.text).toContain("100 streams · 100 frames · 9");
  });

  const wrong: [string, Msg, string][] = [
    ["an unknown kind", { by: "moon" }, "by"],
    ["a size that is no number", { size: "x" }, "size"],
    ["a size of 0", { size: 0 }, "size"],
    ["half a sample", { by: "samples", size: 1.5 }, "size"],
    ["a negative hop", { hop: -1 }, "hop"],
    ["an unknown unit", { sizeUnit: "weeks" }, "sizeUnit"],
    ["samples as a unit of time", { by: "time", hopUnit: "samples" }, "hopUnit"],
    ["a channel without a name", { channels: [{ channel: "" }] }, "channels.0.channel"],
    ["a channel twice", { channels: [{ channel: "a" }, { channel: "a" }] }, "channels"],
    ["a limit that is no number", { channels: [{ channel: "a", min: "low" }] }, "channels.0.min"],
    ["a negative tolerance", { tolerance: -1 }, "tolerance"],
    ["a tolerance of a day", { tolerance: 86_400_000 }, "tolerance"],
    ["an unknown rule for labels", { labelBy: "best" }, "labelBy"],
    ["a share above 100 %", { labelBy: "share", labelShare: 101 }, "labelShare"],
    ["an unknown trigger", { trigger: "moon" }, "trigger"],
    [
      "a trigger's channel that is not listed",
      { trigger: "above", triggerChannel: "b", channels: [{ channel: "a" }] },
      "triggerChannel",
    ],
    ["a pre-roll longer than the window", { trigger: "above", preRoll: 2, preRollUnit: "min" }, "preRoll"],
    ["a pre-roll in samples while windows are by time", { trigger: "above", preRollUnit: "samples" }, "preRollUnit"],
    ["a band upside down", { trigger: "leaves", triggerValue: 1, triggerHigh: 0 }, "triggerHigh"],
    ["waiting for more samples than memory allows", { gap: "interpolate", holdLimit: 1e6 }, "holdLimit"],
    ["a negative time of silence", { idle: -1 }, "idle"],
    ["a negative rate", { rate: -1 }, "rate"],
    ["a rate beyond all sensors", { rate: 1e9 }, "rate"],
    ["joined topics without a list of channels", { align: "asof", rate: 1 }, "channels"],
    ["joined topics without a clock", { align: "asof", channels: [{ channel: "a" }] }, "alignClock"],
    ["a clock that is not listed", { align: "asof", alignClock: "b", channels: [{ channel: "a" }] }, "alignClock"],
    ["no limit for joined values", { align: "asof", rate: 1, alignLimit: 0 }, "alignLimit"],
    ["an unknown gap policy", { gap: "guess" }, "gap"],
    ["holding for no sample", { gap: "hold", holdLimit: 0 }, "holdLimit"],
    ["a negative pause", { gapLimit: -1 }, "gapLimit"],
    ["an unknown comparison", { gateChannel: "a", gateIs: "~" }, "gateIs"],
    ["a gate value that is no number", { gateChannel: "a", gateValue: "on" }, "gateValue"],
    ["no streams", { maxStreams: 0 }, "maxStreams"],
  ];
  it.each(wrong)("says what is wrong with the settings: %s", async (_, settings, field) => {
    await deploy(settings);
    expect(runtime.status("n")).toMatchObject({ fill: "red", text: "check settings" });
    const { error } = await runtime.sendAndWait("n", { payload: 1 });
    expect(error).toMatchObject({ code: "EDGE_ML_SETTING", details: { field } });
  });
});
