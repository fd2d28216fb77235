import { describe, expect, it } from "vitest";
import { powerOf } from "../../../../scripts/evaluate/voice/activity.ts";
import { addNoise, babble, NoiseLoop } from "../../../../scripts/evaluate/voice/mix.ts";

const tone = (length: number, level: number, period = 20) =>
  Float32Array.from({ length }, (_, i) => level * Math.sin((2 * Math.PI * i) / period));

describe("a noise", () => {
  it("is taken round and round, each time from where it stopped", () => {
    const loop = new NoiseLoop(Float32Array.of(1, 2, 3), 1);
    expect([...loop.take(2)]).toEqual([2, 3]);
    expect([...loop.take(5)]).toEqual([1, 2, 3, 1, 2]);
    expect([...loop.take(1)]).toEqual([3]);
    expect(() => new NoiseLoop(new Float32Array(0))).toThrow("without samples");
  });

  it.each([10, 5, 0])("lies %d dB under the speech, by its power under the word", (snr) => {
    const length = 4000;
    const speech = new Float32Array(length);
    speech.set(tone(1000, 0.2), 2000);
    // Louder before the word: that must not count.
    const noise = tone(length, 0.05, 7);
    noise.set(tone(2000, 0.5, 7));
    const mixed = Float32Array.from(speech);
    addNoise(mixed, noise, snr, powerOf(tone(1000, 0.2)), { start: 2000, end: 3000 });
    const added = mixed.map((value, i) => value - speech[i]!);
    const ratio = powerOf(speech.subarray(2000, 3000)) / powerOf(added.subarray(2000, 3000));
    expect(10 * Math.log10(ratio)).toBeCloseTo(snr, 1);
  });

  it("is clipped with the sound, as a microphone clips", () => {
    const sound = tone(100, 0.9);
    addNoise(sound, tone(100, 1), 0, powerOf(sound));
    expect(Math.max(...sound)).toBe(1);
    expect(Math.min(...sound)).toBe(-1);
  });

  it("of several people is each at the same power, laid over the others", () => {
    const voices = [tone(200, 0.5, 20), tone(200, 0.01, 8), tone(160, 0.3, 10), tone(200, 0.2, 40), tone(200, 1, 16)];
    const both = babble(voices, 2);
    // Two pairs, as long as the shortest of them; the fifth is left over.
    expect(both.length).toBe(2 * 160);
    expect(powerOf(both.subarray(0, 160))).toBeCloseTo(0.02, 2);
    expect(powerOf(both.subarray(160))).toBeCloseTo(0.02, 2);
  });
});
