import { describe, expect, it } from "vitest";
import { expectClose } from "../../../support/blocks.ts";
import { noise, runBlock, sine } from "../../../support/run-block.ts";
import { golden } from "./vibration-golden.ts";

describe("Goertzel", () => {
  it.each(golden.fits)("agrees with numpy's least squares: $name", ({ signal, taper, frequency, amplitude, phase }) => {
    const { rate, data } = golden.signals[signal]!;
    const { values } = runBlock("goertzel", { frequencies: [frequency], taper, phase: true }, rate, data);
    const [got, angle] = values as [number, number];
    const apart = Math.hypot(
      got * Math.cos(angle) - amplitude * Math.cos(phase),
      got * Math.sin(angle) - amplitude * Math.sin(phase),
    );
    // Float32 gives 1e-7 of the amplitude and of the angle. Steps have no part at a tenth of the rate: a rounding error.
    expect(apart).toBeLessThanOrEqual(Math.max(4e-7 * amplitude, 1e-12));
  });

  const tapers = ["rectangular", "hann", "hamming", "blackman"];
  it.each(tapers)("a unit sine reads 1 at any rate, length and frequency, on a line or off it: %s", (taper) => {
    for (const [samples, rate] of [
      [20, 8],
      [1000, 1000],
      [4097, 44100],
      [30000, 0.1],
    ] as const) {
      for (const share of [1.01 / samples, 2.5 / samples, 0.1, 0.25, 0.3217, 0.5 - 1.5 / samples]) {
        const frequency = share * rate;
        const x = sine(samples, rate, frequency, 1, 0.7).map((value) => value + 3);
        const { values } = runBlock("goertzel", { frequencies: [frequency], taper, phase: true }, rate, x);
        // The samples are float32, an offset of 3 takes 2 of its 24 bits.
        expectClose(values, [1, 0.7 - Math.PI / 2], 2e-6, 0);
      }
    }
  });

  it("keeps other frequencies out as the taper lets it", () => {
    const x = sine(1000, 1000, 50).map((value, i) => value + 0.25 * Math.sin((2 * Math.PI * 100.5 * i) / 1000));
    const { values } = runBlock("goertzel", { frequencies: [50, 100.5, 150] }, 1000, x);
    expectClose(values, [1, 0.25, 0], 1e-4, 1e-4);
  });

  it("names frequencies, channels and units", () => {
    const { names, units, channels } = runBlock(
      "goertzel",
      { frequencies: [5, 2.5], phase: true },
      20,
      noise(20),
      noise(20),
    );
    expect(names.slice(0, 4)).toEqual(["a 5 Hz amplitude", "a 5 Hz phase", "a 2.5 Hz amplitude", "a 2.5 Hz phase"]);
    expect(units.slice(0, 4)).toEqual(["x", "rad", "x", "rad"]);
    expect(channels).toEqual([...new Array(4).fill("a"), ...new Array(4).fill("b")]);
  });

  it("a constant has no amplitude and the phase 0; NaN stays in its channel", () => {
    const broken = noise(20);
    broken[7] = Number.NaN;
    const constant = new Float64Array(20).fill(0.1);
    const { values } = runBlock("goertzel", { frequencies: [5], phase: true }, 20, constant, broken, noise(20));
    expect(values.slice(0, 4)).toEqual([0, 0, Number.NaN, Number.NaN]);
    expect(values.slice(4).every(Number.isFinite)).toBe(true);
  });

  it.each([
    ["0 Hz", [0], "EDGE_ML_SETTING"],
    ["half the rate", [5, 10], "EDGE_ML_SETTING"],
    ["none", [], "EDGE_ML_SETTING"],
    ["a frequency twice", [5, 5], "EDGE_ML_SETTING"],
    ["less than a period in the window", [0.9], "EDGE_ML_WINDOW"],
    ["too near to half the rate", [9.1], "EDGE_ML_WINDOW"],
  ])("refuses %s", (_, frequencies, code) => {
    expect(() => runBlock("goertzel", { frequencies }, 20, noise(20))).toThrow(expect.objectContaining({ code }));
  });
});
