import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { WAVELETS, WaveletTransform } from "../../../../nodes/lib/dsp/math/wavelet.ts";

interface Golden {
  x: number[];
  bands: Record<string, number[][]>;
}
const file = resolve(import.meta.dirname, "../../../golden/blocks/wavelet.json");
const golden = JSON.parse(readFileSync(file, "utf8")) as Golden;

function transform(wavelet: string, x: ArrayLike<number>, levels: number): number[][] {
  const plan = new WaveletTransform(wavelet, x.length, levels);
  const out = new Float64Array(plan.length);
  plan.transform(Float64Array.from(x), out);
  let from = 0;
  return plan.lengths.map((length) => {
    from += length;
    return [...out.subarray(from - length, from)];
  });
}

const energy = (x: Iterable<number>) => [...x].reduce((sum, v) => sum + v * v, 0);
const orthogonal = WAVELETS.filter((name) => !/bio/.test(name));

describe("WaveletTransform", () => {
  it("has every wavelet that Edge Impulse offers", () => {
    expect([...WAVELETS].sort()).toEqual(Object.keys(golden.bands).sort());
  });

  it.each(WAVELETS)("agrees with PyWavelets: %s", (wavelet) => {
    const expected = golden.bands[wavelet]!;
    const got = transform(wavelet, golden.x, 2);
    expect(got.map((band) => band.length)).toEqual(expected.map((band) => band.length));
    const largest = Math.max(...expected.flat().map(Math.abs));
    for (const [i, value] of expected.flat().entries()) {
      // Float32, two levels of up to 20 products.
      expect(Math.abs(got.flat()[i]! - value)).toBeLessThan(2e-6 * largest);
    }
  });

  it.each(orthogonal)("keeps the energy of a signal whose mirror images are silent: %s", (wavelet) => {
    const x = Array.from({ length: 256 }, (_, i) => (i >= 96 && i < 160 ? Math.sin(i * i) : 0));
    expect(energy(transform(wavelet, x, 2).flat()) / energy(x)).toBeCloseTo(1, 5);
  });

  it.each(WAVELETS)("of a constant has no details, and √2 of it at each level: %s", (wavelet) => {
    const [approximation, ...details] = transform(wavelet, Array(80).fill(3), 2) as [number[], ...number[][]];
    for (const value of approximation) expect(value).toBeCloseTo(6, 4);
    for (const value of details.flat()) expect(value).toBeCloseTo(0, 5);
  });

  it.each(["db4", "bior2.2", "rbio3.1", "sym8"])("is linear: %s", (wavelet) => {
    const x = Array.from({ length: 100 }, (_, i) => Math.sin(i * i));
    const y = Array.from({ length: 100 }, (_, i) => Math.cos(i / 3));
    const [a, b, both] = [x, y, x.map((v, i) => 2 * v - 0.5 * y[i]!)].map((v) => transform(wavelet, v, 3).flat());
    for (const [i, value] of both!.entries()) expect(value).toBeCloseTo(2 * a![i]! - 0.5 * b![i]!, 5);
  });

  it("moves its details by one when the signal moves by two", () => {
    const x = Array.from({ length: 120 }, (_, i) => (i >= 40 && i < 60 ? Math.sin(i * i) : 0));
    const [, details] = transform("db3", x, 1);
    const [, later] = transform("db3", [0, 0, ...x.slice(0, -2)], 1);
    expect(later!.slice(1)).toEqual(details!.slice(0, -1));
  });

  it("mirrors a signal that is shorter than its filter as often as needed", () => {
    // Half a sample beyond each end: 1 2 | 2 1 | 1 2 …, so that haar-like sums of neighbours tell the order.
    expect(transform("haar", [1, 2, 5], 1)[0]!.map((v) => v / Math.SQRT1_2)).toEqual([
      expect.closeTo(3, 5),
      expect.closeTo(10, 5),
    ]);
    for (const value of transform("db10", [4], 3).flat().slice(0, 1)) expect(value).toBeCloseTo(4 * Math.SQRT2 ** 3, 4);
  });

  it("with no level leaves the signal as it is, in float32", () => {
    expect(transform("db4", [1, 2.5, -3], 0)).toEqual([[1, 2.5, -3]]);
  });

  it("refuses a wavelet that there is not", () => {
    for (const name of ["db11", "bior", "bior9.9", "xxxx1.3", "toString", ""]) {
      expect(() => new WaveletTransform(name, 8, 1)).toThrow(TypeError);
    }
  });
});
