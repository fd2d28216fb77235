import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { PolyphaseResampler } from "../../../../nodes/lib/dsp/resample/polyphase-resampler.ts";
import { ratioOf } from "../../../../nodes/lib/dsp/resample/rational.ts";
import { type Given, toneIn } from "./support.ts";

const ROOT = resolve(import.meta.dirname, "../../../..");

interface Golden {
  cases: { from: number; to: number; up: number; down: number; x: number[]; y: number[] }[];
}
const golden = JSON.parse(readFileSync(join(ROOT, "test/golden/blocks/resample.json"), "utf8")) as Golden;

/** Resamples samples of one channel that begin at 0. */
function resample(x: ArrayLike<number>, from: number, to: number, edges: "skip" | "zero"): Given[] {
  const rows: Given[] = [];
  const resampler = new PolyphaseResampler(
    ratioOf(from, to),
    1,
    (time, values, label) => rows.push({ time, values: [...values], label }),
    edges,
  );
  const row = new Float64Array(1);
  for (let i = 0; i < x.length; i++) {
    row[0] = x[i]!;
    resampler.push((i * 1000) / from, row, String(i));
  }
  if (edges === "zero") resampler.finish();
  return rows;
}

/** A unit sine of a frequency at `from` Hz, brought to `to` Hz: the amplitude that is left of it. */
function passed(frequency: number, from: number, to: number): number {
  const x = Float64Array.from({ length: 40 * Math.ceil(from / Math.min(from, to)) * 10 }, (_, i) =>
    Math.sin((2 * Math.PI * frequency * i) / from),
  );
  return toneIn(
    resample(x, from, to, "skip").map(({ time, values }) => ({ time, value: values[0]! })),
    frequency,
  );
}

describe("the polyphase resampler", () => {
  it.each(golden.cases)(
    "agrees with scipy.signal.resample_poly from $from to $to Hz",
    ({ from, to, up, down, x, y }) => {
      expect(ratioOf(from, to)).toEqual({ up, down });
      const rows = resample(x, from, to, "zero");
      expect(rows).toHaveLength(Math.ceil((x.length * up) / down));
      const largest = Math.max(...y.map(Math.abs));
      for (const [i, value] of y.entries()) {
        // The golden numbers have 12 digits.
        expect(Math.abs(rows[i]!.values[0]! - value), `row ${i}`).toBeLessThanOrEqual(1e-11 * largest);
        expect(rows[i]!.time).toBeCloseTo((i * 1000 * down) / up / from, 9);
        expect(rows[i]!.label).toBe(String(Math.floor((i * down) / up)));
      }
    },
  );

  it.each(golden.cases.filter(({ x }) => x.length > 50))(
    "gives, from $from to $to Hz, the rows of scipy whose filter lies wholly in the samples",
    ({ from, to, up, down, x, y }) => {
      const rows = resample(x, from, to, "skip");
      const reach = up === down ? 0 : 10 * Math.max(up, down);
      const whole = y.flatMap((value, m) =>
        Math.ceil((m * down - reach) / up) >= 0 && Math.floor((m * down + reach) / up) < x.length
          ? [[m, value] as const]
          : [],
      );
      expect(rows.length).toBe(whole.length);
      for (const [i, [m, value]] of whole.entries()) {
        expect(rows[i]!.values[0]).toBeCloseTo(value, 9);
        expect(rows[i]!.time).toBeCloseTo((m * 1000 * down) / up / from, 9);
      }
    },
  );

  it("keeps a unit sine a unit sine within .25 % up to .84 of the lower Nyquist frequency", () => {
    for (const [from, to] of [
      [44100, 16000],
      [1000, 100],
      [62.5, 50],
      [50, 200],
    ] as const) {
      for (const share of [0.05, 0.3, 0.6, 0.8, 0.84]) {
        const amplitude = passed((share * Math.min(from, to)) / 2, from, to);
        expect(Math.abs(amplitude - 1), `${from} to ${to} Hz at ${share}`).toBeLessThan(2.5e-3);
      }
    }
  });

  it.each([
    [1.16, 53],
    [1.25, 53],
    [1.35, 60],
    [1.5, 60],
    [1.9, 60],
    [2.1, 71],
    [3.3, 71],
    [4.7, 71],
  ])("at %d times the new Nyquist frequency takes at least %d dB from what would be an alias", (share, decibels) => {
    const frequency = share * 50;
    const x = Float64Array.from({ length: 8000 }, (_, i) => Math.sin((2 * Math.PI * frequency * i) / 1000 + 0.3));
    const left = resample(x, 1000, 100, "skip").map(({ values }) => values[0]!);
    // Whatever frequency it has become.
    expect(Math.SQRT2 * Math.sqrt(left.reduce((sum, v) => sum + v * v, 0) / left.length)).toBeLessThan(
      10 ** (-decibels / 20),
    );
  });

  it("keeps the times of the rows it was given, chunks that drift included", () => {
    const times: number[] = [];
    const resampler = new PolyphaseResampler(ratioOf(100, 50), 1, (time, values) => {
      times.push(time - values[0]!);
    });
    // The value is the time itself: a line, that a symmetric filter leaves as it is.
    for (let i = 0; i < 400; i++) {
      const time = 5000 + i * 10.001;
      resampler.push(time, Float64Array.of(time));
    }
    expect(times.length).toBe(180);
    for (const difference of times) expect(Math.abs(difference)).toBeLessThan(0.01);
  });

  it("keeps channels apart, and NaN in its channel and within its filter's reach", () => {
    const rows: number[][] = [];
    const resampler = new PolyphaseResampler(ratioOf(100, 50), 2, (_, values) => rows.push([...values]));
    for (let i = 0; i < 200; i++) resampler.push(i * 10, Float64Array.of(i === 100 ? Number.NaN : 1, 2));
    const bad = rows.flatMap(([value], i) => (Number.isNaN(value) ? [i + 10] : []));
    // 20 input rows to either side of row 100 are 10 output rows to either side of row 50.
    expect(bad).toEqual(Array.from({ length: 21 }, (_, i) => 40 + i));
    for (const [i, [a, b]] of rows.entries()) {
      if (!bad.includes(i + 10)) expect(a).toBeCloseTo(1, 3);
      expect(b).toBeCloseTo(2, 3);
    }
  });

  it("is linear", () => {
    const a = golden.cases[0]!.x;
    const b = a.map((_, i) => Math.cos(i));
    const sum = resample(
      a.map((x, i) => 3 * x - b[i]!),
      44100,
      16000,
      "skip",
    );
    const [ra, rb] = [resample(a, 44100, 16000, "skip"), resample(b, 44100, 16000, "skip")];
    for (const [i, { values }] of sum.entries()) {
      expect(values[0]).toBeCloseTo(3 * ra[i]!.values[0]! - rb[i]!.values[0]!, 12);
    }
  });

  it("is as new after a reset", () => {
    const rows: number[] = [];
    const resampler = new PolyphaseResampler(ratioOf(3, 2), 1, (time, values) => rows.push(time, values[0]!));
    const run = (): number[] => {
      rows.length = 0;
      for (let i = 0; i < 60; i++) resampler.push(i, Float64Array.of(Math.sin(i)));
      return [...rows];
    };
    const first = run();
    resampler.reset();
    expect(run()).toEqual(first);
    expect(first.length).toBeGreaterThan(10);
  });
});

describe("a ratio of rates", () => {
  it.each([
    [44100, 16000, 160, 441],
    [62.5, 50, 4, 5],
    [99.7, 100, 1000, 997],
    [1, 1, 1, 1],
    [0.1, 100, 1000, 1],
    [1000, 1, 1, 1000],
    [1 / 3, 1 / 7, 3, 7],
  ])("%d to %d Hz is %d / %d", (from, to, up, down) => {
    expect(ratioOf(from, to)).toEqual({ up, down });
  });

  it("is at most .1 % off for any two rates, with factors up to 1000", () => {
    for (let i = 0; i < 5000; i++) {
      const ratio = 10 ** (3 * Math.sin(i * 1.7));
      const { up, down } = ratioOf(1, ratio);
      expect(Math.max(up, down)).toBeLessThanOrEqual(1000);
      expect(Math.min(up, down)).toBeGreaterThanOrEqual(1);
      expect(Math.abs(up / down / ratio - 1), `${ratio} is ${up} / ${down}`).toBeLessThan(1e-3);
    }
  });

  it.each([
    [1000, 0.5],
    [1, 1001],
    [1, Number.NaN],
  ])("refuses %d to %d Hz", (from, to) => {
    expect(() => ratioOf(from, to)).toThrow(expect.objectContaining({ code: "EDGE_ML_SETTING" }));
  });
});
