import { describe, expect, it } from "vitest";
import { findWord } from "../../../nodes/lib/sound/index.ts";

const RATE = 16_000;

/** Noise of a level in dB of full scale for some seconds, and louder stretches: [from s, to s, dB]. */
function sound(seconds: number, room: number, ...loud: [from: number, to: number, level: number][]): Float32Array {
  let state = 1;
  const noise = () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return (state / 1073741824 - 1) * Math.sqrt(3);
  };
  return Float32Array.from({ length: seconds * RATE }, (_, i) => {
    const time = i / RATE;
    const level = loud.find(([from, to]) => time >= from && time < to)?.[2] ?? room;
    return 10 ** (level / 20) * noise();
  });
}

const seconds = (word: ReturnType<typeof findWord>) => word && [word.start / RATE, word.end / RATE];

describe("findWord", () => {
  it.each<[string, Float32Array, [number, number] | undefined]>([
    ["a word in a quiet room", sound(2, -70, [0.6, 1.2, -20]), [0.6, 1.2]],
    ["a word in a loud room", sound(2, -45, [0.6, 1.2, -20]), [0.6, 1.2]],
    ["a quiet word in a quiet room", sound(2, -85, [0.6, 1.2, -50]), [0.6, 1.2]],
    ["a word with a pause in it", sound(2, -70, [0.5, 0.8, -20], [0.95, 1.2, -25]), [0.5, 1.2]],
    ["a word that fades", sound(2, -70, [0.5, 0.8, -20], [0.8, 1.2, -40]), [0.5, 1.2]],
    ["a word behind a click", sound(2, -70, [0.2, 0.23, -10], [0.9, 1.3, -20]), [0.9, 1.3]],
    ["the longer one of two words", sound(2, -70, [0.2, 0.4, -20], [0.9, 1.5, -20]), [0.9, 1.5]],
    ["a word that is still going on at the end", sound(2, -70, [1.4, 2, -20]), [1.4, 2]],
    ["a word on top of a constant voltage", sound(2, -70, [0.6, 1.2, -20]).map((x) => x + 0.3), [0.6, 1.2]],
    ["nothing in a quiet room", sound(2, -70), undefined],
    ["nothing in a loud room", sound(2, -30), undefined],
    ["nothing but a click", sound(2, -70, [0.5, 0.53, -10]), undefined],
    ["a sound that is too quiet for a word", sound(2, -95, [0.6, 1.2, -70]), undefined],
    ["digital silence", new Float32Array(2 * RATE), undefined],
    ["less than a step", new Float32Array(10), undefined],
    ["nothing at all", new Float32Array(0), undefined],
  ])("finds %s", (_, samples, expected) => {
    const found = seconds(findWord(samples, RATE));
    if (expected === undefined) expect(found).toBeUndefined();
    else {
      expect(found![0]).toBeCloseTo(expected[0], 1);
      expect(found![1]).toBeCloseTo(expected[1], 1);
    }
  });

  it("is the same at another rate", () => {
    const slow = sound(2, -70, [0.6, 1.2, -20]).filter((_, i) => i % 2 === 0);
    expect(seconds(findWord(slow, RATE))!.map((time) => 2 * time)).toEqual([
      expect.closeTo(0.6, 1),
      expect.closeTo(1.2, 1),
    ]);
  });

  it("gives no number that is none for samples that are none", () => {
    const samples = sound(1, -70, [0.3, 0.6, -20]);
    samples[5000] = Number.NaN;
    const found = findWord(samples, RATE);
    expect(found === undefined || Number.isFinite(found.end)).toBe(true);
  });
});
