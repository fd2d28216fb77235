import { describe, expect, it } from "vitest";
import { Windower, type WindowOptions } from "../../../../nodes/lib/dsp/index.ts";
import { type Frame, readReading } from "../../../../nodes/lib/frame/index.ts";
import { at, type Msg, NAN, NOW, run, values } from "./support.ts";

const channels = [{ channel: "supply" }, { channel: "return" }];
const GRID: WindowOptions = {
  by: "samples",
  size: 2,
  hop: 2,
  channels,
  resample: { rate: 1, limit: 5000 },
  align: { method: "asof", clock: "", limit: 5000 },
};
const CLOCK: WindowOptions = { ...GRID, align: { method: "interpolate", clock: "supply", limit: 5000 } };
const { resample: _, ...BY_CLOCK } = CLOCK;

const of = (topic: string, timestamp: number, payload: unknown, more: Msg = {}) =>
  at(timestamp, payload, { topic, ...more });

describe("topics joined into one stream", () => {
  it("as of a grid: the last value of each channel", () => {
    const { frames, windower } = run(GRID, [
      of("supply", 1000, 20),
      of("return", 1000, 24),
      of("supply", 1900, 21),
      of("return", 2500, 25),
      of("supply", 3000, 22),
      of("return", 4000, 26),
      of("supply", 4100, 23),
      of("return", 5100, 27),
    ]);
    expect(frames.map(({ info, data }) => [info.start, info.end, ...data])).toEqual([
      [1000, 2000, 20, 24, 21, 24],
      [3000, 4000, 22, 25, 22, 26],
    ]);
    expect(frames[0]!.info).toMatchObject({
      stream: "",
      seq: 0,
      position: 0,
      rate: 1,
      names: ["supply", "return"],
      recipe: { window: { rate: 1, align: { method: "asof", clock: "", limit: 5000 } } },
    });
    expect(windower.streams).toBe(1);
    expect(windower.channels("supply")).toEqual(["supply", "return"]);
  });

  it("at the readings of a channel: the others on the line between theirs", () => {
    const { frames } = run(BY_CLOCK, [
      of("return", 0, 0),
      of("supply", 1000, 20),
      of("supply", 2500, 21),
      of("return", 4000, 40),
      of("supply", 9000, 22),
      of("return", 9500, 50),
    ]);
    expect(values(frames)).toEqual([[20, 10, 21, 25]]);
    expect(frames[0]!.info.rate).toBeUndefined();
  });

  it("a value older than the limit is missing, not carried on", () => {
    const { frames } = run({ ...GRID, align: { method: "asof", clock: "", limit: 1500 } }, [
      of("return", 1000, 24),
      of("supply", 1000, 1),
      of("supply", 2000, 2),
      of("supply", 3000, 3),
      of("supply", 4000, 4),
      of("supply", 5000, 5),
    ]);
    expect(values(frames)).toEqual([
      [1, 24, 2, 24],
      [3, NAN, 4, NAN],
    ]);
    expect(frames[1]!.info.quality).toEqual({ ok: false, reasons: ["missing: return"], missing: 2, filled: 0 });
  });

  it("what is missing is filled as the gap policy says", () => {
    const { frames } = run(
      { ...GRID, align: { method: "asof", clock: "", limit: 1500 }, gap: { policy: "hold", limit: 9 } },
      [of("return", 1000, 24), ...[1, 2, 3, 4, 5].map((i) => of("supply", 1000 * i, i))],
    );
    expect(values(frames)[1]).toEqual([3, 24, 4, 24]);
    expect(frames[1]!.info.quality).toMatchObject({ ok: true, filled: 2 });
  });

  it("values by name are <topic>/<name>, or the name; others are counted", () => {
    const named = [{ channel: "ahu/supply" }, { channel: "fan" }, { channel: "outdoor" }];
    const { frames, windower } = run({ ...GRID, size: 1, hop: 1, channels: named }, [
      of("ahu", 1000, { supply: 1, fan: 2, text: "x" }),
      of("outdoor", 1000, 3),
      of("noise", 1000, 99),
      of("ahu", 3000, { supply: 4, fan: 5 }),
    ]);
    expect(values(frames)[0]).toEqual([1, 2, 3]);
    expect(windower.counts.unknown).toBe(2);
  });

  it("a value out of range, or none, is neither held nor interpolated with", () => {
    const limited = [{ channel: "supply" }, { channel: "return", max: 50 }];
    const { frames } = run({ ...BY_CLOCK, size: 3, hop: 3, channels: limited }, [
      of("return", 0, 0),
      of("supply", 1000, 1),
      of("return", 2000, 999),
      of("supply", 3000, 2),
      of("return", 4000, "unavailable"),
      of("return", 5000, 10),
      of("supply", 6000, 3),
      of("return", 7000, 30),
    ]);
    expect(values(frames)).toEqual([[1, NAN, 2, NAN, 3, 20]]);
  });

  it("stuck counts readings, not rows", () => {
    const stuck = [{ channel: "supply" }, { channel: "return", stuck: 3 }];
    const make = (step: number) =>
      run({ ...GRID, channels: stuck, align: { method: "asof", clock: "", limit: 10_000 } }, [
        ...Array.from({ length: 20 }, (_, i) => [
          of("supply", 1000 * i, i),
          ...(i % step === 0 ? [of("return", 1000 * i, 5)] : []),
        ]).flat(),
      ]).frames;
    expect(make(10).every(({ info }) => info.quality.ok)).toBe(true);
    expect(make(2).at(-1)!.info.quality.reasons).toEqual(["stuck: return"]);
  });

  it("a gate may be a topic that is no channel of the window", () => {
    const gate = { channel: "fan", is: "=", value: 1, settle: 0 } as const;
    const { frames, windower } = run({ ...GRID, size: 1, hop: 1, gate }, [
      of("fan", 1000, 1),
      of("supply", 1000, 1),
      of("return", 1000, 2),
      of("fan", 2000, 0),
      of("supply", 2000, 3),
      of("return", 2000, 4),
      of("fan", 3000, 1),
      of("supply", 3000, 5),
      of("return", 3000, 6),
    ]);
    expect(values(frames)).toEqual([
      [1, 2],
      [5, 6],
    ]);
    expect(frames[0]!.info.names).toEqual(["supply", "return"]);
    expect(windower.counts.gated).toBe(1);
    expect(frames[1]!.info.position! - frames[0]!.info.position!).toBeGreaterThan(1);
  });

  it("chunks of several topics, whatever the size of their pieces", () => {
    const options: WindowOptions = { ...GRID, size: 20, hop: 20, resample: { rate: 50, limit: 100 }, tolerance: 5000 };
    const pieces = (length: number) => {
      const messages: Msg[] = [];
      for (let i = 0; i < 400; i += length) {
        for (const [k, topic] of ["supply", "return"].entries()) {
          const data = Float64Array.from({ length: Math.min(length, 400 - i) }, (_, j) => 10 * (i + j) + k);
          messages.push(of(topic, 1000 + i * 10, data, { rate: 100 }));
        }
      }
      return run(options, messages).frames;
    };
    const whole = pieces(400);
    expect(whole.length).toBeGreaterThan(8);
    for (const { info, data } of whole) {
      expect(data[0]).toBe(info.start - 1000);
      expect(data[1]).toBe(info.start - 999);
    }
    for (const length of [1, 8, 100]) expect(pieces(length)).toEqual(whole);
  });

  it("chunks that arrive with jitter are one unbroken row for each topic", () => {
    const options: WindowOptions = { ...GRID, size: 20, hop: 20, resample: { rate: 100, limit: 100 }, tolerance: 500 };
    const windower = new Windower(options);
    const frames: Frame[] = [];
    for (let k = 0; k < 30; k++) {
      for (const [c, topic] of ["supply", "return"].entries()) {
        const payload = Float64Array.from({ length: 10 }, (_, i) => 10 * k + i + 1000 * c);
        const reading = readReading({ topic, payload, rate: 100 }, 10_000 + 100 * k + ((k * 37 + c * 11) % 50));
        windower.push(reading, (frame) => frames.push(frame));
      }
    }
    expect(windower.counts.late).toBe(0);
    expect(frames.length).toBeGreaterThan(10);
    const supply = frames.flatMap(({ data }) => [...data].filter((_, i) => i % 2 === 0));
    expect(supply.every((value, i) => i === 0 || value - supply[i - 1]! === 1)).toBe(true);
  });

  it("10,000 topics are one stream; those that are no channel cost no memory", () => {
    const windower = new Windower(GRID);
    for (let i = 0; i < 10_000; i++) {
      windower.push(readReading(of(`t${i}`, i, { a: 1, b: 2 }), NOW), () => undefined);
    }
    expect(windower.streams).toBe(1);
    expect(windower.bytes).toBeLessThan(100_000);
    expect(windower.counts.unknown).toBe(20_000);
  });

  it("reset forgets the joined stream, whatever the topic; its numbers go on", () => {
    const windower = new Windower({ ...GRID, size: 1, hop: 1 });
    const frames: Frame[] = [];
    const push = (msg: Msg) => windower.push(readReading(msg, NOW), (frame) => frames.push(frame));
    const all = [of("supply", 1000, 1), of("return", 1000, 2), of("supply", 2000, 3), of("return", 2000, 4)];
    for (const msg of all) push(msg);
    windower.reset("supply");
    expect([windower.streams, windower.bytes]).toEqual([0, 0]);
    for (const msg of all) push(msg);
    expect(frames.map(({ info, data }) => [info.position, ...data])).toEqual([
      [0, 1, 2],
      [1, 3, 4],
      [3, 1, 2],
      [4, 3, 4],
    ]);
  });

  it("a trigger by message begins a window at the next row", () => {
    const trigger = { when: "message", channel: "", value: 0, high: 0, preRoll: 0 } as const;
    const windower = new Windower({ ...GRID, size: 1, hop: 1, trigger });
    const frames: Frame[] = [];
    const push = (msg: Msg) => windower.push(readReading(msg, NOW), (frame) => frames.push(frame));
    for (let i = 1; i <= 6; i++) {
      if (i === 4) windower.trigger("button");
      push(of("supply", 1000 * i, i));
      push(of("return", 1000 * i, -i));
    }
    expect(values(frames)).toEqual([[4, -4]]);
  });

  const wrong: [string, Partial<WindowOptions>, string][] = [
    ["no list of channels", { channels: [] }, "channels"],
    ["no clock", { resample: undefined as never }, "alignClock"],
    ["a clock that is not listed", { align: { method: "asof", clock: "x", limit: 1 } }, "alignClock"],
    ["no limit", { align: { method: "asof", clock: "", limit: 0 } }, "alignLimit"],
    [
      "a grid too fine for its limit",
      { resample: { rate: 1e5, limit: 1 }, align: { method: "asof", clock: "", limit: 1e5 } },
      "alignLimit",
    ],
  ];
  it.each(wrong)("refuses %s", (_, options, field) => {
    expect(() => new Windower({ ...GRID, ...options })).toThrow(
      expect.objectContaining({ code: "EDGE_ML_SETTING", details: expect.objectContaining({ field }) }),
    );
  });
});
