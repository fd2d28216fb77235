import { describe, expect, it } from "vitest";
import { noise, runBlock, sine } from "../../../support/run-block.ts";

const variance = (x: Float64Array): number => {
  const y = Float32Array.from(x);
  const mean = y.reduce((a, b) => a + b, 0) / y.length;
  return y.reduce((sum, value) => sum + (value - mean) ** 2, 0) / y.length;
};
const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);

describe("Band power", () => {
  it.each([1, 3, 8, 100])("Parseval: %d bands from 0 Hz to half the rate add up to the variance", (count) => {
    for (const [samples, fftLength] of [
      [512, 0],
      [300, 0],
      [60, 128],
    ] as const) {
      const x = noise(samples, 5).map((value) => 7 + value);
      const options = { count, fftLength, taper: "rectangular", measure: "power" };
      expect(sum(runBlock("band-power", options, 48000, x).values)).toBeCloseTo(variance(x), 5);
      expect(sum(runBlock("band-power", { ...options, measure: "share" }, 48000, x).values)).toBeCloseTo(1, 6);
    }
  });

  it("bands of a list that meet share a line, and narrow ones add up to the wide one", () => {
    const x = noise(256);
    const power = (bands: number[][]) =>
      runBlock("band-power", { division: "list", bands, measure: "power" }, 256, x).values;
    const [wide] = power([[10, 20]]);
    expect(
      sum(
        power([
          [10, 10.2],
          [10.2, 14.5],
          [14.5, 14.51],
          [14.51, 20],
        ]),
      ),
    ).toBeCloseTo(wide!, 5);
  });

  it.each(["rectangular", "hann", "hamming", "blackman"])(
    "a sine's band has its power A²/2, its RMS, its dB: %s",
    (taper) => {
      // Off the lines: 60.37 periods. Of the rectangle's leakage some 2 % are outside.
      const x = sine(1024, 1024, 60.37, 3);
      const tolerance = taper === "rectangular" ? 0.02 : 2e-3;
      const value = (measure: string) =>
        runBlock("band-power", { division: "list", bands: [[40, 80]], taper, measure }, 1024, x).values[0]!;
      expect(Math.abs(value("power") / 4.5 - 1)).toBeLessThan(tolerance);
      expect(Math.abs(value("RMS") / (3 * Math.SQRT1_2) - 1)).toBeLessThan(tolerance);
      expect(Math.abs(value("share") - 1)).toBeLessThan(tolerance);
      expect(Math.abs(value("dB") - 10 * Math.log10(4.5))).toBeLessThan(5 * tolerance);
    },
  );

  it("divides into octaves and third-octaves, named by their nominal middle", () => {
    const x = noise(4096);
    const octaves = runBlock("band-power", { division: "octave", from: 20 }, 4000, x);
    expect(octaves.names).toEqual([31.5, 63, 125, 250, 500, 1000].map((middle) => `a ${middle} Hz octave RMS`));
    const options = { division: "third-octave", from: 17.7, to: 113, measure: "power" };
    const thirds = runBlock("band-power", options, 4000, x);
    const middles = [20, 25, 31.5, 40, 50, 63, 80, 100];
    expect(thirds.names).toEqual(middles.map((middle) => `a ${middle} Hz third-octave power`));
    // Three thirds are an octave: 50, 63, 80 make 63.
    expect(sum(thirds.values.slice(4, 7))).toBeCloseTo(octaves.values[1]! ** 2, 5);
  });

  it("finds a tone in the third-octave it belongs to", () => {
    const { values, names } = runBlock(
      "band-power",
      { division: "third-octave", from: 100 },
      16000,
      sine(8192, 16000, 1000),
    );
    const loudest = names[values.indexOf(Math.max(...values))];
    expect(loudest).toBe("a 1000 Hz third-octave RMS");
    expect(Math.max(...values)).toBeCloseTo(Math.SQRT1_2, 3);
  });

  it("names bands, channels and units", () => {
    const run = runBlock("band-power", { count: 2, measure: "dB" }, 100, noise(64), noise(64, 2));
    expect(run.names).toEqual(["a 0-25 Hz dB", "a 25-50 Hz dB", "b 0-25 Hz dB", "b 25-50 Hz dB"]);
    expect(run.channels).toEqual(["a", "a", "b", "b"]);
    expect(run.units).toEqual(["dB", "dB", "dB", "dB"]);
  });

  it.each([
    ["power", 0],
    ["RMS", 0],
    ["share", 0],
    ["dB", -300],
  ])("a constant has %s %d", (measure, nothing) => {
    expect(runBlock("band-power", { measure, count: 2 }, 10, new Float64Array(40).fill(0.1)).values).toEqual([
      nothing,
      nothing,
    ]);
  });

  it("NaN stays in its channel", () => {
    const x = noise(64);
    x[3] = Number.NaN;
    for (const measure of ["power", "RMS", "share", "dB"]) {
      const { values } = runBlock("band-power", { count: 2, measure }, 10, x, noise(64));
      expect(values.map(Number.isNaN)).toEqual([true, true, false, false]);
    }
  });

  it.each([
    [
      "a band beyond half the rate",
      {
        division: "list",
        bands: [
          [1, 2],
          [10, 60],
        ],
      },
      "bands.1",
    ],
    ["a band upside down", { division: "list", bands: [[20, 10]] }, "bands.0"],
    [
      "a band twice",
      {
        division: "list",
        bands: [
          [1, 2],
          [1, 2],
        ],
      },
      "bands",
    ],
    ["a band with one end", { division: "list", bands: [[1]] }, "bands.0"],
    ["no band", { division: "list", bands: [] }, "bands"],
    ["octaves where there is no room", { division: "octave", from: 10, to: 12 }, "division"],
    ["a range of nothing", { from: 50, to: 50 }, "from"],
  ])("refuses %s", (_, options, field) => {
    expect(() => runBlock("band-power", options, 100, noise(64))).toThrow(
      expect.objectContaining({ code: "EDGE_ML_SETTING", details: expect.objectContaining({ field }) }),
    );
  });
});
