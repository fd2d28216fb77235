import { describe, expect, it } from "vitest";
import { recipeDifference } from "../../../../nodes/lib/recipe/index.ts";
import { at, type Msg, random, run } from "./support.ts";

const OPTIONS = { by: "samples", size: 10, hop: 10, channels: [{ channel: "x" }] } as const;

/** Chunks that say `rate` and come at `real`, their timestamps rounded to ms and jittered. */
function chunks(count: number, length: number, rate: number, real: number, jitter = 0): Msg[] {
  const next = random(count + length);
  return Array.from({ length: count }, (_, i) => {
    const time = 1e6 + (i * length * 1000) / real + jitter * (next() - 0.5);
    return at(Math.round(time), new Float32Array(length).fill(i), { rate });
  });
}

const reasons = (messages: Msg[]) => run(OPTIONS, messages).frames.map(({ info }) => info.quality.reasons.join());

describe("the rate of chunks", () => {
  it.each([
    ["10 % too slow", 90, 100],
    ["10 % too fast", 110, 100],
    ["four times too slow", 25, 100],
    ["ten times too fast", 1000, 100],
  ])("that is %s for the timestamps is told, until it fits again", (_, real, rate) => {
    const found = reasons(chunks(100, 100, rate, real));
    expect(found.slice(0, 10)).toEqual(new Array(10).fill(""));
    expect(found.at(-1)).toBe("rate");
    expect(run(OPTIONS, chunks(100, 100, rate, real)).frames.at(-1)!.info.quality.ok).toBe(false);
  });

  it("goes back to good when the source is right again", () => {
    const wrong = chunks(40, 100, 100, 80);
    const right = chunks(60, 100, 100, 100).map((msg) => ({ ...msg, timestamp: msg.timestamp + 1e5 }));
    const found = reasons([...wrong, ...right]);
    expect(found).toContain("rate");
    expect(found.at(-1)).toBe("");
  });

  const right: [string, Msg[]][] = [
    ["exact chunks", chunks(200, 100, 100, 100)],
    ["a deviation of 3 %", chunks(200, 100, 100, 103)],
    ["jitter of half a chunk", chunks(200, 100, 100, 100, 500)],
    ["20 ms of audio with a jitter of 10 ms", chunks(1000, 320, 16000, 16000, 10)],
    ["single samples with rounded timestamps", chunks(5000, 1, 333, 333)],
    [
      "an hour's pause",
      chunks(200, 100, 100, 100).map((msg, i) =>
        i < 95 ? msg : at(msg.timestamp + 3.6e6, msg.payload, { rate: 100 }),
      ),
    ],
    ["a chunk that got lost", chunks(200, 100, 100, 100).filter((_, i) => i % 50 !== 25)],
    ["a chunk that came twice", chunks(200, 100, 100, 100).flatMap((msg, i) => (i % 50 === 25 ? [msg, msg] : [msg]))],
    ["few chunks", chunks(20, 100, 100, 50)],
    ["arrival times only", chunks(200, 100, 100, 50).map(({ payload, rate }) => ({ payload, rate }))],
  ];
  it.each(right)("is not doubted for %s", (_, messages) => {
    const found = reasons(messages);
    expect(found.length).toBeGreaterThan(50);
    expect(new Set(found)).toEqual(new Set([""]));
  });

  it("is in the frame and its recipe, and changes with the source", () => {
    const { frames } = run(OPTIONS, [...chunks(1, 10, 100, 100), at(2e6, new Float32Array(10), { rate: 50 })]);
    expect(frames.map(({ info }) => [info.rate, info.recipe.window?.rate])).toEqual([
      [100, 100],
      [50, 50],
    ]);
    expect(recipeDifference(frames[1]!.info.recipe, frames[0]!.info.recipe)).toMatchObject({ field: "window.rate" });
  });

  it("is not known of single readings; an older recipe without it is like one with it", () => {
    const plain = run({ ...OPTIONS, size: 1, hop: 1 }, [at(0, 1)]).frames[0]!.info;
    expect(plain.rate).toBeUndefined();
    expect(plain.recipe.window).not.toHaveProperty("rate");
    const known = run({ ...OPTIONS, size: 1, hop: 1 }, [at(0, [1], { rate: 100 })]).frames[0]!.info;
    expect(recipeDifference(known.recipe, plain.recipe)).toBeUndefined();
    expect(recipeDifference(plain.recipe, known.recipe)).toMatchObject({ field: "window.rate", expected: 100 });
  });
});
