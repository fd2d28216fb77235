import { describe, expect, it } from "vitest";
import { FeatureExtractor, Windower, type WindowOptions } from "../../../../nodes/lib/dsp/index.ts";
import { SoundGate } from "../../../../nodes/lib/dsp/window/sound-gate.ts";
import { type Frame, readReading } from "../../../../nodes/lib/frame/index.ts";
import { type Msg, random } from "./support.ts";

const RATE = 8000;
const HOP = 400;
const GATE = { margin: 6, level: -70, hold: 1000 };
const OPTIONS: WindowOptions = { by: "samples", size: 8000, hop: HOP, sound: GATE };

/** Seconds of something: normal noise of a level, with a tone that begins and ends softly where there is one. */
type Part = { s: number; noise?: number; tone?: number; hum?: number; offset?: number; nan?: boolean };

function signal(parts: readonly Part[], seed = 1): Float32Array {
  const next = random(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const out = new Float32Array(Math.round(parts.reduce((sum, { s }) => sum + s, 0) * RATE));
  let at = 0;
  for (const { s, noise = -65, tone, hum, offset = 0, nan = false } of parts) {
    const length = Math.round(s * RATE);
    for (let i = 0; i < length; i++, at++) {
      const shape = Math.min(1, i / 160, (length - i) / 160);
      const sine = (hertz: number, level: number) =>
        Math.SQRT2 * 10 ** (level / 20) * Math.sin((2 * Math.PI * hertz * at) / RATE);
      out[at] = nan
        ? Number.NaN
        : offset +
          10 ** (noise / 20) * normal() +
          (tone === undefined ? 0 : shape * sine(600, tone)) +
          (hum === undefined ? 0 : shape * sine(40, hum));
    }
  }
  return out;
}

/** The times (s) between which a gate is open; it looks every 10 ms. */
function open(parts: readonly Part[], options = GATE): [number, number][] {
  const gate = new SoundGate(options, 1, RATE, 1000);
  const times: [number, number][] = [];
  const row = new Float64Array(1);
  const samples = signal(parts);
  for (let i = 0; i < samples.length; i++) {
    row[0] = samples[i]!;
    gate.push(row);
    if ((i + 1) % (RATE / 100) !== 0 || !gate.isOpen) continue;
    const time = (i + 1) / RATE;
    const last = times.at(-1);
    if (last && time - last[1] < 0.015) last[1] = time;
    else times.push([time, time]);
  }
  return times.map(([from, to]) => [Number(from.toFixed(2)), Number(to.toFixed(2))]);
}

/** Through a windower, in chunks. */
function run(samples: Float32Array, options: WindowOptions = OPTIONS, chunk = 1000, more: Msg = {}) {
  const windower = new Windower(options);
  const frames: Frame[] = [];
  for (let at = 0; at < samples.length; at += chunk) {
    const msg = { payload: samples.slice(at, at + chunk), rate: RATE, timestamp: 1e6 + (1000 * at) / RATE, ...more };
    windower.push(readReading(msg, 0), (frame) => frames.push(frame));
  }
  return { frames, counts: windower.counts };
}

describe("the sound gate", () => {
  // A window is 1 s; it stays open 1 s longer.
  const table: [string, Part[], [number, number][]][] = [
    ["is open until 4 s of noise are known, and closed then", [{ s: 10 }], [[0.01, 3.99]]],
    [
      "opens with a sound within 30 ms, and stays open for a window and a second",
      [{ s: 6 }, { s: 0.5, tone: -40 }, { s: 5 }],
      [
        [0.01, 3.99],
        // The smoothed power takes 0.12 s to fall.
        [6.01, 8.62],
      ],
    ],
    [
      "stays closed for a sound that is not 6 dB above the noise",
      [{ s: 6 }, { s: 0.5, tone: -65 }, { s: 2 }],
      [[0.01, 3.99]],
    ],
    ["stays closed for hum below 100 Hz", [{ s: 6 }, { s: 2, hum: -50 }, { s: 2 }], [[0.01, 3.99]]],
    ["does not hear an offset", [{ s: 10, offset: 0.3 }], [[0.01, 3.99]]],
    [
      "takes nothing for sound that is below the least level",
      [
        { s: 6, noise: -110 },
        { s: 2, noise: -75 },
      ],
      [[0.01, 3.99]],
    ],
    ["hears nothing in digital silence", [{ s: 6, noise: -400 }], [[0.01, 3.99]]],
  ];
  it.each(table)("%s", (_, parts, expected) => {
    expect(open(parts)).toEqual(expected);
  });

  it("closes again when a noise begins and stays, and is as ready when it has gone", () => {
    const [, louder, word, ...more] = open([
      { s: 6 },
      { s: 12, noise: -45 },
      { s: 8 },
      { s: 0.5, tone: -40 },
      { s: 5 },
    ]);
    expect(louder![0]).toBeCloseTo(6.02, 1);
    // The floor is the minimum of 4 s; then it stays open for as long as ever.
    expect(louder![1]).toBeGreaterThan(10);
    expect(louder![1]).toBeLessThan(13);
    expect(word![0]).toBeCloseTo(26.02, 1);
    expect(more).toEqual([]);
  });

  it("opens for words in a loud noise, 5 dB above it", () => {
    const times = open([
      { s: 8, noise: -30 },
      { s: 0.5, noise: -30, tone: -25 },
      { s: 4, noise: -30 },
    ]);
    expect(times[1]![0]).toBeLessThan(8.1);
  });

  it("hears neither sound nor silence in values that are missing", () => {
    const parts: Part[] = [
      { s: 6 },
      { s: 1, nan: true },
      { s: 2 },
      { s: 0.5, tone: -40 },
      { s: 1, nan: true },
      { s: 5 },
    ];
    const [, word, ...more] = open(parts);
    expect(word![0]).toBeCloseTo(9.02, 1);
    // The missing second does not count as quiet.
    expect(word![1]).toBeCloseTo(12.6, 1);
    expect(more).toEqual([]);
  });

  it("does not open when a stream goes on somewhere else", () => {
    const gate = new SoundGate(GATE, 1, RATE, 1000);
    const row = new Float64Array(1);
    const feed = (samples: Float32Array) => {
      for (const value of samples) {
        row[0] = value;
        gate.push(row);
      }
    };
    feed(signal([{ s: 8, offset: 0.2 }]));
    gate.interrupt();
    feed(signal([{ s: 1, offset: -0.2 }], 2));
    expect(gate.isOpen).toBe(false);
  });
});

describe("windows with sound", () => {
  const samples = signal([{ s: 8 }, { s: 0.4, tone: -35 }, { s: 8 }]);

  it("are the same as without the gate, bit for bit, and no window that holds the sound is missing", () => {
    const { frames, counts } = run(samples);
    const all = run(samples, { by: "samples", size: 8000, hop: HOP }).frames;
    expect(counts.quiet).toBe(all.length - frames.length);
    expect(counts.frames).toBe(frames.length);
    // 8 s are quiet, of which 4 s are not yet known to be, and 6 s at the end.
    expect(counts.quiet / all.length).toBeGreaterThan(0.5);
    for (const frame of frames) {
      const same = all.find(({ info }) => info.position === frame.info.position)!;
      expect(frame.data).toEqual(same.data);
      expect({ ...frame.info, seq: 0 }).toEqual({ ...same.info, seq: 0 });
    }
    const sent = new Set(frames.map(({ info }) => info.position));
    // From the first hop after the sound has begun until it has left the window.
    const holding = all.filter(({ info: { position = 0 } }) => position + 8000 >= 8.05 * RATE && position < 8.4 * RATE);
    expect(holding.length).toBeGreaterThan(20);
    expect(holding.every(({ info }) => sent.has(info.position))).toBe(true);
  });

  it("come in whatever chunks the samples do", () => {
    const positions = (chunk: number) => run(samples, OPTIONS, chunk).frames.map(({ info }) => info.position);
    const whole = positions(samples.length);
    expect(positions(1000)).toEqual(whole);
    expect(positions(73)).toEqual(whole);
  });

  it("by time are held back just so", () => {
    const { counts } = run(samples, { by: "time", size: 1000, hop: 50, sound: GATE });
    expect(counts.quiet).toBeGreaterThan(150);
    expect(counts.frames).toBeGreaterThan(100);
  });

  it("are found after resampling, too", () => {
    const { frames, counts } = run(samples, { ...OPTIONS, size: 4000, hop: 200, resample: { rate: 4000, limit: 100 } });
    expect(counts.quiet).toBeGreaterThan(150);
    expect(frames.some(({ info }) => info.end > 1e6 + 8400 && info.end < 1e6 + 8600)).toBe(true);
  });

  it("do not hide bad ones: those are sent, since they say that something is wrong", () => {
    const { frames, counts } = run(signal([{ s: 8 }, { s: 0.1, nan: true }, { s: 4 }]));
    expect(counts.bad).toBeGreaterThan(20);
    expect(frames.filter(({ info }) => !info.quality.ok)).toHaveLength(counts.bad);
  });

  it("do not change the recipe", () => {
    const [with_, without] = [OPTIONS, { ...OPTIONS, sound: undefined }].map((options) => {
      const { sound, ...rest } = options;
      return run(samples, sound ? { ...rest, sound } : rest).frames[0]!.info.recipe;
    });
    expect(with_).toEqual(without);
  });

  it("give the same mel frames after a silence as ever", () => {
    const extractor = () => new FeatureExtractor([{ block: "log-mel", frameLength: 0.025, frameStride: 0.01 }]);
    const [gated, plain] = [extractor(), extractor()];
    const all = run(samples, { by: "samples", size: 8000, hop: HOP }).frames.map((frame) => plain.extract(frame));
    for (const frame of run(samples).frames) {
      const { data, info } = gated.extract(frame);
      expect(data).toEqual(all.find((other) => other.info.position === info.position)!.data);
    }
  });

  it("need the rate of the samples", () => {
    expect(() =>
      run(samples, { ...OPTIONS, channels: [{ channel: "value" }] }, 1000, { rate: undefined }),
    ).toThrowError(
      expect.objectContaining({ code: "EDGE_ML_PAYLOAD", details: expect.objectContaining({ field: "msg.rate" }) }),
    );
  });

  const wrong: [string, WindowOptions, string][] = [
    ["no margin", { ...OPTIONS, sound: { ...GATE, margin: 0 } }, "soundMargin"],
    ["a level above full scale", { ...OPTIONS, sound: { ...GATE, level: 3 } }, "soundLevel"],
    ["a negative time", { ...OPTIONS, sound: { ...GATE, hold: -1 } }, "soundHold"],
    [
      "joined topics without a rate",
      { ...OPTIONS, channels: [{ channel: "a" }], align: { method: "asof", clock: "a", limit: 10 } },
      "sound",
    ],
  ];
  it.each(wrong)("are refused: %s", (_, options, field) => {
    expect(() => new Windower(options)).toThrowError(
      expect.objectContaining({ code: "EDGE_ML_SETTING", details: expect.objectContaining({ field }) }),
    );
  });
});
