import { describe, expect, it } from "vitest";
import { Windower, type WindowOptions } from "../../../../nodes/lib/dsp/index.ts";
import { type Frame, readReading } from "../../../../nodes/lib/frame/index.ts";
import { at, type Msg, NAN, NOW, random, run } from "./support.ts";

const positions = (frames: readonly Frame[]) => frames.map(({ info }) => info.position);

/** Where windows overlap by their positions, they hold the same samples. Values in these tests are unique. */
function expectTrue(frames: readonly Frame[]): void {
  const seen = new Map<number, number>();
  for (const { info, data } of frames) {
    for (const [i, value] of data.entries()) {
      const number = info.position! + i;
      expect(seen.get(number) ?? value).toBe(value);
      seen.set(number, value);
    }
  }
  expect(new Set(seen.values()).size).toBe(seen.size);
}

describe("position", () => {
  it.each([
    [4, 4, [0, 4, 8]],
    [4, 1, [0, 1, 2]],
    [2, 5, [0, 5, 10]],
  ])("by samples, size %i, hop %i: counts all samples", (size, hop, expected) => {
    const { frames } = run(
      { by: "samples", size, hop },
      Array.from({ length: 20 }, (_, i) => at(i, i)),
    );
    expect(positions(frames).slice(0, 3)).toEqual(expected);
  });

  it("by time: counts the samples that are in no window too", () => {
    const { frames } = run(
      { by: "time", size: 20, hop: 50 },
      Array.from({ length: 30 }, (_, i) => at(5 + 10 * i, i)),
    );
    // 5, 15, … : the first window is [50, 70).
    expect(frames.slice(0, 2).map(({ info, data }) => [info.position, ...data])).toEqual([
      [5, 5, 6],
      [10, 10, 11],
    ]);
  });

  const gate = { channel: "run", is: "=", value: 1, settle: 0 } as const;
  const row = (i: number, time: number, more: Msg = {}): Msg => at(time, { x: i, run: 1 }, more);
  const interruptions: [string, Partial<WindowOptions>, Msg][] = [
    ["a pause", { gapLimit: 100 }, at(5000, { x: 1e6, run: 1 })],
    ["a closed gate", { gate }, at(250, { x: 1e6, run: 0 })],
    ["a missing value that splits", { gap: { policy: "split", limit: 0 } }, at(250, { x: NAN, run: NAN })],
    ["a clock that was set back", { reset: 100 }, at(50, { x: 1e6, run: 1 })],
    ["a change of the rate", {}, at(250, { x: 1e6, run: 1 }, { rate: 5 })],
  ];
  for (const by of ["samples", "time"] as const) {
    it.each(interruptions)(`windows by ${by} before and after %s do not seem to adjoin`, (_, options, breach) => {
      const after = breach.timestamp;
      const messages = [
        ...Array.from({ length: 25 }, (_, i) => row(i, i * 10)),
        breach,
        ...Array.from({ length: 25 }, (_, i) =>
          row(100 + i, after + 10 + i * 10, breach.rate === undefined ? {} : { rate: breach.rate }),
        ),
      ];
      const sizes = by === "samples" ? { size: 4, hop: 2 } : { size: 40, hop: 20 };
      const channels = [{ channel: "x" }];
      const { frames } = run({ by, ...sizes, channels, ...options }, messages);
      expectTrue(frames);
      const first = frames.findIndex(({ data }) => data[0]! >= 100);
      expect(first).toBeGreaterThan(2);
      expect(frames.length).toBeGreaterThan(first + 2);
      const before = frames[first - 1]!.info;
      expect(frames[first]!.info.position! - (before.position! + before.shape[0]!)).toBeGreaterThanOrEqual(4);
    });
  }

  it("a stream that was forgotten, evicted or reset goes on beyond its old numbers", () => {
    const windower = new Windower({ by: "samples", size: 2, hop: 2, maxStreams: 1, idle: 1000 }, 50);
    const frames: Frame[] = [];
    let value = 0;
    const push = (topic: string, now: number) => {
      const reading = readReading({ topic, payload: ++value, timestamp: value }, NOW);
      windower.push(reading, (frame) => frames.push(frame), now);
    };
    const both = (topic: string, now: number) => [push(topic, now), push(topic, now)];
    both("a", 0);
    both("b", 0); // evicts a
    both("a", 0); // evicts b
    windower.reset("a");
    both("a", 0);
    windower.reset();
    both("a", 0);
    both("a", 5000);
    expect(positions(frames)).toEqual([50, 54, 58, 62, 66, 70]);
    windower.forgetIdle(9000);
    both("a", 9000);
    expect(positions(frames).at(-1)).toBe(74);
  });

  it("holds for random interruptions of every kind", () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const next = random(seed);
      let time = 0;
      const messages = Array.from({ length: 2000 }, (_, i): Msg => {
        const kind = next();
        time += kind < 0.01 ? 1000 : kind < 0.015 ? -500 : 10;
        return at(time, { x: kind > 0.99 ? NAN : i, run: kind > 0.98 && kind < 0.99 ? 0 : 1 });
      });
      const by = seed % 2 === 0 ? "samples" : "time";
      const sizes = by === "samples" ? { size: 5, hop: seed } : { size: 50, hop: 10 * seed };
      const { frames, windower } = run(
        {
          by,
          ...sizes,
          channels: [{ channel: "x" }],
          gapLimit: 100,
          reset: 100,
          gate,
          gap: { policy: "split", limit: 0 },
        },
        messages,
      );
      expect(frames.length).toBeGreaterThan(50);
      expect(windower.counts.restarts).toBeGreaterThan(2);
      expectTrue(frames);
    }
  });
});
