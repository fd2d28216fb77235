import { describe, expect, it } from "vitest";
import { expectClose } from "../../../support/blocks.ts";
import { noise, runBlock, sine } from "../../../support/run-block.ts";
import { golden } from "./vibration-golden.ts";

describe("Spectral shape", () => {
  it.each(golden.spectra)("agrees with librosa and scipy: $name", (one) => {
    const { rate, data } = golden.signals[one.signal]!;
    expectClose(runBlock("spectral-shape", one.options, rate, data).values, one.shape, 1e-6, 0);
    const measures = ["centroid", "spread", "roll-off", "entropy"];
    const options = { ...one.options, weight: "amplitude", measures };
    expectClose(runBlock("spectral-shape", options, rate, data).values, one["amplitude shape"], 1e-6, 0);
  });

  it("a sine is a point, noise is everywhere, whatever the level", () => {
    for (const scale of [1e-6, 1, 1e6]) {
      const tone = runBlock("spectral-shape", { taper: "rectangular" }, 1024, sine(1024, 1024, 100, scale));
      expectClose(tone.values, [100, 0, 100, 0, 0], 1e-5, 1e-2);
      const hiss = runBlock(
        "spectral-shape",
        { fftLength: 64 },
        1000,
        noise(65536).map((value) => value * scale),
      );
      expect(hiss.feature("a spectral centroid")).toBeCloseTo(250, -1);
      // A uniform band of 500 Hz
      expect(hiss.feature("a spectral spread")).toBeCloseTo(500 / Math.sqrt(12), -1);
      expect(hiss.feature("a spectral roll-off")).toBeCloseTo(425, -1.5);
      expect(hiss.feature("a spectral entropy")).toBeGreaterThan(0.99);
      expect(hiss.feature("a spectral flatness")).toBeGreaterThan(0.95);
    }
  });

  it("keeps to its range and its own order", () => {
    const x = sine(256, 256, 20).map((value, i) => value + 5 * Math.sin((2 * Math.PI * 90 * i) / 256));
    const options = { taper: "rectangular", from: 10, to: 40, measures: ["roll-off", "centroid"] };
    const { names, units, values } = runBlock("spectral-shape", options, 256, x);
    expect(names).toEqual(["a spectral centroid", "a spectral roll-off"]);
    expect(units).toEqual(["Hz", "Hz"]);
    expectClose(values, [20, 20], 1e-5, 0);
  });

  it("a constant has no shape: zeros; NaN stays in its channel", () => {
    expect(runBlock("spectral-shape", {}, 10, new Float64Array(50).fill(0.1)).values).toEqual([0, 0, 0, 0, 0]);
    const broken = noise(64);
    broken[9] = Number.NaN;
    for (const weight of ["power", "amplitude"]) {
      const { values } = runBlock("spectral-shape", { weight }, 10, broken, noise(64));
      expect(values.map(Number.isNaN)).toEqual([...new Array(5).fill(true), ...new Array(5).fill(false)]);
    }
  });
});
