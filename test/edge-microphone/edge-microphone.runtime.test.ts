import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FlowNode, type Msg, ROOT, type Runtime, startRuntime, until } from "../support/runtime.ts";

let runtime: Runtime;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "edge-ml microphone-"));
  runtime = await startRuntime();
});
afterAll(async () => {
  await runtime.stop();
  rmSync(folder, { recursive: true, force: true });
});

const flow = (settings: object): FlowNode[] => [
  { id: "n", type: "edge-microphone", source: "command", removeOffset: false, ...settings, wires: [["sink"]] },
  { id: "sink", type: "test-sink" },
];

/** A command that writes these bytes; its path holds a blank. */
function plays(bytes: Buffer): string {
  const file = join(folder, "sound");
  writeFileSync(file, bytes);
  return `cat "${file}"`;
}

const tone = (rate: number, seconds: number, amplitude = 0.25) =>
  Array.from({ length: rate * seconds }, (_, i) => amplitude * Math.sin((2 * Math.PI * 500 * i) / rate));
const s16 = (values: readonly number[]) => Buffer.from(Int16Array.from(values, (x) => Math.round(32_767 * x)).buffer);

const received = (count: number) => runtime.receive("sink", count, 15_000);
const samples = (messages: readonly Msg[]) =>
  messages.flatMap(({ payload }) =>
    Array.from({ length: payload.length / 2 }, (_, i) => payload.readInt16LE(2 * i) / 32_768),
  );
function decibels(values: readonly number[]): number {
  return 10 * Math.log10(values.reduce((sum, x) => sum + x * x, 0) / values.length);
}
const logged = () => runtime.log().map(({ msg }) => String(msg));
const level = async () => (await (await fetch(`${runtime.url}/edge-ml/microphone/n/level`)).json()) as Msg;

describe("edge-microphone", () => {
  it("sends what a command records as 16-bit PCM, with rate, time and topic, and nothing else", async () => {
    const bytes = s16(tone(16_000, 1));
    const before = Date.now();
    await runtime.deploy(flow({ command: plays(bytes), topic: "room" }));
    const messages = (await received(20)).slice(0, 20);
    expect(Buffer.concat(messages.map(({ payload }) => payload))).toEqual(bytes);
    for (const [i, { _msgid, ...msg }] of messages.entries()) {
      const timestamp = messages[0]!.timestamp + 50 * i;
      expect(msg).toEqual({
        topic: "room",
        rate: 16_000,
        payload: msg.payload,
        timestamp: expect.closeTo(timestamp, 3),
      });
      expect(Buffer.isBuffer(msg.payload)).toBe(true);
    }
    expect(messages[0]!.timestamp).toBeGreaterThan(before - 2000);
  });

  const kinds: [string, object, (values: number[]) => Buffer, number][] = [
    ["48 kHz", { captureRate: 48_000 }, s16, 48_000],
    ["44.1 kHz", { captureRate: 44_100 }, s16, 44_100],
    ["8-bit", { format: "u8" }, (values) => Buffer.from(values.map((x) => Math.round(128 + 127 * x))), 16_000],
    [
      "32-bit stereo at 48 kHz",
      { format: "s32le", channels: 2, captureRate: 48_000 },
      (values) => Buffer.from(Int32Array.from(values.flatMap((x) => [2 ** 30 * x * 2, 2 ** 30 * x * 2])).buffer),
      48_000,
    ],
    ["floats", { format: "f32le" }, (values) => Buffer.from(Float32Array.from(values).buffer), 16_000],
  ];
  it.each(kinds)("makes 16 kHz mono of a %s device, at the same level", async (_, settings, write, rate) => {
    await runtime.deploy(flow({ ...settings, command: plays(write(tone(rate, 1))) }));
    const messages = (await received(19)).slice(1, 18);
    // 8 bits round by 1/128 of full scale.
    expect(Math.abs(decibels(samples(messages)) - 20 * Math.log10(0.25 / Math.SQRT2))).toBeLessThan(0.2);
    expect(messages[0]).toMatchObject({ rate: 16_000 });
    expect(messages[16]!.timestamp - messages[0]!.timestamp).toBeCloseTo(800, 3);
  });

  it("sends all channels when asked to, and says how many", async () => {
    const bytes = s16([0.5, -0.5].flatMap(() => tone(16_000, 1)));
    await runtime.deploy(flow({ command: plays(bytes), channels: 2, keep: "all" }));
    const [msg] = await received(1);
    expect(msg).toMatchObject({ rate: 16_000, channels: 2 });
    expect(msg!.payload).toEqual(bytes.subarray(0, 3200));
  });

  it("takes a DC offset out, and says that there is one", async () => {
    await runtime.deploy(flow({ command: plays(s16(tone(16_000, 10, 0.1).map((x) => x + 0.3))), removeOffset: true }));
    await until(() => runtime.status("n")?.text?.startsWith("DC offset 30 % · −23 dB") === true, "the status");
    expect(runtime.status("n")).toMatchObject({ fill: "yellow" });
    const values = samples((await received(35)).slice(20, 35));
    expect(Math.abs(values.reduce((sum, x) => sum + x, 0) / values.length)).toBeLessThan(0.001);
  });

  it("says that it clips", async () => {
    await runtime.deploy(flow({ command: plays(s16(tone(16_000, 10, 0.9))), gain: 12 }));
    await until(() => runtime.status("n")?.text?.startsWith("clipping · ") === true, "the status");
    expect(Math.max(...samples(await received(1)))).toBe(32_767 / 32_768);
    expect(await level()).toMatchObject({ state: "listening", clipped: expect.any(Number), peak: expect.any(Number) });
  });

  it("tells edge-window of samples that were lost: no window reaches over the gap", async () => {
    const script = join(folder, "script.json");
    const overrun = "overrun!!! (at least 500.000 ms long)";
    const steps = [{ samples: 16_000 }, { wait: 300 }, { text: overrun }, { wait: 300 }, { samples: 32_000 }];
    writeFileSync(script, JSON.stringify([[...steps, { wait: 60_000 }]]));
    const command = `"${process.execPath}" "${join(ROOT, "test/support/fake-recorder.cjs")}" "${script}"`;
    await runtime.deploy([
      { id: "n", type: "edge-microphone", source: "command", command, removeOffset: false, wires: [["window"]] },
      { id: "window", type: "edge-window", by: "samples", size: 6400, hop: 6400, gapLimit: 0.1, wires: [["sink"]] },
      { id: "sink", type: "test-sink" },
    ]);
    const frames = await runtime.receive("sink", 7, 15_000);
    for (const { payload, frame } of frames) {
      expect(frame.quality).toMatchObject({ ok: true });
      expect(frame.end - frame.start).toBeCloseTo(399.9375, 3);
      // The recorder counts: sample n is n · 257.
      const steps = Array.from(payload.slice(1), (x, i) => (32_768 * (Number(x) - payload[i]) + 65_536) % 65_536);
      expect(new Set(steps)).toEqual(new Set([257]));
    }
    const gaps = frames.slice(1).map(({ frame }, i) => frame.start - frames[i]!.frame.end);
    expect(gaps.filter((gap) => gap > 500)).toHaveLength(1);
    expect(runtime.status("n")).toMatchObject({ fill: "yellow", text: expect.stringMatching(/ · 0\.50 s lost$/) });
  });

  it("waits for start, stops and starts again, and is quiet meanwhile", async () => {
    await runtime.deploy(flow({ command: "cat /dev/zero", begin: "command" }));
    expect(runtime.status("n")).toMatchObject({ fill: "blue", text: "stopped" });
    expect(await level()).toEqual({ state: "stopped" });
    for (let round = 0; round < 2; round++) {
      const count = runtime.received("sink").length;
      expect((await runtime.sendAndWait("n", { payload: " Start " })).error).toBeUndefined();
      await received(count + 5);
      expect((await runtime.sendAndWait("n", { payload: "stop" })).error).toBeUndefined();
      const stopped = runtime.received("sink").length;
      await new Promise((done) => setTimeout(done, 200));
      expect(runtime.received("sink").length).toBe(stopped);
      await until(() => runtime.status("n")?.text === "stopped", "the status");
    }
  });

  it("shows that there is no sound at all, also to the dialog", async () => {
    await runtime.deploy(flow({ command: "cat /dev/zero" }));
    await until(() => runtime.status("n")?.text?.startsWith("listening · −∞ dB · ▁") === true, "the status");
    expect(await level()).toMatchObject({ state: "listening", rms: null, peak: null });
  });

  it("says once that a program is not there, what to do, and tries again", async () => {
    await runtime.deploy(flow({ command: "no-such-recorder -x" }));
    await until(() => runtime.status("n")?.text === "program not installed, trying again (2)", "the second attempt");
    expect(runtime.status("n")).toMatchObject({ fill: "red" });
    expect(logged().filter((text) => text.includes("EDGE_ML_CAPTURE_TOOL"))).toHaveLength(1);
    expect((await level()).problem).toContain("The program no-such-recorder, which records sound, is not installed");
  });

  it("refuses a WAV file from a command: its header would be noise", async () => {
    await runtime.deploy(flow({ command: plays(Buffer.concat([Buffer.from("RIFF"), Buffer.alloc(32_000)])) }));
    await until(() => logged().some((text) => text.includes("EDGE_ML_CAPTURE_CONTAINER")), "the fault");
    expect(runtime.received("sink")).toEqual([]);
  });

  it("is gone when it is removed", async () => {
    await runtime.deploy(flow({ command: "cat /dev/zero" }));
    await received(1);
    await runtime.deploy([{ id: "sink", type: "test-sink" }]);
    await new Promise((done) => setTimeout(done, 150));
    expect(runtime.received("sink")).toEqual([]);
    expect(await level()).toEqual({ state: "undeployed" });
  });

  const commands: [string, unknown][] = [
    ["nothing", undefined],
    ["null", null],
    ["a number", 1],
    ["true", true],
    ["another word", "record"],
    ["an empty text", ""],
    ["a huge text", "start".repeat(100_000)],
    ["an object", { command: "start" }],
    ["an object of another realm", runInNewContext("({ toString() { return 'start'; } })")],
    ["a buffer", Buffer.from("start")],
  ];
  it("refuses any other message, and goes on", async () => {
    await runtime.deploy(flow({ command: "cat /dev/zero" }));
    for (const [what, payload] of commands) {
      const { error } = await runtime.sendAndWait("n", { payload });
      expect(error, what).toMatchObject({ code: "EDGE_ML_COMMAND", details: { field: "msg.payload" } });
    }
    await received(runtime.received("sink").length + 2);
  });

  const settings: [string, object, string][] = [
    ["no command", { command: "" }, "command"],
    ["a pipe", { command: "arecord | sox" }, "command"],
    ["an open quote", { command: `cat "x` }, "command"],
    ["an unknown source", { source: "bluetooth" }, "source"],
    ["a device that is an option", { source: "alsa", device: "--help" }, "device"],
    ["a format that pw-record does not know", { source: "pipewire", format: "s24le" }, "format"],
    ["an unknown format", { command: "cat", format: "mp3" }, "format"],
    ["a rate of text", { command: "cat", rate: "fast" }, "rate"],
    ["a rate of 100 Hz", { command: "cat", rate: 100 }, "rate"],
    ["a device rate of 10 Hz", { command: "cat", captureRate: 10 }, "captureRate"],
    ["no channel", { command: "cat", channels: 0 }, "channels"],
    ["the third of two channels", { command: "cat", channels: 2, keep: "one", channel: 3 }, "channel"],
    ["a gain of 100 dB", { command: "cat", gain: 100 }, "gain"],
    ["parts of a sample", { command: "cat", chunk: 12.34 }, "chunk"],
    ["a chunk of a minute", { command: "cat", chunk: 60_000 }, "chunk"],
  ];
  it.each(settings)("does not run with %s, and names the setting", async (_, wrong, field) => {
    await runtime.deploy(flow(wrong));
    expect(runtime.status("n")).toMatchObject({ fill: "red", text: "check settings" });
    const { error } = await runtime.sendAndWait("n", { payload: "start" });
    expect(error).toMatchObject({ code: "EDGE_ML_SETTING", details: { field } });
  });
});
