import { describe, expect, it } from "vitest";
import { compute, golden, noise, planOf, relativeError } from "../../../support/pictures.ts";

const x = Float32Array.from(golden.pcm, (value) => value / 2 ** 15);

const largest = (numbers: readonly number[]): number => Math.max(...numbers.map(Math.abs));

describe("Log-mel", () => {
  it.each(golden.logMel)("agrees with numpy, scipy and librosa: $name", ({ options, shape, features }) => {
    const plan = planOf("log-mel", options, x.length, golden.rate);
    expect(plan.shape).toEqual(shape);
    const got = compute(plan, x);
    const cepstrum = "coefficients" in options;
    // The spectrum is float32, as librosa's own: each band keeps its digits. A cepstral coefficient is a difference of
    // bands of about 10: one that is small has the error of the large ones.
    expect(relativeError(got, features, 0.1)).toBeLessThan(cepstrum ? 1e-4 : 1e-5);
    if (cepstrum) expect(relativeError(got, features, largest(features))).toBeLessThan(1e-6);
  });

  it("one second at 16 kHz is 49 × 40 as it stands", () => {
    const plan = planOf("log-mel", {}, 16000, 16000);
    expect(plan.shape).toEqual([49, 40]);
    expect(plan.axis!.rate).toBe(50);
    expect(plan.axis!.names.slice(0, 2)).toEqual(["53.71 Hz", "89 Hz"]);
  });

  it("16-bit samples divided by 2¹⁵ are the same as samples of ±1", () => {
    const plan = planOf("log-mel", { scale: 2 ** -15 }, x.length, golden.rate);
    expect(compute(plan, Float32Array.from(golden.pcm))).toEqual(compute(planOf("log-mel", {}, x.length, 16000), x));
  });

  it.each([
    ["magnitude", "ln", Math.log(10)],
    ["power", "ln", Math.log(100)],
    ["magnitude", "dB", 20],
    ["power", "dB", 20],
  ])("louder by 10 adds a constant: %s, %s", (spectrum, logarithm, constant) => {
    const plan = planOf("log-mel", { spectrum, logarithm, offset: 0, floor: 1e-20 }, 1600, 16000);
    const before = compute(plan, noise(1600));
    const after = compute(
      plan,
      noise(1600).map((value) => value * 10),
    );
    for (const [i, value] of after.entries()) expect(value - before[i]!).toBeCloseTo(constant, 4);
  });

  it("is linear without a logarithm: magnitude times 3, power times 9", () => {
    for (const [spectrum, factor] of [
      ["magnitude", 3],
      ["power", 9],
    ] as const) {
      const plan = planOf("log-mel", { spectrum, logarithm: "none" }, 1600, 16000);
      const before = compute(plan, noise(1600));
      expect(
        relativeError(
          compute(
            plan,
            noise(1600).map((v) => v * 3),
          ),
          before.map((v) => v * factor),
        ),
      ).toBeLessThan(1e-5);
    }
  });

  it("a shift in time by one stride shifts the frames by one", () => {
    const plan = planOf("log-mel", {}, 3200, 16000);
    const samples = noise(3520);
    const early = compute(plan, samples.subarray(0, 3200));
    const late = compute(plan, samples.subarray(320));
    expect(late.subarray(0, 8 * 40)).toEqual(early.subarray(40));
  });

  it("frames in the middle of a padded window are those of an unpadded one", () => {
    const common = { alignment: "centre", frameStride: 256 / 16000 };
    const plain = compute(planOf("log-mel", common, 2048, 16000), noise(2048));
    for (const padding of ["zeros", "reflect"]) {
      const plan = planOf("log-mel", { ...common, padding }, 2048, 16000);
      expect(plan.shape).toEqual([9, 40]);
      expect(compute(plan, noise(2048)).subarray(40, 8 * 40)).toEqual(plain);
    }
  });

  it("an empty band (more bands than bins) is silent, as in librosa", () => {
    const got = compute(planOf("log-mel", { bands: 128, offset: 1e-6 }, 1600, 16000), noise(1600));
    expect(got.every(Number.isFinite)).toBe(true);
    expect(Math.min(...got)).toBeCloseTo(Math.log(1e-6), 5);
  });

  it.each([
    ["a frame longer than the FFT", { fftLength: 256 }, "fftLength"],
    ["more coefficients than bands", { bands: 12, coefficients: 13 }, "coefficients"],
    ["a cepstrum without a logarithm", { coefficients: 13, logarithm: "none" }, "logarithm"],
    ["the logarithm of nothing", { offset: 0 }, "offset"],
    ["bands upside down", { lowFrequency: 4000 }, "lowFrequency"],
  ])("refuses %s", (_, options, field) => {
    expect(() => planOf("log-mel", options, 16000, 16000)).toThrow(
      expect.objectContaining({ code: "EDGE_ML_SETTING", details: expect.objectContaining({ field }) }),
    );
  });
});
