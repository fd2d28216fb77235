import { describe, expect, it } from "vitest";
import { expectClose } from "../../../support/blocks.ts";
import { noise, runBlock, sine } from "../../../support/run-block.ts";

const mixed = (...parts: Float64Array[]): Float64Array =>
  parts[0]!.map((_, i) => parts.reduce((sum, part) => sum + part[i]!, 0));

describe("Dominant frequencies", () => {
  const cases: [taper: string, samples: number, fftLength: number, rate: number][] = [
    "hann",
    "hamming",
    "blackman",
  ].flatMap((taper) => [
    [taper, 1024, 0, 1024],
    [taper, 1000, 0, 44100],
    [taper, 4096, 512, 3.3],
    [taper, 300, 4096, 100],
    [taper, 700, 0, 20000],
  ]);
  // What is left is the leakage of the negative frequency and of the mean that is taken off: at least 12 periods in a
  // part, and from half the rate. Hamming's falls but slowly with the distance.
  const tolerances: Record<string, number> = { hann: 1e-4, hamming: 3e-3, blackman: 4e-5 };
  it.each(cases)(
    "a unit sine reads 1 on a line and off it: %s, %d samples, FFT %d, %d Hz",
    (taper, samples, fftLength, rate) => {
      const part = Math.min(samples, fftLength || samples);
      for (let i = 0; i <= 40; i++) {
        const periods = 12 + ((part / 2 - 24) * i) / 40 + i * 0.137;
        const frequency = (periods * rate) / part;
        const x = sine(samples, rate, frequency, 1, i);
        const [found, amplitude] = runBlock("dominant-frequencies", { taper, fftLength, count: 1 }, rate, x).values;
        const told = `${periods} periods: ${amplitude}`;
        expect(Math.abs(amplitude! - 1), told).toBeLessThan(tolerances[taper]!);
        // A part in so many of the distance between two lines without padding.
        expect(Math.abs((found! / rate) * part - periods), told).toBeLessThan(2 * tolerances[taper]!);
      }
    },
  );

  const x = mixed(
    sine(1000, 1000, 50.3, 2),
    sine(1000, 1000, 61.7, 1.5),
    sine(1000, 1000, 333.3, 3),
    sine(1000, 1000, 400, 0.05),
  );
  const find = (options: object) => runBlock("dominant-frequencies", { taper: "blackman", ...options }, 1000, x).values;

  it("gives the largest first, or the lowest first, and 0 for those that are not there", () => {
    expectClose(find({}), [333.3, 3, 50.3, 2, 61.7, 1.5], 1e-3, 0);
    expectClose(find({ count: 4, order: "frequency" }), [50.3, 2, 61.7, 1.5, 333.3, 3, 0, 0], 1e-3, 0);
    // 0.05 is less than 3 % of 3.
    expectClose(find({ count: 5, share: 1 }), [333.3, 3, 50.3, 2, 61.7, 1.5, 400, 0.05, 0, 0], 2e-3, 0);
  });

  it("keeps to the range, the distance and the threshold", () => {
    expectClose(find({ from: 55, to: 100, count: 1 }), [61.7, 1.5], 1e-3, 0);
    expectClose(find({ distance: 20 }), [333.3, 3, 50.3, 2, 0, 0], 1e-3, 0);
    expectClose(find({ threshold: 1.8 }), [333.3, 3, 50.3, 2, 0, 0], 1e-3, 0);
    expect(find({ threshold: 4, count: 1 })).toEqual([0, 0]);
  });

  it("names peaks, channels and units", () => {
    const run = runBlock("dominant-frequencies", { count: 1 }, 10, noise(32), noise(32));
    expect(run.names).toEqual(["a peak 1 frequency", "a peak 1 amplitude", "b peak 1 frequency", "b peak 1 amplitude"]);
    expect(run.channels).toEqual(["a", "a", "b", "b"]);
    expect(run.units).toEqual(["Hz", "x", "Hz", "x"]);
  });

  it("a constant and a single step of rounding have no peak; NaN stays in its channel", () => {
    const constant = new Float64Array(100).fill(1e7 + 0.1);
    const broken = noise(100);
    broken[50] = Number.NaN;
    const { values } = runBlock("dominant-frequencies", { count: 2 }, 10, constant, broken, noise(100));
    expect(values.slice(0, 4)).toEqual([0, 0, 0, 0]);
    expect(values.slice(4, 8)).toEqual(new Array(4).fill(Number.NaN));
    expect(values.slice(8).every((value) => value > 0)).toBe(true);
  });

  it("is linear in scale, down to denormals", () => {
    const loud = find({}).filter((_, i) => i % 2 === 1);
    const quiet = runBlock(
      "dominant-frequencies",
      { taper: "blackman" },
      1000,
      x.map((value) => value * 2 ** -130),
    ).values;
    expectClose(
      quiet.filter((_, i) => i % 2 === 0),
      [333.3, 50.3, 61.7],
      1e-3,
      0,
    );
    expectClose(
      quiet.filter((_, i) => i % 2 === 1).map((value) => value * 2 ** 130),
      loud,
      1e-3,
      0,
    );
  });
});
