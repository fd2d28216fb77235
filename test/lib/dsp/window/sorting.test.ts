import { describe, expect, it } from "vitest";
import { Windower, type WindowOptions } from "../../../../nodes/lib/dsp/index.ts";
import { readReading } from "../../../../nodes/lib/frame/index.ts";
import { at, NOW, random, run, values } from "./support.ts";

const options: WindowOptions = { by: "samples", size: 1, hop: 1, tolerance: 100 };

describe("readings out of order", () => {
  it("within the tolerance are sorted, and counted", () => {
    const { frames, windower } = run(options, [at(0, 0), at(30, 3), at(10, 1), at(20, 2), at(200, 20), at(301, 30)]);
    expect(values(frames).flat()).toEqual([0, 1, 2, 3, 20]);
    expect(windower.counts).toMatchObject({ sorted: 2, late: 0 });
  });

  it("beyond it are late: left out and counted", () => {
    const { frames, windower } = run(options, [
      at(0, 0),
      at(200, 20),
      at(99, 9),
      at(150, 15),
      at(301, 30),
      at(500, 50),
    ]);
    expect(values(frames).flat()).toEqual([0, 15, 20, 30]);
    expect(windower.counts).toMatchObject({ sorted: 1, late: 1 });
    const late = run(options, [at(0, 0), at(200, 20), at(320, 32), at(190, 19), at(500, 50)]);
    expect(values(late.frames).flat()).toEqual([0, 20, 32]);
    expect(late.windower.counts).toMatchObject({ sorted: 0, late: 1 });
  });

  it("twice the same are duplicates, wherever the second one comes", () => {
    const { frames, windower } = run(options, [at(0, 0), at(10, 1), at(20, 2), at(10, 1), at(20, 2), at(500, 3)]);
    expect(values(frames).flat()).toEqual([0, 1, 2]);
    expect(windower.counts).toMatchObject({ duplicates: 2, late: 0 });
  });

  it("any shuffle within the tolerance gives the windows of the sorted recording", () => {
    const next = random(11);
    const times = Array.from({ length: 1000 }, (_, i) => 10 * i);
    const shuffled = times
      .map((time) => ({ time, comes: time + 99 * next() }))
      .sort((a, b) => a.comes - b.comes)
      .map(({ time }) => at(time, time));
    const sizes = { by: "samples", size: 20, hop: 7 } as const;
    const sorted = run(
      sizes,
      [...times, 20_000].map((time) => at(time, time)),
    ).frames;
    const { frames, windower } = run({ ...sizes, tolerance: 100 }, [...shuffled, at(20_000, 20_000), at(40_000, 1)]);
    expect(windower.counts.late).toBe(0);
    expect(windower.counts.sorted).toBeGreaterThan(100);
    expect(frames).toEqual(sorted);
  });

  it("what waits is not lost when the clock is set back, nor when a chunk comes", () => {
    const back = run({ ...options, reset: 1000 }, [at(5000, 1), at(5010, 2), at(0, 3), at(10, 4), at(200, 5)]);
    expect(values(back.frames).flat()).toEqual([1, 2, 3, 4]);
    expect(back.windower.counts).toMatchObject({ restarts: 1, late: 0 });
    const chunk = run(options, [at(0, 1), at(10, 2), at(20, [3, 4], { rate: 100 })]);
    expect(values(chunk.frames).flat()).toEqual([1, 2, 3, 4]);
  });

  it("readings without a timestamp are not held back", () => {
    expect(values(run(options, [{ payload: 1 }, { payload: 2 }]).frames).flat()).toEqual([1, 2]);
  });

  it("ten late ones in a row begin the stream anew", () => {
    const { frames, windower } = run(options, [
      at(100_000, 1),
      ...Array.from({ length: 12 }, (_, i) => at(1000 + i, i)),
      at(2000, 99),
    ]);
    expect(values(frames).flat()).toEqual([1, 9, 10, 11]);
    expect(windower.counts).toMatchObject({ late: 9, restarts: 1 });
  });

  it("no more than 1,024 of a stream wait, and their memory is counted", () => {
    const windower = new Windower({ ...options, tolerance: 600_000 });
    let frames = 0;
    for (let i = 0; i < 3000; i++) windower.push(readReading(at(i, i), NOW), () => frames++);
    expect(frames).toBe(3000 - 1024);
    expect(windower.bytes).toBeGreaterThan(1024 * 200);
    expect(windower.bytes).toBeLessThan(1024 * 300);
    windower.reset();
    expect(windower.bytes).toBe(0);
  });
});
