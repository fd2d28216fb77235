/** The supervisor with real child processes that do what a script says. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  Capture,
  type CapturedChunk,
  type CaptureOptions,
  type CaptureState,
  type SoundLevel,
} from "../../../nodes/lib/capture/index.ts";
import type { EdgeMlError } from "../../../nodes/lib/errors/index.ts";

const FAKE = resolve(import.meta.dirname, "../../support/fake-recorder.cjs");
/** 1.5 s. */
const LATE = 24_000;

interface Step {
  samples?: number;
  piece?: number;
  base64?: string;
  text?: string;
  wait?: number;
  exit?: number;
  die?: string;
}

let folder: string;
let capture: Capture;
let heard: { chunks: CapturedChunk[]; states: CaptureState[]; faults: EdgeMlError[]; levels: SoundLevel[] };
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "edge-ml-capture-"));
});
afterEach(async () => {
  await capture.stop();
  rmSync(folder, { recursive: true, force: true });
});

function record(
  runs: Step[][],
  changes: Partial<CaptureOptions["request"] & CaptureOptions["sound"]> = {},
  patience: object = {},
): Capture {
  const script = join(folder, "script.json");
  writeFileSync(script, JSON.stringify(runs));
  const options: CaptureOptions = {
    source: "command",
    command: { program: process.execPath, args: [FAKE, script, join(folder, "device")] },
    request: { device: "", rate: 16_000, channels: 1, format: "s16le", ...changes },
    sound: { keep: "mix", gain: 0, removeOffset: false, rate: 16_000, chunk: 800, ...changes },
  };
  return listen(options, patience);
}

function listen(options: CaptureOptions, patience: object = {}): Capture {
  heard = { chunks: [], states: [], faults: [], levels: [] };
  capture = new Capture(
    options,
    {
      chunk: (chunk) => heard.chunks.push(chunk),
      state: (state) => heard.states.push(state),
      fault: (fault) => heard.faults.push(fault),
      level: (level) => heard.levels.push(level),
    },
    { first: 20, longest: 100, stall: 30, ...patience },
  );
  return capture;
}

const starts = () =>
  existsSync(join(folder, "script.json.starts")) ? readFileSync(join(folder, "script.json.starts")).length : 0;
const samplesOf = (chunks: readonly CapturedChunk[]) =>
  chunks.flatMap(({ pcm }) => Array.from({ length: pcm.length / 2 }, (_, i) => pcm.readInt16LE(2 * i)));
const counted = (length: number) => Array.from({ length }, (_, i) => ((i * 257) << 16) >> 16);

async function until(condition: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 18_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`Not within 18 s: ${what}`);
    await wait(10);
  }
}

describe("a recorder that works", () => {
  it("gives chunks to the bit, with times that follow each other, and its level", async () => {
    const before = Date.now();
    record([[{ samples: 16_000 }, { wait: 60_000 }]]).start();
    await until(() => heard.chunks.length === 20, "20 chunks");
    expect(samplesOf(heard.chunks)).toEqual(counted(16_000));
    const { timestamp } = heard.chunks[0]!;
    expect(timestamp).toBeGreaterThan(before - 1100);
    expect(timestamp).toBeLessThanOrEqual(Date.now());
    heard.chunks.forEach((chunk, i) => {
      expect(chunk).toMatchObject({ rate: 16_000, channels: 1 });
      expect(chunk.timestamp).toBeCloseTo(timestamp + 50 * i, 6);
    });
    // A ramp over all of 16 bits: the mean square of an even distribution is 1/3.
    expect(heard.levels.length).toBe(4);
    expect(heard.levels[1]!.rms).toBeCloseTo(10 * Math.log10(1 / 3), 0);
    expect(heard.states.map(({ kind }) => kind)).toEqual(["starting", "listening"]);
    expect(capture.counts).toEqual({ chunks: 20, dropped: 0, bad: 0, lost: 0 });
  });

  it("may write a byte at a time", async () => {
    record([[{ samples: 80, piece: 1 }, { wait: 60_000 }]], { chunk: 80 }).start();
    await until(() => heard.chunks.length === 1, "a chunk");
    expect(samplesOf(heard.chunks)).toEqual(counted(80));
  });

  it("is heard by others as well, until they have enough", async () => {
    record([[{ samples: 1600 }, { wait: 300 }, { samples: 1600 }, { wait: 60_000 }]]);
    const taken: CapturedChunk[] = [];
    const end = capture.listen((chunk) => taken.push(chunk));
    capture.start();
    await until(() => heard.chunks.length >= 2, "2 chunks");
    end();
    await until(() => heard.chunks.length === 4, "4 chunks");
    expect(taken).toEqual(heard.chunks.slice(0, 2));
  });

  it("stops when it is told, starts again only when the device is free, and begins once however often it is told", async () => {
    record([[{ samples: 800 }, { wait: 60_000 }]]);
    for (let round = 0; round < 3; round++) {
      capture.start();
      capture.start();
      await until(() => starts() === round + 1 && capture.state.kind === "listening", "it listens");
      const stopping = capture.stop();
      if (round === 2) await stopping;
    }
    expect(capture.state.kind).toBe("stopped");
    expect(starts()).toBe(3);
    expect(existsSync(join(folder, "device"))).toBe(false);
    expect(heard.faults).toEqual([]);
  });

  it("says that its rate is another one: the sound is resampled from that", async () => {
    const text = "Warning: rate is not accurate (requested = 16000Hz, got = 48000Hz)";
    record([[{ text }, { wait: 50 }, { samples: 48_000 }, { wait: 60_000 }]]).start();
    // A second of the device is a second in the flow, less the filter's edges.
    await until(() => heard.chunks.length === 19, "19 chunks");
    await wait(100);
    expect(heard.chunks.length).toBe(19);
    expect(heard.chunks[18]!.timestamp - heard.chunks[0]!.timestamp).toBeCloseTo(900, 6);
  });

  it("is held to real time when it is faster: a file is not played in a moment", async () => {
    const began = performance.now();
    record([[{ samples: 16_000 * 60 }, { wait: 60_000 }]]).start();
    await until(() => heard.chunks.length > 20, "the first second");
    await wait(300);
    const elapsed = performance.now() - began;
    // A pipe holds 2 s.
    expect(heard.chunks.length * 50).toBeLessThan(elapsed + 3100);
    expect(capture.counts.dropped).toBe(0);
  });
});

describe("a recorder that fails", () => {
  it("is started again when its device is gone and back: the times tell how long it was, and a torn sample is left out", async () => {
    record([
      [
        { samples: 1000 },
        { base64: "AQ==" },
        { wait: 20 },
        { text: "arecord: pcm_read:2221: read error: No such device" },
        { exit: 1 },
      ],
      [{ text: "arecord: main:831: audio open error: No such file or directory" }, { wait: 400 }, { exit: 1 }],
      [{ samples: 1600 }, { wait: 60_000 }],
    ]).start();
    await until(() => heard.chunks.length === 3, "sound again");
    expect(samplesOf(heard.chunks)).toEqual([...counted(800), ...counted(1600)]);
    expect(heard.chunks[1]!.timestamp - heard.chunks[0]!.timestamp).toBeGreaterThan(400);
    expect(heard.states.map((state) => (state.kind === "waiting" ? state.attempt : state.kind))).toEqual([
      "starting",
      "listening",
      1,
      2,
      "listening",
    ]);
    expect(heard.faults.map(({ code }) => code)).toEqual(["EDGE_ML_CAPTURE_DEVICE"]);
  });

  it("says each reason once", async () => {
    const busy = { text: "arecord: main:831: audio open error: Device or resource busy" };
    const denied = { text: "arecord: main:831: audio open error: Permission denied" };
    record([
      [busy, { exit: 1 }],
      [busy, { exit: 1 }],
      [denied, { exit: 1 }],
      [{ samples: 800 }, { wait: 60_000 }],
    ]).start();
    await until(() => capture.state.kind === "listening", "it listens");
    expect(heard.faults.map(({ code }) => code)).toEqual(["EDGE_ML_CAPTURE_BUSY", "EDGE_ML_CAPTURE_PERMISSION"]);
    expect(heard.faults[1]!.message).toContain("group audio");
  });

  it("is started again when it falls silent", async () => {
    const runs = [
      [{ samples: 800 }, { wait: 60_000 }],
      [{ samples: 1600 }, { wait: 60_000 }],
    ];
    record(runs, {}, { stall: 1 }).start();
    await until(() => heard.chunks.length >= 3, "sound again");
    expect(heard.faults[0]!.code).toBe("EDGE_ML_CAPTURE_STALLED");
  });

  it("is started again when something kills it", async () => {
    record([
      [{ samples: 800 }, { wait: 50 }, { die: "SIGKILL" }],
      [{ samples: 800 }, { wait: 60_000 }],
    ]);
    rmSync(join(folder, "device"), { force: true });
    capture.start();
    await until(() => heard.faults.length > 0, "a fault");
    rmSync(join(folder, "device"), { force: true });
    await until(() => heard.chunks.length === 2, "sound again");
    expect(heard.faults[0]!.message).toContain("a signal ended it");
  });

  it("that writes a file is refused", async () => {
    record([
      [{ base64: Buffer.from("RIFF\0\0\0\0WAVEfmt ").toString("base64") }, { samples: 800 }, { wait: 60_000 }],
    ]).start();
    await until(() => heard.faults.length > 0, "a fault");
    expect(heard.faults[0]!.code).toBe("EDGE_ML_CAPTURE_CONTAINER");
    expect(heard.chunks).toEqual([]);
  });

  it("that is not there names what to install, and is stopped at once", async () => {
    const request = { device: "", rate: 16_000, channels: 1, format: "s16le" } as const;
    const sound = { keep: "mix", gain: 0, removeOffset: false, rate: 16_000, chunk: 800 } as const;
    listen({ source: "command", command: { program: "no-such-recorder", args: [] }, request, sound }).start();
    await until(() => heard.states.length > 3, "it is tried again");
    expect(heard.faults.map(({ code }) => code)).toEqual(["EDGE_ML_CAPTURE_TOOL"]);
    await capture.stop();
    expect(capture.state.kind).toBe("stopped");
  });

  it("with samples lost says so: the times go on behind the gap", async () => {
    record([
      [
        { samples: 800 },
        { wait: 200 },
        { text: "overrun!!! (at least 1234.500 ms long)" },
        { wait: 200 },
        { samples: 800 },
        { wait: 60_000 },
      ],
    ]).start();
    await until(() => heard.chunks.length === 2, "2 chunks");
    expect(heard.chunks[1]!.timestamp - heard.chunks[0]!.timestamp).toBeCloseTo(50 + 1234.5, 6);
    expect(capture.counts.lost).toBe(1234.5);
  });

  it("with numbers that are none: their chunk is left out and counted, and its time stays free", async () => {
    const floats = Float32Array.from({ length: 2400 }, (_, i) => (i === 900 ? Number.NaN : 0.5));
    const base64 = Buffer.from(floats.buffer).toString("base64");
    record([[{ base64 }, { wait: 60_000 }]], { format: "f32le" }).start();
    await until(() => heard.chunks.length === 2, "2 chunks");
    expect(heard.chunks[1]!.timestamp - heard.chunks[0]!.timestamp).toBeCloseTo(100, 6);
    expect(capture.counts.bad).toBe(1);
  });
});

describe("a process that comes late", () => {
  it("finds the sound that waited, and nothing is lost while the pipe holds it", async () => {
    record([[{ samples: 800 }, { wait: 100 }, { samples: LATE }, { wait: 60_000 }]]).start();
    await until(() => heard.chunks.length === 1, "a chunk");
    const end = performance.now() + 1600;
    while (performance.now() < end) Math.sqrt(end);
    await until(() => heard.chunks.length === 31, "31 chunks");
    expect(samplesOf(heard.chunks)).toEqual(counted(800 + LATE));
    expect(heard.faults).toEqual([]);
  });

  it("drops the oldest of what is too far behind, counts it, and the times tell", async () => {
    record([[{ samples: 800 }, { wait: 200 }, { samples: LATE }, { wait: 60_000 }]], {}, { waiting: 0.5 }).start();
    await until(() => heard.chunks.length === 1, "a chunk");
    const end = performance.now() + 1600;
    while (performance.now() < end) Math.sqrt(end);
    await until(() => capture.counts.chunks + capture.counts.dropped === 31, "all that is left");
    const { chunks, dropped } = capture.counts;
    expect(dropped).toBeGreaterThan(0);
    // What is there is whole, in order, and at its time; the newest is there.
    const places = heard.chunks.map(({ timestamp }) => Math.round((timestamp - heard.chunks[0]!.timestamp) / 50));
    expect(places.at(-1)).toBe(30);
    expect(new Set(places).size).toBe(chunks);
    const all = counted(800 + LATE);
    heard.chunks.forEach((chunk, i) => {
      expect(samplesOf([chunk])).toEqual(all.slice(800 * places[i]!, 800 * (places[i]! + 1)));
    });
  });
});
