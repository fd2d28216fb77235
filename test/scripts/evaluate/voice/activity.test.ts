import { describe, expect, it } from "vitest";
import { activityOf, powerOf } from "../../../../scripts/evaluate/voice/activity.ts";

const RATE = 16_000;

/** Silence or hiss with tones of 440 Hz in it. */
function sound(seconds: number, tones: [from: number, to: number, level: number][], hiss = 0): Float32Array {
  let state = 1;
  return Float32Array.from({ length: seconds * RATE }, (_, i) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    const t = i / RATE;
    const tone = tones.find(([from, to]) => t >= from && t < to);
    return hiss * (state / 2 ** 30 - 1) + (tone ? tone[2] * Math.sin(2 * Math.PI * 440 * t) : 0);
  });
}

describe("where somebody speaks", () => {
  it("is where the energy is; its power is that of the loud part alone", () => {
    const found = activityOf(sound(3, [[1, 1.6, 0.5]]), RATE)!;
    expect([found.start / RATE, found.end / RATE]).toEqual([1, 1.6]);
    expect(found.power).toBeCloseTo(0.125, 3);
  });

  it("bridges the pause inside a word, and leaves out a click", () => {
    const word = sound(3, [
      [0.3, 0.32, 0.5],
      [1, 1.2, 0.5],
      [1.28, 1.5, 0.4],
    ]);
    const found = activityOf(word, RATE)!;
    expect([found.start / RATE, found.end / RATE]).toEqual([1, 1.5]);
  });

  it("does not depend on the gain, and holds in hiss", () => {
    const one = activityOf(sound(3, [[1, 1.6, 0.5]], 0.01), RATE)!;
    const soft = activityOf(
      sound(3, [[1, 1.6, 0.5]], 0.01).map((value) => value / 50),
      RATE,
    )!;
    expect([soft.start, soft.end]).toEqual([one.start, one.end]);
    expect(one.start / RATE).toBeCloseTo(1, 1);
    expect(one.end / RATE).toBeCloseTo(1.6, 1);
  });

  it.each([
    ["nothing", new Float32Array(0)],
    ["silence", new Float32Array(RATE)],
  ])("finds nobody in %s", (_, nobody) => {
    expect(activityOf(nobody, RATE)).toBeUndefined();
    expect(powerOf(nobody)).toBe(0);
  });
});
