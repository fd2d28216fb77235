import { describe, expect, it } from "vitest";
import { GridResampler } from "../../../../nodes/lib/dsp/resample/grid-resampler.ts";
import { collector, randomFrom, toneIn } from "./support.ts";

/** 1 January 2026, 100 ms after a full second. */
const START = Date.UTC(2026, 0, 1) + 100;

function grid(rate: number, limit: number, channels = 1) {
  const given = collector();
  return { ...given, resampler: new GridResampler({ rate, channels, limit }, given.counts, given.output) };
}

/** Readings of a function of time (ms since START) at `rate` Hz, each up to `jitter` of a period early or late. */
function readings(rate: number, count: number, jitter: number, signal: (ms: number) => number): [number, number][] {
  const random = randomFrom(11);
  return Array.from({ length: count }, (_, i) => {
    const ms = ((i + jitter * (2 * random() - 1)) * 1000) / rate;
    return [START + ms, signal(ms)];
  });
}

const sine =
  (frequency: number) =>
  (ms: number): number =>
    Math.sin((2 * Math.PI * frequency * ms) / 1000);

describe("the resampler onto a grid", () => {
  it("gives rows at k · 1000 / rate, on the line between the readings", () => {
    const { resampler, rows } = grid(10, 1000);
    // A straight line, read at any times, is the same line on the grid.
    const line = readings(9, 200, 0.3, (ms) => 3 * ms - 5);
    for (const [time, value] of line) resampler.push(time, Float64Array.of(value));
    expect(rows.length).toBeGreaterThan(200);
    for (const [i, { time, values }] of rows.entries()) {
      expect(time).toBe(rows[0]!.time + i * 100);
      expect(time % 100).toBe(0);
      // A time of today is a double with steps of .00024 ms.
      expect(Math.abs(values[0]! - (3 * (time - START) - 5))).toBeLessThan(3 * 0.00025);
    }
    expect(rows[0]!.time - line[0]![0]).toBeLessThanOrEqual(100);
    expect(line.at(-1)![0] - rows.at(-1)!.time).toBeLessThan(100);
  });

  it("passes readings that lie on the grid as they are", () => {
    const { resampler, rows } = grid(100, 50);
    const values = Array.from({ length: 50 }, (_, i) => Math.sin(i * i));
    for (const [i, value] of values.entries()) resampler.push(START + i * 10, Float64Array.of(value), `${i}`);
    expect(rows).toEqual(values.map((value, i) => ({ time: START + i * 10, values: [value], label: `${i}` })));
  });

  it("with a jitter of 20 % at 100 Hz a sine of 5 Hz is off by at most 2.5 %", () => {
    const { resampler, rows } = grid(100, 50);
    for (const [time, value] of readings(100, 1000, 0.2, sine(5))) resampler.push(time, Float64Array.of(value));
    const errors = rows.map(({ time, values }) => Math.abs(values[0]! - sine(5)(time - START)));
    // The chord of a sine is off by at most (2πf · span)² / 8, with a span of up to 14 ms.
    expect(Math.max(...errors)).toBeLessThan((2 * Math.PI * 5 * 0.014) ** 2 / 8);
    expect(Math.max(...errors)).toBeGreaterThan(0.001);
    expect(rows.length).toBeGreaterThan(990);
  });

  it("takes away what would fold from a faster source, and keeps the rest", () => {
    for (const [frequency, most, least] of [
      [5, 1.003, 0.99],
      [80, 10 ** (-40 / 20), 0],
      [130, 10 ** (-40 / 20), 0],
    ] as const) {
      const { resampler, rows } = grid(100, 50);
      for (const [time, value] of readings(1000, 6000, 0, sine(frequency))) {
        resampler.push(time, Float64Array.of(value));
      }
      const amplitude = toneIn(
        rows.map(({ time, values }) => ({ time, value: values[0]! })),
        frequency,
      );
      expect(amplitude, `${frequency} Hz`).toBeLessThanOrEqual(most);
      expect(amplitude, `${frequency} Hz`).toBeGreaterThanOrEqual(least);
      expect(rows.every(({ time }, i) => time === rows[0]!.time + i * 10)).toBe(true);
    }
  });

  it("leaves rows missing where readings are further apart than the limit, and invents nothing", () => {
    const { resampler, rows, counts } = grid(10, 300);
    for (let i = 0; i < 30; i++) resampler.push(START + i * 100, Float64Array.of(i, i));
    resampler.push(START + 3200, Float64Array.of(32));
    resampler.push(START + 3501, Float64Array.of(35.01));
    resampler.push(START + 3600, Float64Array.of(36));
    expect(rows.slice(29).map(({ values }) => values[0])).toEqual([
      29,
      expect.closeTo(30, 9),
      expect.closeTo(31, 9),
      32,
      Number.NaN,
      Number.NaN,
      Number.NaN,
      36,
    ]);
    expect(counts).toEqual({ late: 0, missing: 3, breaks: 0 });
  });

  it("NaN stays in its channel, between the readings beside it", () => {
    const { resampler, rows, counts } = grid(10, 300, 2);
    for (let i = 0; i < 30; i++) {
      resampler.push(START + i * 100 + 50, Float64Array.of(i === 20 ? Number.NaN : 1, 7));
    }
    expect(rows.flatMap(({ values }, i) => (Number.isNaN(values[0]) ? [i] : []))).toEqual([19, 20]);
    expect(rows.every(({ values }) => values[1] === 7)).toBe(true);
    expect(counts.missing).toBe(2);
  });

  it("with a reading at the very moment of a row, needs no other", () => {
    const { resampler, rows } = grid(10, 300);
    for (let i = 0; i < 30; i++) resampler.push(START + i * 100, Float64Array.of(i % 2 === 0 ? i : Number.NaN));
    expect(rows.map(({ values }) => values[0])).toEqual(
      Array.from({ length: 30 }, (_, i) => (i % 2 === 0 ? i : Number.NaN)),
    );
  });

  it("begins anew after a year, without a row for each moment of it", () => {
    const { resampler, rows, counts, breaks } = grid(1000, 1000);
    const year = 365 * 86_400_000;
    for (const base of [START, START + year]) {
      for (let i = 0; i < 100; i++) resampler.push(base + i, Float64Array.of(i));
    }
    expect(rows).toHaveLength(200);
    expect(breaks).toEqual([100]);
    expect(counts.breaks).toBe(1);
    expect(rows[100]!.time).toBe(START + year);
  });

  it("leaves out readings that repeat a time or go back", () => {
    const { resampler, rows, counts } = grid(10, 1000);
    for (let i = 0; i < 30; i++) {
      resampler.push(START + i * 100, Float64Array.of(i));
      resampler.push(START + i * 100, Float64Array.of(-1));
      resampler.push(START + i * 100 - 250, Float64Array.of(-1));
    }
    expect(rows.map(({ values }) => values[0])).toEqual(Array.from({ length: 30 }, (_, i) => i));
    expect(counts.late).toBe(60);
  });

  it("a slow source gives its rows with its second reading", () => {
    const { resampler, rows } = grid(1, 120_000);
    resampler.push(START, Float64Array.of(0));
    resampler.push(START + 60_000, Float64Array.of(60));
    expect(rows).toHaveLength(60);
    expect(rows[29]!.values[0]).toBeCloseTo(29.9, 9);
  });

  it("begins anew when a source becomes much faster, so that nothing folds", () => {
    const { resampler, rows, counts, breaks } = grid(100, 50);
    const slow = readings(100, 300, 0, sine(5));
    for (const [time, value] of slow) resampler.push(time, Float64Array.of(value));
    const base = slow.at(-1)![0] - START;
    for (const [time, value] of readings(1000, 6000, 0, (ms) => sine(130)(ms))) {
      resampler.push(base + time, Float64Array.of(value));
    }
    expect(counts.breaks).toBe(1);
    expect(breaks).toHaveLength(1);
    const after = rows.slice(breaks[0]).map(({ time, values }) => ({ time, value: values[0]! }));
    expect(after.length).toBeGreaterThan(500);
    expect(toneIn(after, 30)).toBeLessThan(0.01);
  });

  it("after a pause a filtered grid goes on where it was, with missing rows for what is not known", () => {
    const { resampler, rows, counts } = grid(10, 500);
    for (let i = 0; i < 1000; i++) resampler.push(START + i * 10, Float64Array.of(5));
    for (let i = 0; i < 1000; i++) resampler.push(START + 15_000 + i * 10, Float64Array.of(5));
    expect(rows.every(({ time }, i) => time === rows[0]!.time + i * 100)).toBe(true);
    const missing = rows.filter(({ values }) => Number.isNaN(values[0]));
    expect(counts.missing).toBe(missing.length);
    // 5 s of pause, and 10 rows to either side.
    expect(missing).toHaveLength(50 + 20);
    expect(counts.breaks).toBe(0);
  });

  it.each([
    ["huge", 1e300],
    ["minus huge", -1e300],
    ["Infinity", Number.POSITIVE_INFINITY],
    ["NaN", Number.NaN],
    ["the largest date", 8.64e15],
    ["the smallest date", -8.64e15],
  ])("comes to an end with a time that is %s", (_, time) => {
    const { resampler, rows } = grid(200_000, 100);
    for (let i = 0; i < 30; i++) resampler.push(START + i, Float64Array.of(i));
    const before = rows.length;
    resampler.push(time, Float64Array.of(1));
    for (let i = 0; i < 30; i++) resampler.push(time + i, Float64Array.of(1));
    expect(rows.length - before).toBeLessThan(10_000);
  });

  it.each([
    ["the smallest denormal", 5e-324],
    ["the largest number", Number.MAX_VALUE],
    ["Infinity", Number.POSITIVE_INFINITY],
  ])("takes %s as a value", (_, value) => {
    const { resampler, rows } = grid(10, 1000);
    for (let i = 0; i < 400; i++) resampler.push(START + i * 70, Float64Array.of(value));
    expect(rows.length).toBeGreaterThan(20);
  });

  it("refuses a limit of more rows than one reading may cost", () => {
    expect(() => grid(1000, 1e6)).toThrow(
      expect.objectContaining({ code: "EDGE_ML_SETTING", details: expect.objectContaining({ field: "alignLimit" }) }),
    );
  });
});
