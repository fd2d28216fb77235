import { describe, expect, it } from "vitest";
import { expectClose } from "../../../support/blocks.ts";
import { noise, runBlock, sine } from "../../../support/run-block.ts";

const RATE = 5000;
const TWO_PI = 2 * Math.PI;

/** The acceleration in m/s² of a velocity of so many mm/s RMS. */
const shaking = (frequency: number, velocity: number, samples = RATE, rate = RATE): Float64Array =>
  sine(samples, rate, frequency, (velocity * Math.SQRT2 * TWO_PI * frequency) / 1000, 0.4);

const velocity = (x: Float64Array, options: object = {}, rate = RATE): number =>
  runBlock("velocity-rms", { measures: ["velocity RMS"], ...options }, rate, x).values[0]!;

describe("Vibration velocity", () => {
  it.each([
    // The documented error by the integration over a line's width: 0.5 % at 10 periods, its square below that above.
    [10, 0.006],
    [10.5, 0.006],
    [20, 0.0015],
    [50, 5e-4],
    [159.155, 5e-4],
    [999.5, 5e-4],
    [1000, 5e-4],
  ])("acceleration of a sine at %d Hz becomes its velocity, to the ends of the band", (frequency, tolerance) => {
    for (const options of [{}, { taper: "blackman" }, { fftLength: 4096 }]) {
      const x = shaking(frequency, 2.8);
      // 4096 of 5000 samples have fewer periods. Of Blackman's three lines to either side, two count at an end.
      expect(Math.abs(velocity(x, options) / 2.8 - 1)).toBeLessThan(Math.max(2 * tolerance, 2.5e-3));
    }
    expect(Math.abs(velocity(shaking(frequency, 2.8)) / 2.8 - 1)).toBeLessThan(tolerance);
  });

  it("needs four periods of the lowest frequency, and reads at most 3.5 % high there", () => {
    const error = velocity(shaking(10, 1, 2000)) - 1;
    expect(error).toBeGreaterThan(0);
    expect(error).toBeLessThan(0.035);
    const refused = expect.objectContaining({ code: "EDGE_ML_WINDOW" });
    expect(() => velocity(shaking(10, 1, 1999))).toThrow(refused);
    expect(() => velocity(shaking(10, 1), {}, 1999)).toThrow(refused);
    expect(() => velocity(shaking(10, 1), { fftLength: 1024 })).toThrow(
      expect.objectContaining({ code: "EDGE_ML_SETTING", details: expect.objectContaining({ field: "fftLength" }) }),
    );
  });

  it.each([5, 1200, 2000])("leaves %d Hz out", (frequency) => {
    // Three lines from the end of what is counted Hann leaks 0.3 %.
    expect(velocity(shaking(frequency, 10))).toBeLessThan(0.04);
  });

  it("an offset (gravity) and slow drift do not count", () => {
    const x = shaking(50, 2).map((value, i) => value + 9.81 + i / RATE);
    expect(velocity(x)).toBeCloseTo(2, 2);
  });

  it.each([
    ["m/s²", 1],
    ["g", 1 / 9.80665],
    ["mm/s²", 1000],
  ])("takes acceleration in %s", (input, scale) => {
    expect(
      velocity(
        shaking(100, 4).map((value) => value * scale),
        { input },
      ),
    ).toBeCloseTo(4, 3);
  });

  it.each([
    ["mm/s", 1],
    ["m/s", 1 / 1000],
  ])("takes velocity in %s, limited to the band", (input, scale) => {
    const x = sine(RATE, RATE, 25, 3 * scale).map(
      (value, i) => value + 8 * scale * Math.sin((TWO_PI * 1500 * i) / RATE),
    );
    expect(velocity(x, { input })).toBeCloseTo(3 * Math.SQRT1_2, 5);
  });

  it("adds sines up by their squares, and is linear", () => {
    const x = shaking(50, 3).map((value, i) => value + shaking(120, 4)[i]!);
    expect(velocity(x)).toBeCloseTo(5, 3);
    expect(velocity(x.map((value) => value * 1e-3))).toBeCloseTo(5e-3, 6);
  });

  // ISO 10816-3:2009 tables A.1 and A.2 (group 1 and 2), ISO 10816-1:1995 table B.1.
  const zones: [machine: string, ab: number, bc: number, cd: number][] = [
    ["ISO 10816-3 group 1, rigid", 2.3, 4.5, 7.1],
    ["ISO 10816-3 group 1, flexible", 3.5, 7.1, 11.0],
    ["ISO 10816-3 group 2, rigid", 1.4, 2.8, 4.5],
    ["ISO 10816-3 group 2, flexible", 2.3, 4.5, 7.1],
    ["ISO 10816-1 class I", 0.71, 1.8, 4.5],
    ["ISO 10816-1 class II", 1.12, 2.8, 7.1],
    ["ISO 10816-1 class III", 1.8, 4.5, 11.2],
    ["ISO 10816-1 class IV", 2.8, 7.1, 18],
    ["own limits", 1, 2, 3],
  ];
  it.each(zones)("%s: zones meet at %d, %d and %d mm/s", (machine, ...limits) => {
    const options = { machine, limits, input: "mm/s" };
    for (const [i, limit] of limits.entries()) {
      for (const [factor, zone] of [
        [0.99, i + 1],
        [1.01, i + 2],
      ] as const) {
        const x = sine(1000, 2500, 100, limit * factor * Math.SQRT2);
        const run = runBlock("velocity-rms", { ...options, limit: ["A/B", "B/C", "C/D"][i] }, 2500, x);
        expect(run.feature("a zone")).toBe(zone);
        expect(run.feature("a share of the limit")).toBeCloseTo(factor, 3);
      }
    }
  });

  it("names values, channels and units", () => {
    const run = runBlock("velocity-rms", {}, RATE, noise(RATE), noise(RATE));
    expect(run.names.slice(0, 3)).toEqual(["a velocity RMS", "a zone", "a share of the limit"]);
    expect(run.units.slice(3)).toEqual(["mm/s", "", ""]);
    expect(run.channels).toEqual(["a", "a", "a", "b", "b", "b"]);
  });

  it("a constant stands still in zone A; NaN has no zone, and stays in its channel", () => {
    const broken = noise(RATE);
    broken[1] = Number.NaN;
    const { values } = runBlock("velocity-rms", {}, RATE, new Float64Array(RATE).fill(9.81), broken);
    expectClose(values.slice(0, 3), [0, 1, 0], 0, 0);
    expect(values.slice(3)).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });

  it.each([
    ["a band upside down", { from: 100, to: 10 }, "from"],
    ["limits that do not ascend", { machine: "own limits", limits: [3, 2, 4] }, "limits"],
    ["two limits", { machine: "own limits", limits: [3, 4] }, "limits"],
    ["a limit of 0", { machine: "own limits", limits: [0, 3, 4] }, "limits"],
    ["an unknown machine", { machine: "mixer" }, "machine"],
  ])("refuses %s", (_, options, field) => {
    expect(() => velocity(noise(RATE), options)).toThrow(
      expect.objectContaining({ code: "EDGE_ML_SETTING", details: expect.objectContaining({ field }) }),
    );
  });
});
