import { describe, expect, it } from "vitest";
import { Windower, type WindowOptions } from "../../../../nodes/lib/dsp/index.ts";
import { readReading } from "../../../../nodes/lib/frame/index.ts";
import { at, type Msg, NAN, NOW, run, values } from "./support.ts";

const PAIR: WindowOptions = { by: "samples", size: 2, hop: 2 };
const DENORMAL = 1e-40;

/** What comes, and what becomes of it: a quality flag, or a coded error. */
interface Case {
  what: string;
  options?: Partial<WindowOptions>;
  messages: Msg[];
  data: number[][];
  reasons?: string[];
  error?: { code: string; field: string };
}

const CASES: Case[] = [
  { what: "hop 0", options: { hop: 0 }, messages: [], data: [], error: { code: "EDGE_ML_SETTING", field: "hop" } },
  {
    what: "rate 0",
    messages: [at(0, [1, 2], { rate: 0 })],
    data: [],
    error: { code: "EDGE_ML_PAYLOAD", field: "msg.rate" },
  },
  {
    what: "a negative rate",
    messages: [at(0, [1, 2], { rate: -100 })],
    data: [],
    error: { code: "EDGE_ML_PAYLOAD", field: "msg.rate" },
  },
  {
    what: "a window longer than any data that comes",
    options: { size: 1_000_000, hop: 1_000_000 },
    messages: Array.from({ length: 1000 }, (_, i) => at(i, i)),
    data: [],
  },
  {
    what: "NaN in one channel",
    messages: [at(0, { a: 1, b: 2 }), at(1, { a: 3, b: NAN })],
    data: [[1, 2, 3, NAN]],
    reasons: ["not-a-number: b"],
  },
  {
    what: "a channel that has no value in the first reading",
    messages: [at(0, { a: 1, b: null }), at(1, { a: 3, b: 4 })],
    data: [[1, NAN, 3, 4]],
    reasons: ["not-a-number: b"],
  },
  {
    what: "a text beside the numbers: no channel",
    messages: [at(0, { a: 1, state: "on" }), at(1, { a: 3, state: "off" })],
    data: [[1, 3]],
    reasons: [],
  },
  {
    what: "a channel that appears later",
    messages: [at(0, { a: 1 }), at(1, { a: 3, b: 4 })],
    data: [[1, 3]],
    reasons: [],
  },
  {
    what: "a listed channel that appears later",
    options: { channels: [{ channel: "a" }, { channel: "b" }] },
    messages: [at(0, { a: 1 }), at(1, { a: 3, b: 4 })],
    data: [[1, NAN, 3, 4]],
    reasons: ["missing: b"],
  },
  {
    what: "a channel that goes away",
    messages: [at(0, { a: 1, b: 2 }), at(1, { a: 3 })],
    data: [[1, 2, 3, NAN]],
    reasons: ["missing: b"],
  },
  { what: "denormals", messages: [at(0, DENORMAL), at(1, -5e-324)], data: [[Math.fround(DENORMAL), -0]], reasons: [] },
  {
    what: "saturated PCM: the full scale is no error of the window's",
    messages: [at(0, Buffer.from([0xff, 0x7f, 0x00, 0x80]), { rate: 8000 })],
    data: [[32767 / 32768, -1]],
    reasons: [],
  },
  {
    what: "saturated PCM, told by a channel's limit on identical values",
    options: { size: 4, hop: 4, channels: [{ channel: "mic", stuck: 3 }] },
    messages: [at(0, Buffer.from([0xff, 0x7f, 0xff, 0x7f, 0xff, 0x7f, 0xff, 0x7f]), { rate: 8000 })],
    data: [new Array(4).fill(32767 / 32768)],
    reasons: ["stuck: mic"],
  },
  {
    what: "Infinity",
    messages: [at(0, Number.POSITIVE_INFINITY), at(1, 1)],
    data: [[NAN, 1]],
    reasons: ["not-a-number: value"],
  },
  {
    what: "more than float32 holds",
    messages: [at(0, 1e39), at(1, 1)],
    data: [[NAN, 1]],
    reasons: ["out-of-range: value"],
  },
  { what: "a constant", messages: [at(0, 0), at(1, 0)], data: [[0, 0]], reasons: [] },
  { what: "all missing", messages: [at(0, null), at(1, null)], data: [[NAN, NAN]], reasons: ["not-a-number: value"] },
  {
    what: "513 channels",
    messages: [at(0, Object.fromEntries(Array.from({ length: 513 }, (_, i) => [`c${i}`, i])))],
    data: [],
    error: { code: "EDGE_ML_TOO_LARGE", field: "msg.payload" },
  },
  {
    what: "500 numbers without names",
    messages: [at(0, new Float32Array(500))],
    data: [],
    error: { code: "EDGE_ML_PAYLOAD", field: "msg.payload" },
  },
];

describe("bad input", () => {
  it.each(CASES.filter(({ error }) => error === undefined))("$what", ({ options, messages, data, reasons }) => {
    const { frames } = run({ ...PAIR, ...options }, messages);
    expect(values(frames)).toEqual(data);
    if (reasons !== undefined) expect(frames[0]!.info.quality).toMatchObject({ ok: reasons.length === 0, reasons });
  });

  it.each(CASES.filter(({ error }) => error !== undefined))("$what is refused", ({ options, messages, error }) => {
    const { code, field } = error!;
    expect(() => run({ ...PAIR, ...options }, messages)).toThrow(
      expect.objectContaining({ code, details: expect.objectContaining({ field }) }),
    );
  });

  it("500 channels in one message: a window of 500 columns, whatever else is on", () => {
    const names = Array.from({ length: 500 }, (_, i) => `c${i}`);
    const row = (k: number) => Object.fromEntries(names.map((name, i) => [name, i === 499 && k === 1 ? null : i + k]));
    for (const gap of ["mark", "hold", "interpolate", "split"] as const) {
      const { frames } = run({ by: "samples", size: 3, hop: 3, gap: { policy: gap, limit: 2 } }, [
        at(0, row(0)),
        at(1, row(1)),
        at(2, row(2)),
        at(3, row(3)),
        at(4, row(4)),
      ]);
      expect(frames.map(({ info }) => info.shape)).toEqual([[3, 500]]);
      const last = { mark: NAN, hold: 499, interpolate: 500, split: 502 };
      expect(frames[0]!.data[999]).toEqual(last[gap]);
      expect(frames[0]!.info.quality.ok).toBe(gap !== "mark");
    }
  });

  it("a window that never fills holds no more than its samples", () => {
    const windower = new Windower({ by: "samples", size: 16_000_000, hop: 1 });
    for (let i = 0; i < 10_000; i++) windower.push(readReading(at(i, i), NOW), () => undefined);
    expect(windower.bytes).toBeLessThan(10_000 * 2 * 14);
    expect(windower.counts.frames).toBe(0);
  });
});
