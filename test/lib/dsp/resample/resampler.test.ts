import { describe, expect, it } from "vitest";
import { Resampler } from "../../../../nodes/lib/dsp/resample/index.ts";
import { collector, randomFrom } from "./support.ts";

const START = Date.UTC(2026, 0, 1);

function resampler(rate: number, limit: number, channels = 1) {
  const given = collector();
  return { ...given, resampler: new Resampler({ rate, channels, limit }, given.counts, given.output) };
}

describe("the resampler of a stream", () => {
  it("gives the rows of a chunk at the new rate, at their true times", () => {
    const { resampler: r, rows } = resampler(50, 1000, 2);
    for (let i = 0; i < 400; i++) {
      r.push(START + i * 10, Float64Array.of(Math.sin(i / 20), i), i < 200 ? "a" : "b", 100);
    }
    expect(rows[0]!.time).toBe(START + 200);
    for (const { time, values, label } of rows) {
      const i = (time - START) / 10;
      expect(i % 2).toBe(0);
      expect(Math.abs(values[0]! - Math.sin(i / 20))).toBeLessThan(2.5e-3);
      expect(Math.abs(values[1]! - i)).toBeLessThan(2.5e-3 * i);
      expect(label).toBe(i < 200 ? "a" : "b");
    }
  });

  it("passes a chunk that has the rate already as it is, without a delay", () => {
    const { resampler: r, rows } = resampler(100, 1000);
    for (let i = 0; i < 20; i++) r.push(START + i * 10, Float64Array.of(i * i), undefined, 100);
    expect(rows.map(({ time, values }) => [time, values[0]])).toEqual(
      Array.from({ length: 20 }, (_, i) => [START + i * 10, i * i]),
    );
  });

  it("breaks where chunks are further apart than the limit, go back, or change their rate", () => {
    const { resampler: r, rows, breaks, counts } = resampler(50, 100);
    let time = START;
    const run = (rate: number | undefined): void => {
      for (let i = 0; i < 100; i++) {
        time += 10;
        r.push(time, Float64Array.of(1), undefined, rate);
      }
    };
    run(100);
    time += 80;
    run(100);
    expect(breaks).toHaveLength(0);
    time += 101;
    run(100);
    expect(breaks).toHaveLength(1);
    time -= 5000;
    run(100);
    expect(breaks).toHaveLength(2);
    run(200);
    expect(breaks).toHaveLength(3);
    run(undefined);
    expect(breaks).toHaveLength(4);
    run(200);
    expect(counts.breaks).toBe(5);
    // No row comes from both sides of a break: a constant is still one, and no row is missing.
    expect(rows.every(({ values }) => Math.abs(values[0]! - 1) < 2.5e-3)).toBe(true);
    expect(counts.missing).toBe(0);
  });

  it("counts rows with a missing value", () => {
    const { resampler: r, rows, counts } = resampler(50, 100);
    for (let i = 0; i < 300; i++) r.push(START + i * 10, Float64Array.of(i === 150 ? Number.NaN : 1), undefined, 100);
    expect(counts.missing).toBe(21);
    expect(rows.filter(({ values }) => Number.isNaN(values[0]))).toHaveLength(21);
  });

  it("says what is wrong when one rate is more than 1000 times the other, and goes on with the next", () => {
    const { resampler: r, rows } = resampler(10, 100);
    expect(() => r.push(START, Float64Array.of(1), undefined, 16_000)).toThrow(
      expect.objectContaining({ code: "EDGE_ML_SETTING", details: expect.objectContaining({ field: "rate" }) }),
    );
    for (let i = 0; i < 30; i++) r.push(START + i * 100, Float64Array.of(1), undefined, 10);
    expect(rows).toHaveLength(30);
  });

  it("after a reset gives what it gave when it was new", () => {
    for (const rate of [undefined, 100]) {
      const { resampler: r, rows } = resampler(30, 100);
      const random = randomFrom(5);
      const input = Array.from({ length: 500 }, (_, i) => [START + i * 10 + 4 * random(), random()] as const);
      const run = () => {
        rows.length = 0;
        for (const [time, value] of input) r.push(time, Float64Array.of(value), undefined, rate);
        return [...rows];
      };
      const first = run();
      expect(first.length).toBeGreaterThan(100);
      r.reset();
      expect(run()).toEqual(first);
    }
  });
});
