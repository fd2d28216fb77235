import { mkdirSync, readdirSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FlowNode, type Runtime, startRuntime, until } from "../support/runtime.ts";

let runtime: Runtime;
let data: string;
beforeAll(async () => {
  runtime = await startRuntime();
  data = join(runtime.userDir, "edge-ml", "data");
  mkdirSync(data, { recursive: true });
  write("a.csv", "time,x,y,truth\n2024-01-01 00:00,1,2,0\n2024-01-01 00:01,#VALUE!,4,1\n2024-01-01 00:02,5,,1\n");
  write("long.csv", `time,x\n${Array.from({ length: 5000 }, (_, i) => `${1.7e9 + i},${i}\n`).join("")}`);
  write("binary.csv", Buffer.from([1, 0, 2, 0]));
  write("proto.csv", "__proto__,constructor\n1,2\n");
  symlinkSync("/etc/hostname", join(data, "link.csv"));
});
afterAll(() => runtime.stop());

function write(name: string, content: string | Buffer) {
  writeFileSync(join(data, name), content);
}

const flow = (settings: object = {}, ...more: FlowNode[]): FlowNode[] => [
  { id: "n", type: "edge-replay", file: "a.csv", ...settings, wires: [["sink"], ["end"]] },
  { id: "sink", type: "test-sink" },
  { id: "end", type: "test-sink" },
  ...more,
];

/** Files of the data folder that this process has open. */
const openFiles = () =>
  readdirSync("/proc/self/fd").filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(data);
    } catch {
      return false;
    }
  });

describe("edge-replay", () => {
  it("plays a file on command: readings at output 1, the end at output 2", async () => {
    await runtime.deploy(flow({ labelColumn: "truth", topic: "ahu" }));
    expect(runtime.status("n")).toMatchObject({ fill: "blue", text: "waiting for start" });
    const { error } = await runtime.sendAndWait("n", { payload: "start" });
    expect(error).toBeUndefined();
    const [end] = await runtime.receive("end");
    expect(runtime.received("sink").map(({ _msgid, ...msg }) => msg)).toEqual([
      { topic: "ahu", payload: { x: 1, y: 2 }, timestamp: Date.UTC(2024, 0, 1, 0, 0), label: "0" },
      { topic: "ahu", payload: { x: null, y: 4 }, timestamp: Date.UTC(2024, 0, 1, 0, 1), label: "1" },
      { topic: "ahu", payload: { x: 5, y: null }, timestamp: Date.UTC(2024, 0, 1, 0, 2), label: "1" },
    ]);
    expect(end!.payload).toMatchObject({ event: "end", file: "a.csv", rows: 3, missing: 2, ragged: 0, untimed: 0 });
    await until(() => runtime.status("n")?.text === "done · 3 rows", "status of the end");
  });

  it("plays when the flow starts", async () => {
    await runtime.deploy(flow({ begin: "deploy" }));
    await runtime.receive("end");
    expect(runtime.received("sink")).toHaveLength(3);
  });

  it("plays another file by name, with the same settings", async () => {
    await runtime.deploy(flow({ file: "" }));
    expect((await runtime.sendAndWait("n", { payload: { play: "long.csv" } })).error).toBeUndefined();
    await runtime.receive("end");
    expect(runtime.received("sink")).toHaveLength(5000);
    const foreign = runInNewContext("({ play: 'a.csv' })");
    expect((await runtime.sendAndWait("n", { payload: foreign })).error).toBeUndefined();
    await runtime.receive("end", 2);
    expect(runtime.received("end")[1]!.payload.file).toBe("a.csv");
  });

  it("gives __proto__ as a channel of its own", async () => {
    await runtime.deploy(flow({ file: "proto.csv" }));
    runtime.send("n", { payload: "start" });
    const [msg] = await runtime.receive("sink");
    expect(Object.keys(msg!.payload)).toEqual(["__proto__", "constructor"]);
    expect(Object.getPrototypeOf(msg!.payload)).toBe(Object.prototype);
  });

  it("pauses, resumes and stops", async () => {
    await runtime.deploy(flow({ file: "long.csv", pace: "time", speed: 200 }));
    await runtime.sendAndWait("n", { payload: "start" });
    await runtime.receive("sink", 5);
    await runtime.sendAndWait("n", { payload: "pause" });
    const held = runtime.received("sink").length;
    expect(runtime.status("n")!.text).toMatch(/^paused · /);
    await new Promise((done) => setTimeout(done, 100));
    // One reading may have been on its way.
    expect(runtime.received("sink").length).toBeLessThanOrEqual(held + 1);
    await runtime.sendAndWait("n", { payload: "resume" });
    await runtime.receive("sink", held + 5);
    await runtime.sendAndWait("n", { payload: " STOP " });
    const stopped = runtime.received("sink").length;
    await new Promise((done) => setTimeout(done, 100));
    expect(runtime.received("sink").length).toBeLessThanOrEqual(stopped + 1);
    expect(runtime.received("end")).toEqual([]);
    await until(() => runtime.status("n")!.text!.startsWith("stopped · "), "status of the stop");
    expect(openFiles()).toEqual([]);
    // What is not playing can be told to pause, resume and stop all the same.
    for (const payload of ["pause", "resume", "stop"]) {
      expect((await runtime.sendAndWait("n", { payload })).error).toBeUndefined();
    }
  });

  it("starts over when started twice, and never plays twice at once", async () => {
    await runtime.deploy(flow({ file: "long.csv", pace: "time", speed: 100 }));
    await Promise.all(Array.from({ length: 5 }, () => runtime.sendAndWait("n", { payload: "start" })));
    await new Promise((done) => setTimeout(done, 300));
    const xs = runtime.received("sink").map(({ payload }) => payload.x as number);
    const last = xs.slice(xs.lastIndexOf(0));
    expect(last.length).toBeGreaterThan(3);
    expect(last).toEqual(last.map((_, i) => i));
    await runtime.sendAndWait("n", { payload: "stop" });
    expect(openFiles()).toEqual([]);
  });

  it("repeats until it is stopped", async () => {
    await runtime.deploy(flow({ loop: true }));
    runtime.send("n", { payload: "start" });
    await runtime.receive("end", 3);
    await runtime.sendAndWait("n", { payload: "stop" });
    const ends = runtime.received("end").map(({ payload }) => payload);
    expect(ends.slice(0, 3).map(({ pass, rows }) => [pass, rows])).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
  });

  it("may start itself again from its own end", async () => {
    await runtime.deploy([
      { id: "n", type: "edge-replay", file: "a.csv", wires: [["sink"], ["again"]] },
      { id: "sink", type: "test-sink" },
      {
        id: "again",
        type: "change",
        rules: [{ t: "set", p: "payload", pt: "msg", to: "start", tot: "str" }],
        wires: [["n"]],
      },
    ]);
    runtime.send("n", { payload: "start" });
    await runtime.receive("sink", 9);
  });

  it("closes the file when the flow is stopped half way", async () => {
    await runtime.deploy(flow({ file: "long.csv", pace: "time", speed: 10 }));
    await runtime.sendAndWait("n", { payload: "start" });
    await runtime.receive("sink", 2);
    expect(openFiles()).toHaveLength(1);
    await runtime.deploy(flow({ file: "long.csv", begin: "deploy", pace: "time", speed: 10 }));
    await runtime.deploy(flow());
    expect(openFiles()).toEqual([]);
  });

  const commands: [string, unknown][] = [
    ["nothing", undefined],
    ["null", null],
    ["a number", 1],
    ["NaN", Number.NaN],
    ["an unknown word", "play"],
    ["an empty text", ""],
    ["a huge text", "x".repeat(1_000_000)],
    ["a list", ["start"]],
    ["an object without a file", {}],
    ["a file that is no text", { play: 1 }],
    ["__proto__ with a file", JSON.parse('{"__proto__": {"play": "a.csv"}}')],
    ["a typed array", runInNewContext("Float32Array.of(1)")],
  ];
  it.each(commands)("refuses %s as a command, and goes on", async (_, payload) => {
    await runtime.deploy(flow());
    const { error } = await runtime.sendAndWait("n", { payload });
    expect(error).toMatchObject({ code: "EDGE_ML_COMMAND", details: { field: "msg.payload" } });
    expect((await runtime.sendAndWait("n", { payload: "start" })).error).toBeUndefined();
    await runtime.receive("end");
  });

  const files: [string, string, string][] = [
    ["a file outside", "../../flows.json", "EDGE_ML_FILE_OUTSIDE"],
    ["an absolute file", "/etc/passwd", "EDGE_ML_FILE_OUTSIDE"],
    ["a link to the outside", "link.csv", "EDGE_ML_FILE_OUTSIDE"],
    ["an example outside", "examples:../../package.json", "EDGE_ML_FILE_OUTSIDE"],
    ["a file that is not there", "none.csv", "EDGE_ML_FILE_READ"],
    ["a binary file", "binary.csv", "EDGE_ML_FILE_FORMAT"],
    ["no file", "", "EDGE_ML_SETTING"],
  ];
  it.each(files)("refuses %s with a coded error, from settings and from a message", async (_, file, code) => {
    await runtime.deploy(flow({ file }));
    expect((await runtime.sendAndWait("n", { payload: "start" })).error).toMatchObject({ code });
    expect((await runtime.sendAndWait("n", { payload: { play: file } })).error).toMatchObject({ code });
    expect((await runtime.sendAndWait("n", { payload: { play: "a.csv" } })).error).toBeUndefined();
    await runtime.receive("end");
  });

  it("says it when the file cannot be played at the start of the flow", async () => {
    await runtime.deploy(flow({ begin: "deploy", file: "none.csv" }));
    await until(() => runtime.status("n")?.fill === "red", "red status");
    expect(runtime.log().map(({ msg }) => String(msg))).toEqual([expect.stringContaining("none.csv")]);
  });

  const wrong: [string, object, string][] = [
    ["a pace that is unknown", { pace: "warp" }, "pace"],
    ["a speed of 0", { speed: 0 }, "speed"],
    ["a speed that is no number", { speed: "fast" }, "speed"],
    ["an interval below 0", { interval: -1 }, "interval"],
    ["a gap below 0", { longestGap: -1 }, "longestGap"],
    ["a time zone that is unknown", { zone: "Mars/Base" }, "zone"],
    ["a time format that is none", { timeFormat: "HH:mm" }, "timeFormat"],
    ["columns that are no list", { columns: "x" }, "columns"],
    ["no file to start with", { begin: "deploy", file: " " }, "file"],
  ];
  it.each(wrong)("says what is wrong with the settings: %s", async (_, settings, field) => {
    await runtime.deploy(flow(settings));
    expect(runtime.status("n")).toMatchObject({ fill: "red", text: "check settings" });
    const { error } = await runtime.sendAndWait("n", { payload: "start" });
    expect(error).toMatchObject({ code: "EDGE_ML_SETTING", details: { field } });
  });

  it("takes settings as the editor stores them, as text", async () => {
    await runtime.deploy(flow({ pace: "time", speed: "1e6", interval: "0.5", longestGap: "", zone: "Europe/Berlin" }));
    runtime.send("n", { payload: "start" });
    const [msg] = await runtime.receive("sink", 3);
    expect(msg!.timestamp).toBe(Date.UTC(2023, 11, 31, 23, 0));
  });
});
