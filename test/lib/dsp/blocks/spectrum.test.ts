import { describe, expect, it } from "vitest";
import { expectClose } from "../../../support/blocks.ts";
import { noise, runBlock, sine } from "../../../support/run-block.ts";
import { golden } from "./vibration-golden.ts";

const TAPERS = ["rectangular", "hann", "hamming", "blackman"];
const largest = (values: number[]): number => values.reduce((a, b) => Math.max(a, b), 0);

describe("Spectrum", () => {
  describe.each(golden.spectra)("agrees with scipy.signal.welch: $name", (one) => {
    const { rate, data } = golden.signals[one.signal]!;
    it.each(["amplitude", "RMS", "power density"] as const)("%s", (scaling) => {
      const { values } = runBlock("spectrum", { ...one.options, scaling }, rate, data);
      // Float32 gives 6e-8 of each line; a line without signal is a rounding error of the largest, or of the offset.
      expectClose(values, one[scaling], 1e-6, 1e-9 * largest(one[scaling]));
    });
    it("the maximum of the parts", () => {
      const options = { ...one.options, scaling: "power density", average: "maximum" };
      const { values } = runBlock("spectrum", options, rate, data);
      expectClose(values, one["maximum density"], 1e-6, 1e-9 * largest(one["maximum density"]));
    });
  });

  const lines: [taper: string, samples: number, fftLength: number, rate: number][] = TAPERS.flatMap((taper) => [
    [taper, 256, 0, 256],
    [taper, 1024, 128, 44100],
    [taper, 4096, 1024, 3.7],
    // Zero padded, and still on a line: 16 lines of 512 are 10 periods of 320.
    [taper, 320, 0, 320],
  ]);
  it.each(lines)(
    "a unit sine on a line reads 1 and RMS 0.7071: %s, %d samples, FFT %d, %d Hz",
    (taper, samples, fftLength, rate) => {
      const length = fftLength || (samples === 320 ? 512 : samples);
      const frequency = (16 * rate) / length;
      const x = sine(samples, rate, frequency, 1, 0.3);
      const options = { taper, fftLength, from: 0.99 * frequency, to: 1.01 * frequency };
      expect(runBlock("spectrum", options, rate, x).values.length).toBe(1);
      const [amplitude] = runBlock("spectrum", options, rate, x).values;
      const [rms] = runBlock("spectrum", { ...options, scaling: "RMS" }, rate, x).values;
      // 10 periods of a rectangle that is not a whole number of lines leak into each other's negative frequency.
      const tolerance = samples === 320 ? 1e-2 : 1e-6;
      expect(Math.abs(amplitude! - 1)).toBeLessThan(tolerance);
      expect(Math.abs(rms! - Math.SQRT1_2)).toBeLessThan(tolerance);
    },
  );

  it("white noise of deviation 1 has the density 2 / rate, whatever the FFT's length and taper", () => {
    const rate = 1000;
    const x = noise(65536);
    for (const taper of TAPERS) {
      for (const fftLength of [64, 1024]) {
        const options = { taper, fftLength, scaling: "power density", from: 20, to: 480 };
        const { values } = runBlock("spectrum", options, rate, x);
        const mean = values.reduce((a, b) => a + b) / values.length;
        // 1 % is 2.6 deviations of the mean of 65536 samples' squares; the samples are always the same.
        expect(Math.abs(mean / (2 / rate) - 1)).toBeLessThan(0.01);
      }
    }
  });

  it("Parseval: the density's sum is the variance, for one rectangular part", () => {
    const x = noise(512);
    const mean = x.reduce((a, b) => a + b) / 512;
    const variance = x.reduce((sum, value) => sum + (Math.fround(value) - mean) ** 2, 0) / 512;
    const { values } = runBlock("spectrum", { taper: "rectangular", scaling: "power density" }, 300, x);
    expect((values.reduce((a, b) => a + b) * 300) / 512).toBeCloseTo(variance, 6);
  });

  it("is linear in scale, and a shift in time by a period changes nothing", () => {
    const x = noise(128);
    const [one, eight] = [1, 8].map(
      (scale) =>
        runBlock(
          "spectrum",
          {},
          10,
          x.map((value) => value * scale),
        ).values,
    );
    expect(eight).toEqual(one!.map((value) => value * 8));
    const periodic = [...x, ...x];
    const shifted = (by: number) =>
      runBlock("spectrum", { taper: "rectangular" }, 10, periodic.slice(by, by + 128)).values;
    expectClose(shifted(37), shifted(0), 1e-5, 1e-7);
  });

  it("shows the mean on line 0 when it may stay", () => {
    const x = new Float64Array(64).fill(-2.5);
    const options = { taper: "rectangular", removeMean: false };
    expectClose(runBlock("spectrum", options, 64, x).values, [2.5, ...new Array(32).fill(0)], 1e-6, 1e-12);
  });

  it("in dB: 20·log10 of an amplitude, 10·log10 of a density, and the floor for nothing", () => {
    const x = sine(128, 128, 16, 10);
    const level = (options: object) =>
      runBlock("spectrum", { decibel: true, taper: "rectangular", from: 16, to: 17, ...options }, 128, x).values;
    expectClose(level({}), [20, -120], 1e-6, 0);
    // 50 x² within 1 Hz
    expectClose(level({ scaling: "power density", floor: -60 }), [10 * Math.log10(50), -60], 1e-6, 0);
    expectClose(level({ scaling: "RMS" }), [20 * Math.log10(Math.sqrt(50)), -120], 1e-6, 0);
  });

  it("names each line with as many digits as tell it from the next", () => {
    expect(runBlock("spectrum", { from: 10, to: 50 }, 1000, new Float64Array(64)).names).toEqual([
      "a amplitude 15.6 Hz",
      "a amplitude 31.3 Hz",
      "a amplitude 46.9 Hz",
    ]);
    const { names, units, channels } = runBlock(
      "spectrum",
      { scaling: "power density" },
      0.001,
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    );
    expect(new Set(names).size).toBe(6);
    expect(units).toEqual(new Array(6).fill("x²/Hz"));
    expect(channels).toEqual(["a", "a", "a", "b", "b", "b"]);
  });

  it.each([
    ["a range beyond half the rate", { to: 60 }, "to"],
    ["a range upside down", { from: 30, to: 20 }, "from"],
    ["a range between two lines", { from: 26, to: 30 }, "from"],
    ["an FFT length that is no power of two", { fftLength: 100 }, "fftLength"],
    ["an overlap of all", { overlap: 100 }, "overlap"],
  ])("refuses %s", (_, options, field) => {
    expect(() => runBlock("spectrum", options, 100, new Float64Array(8))).toThrow(
      expect.objectContaining({ code: "EDGE_ML_SETTING", details: expect.objectContaining({ field }) }),
    );
  });

  it.each([0, Number.NaN])("refuses a rate of %d, and a window of one sample", (rate) => {
    const refused = expect.objectContaining({ code: "EDGE_ML_WINDOW" });
    expect(() => runBlock("spectrum", {}, rate, [1, 2, 3])).toThrow(refused);
    expect(() => runBlock("spectrum", {}, 10, [1])).toThrow(refused);
  });
});
