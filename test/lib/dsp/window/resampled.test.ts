import { describe, expect, it } from "vitest";
import { Windower, type WindowOptions } from "../../../../nodes/lib/dsp/index.ts";
import { readReading } from "../../../../nodes/lib/frame/index.ts";
import { at, type Msg, NAN, NOW, random, run } from "./support.ts";

const RATE = 50;
const OPTIONS: WindowOptions = { by: "samples", size: 25, hop: 25, resample: { rate: RATE, limit: 200 } };

/** Single readings of 100 Hz whose times jitter by up to ±20 %: the value is the time in s. */
function jittered(seconds: number, more: (time: number) => Msg = () => ({})): Msg[] {
  const next = random(4);
  return Array.from({ length: seconds * 100 }, (_, i) => {
    const time = 10_000 + 10 * i + 4 * (next() - 0.5);
    return at(time, time / 1000, more(time));
  });
}

describe("resampling", () => {
  it("brings jittered readings onto a grid: a line stays a line, and the times are those of the grid", () => {
    const { frames } = run(OPTIONS, jittered(10));
    expect(frames.length).toBeGreaterThan(15);
    for (const { info, data } of frames) {
      expect(info).toMatchObject({ rate: RATE, shape: [25, 1], quality: { ok: true, missing: 0, filled: 0 } });
      expect((info.start / 1000) * RATE).toBeCloseTo(Math.round((info.start / 1000) * RATE), 6);
      // The low-pass against aliases ripples by less than 1e-4 of the line's height.
      for (const [i, value] of data.entries()) expect(value).toBeCloseTo(info.start / 1000 + i / RATE, 2);
    }
    expect(frames[1]!.info.position).toBe(frames[0]!.info.position! + 25);
    expect(frames[0]!.info.recipe.window).toMatchObject({ rate: RATE, resample: { limit: 200 } });
  });

  it.each([
    [16_000, 8000],
    [125, 50],
    [62.5, 100],
  ])("chunks of %i Hz become %i Hz: a sine keeps its amplitude and its time", (from, to) => {
    const hertz = Math.min(from, to) / 10;
    const sine = (time: number) => Math.sin((2 * Math.PI * hertz * time) / 1000);
    const chunks = Array.from({ length: 40 }, (_, k) => {
      const times = Array.from({ length: 100 }, (_, i) => ((100 * k + i) * 1000) / from);
      return at(1e6 + times[0]!, Float64Array.from(times, sine), { rate: from });
    });
    const { frames } = run({ ...OPTIONS, resample: { rate: to, limit: 1000 } }, chunks);
    expect(frames.length).toBeGreaterThan(40);
    for (const { info, data } of frames) {
      expect(info.rate).toBe(to);
      for (const [i, value] of data.entries()) {
        expect(Math.abs(value - sine(info.start - 1e6 + (i * 1000) / to))).toBeLessThan(2e-3);
      }
    }
  });

  it("what is further apart than the limit is missing, not invented", () => {
    const messages = jittered(4).filter(({ timestamp }) => timestamp < 11_500 || timestamp > 12_000);
    const { frames, windower } = run({ ...OPTIONS, size: 1, hop: 1 }, messages);
    const bad = frames.filter(({ info }) => !info.quality.ok);
    expect(bad.length).toBeGreaterThanOrEqual(24);
    expect(bad.every(({ data, info }) => Number.isNaN(data[0]) && info.quality.reasons[0] === "missing: value")).toBe(
      true,
    );
    expect(bad.every(({ info }) => info.start > 11_250 && info.start < 12_250)).toBe(true);
    expect(windower.counts.missing).toBe(bad.length);
  });

  it("no window spans a missing value, when it splits", () => {
    const messages = jittered(4).filter(({ timestamp }) => timestamp < 11_500 || timestamp > 12_000);
    const { frames, windower } = run({ ...OPTIONS, gap: { policy: "split", limit: 0 } }, messages);
    expect(windower.counts).toMatchObject({ splits: 1, bad: 0 });
    expect(frames.length).toBeGreaterThan(3);
  });

  it.each(["hold", "interpolate"] as const)("what was filled (%s) is flagged where it has a part", (policy) => {
    const chunk = new Float64Array(400).fill(1);
    for (let i = 200; i < 204; i++) chunk[i] = NAN;
    const options = { ...OPTIONS, size: 1, hop: 1, gap: { policy, limit: 10 } };
    const { frames } = run(options, [at(0, chunk, { rate: 100 })]);
    const filled = frames.filter(({ info }) => info.quality.filled > 0);
    expect(frames.every(({ info }) => info.quality.ok)).toBe(true);
    expect(filled.map(({ info }) => info.start)).toEqual(expect.arrayContaining([2000, 2020]));
    expect(filled.every(({ info }) => Math.abs(info.start - 2015) < 100)).toBe(true);
    for (const { data } of frames) expect(data[0]).toBeCloseTo(1, 3);
  });

  it("without filling, a missing value spoils what it has a part in", () => {
    const chunk = new Float64Array(400).fill(1);
    chunk[200] = NAN;
    const { frames } = run({ ...OPTIONS, size: 1, hop: 1 }, [at(0, chunk, { rate: 100 })]);
    const bad = frames.filter(({ info }) => !info.quality.ok).map(({ info }) => info.start);
    expect(bad).toContain(2000);
    expect(Math.max(...bad) - Math.min(...bad)).toBeLessThanOrEqual(400);
  });

  it("a stuck channel stays flagged", () => {
    const { frames } = run(
      { ...OPTIONS, channels: [{ channel: "x", stuck: 20 }] },
      jittered(4).map((msg) => ({ ...msg, payload: 7 })),
    );
    expect(frames.at(-1)!.info.quality.reasons).toEqual(["stuck: x"]);
  });

  it("begins anew when the source changes its rate, and the frames stay alike", () => {
    const chunk = (start: number, rate: number) => at(start, new Float64Array(rate * 2).fill(1), { rate });
    const { frames } = run(OPTIONS, [chunk(0, 100), chunk(2000, 200), chunk(4000, 50)]);
    expect(new Set(frames.map(({ info }) => info.rate))).toEqual(new Set([RATE]));
    expect(frames[0]!.info.recipe).toBe(frames.at(-1)!.info.recipe);
    expect(frames.every(({ info }) => Math.floor(info.start / 2000) === Math.floor(info.end / 2000))).toBe(true);
  });

  it("a gate interrupts the filter: nothing of before it was closed comes after", () => {
    const gate = { channel: "run", is: "=", value: 1, settle: 0 } as const;
    const messages = jittered(6).map((msg) => ({
      ...msg,
      payload: { x: msg.timestamp < 13_000 ? 1 : 5, run: msg.timestamp > 12_900 && msg.timestamp < 13_000 ? 0 : 1 },
    }));
    const { frames } = run({ ...OPTIONS, channels: [{ channel: "x" }], gate }, messages);
    for (const { data } of frames) expect(new Set([...data].map((value) => Math.round(value * 1000))).size).toBe(1);
    expect(new Set(frames.map(({ data }) => Math.round(data[0]!)))).toEqual(new Set([1, 5]));
  });

  it("windows may begin at events of the resampled channel, and at messages", () => {
    const trigger = { when: "above", channel: "", value: 12, high: 0, preRoll: 5 } as const;
    const { frames } = run({ ...OPTIONS, size: 10, hop: 10, trigger }, jittered(6));
    expect(frames).toHaveLength(1);
    expect(frames[0]!.info.start).toBeGreaterThan(11_880);
    expect(frames[0]!.info.start).toBeLessThan(11_960);
    const asked = jittered(6, (time) => (time > 11_995 && time < 12_005 ? { trigger: true } : {}));
    const byMessage = run({ ...OPTIONS, size: 10, hop: 10, trigger: { ...trigger, when: "message" } }, asked);
    expect(byMessage.frames).toHaveLength(1);
  });

  it("a rate that cannot be reached is refused with the setting's name, and the node goes on", () => {
    const windower = new Windower({ ...OPTIONS, resample: { rate: 1, limit: 1000 } });
    const push = (rate: number) => windower.push(readReading(at(0, [1, 2], { rate }), NOW), () => undefined);
    expect(() => push(16_000)).toThrow(
      expect.objectContaining({ code: "EDGE_ML_SETTING", details: expect.objectContaining({ field: "rate" }) }),
    );
    expect(() => push(100)).not.toThrow();
  });

  const wrong: [string, Partial<WindowOptions>, string][] = [
    ["a rate of 0", { resample: { rate: 0, limit: 1 } }, "rate"],
    ["an endless rate", { resample: { rate: Number.POSITIVE_INFINITY, limit: 1 } }, "rate"],
    ["no limit", { resample: { rate: 1, limit: 0 } }, "alignLimit"],
    [
      "more rows from one reading than memory holds",
      { size: 1e6, hop: 1, resample: { rate: 1000, limit: 60_000 } },
      "alignLimit",
    ],
  ];
  it.each(wrong)("refuses %s", (_, options, field) => {
    expect(() => new Windower({ ...OPTIONS, ...options })).toThrow(
      expect.objectContaining({ code: "EDGE_ML_SETTING", details: expect.objectContaining({ field }) }),
    );
  });

  it("a jump of a year costs nothing", () => {
    const year = 365 * 86_400_000;
    const { windower } = run(OPTIONS, [
      ...jittered(2),
      ...jittered(2).map((msg) => at(msg.timestamp + year, msg.payload)),
    ]);
    expect(windower.counts.breaks).toBe(1);
    expect(windower.counts.frames).toBeLessThan(20);
  });
});
