import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type FlowNode, type Msg, ROOT, type Runtime, startRuntime, until } from "../support/runtime.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await startRuntime();
});
afterAll(() => runtime.stop());

const CHANNELS = [
  "outdoor_air_temperature",
  "return_air_temperature",
  "mixed_air_temperature",
  "supply_air_temperature",
  "supply_air_temperature_setpoint",
  "outdoor_air_damper",
  "cooling_valve",
  "heating_valve",
  "fan_speed",
  "duct_static_pressure",
  "filter_pressure_drop",
  "zone_temperature",
  "occupied",
];

const MINUTE = 60_000;

/** Fast enough for a test: 60 readings per second. */
const flow = (settings: object = {}): FlowNode[] => [
  {
    id: "n",
    type: "edge-simulator",
    begin: "date",
    date: "2026-01-12T06:00",
    speed: 3600,
    ...settings,
    wires: [["sink"]],
  },
  { id: "sink", type: "test-sink" },
];

const press = (id = "n") => fetch(`${runtime.url}/edge-simulator/${id}`, { method: "POST" });
const last = () => runtime.received("sink").at(-1)!;

describe("edge-simulator", () => {
  it("sends readings of all channels, with topic, time and label", async () => {
    await runtime.deploy(flow());
    const messages = await runtime.receive("sink", 20);
    const start = new Date("2026-01-12T06:00").getTime();
    for (const [i, msg] of messages.slice(0, 20).entries()) {
      expect(Object.keys(msg.payload)).toEqual(CHANNELS);
      expect(Object.values(msg.payload).every(Number.isFinite)).toBe(true);
      expect(msg).toMatchObject({ topic: "air-handling-unit", label: "normal", timestamp: start + i * MINUTE });
      expect(msg._msgid).toBeTypeOf("string");
    }
    expect(runtime.status("n")).toMatchObject({ fill: "green", text: expect.stringMatching(/^Mon 0[67]:\d\d$/) });
  });

  it("gives the same readings again for the same seed, and others for another", async () => {
    const first: Msg[][] = [];
    for (const seed of [5, "5", 6]) {
      await runtime.deploy(flow({ seed }));
      first.push((await runtime.receive("sink", 10)).slice(0, 10).map((msg) => msg.payload));
    }
    expect(first[1]).toEqual(first[0]);
    expect(first[2]).not.toEqual(first[0]);
  });

  it("begins now, with its own topic and without label, when set so", async () => {
    const before = Date.now();
    await runtime.deploy(flow({ begin: "now", topic: "roof", labels: false, speed: 1 }));
    const [msg] = await runtime.receive("sink");
    expect(msg!.timestamp).toBeGreaterThanOrEqual(before);
    expect(msg!.timestamp).toBeLessThanOrEqual(Date.now());
    expect(msg!.topic).toBe("roof");
    expect(msg).not.toHaveProperty("label");
  });

  it("knows the occupied hours by the local clock", async () => {
    await runtime.deploy(flow({ date: "2026-01-12T08:58", occupiedFrom: "9", occupiedTo: "9.05" }));
    const messages = await runtime.receive("sink", 8);
    expect(messages.slice(0, 8).map((msg) => msg.payload.occupied)).toEqual([0, 0, 1, 1, 1, 0, 0, 0]);
  });

  it("sends several readings at once when it is fast, without gap", async () => {
    await runtime.deploy(flow({ speed: 100_000 }));
    const messages = await runtime.receive("sink", 2000);
    for (let i = 1; i < messages.length; i++) {
      expect(messages[i]!.timestamp - messages[i - 1]!.timestamp).toBe(MINUTE);
    }
  });

  it("does not catch up with all it missed while the process was asleep, and counts it", async () => {
    await runtime.deploy(flow());
    await runtime.receive("sink", 5);
    const before = runtime.received("sink").length;
    const end = Date.now() + 3000;
    while (Date.now() < end) Math.sqrt(end);
    await runtime.receive("sink", before + 60);
    // 180 were due, and 60 a second is what it sends.
    await until(() => /· \d+ skipped$/.test(runtime.status("n")?.text ?? ""), "the status counts what was skipped");
    const times = runtime.received("sink").map((msg) => msg.timestamp);
    for (let i = 1; i < times.length; i++) expect(times[i] - times[i - 1]).toBe(MINUTE);
  });

  describe("commands", () => {
    beforeEach(() => runtime.deploy(flow()));

    it("stops and starts, and simulated time stands still meanwhile", async () => {
      await runtime.receive("sink", 5);
      await runtime.sendAndWait("n", { payload: "stop" });
      await new Promise((done) => setTimeout(done, 50));
      const count = runtime.received("sink").length;
      const time = last().timestamp;
      expect(runtime.status("n")).toMatchObject({ fill: "blue", text: expect.stringMatching(/^stopped · Mon/) });
      await new Promise((done) => setTimeout(done, 200));
      expect(runtime.received("sink").length).toBe(count);
      await runtime.sendAndWait("n", { payload: "start" });
      const messages = await runtime.receive("sink", count + 1);
      expect(messages[count]!.timestamp).toBe(time + MINUTE);
      expect(runtime.status("n")).toMatchObject({ fill: "green" });
    });

    it("starts only once", async () => {
      await runtime.sendAndWait("n", { payload: "start" });
      await runtime.sendAndWait("n", { payload: "start" });
      const messages = await runtime.receive("sink", 40);
      for (let i = 1; i < 40; i++) expect(messages[i]!.timestamp - messages[i - 1]!.timestamp).toBe(MINUTE);
    });

    it("resets to the beginning, without a fault", async () => {
      await runtime.receive("sink", 10);
      await runtime.sendAndWait("n", { payload: { fault: "fan-failed", intensity: 1 } });
      await runtime.sendAndWait("n", { payload: "reset" });
      const start = new Date("2026-01-12T06:00").getTime();
      await until(
        () => runtime.received("sink").filter((msg) => msg.timestamp === start).length === 2,
        "the start again",
      );
      const [first, again] = runtime.received("sink").filter((msg) => msg.timestamp === start);
      expect(again).toMatchObject({ payload: first!.payload, label: "normal" });
      await until(() => runtime.status("n")?.fill === "green", "green again");
    });

    it("injects a fault and takes it away: label, values and yellow status say so", async () => {
      const { error } = await runtime.sendAndWait("n", { payload: { fault: "fan-failed", intensity: 1 } });
      expect(error).toBeUndefined();
      expect(runtime.status("n")).toMatchObject({
        fill: "yellow",
        text: expect.stringMatching(/^Mon .* · fan failed$/),
      });
      await until(
        () => last()?.label === "fan-failed" && last().payload.fan_speed > 0.3,
        "the unit runs with its fault",
      );
      await until(() => last().payload.duct_static_pressure < 10, "no pressure");
      await runtime.sendAndWait("n", { payload: { fault: null } });
      await until(() => last().label === "normal" && last().payload.duct_static_pressure > 50, "pressure again");
      expect(runtime.status("n")).toMatchObject({ fill: "green" });
    });

    it("takes a message of another realm", async () => {
      await runtime.sendAndWait("n", { payload: runInNewContext("({ fault: 'missing-values', intensity: 1 })") });
      await until(() => last()?.label === "missing-values", "missing values");
      expect(last().payload.zone_temperature ?? null).toBeNull();
      expect(last().payload.occupied).toBeTypeOf("number");
    });

    const bad: [string, unknown, string][] = [
      ["nothing", undefined, "msg.payload"],
      ["null", null, "msg.payload"],
      ["a number", Number.NaN, "msg.payload"],
      ["an unknown word", "explode", "msg.payload"],
      ["a huge text", "x".repeat(1_000_000), "msg.payload"],
      ["an empty object", {}, "msg.payload"],
      ["a typed array", Float32Array.of(1), "msg.payload"],
      ["an unknown fault", { fault: "earthquake" }, "msg.payload.fault"],
      ["__proto__", { fault: "__proto__" }, "msg.payload.fault"],
      ["an intensity of 70", { fault: "fan-failed", intensity: 70 }, "msg.payload.intensity"],
      [
        "an intensity of Infinity",
        { fault: "fan-failed", intensity: Number.POSITIVE_INFINITY },
        "msg.payload.intensity",
      ],
    ];
    it.each(bad)("refuses %s, and goes on", async (_, payload, field) => {
      const { error } = await runtime.sendAndWait("n", { payload });
      expect(error).toMatchObject({ code: "EDGE_ML_COMMAND", details: { field } });
      const count = runtime.received("sink").length;
      await runtime.receive("sink", count + 2);
      expect(last().label).toBe("normal");
    });

    it("stays bounded with 10,000 commands and topics", async () => {
      for (let i = 0; i < 10_000; i++) {
        runtime.send("n", {
          topic: i === 0 ? "__proto__" : `t${i}`,
          payload: i % 2 ? { fault: "none" } : { fault: "fan-failed" },
        });
      }
      const { error } = await runtime.sendAndWait("n", { payload: { fault: "none" } });
      expect(error).toBeUndefined();
      await until(() => last()?.label === "normal", "normal again");
      expect(({} as Msg).payload).toBeUndefined();
    });
  });

  it("waits for a start when it is not to run at deploy", async () => {
    await runtime.deploy(flow({ autostart: false }));
    await until(() => runtime.status("n") !== undefined, "a status");
    expect(runtime.status("n")).toMatchObject({ fill: "blue", text: "stopped · Mon 06:00" });
    expect(runtime.received("sink")).toEqual([]);
    await runtime.sendAndWait("n", { payload: "start" });
    await runtime.receive("sink", 2);
  });

  it("sends nothing any more after it is closed", async () => {
    await runtime.deploy(flow({ speed: 100_000 }));
    await runtime.receive("sink", 10);
    await runtime.deploy([{ id: "sink", type: "test-sink" }]);
    await new Promise((done) => setTimeout(done, 150));
    expect(runtime.received("sink")).toEqual([]);
    expect((await press()).status).toBe(404);
  });

  describe("the button", () => {
    it("injects the chosen fault, takes it away again, and tells every editor", async () => {
      const published: unknown[] = [];
      const listen = (event: { topic: string; data: unknown; retain: boolean }) => {
        if (event.topic === "edge-simulator/n") published.push([event.data, event.retain]);
      };
      await runtime.deploy(flow({ fault: "filter-clogged", intensity: "1" }));
      runtime.RED.events.on("comms", listen);
      const first = await press();
      expect(first.status).toBe(200);
      expect(await first.json()).toEqual({ fault: "filter-clogged" });
      await until(() => last()?.label === "filter-clogged", "the fault");
      expect(await (await press()).json()).toEqual({ fault: null });
      await until(() => last().label === "normal", "no fault");
      runtime.RED.events.off("comms", listen);
      expect(published).toEqual([
        [{ fault: "filter-clogged" }, true],
        [{ fault: null }, true],
      ]);
    });

    it("takes away what a message injected", async () => {
      await runtime.deploy(flow());
      await runtime.sendAndWait("n", { payload: { fault: "fan-failed" } });
      expect(await (await press()).json()).toEqual({ fault: null });
    });

    it.each(["nobody", "sink", "__proto__", "%00", "x".repeat(5000)])("knows no node %s", async (id) => {
      await runtime.deploy(flow());
      expect((await press(id)).status).toBe(404);
    });
  });

  const wrong: [string, object, string][] = [
    ["an unknown machine", { machine: "reactor" }, "machine"],
    ["__proto__ as machine", { machine: "__proto__" }, "machine"],
    ["an interval of 0", { interval: 0 }, "interval"],
    ["an interval below the scan", { interval: 5 }, "interval"],
    ["an interval that is no number", { interval: "often" }, "interval"],
    ["a speed of 0", { speed: "0" }, "speed"],
    ["a speed above the limit", { speed: 100_001 }, "speed"],
    ["a negative speed", { speed: -1 }, "speed"],
    ["a seed with a fraction", { seed: 1.5 }, "seed"],
    ["a seed beyond the whole numbers", { seed: 1e300 }, "seed"],
    ["a date that is none", { date: "yesterday" }, "date"],
    ["a date beyond the calendar", { date: "+275000-01-01T00:00" }, "date"],
    ["a date before all", { date: "1900-01-01T00:00" }, "date"],
    ["an unknown beginning", { begin: "later" }, "begin"],
    ["occupied hours that end before they begin", { occupiedFrom: 18, occupiedTo: 7 }, "occupiedTo"],
    ["an hour after the day's end", { occupiedTo: 25 }, "occupiedTo"],
    ["an eighth weekday", { workingDays: [1, 7] }, "workingDays.1"],
    ["an unknown fault", { fault: "earthquake" }, "fault"],
    ["an intensity above 1", { intensity: 2 }, "intensity"],
    ["a topic that is too long", { topic: "x".repeat(200) }, "topic"],
  ];
  it.each(wrong)("says what is wrong with the settings: %s", async (_, settings, field) => {
    await runtime.deploy(flow(settings));
    expect(runtime.status("n")).toMatchObject({ fill: "red", text: "check settings" });
    const { error } = await runtime.sendAndWait("n", { payload: "start" });
    expect(error).toMatchObject({ code: "EDGE_ML_SETTING", details: { field } });
    expect((await press()).status).toBe(404);
  });

  it("offers in its dialog, and names in its catalog and help, just what the machines have", () => {
    const { chooseMachine, machines } = load("lib/index.js");
    const { FAULTS, MACHINES, MIN_INTERVAL } = load("edge-simulator/config.js");
    const type = chooseMachine("air-handling-unit");
    const ids = type.faults.map((fault: { id: string }) => fault.id);
    expect(FAULTS).toEqual(ids);
    expect(MACHINES).toEqual(machines.map((machine: { id: string }) => machine.id));
    expect(MIN_INTERVAL * 1000).toBe(type.step);
    const folder = join(ROOT, "nodes/edge-simulator/locales/en-US");
    const catalog = JSON.parse(readFileSync(join(folder, "catalog.json"), "utf8"))["edge-simulator"];
    expect(Object.keys(catalog.fault)).toEqual(ids);
    expect(Object.keys(catalog.intensity)).toEqual(ids);
    expect(Object.keys(catalog.machine)).toEqual(MACHINES);
    const help = readFileSync(join(folder, "help.md"), "utf8");
    for (const word of [...ids, ...CHANNELS]) expect(help).toContain(`| ${word} `);
  });
});

function load(path: string) {
  return require(join(ROOT, "dist", path));
}
