import { describe, expect, it } from "vitest";
import {
  compute,
  edgeImpulseCase,
  edgeImpulseMissing,
  golden,
  noise,
  planOf,
  relativeError,
} from "../../../support/pictures.ts";

const OURS = golden.edgeImpulse.filter(({ block }) => block === "spectrogram");

describe("Spectrogram", () => {
  it.each(OURS)("agrees with numpy: $name", ({ options, shape, features }) => {
    const plan = planOf("spectrogram", options, golden.pcm.length, golden.rate);
    expect(plan.shape).toEqual(shape);
    expect(relativeError(compute(plan, Float32Array.from(golden.pcm)), features, 1e-3)).toBeLessThan(1e-5);
  });

  const ids = ["spectrogram-038", "spectrogram-039", "spectrogram-040", "spectrogram-041"];
  it.skipIf(edgeImpulseMissing).each(ids)("agrees with Edge Impulse's own block: %s", (id) => {
    const { got, expected } = edgeImpulseCase("spectrogram", id);
    expect(relativeError(got, expected)).toBeLessThan(1e-4);
  });

  it("Parseval: the powers of a frame, those between the ends twice, add up to its energy", () => {
    const samples = noise(128, 3);
    const plan = planOf(
      "spectrogram",
      { frameLength: 0.128, frameStride: 1, fftLength: 128, noiseFloor: -52 },
      128,
      1000,
    );
    const powers = compute(
      plan,
      samples.map((x) => x * 100),
    ).map((value) => 10 ** ((value * 64 - 52) / 10));
    const total = powers.reduce((sum, power, k) => sum + (k === 0 || k === 64 ? power : 2 * power), 0);
    expect(total / samples.reduce((sum, x) => sum + (100 * x) ** 2, 0)).toBeCloseTo(1, 5);
  });

  it("a sine in the middle of a bin is in this bin", () => {
    const sine = Float32Array.from({ length: 256 }, (_, i) => Math.sin((2 * Math.PI * 1000 * i) / 8000));
    const plan = planOf("spectrogram", { frameLength: 0.016, frameStride: 0.016, noiseFloor: -60 }, 256, 8000);
    const got = compute(plan, sine);
    // (N/2)² / N = N/4 of 128 samples: 15.05 dB; all else is far under the noise floor.
    expect(plan.axis!.names[16]).toBe("1000 Hz");
    expect(got[16]).toBeCloseTo((10 * Math.log10(32) + 60) / 72, 5);
    expect(Math.max(...got.filter((_, i) => i % 65 !== 16))).toBe(0);
  });

  it("version 3 takes a window with a sample beyond ±1 for 16-bit samples", () => {
    const options = { frameLength: 0.016, frameStride: 0.016, noiseFloor: -60, implementation: "3" };
    const samples = noise(256).map((x) => x / 2);
    const plan = planOf("spectrogram", options, 256, 8000);
    const quiet = compute(plan, samples);
    const loud = compute(
      plan,
      samples.map((x) => x * 2 ** 15),
    );
    expect(loud).toEqual(quiet);
    expect(
      Math.max(
        ...compute(
          plan,
          samples.map((x) => x * 2 ** 25),
        ),
      ),
    ).toBe(1);
  });

  it("a frame longer than the FFT is cut, as the reference does", () => {
    const samples = noise(400);
    const plan = planOf("spectrogram", { frameLength: 0.2, frameStride: 0.1, fftLength: 64 }, 400, 1000);
    const short = planOf("spectrogram", { frameLength: 0.064, frameStride: 0.1, fftLength: 64 }, 400, 1000);
    expect(plan.shape).toEqual([3, 33]);
    expect(compute(plan, samples)).toEqual(compute(short, samples).slice(0, 99));
  });
});
