import { describe, expect, it } from "vitest";
import { FULL_SCALE_8_BIT, LevelMeter } from "../../../nodes/lib/sound/index.ts";

const sine = (amplitude: number, length = 16_000, offset = 0) =>
  Float32Array.from({ length }, (_, i) => offset + amplitude * Math.sin((2 * Math.PI * 440 * i) / 16_000));
const measure = (samples: ArrayLike<number>, channels = 1) => {
  const meter = new LevelMeter(channels);
  meter.add(samples);
  return meter.take();
};
const DIGITAL = Number.NEGATIVE_INFINITY;

describe("the level of sound", () => {
  // Levels by hand: a sine has a crest factor of 3.01 dB, a square wave of 0.
  const table: [string, ArrayLike<number>, Partial<ReturnType<typeof measure>>][] = [
    ["a sine of full scale", sine(1), { rms: -3.01, peak: 0, offset: 0, isConstant: false }],
    ["a sine of a tenth", sine(0.1), { rms: -23.01, peak: -20, clipped: 0 }],
    ["a square wave", Float32Array.of(0.5, -0.5, 0.5, -0.5), { rms: -6.02, peak: -6.02 }],
    ["an offset does not make it loud", sine(0.01, 16_000, 0.25), { rms: -43.01, offset: 0.25, peak: -11.7 }],
    ["zeros", new Float32Array(800), { rms: DIGITAL, peak: DIGITAL, isConstant: true, offset: 0 }],
    ["a constant that is not zero", new Float32Array(800).fill(0.1), { rms: DIGITAL, isConstant: true, peak: -20 }],
    [
      "the last bit of 16",
      Float32Array.of(0, 1 / 32768, 0, -1 / 32768),
      { rms: -93.32, peak: -90.31, isConstant: false },
    ],
    ["one sample at the top", Float32Array.of(0, 1, 0, -1, 0), { clipped: 0, peak: 0 }],
    ["four of ten clipped", Float32Array.of(0, 1, 1, 0, 0, 0, -1, -1, 0, 1), { clipped: 0.4 }],
    ["16-bit samples clipped upwards", Float32Array.of(32767 / 32768, 32767 / 32768), { clipped: 1 }],
    ["from the top to the bottom", Float32Array.of(1, -1, 1, -1), { clipped: 1 }],
    ["NaN among samples", Float32Array.of(0.5, Number.NaN, -0.5), { samples: 2, rms: -6.02 }],
    ["nothing", new Float32Array(0), { samples: 0, clipped: 0, isConstant: false }],
  ];
  it.each(table)("%s", (_, samples, expected) => {
    const level = measure(samples);
    for (const [name, value] of Object.entries(expected)) {
      const got = level[name as keyof typeof level];
      if (typeof value === "number" && Number.isFinite(value)) expect(got, name).toBeCloseTo(value, 2);
      else expect(got, name).toBe(value);
    }
  });

  it("is the same in whatever pieces the samples come", () => {
    const samples = Float32Array.from(sine(1.4, 1601), (x) => Math.max(-1, Math.min(1, x)));
    const pieces = new LevelMeter();
    for (let i = 0; i < samples.length; i += 7) pieces.add(samples.subarray(i, i + 7));
    const whole = measure(samples);
    expect(whole.clipped).toBeGreaterThan(0.4);
    expect(pieces.take()).toEqual(whole);
  });

  it("begins anew at each look, and a run of clipping goes on", () => {
    const meter = new LevelMeter();
    meter.add([1, 1, 1]);
    expect(meter.take().clipped).toBe(1);
    meter.add([1, 0]);
    expect(meter.take()).toMatchObject({ samples: 2, clipped: 0.5, offset: 0.5 });
  });

  it("tells the channels of interleaved samples apart", () => {
    const left = [1, 0, 1, 0, 1, 0, 0, 0];
    expect(measure(left, 1).clipped).toBe(0);
    expect(measure(left, 2).clipped).toBe(3 / 8);
  });

  it("knows how high 8-bit samples reach", () => {
    const meter = new LevelMeter(1, FULL_SCALE_8_BIT);
    meter.add([127 / 128, 127 / 128]);
    expect(meter.take().clipped).toBe(1);
  });
});
