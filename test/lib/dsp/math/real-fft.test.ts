import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { RealFft } from "../../../../nodes/lib/dsp/math/real-fft.ts";
import { Random } from "../../../../nodes/lib/simulate/random.ts";

interface Golden {
  cases: { length: number; bins: number[]; re: number[]; im: number[]; largest: number }[];
}

const golden = JSON.parse(
  readFileSync(new URL("../../../golden/blocks/real-fft.json", import.meta.url), "utf8"),
) as Golden;
const LENGTHS = golden.cases.map(({ length }) => length);

/** The generator of make_real_fft.py. */
function samplesOf(length: number): Float64Array {
  let state = BigInt(length);
  return Float64Array.from({ length }, () => {
    state = (1103515245n * state + 12345n) % 2n ** 31n;
    return Number(state >> 16n) - 16384;
  });
}

function noise(length: number, seed = 1): Float64Array {
  const random = new Random(seed, "noise");
  return Float64Array.from({ length }, () => random.normal());
}

function transform(
  x: Float64Array | Float32Array,
  fft = new RealFft(x.length),
): { re: Float64Array; im: Float64Array } {
  const re = new Float64Array(fft.bins);
  const im = new Float64Array(fft.bins);
  fft.transform(x, re, im);
  return { re, im };
}

/** The largest difference, over the largest number of the second. */
function error(got: Float64Array, wanted: Float64Array, largest = Math.max(...wanted.map(Math.abs))): number {
  return Math.max(...got.map((value, i) => Math.abs(value - wanted[i]!))) / largest;
}

it("knows all lengths from 2 to 8192", () => {
  expect(LENGTHS).toEqual(Array.from({ length: 13 }, (_, i) => 2 ** (i + 1)));
});

describe.each(golden.cases)("of length $length", ({ length, bins, re, im, largest }) => {
  it("gives numpy's numbers", () => {
    const got = transform(samplesOf(length));
    expect(got.re.length).toBe(length / 2 + 1);
    expect(
      error(
        Float64Array.from(bins, (k) => got.re[k]!),
        Float64Array.from(re),
        largest,
      ),
    ).toBeLessThan(1e-14);
    expect(
      error(
        Float64Array.from(bins, (k) => got.im[k]!),
        Float64Array.from(im),
        largest,
      ),
    ).toBeLessThan(1e-14);
  });

  it("gives the power of what transform gives", () => {
    const x = noise(length);
    const got = transform(x);
    const power = new Float64Array(length / 2 + 1);
    new RealFft(length).power(x, power);
    const wanted = power.map((_, k) => got.re[k]! ** 2 + got.im[k]! ** 2);
    expect(error(power, wanted)).toBeLessThan(1e-14);
  });

  it("keeps the energy (Parseval)", () => {
    const x = noise(length);
    const power = new Float64Array(length / 2 + 1);
    new RealFft(length).power(x, power);
    const energy = x.reduce((sum, value) => sum + value * value, 0);
    // All bins but the first and the last stand for two.
    const twice = power.reduce((sum, value, k) => sum + (k === 0 || k === length / 2 ? 1 : 2) * value, 0);
    expect(twice / length / energy).toBeCloseTo(1, 13);
  });

  it("is linear", () => {
    const a = noise(length, 2);
    const b = noise(length, 3);
    const [fa, fb] = [transform(a), transform(b)];
    const both = transform(a.map((value, i) => 2.5 * value - 3 * b[i]!));
    const wanted = fa.re.map((value, k) => 2.5 * value - 3 * fb.re[k]!);
    expect(error(both.re, wanted, Math.sqrt(length))).toBeLessThan(1e-13);
    const wantedIm = fa.im.map((value, k) => 2.5 * value - 3 * fb.im[k]!);
    expect(error(both.im, wantedIm, Math.sqrt(length))).toBeLessThan(1e-13);
  });

  it("turns a shift in time into a turn of each bin", () => {
    const x = noise(length);
    const shifted = x.map((_, i) => x[(i + length - 1) % length]!);
    const [plain, late] = [transform(x), transform(shifted)];
    const turned = (k: number): [number, number] => {
      const angle = (-2 * Math.PI * k) / length;
      return [
        plain.re[k]! * Math.cos(angle) - plain.im[k]! * Math.sin(angle),
        plain.re[k]! * Math.sin(angle) + plain.im[k]! * Math.cos(angle),
      ];
    };
    const wantedRe = late.re.map((_, k) => turned(k)[0]);
    const wantedIm = late.im.map((_, k) => turned(k)[1]);
    expect(error(late.re, wantedRe, Math.sqrt(length))).toBeLessThan(1e-13);
    expect(error(late.im, wantedIm, Math.sqrt(length))).toBeLessThan(1e-13);
  });

  it("reads a part of a longer array, in float32 as in float64, and leaves it alone", () => {
    const x = noise(length).map(Math.fround);
    const long = new Float64Array(length + 7).fill(Number.NaN);
    long.set(x, 5);
    const before = long.slice();
    const fft = new RealFft(length);
    const power = new Float64Array(fft.bins);
    const wide = new Float64Array(fft.bins);
    const narrow = new Float64Array(fft.bins);
    fft.power(x, power);
    fft.power(long, wide, 5);
    fft.power(Float32Array.from(long), narrow, 5);
    expect(wide).toEqual(power);
    expect(narrow).toEqual(power);
    expect(long).toEqual(before);
  });

  it("gives the same however often and for whatever it was used before", () => {
    const fft = new RealFft(length);
    const first = transform(noise(length), fft);
    transform(noise(length, 4), fft);
    transform(new Float64Array(length).fill(Number.NaN), fft);
    transform(Float32Array.from(noise(length, 5)), fft);
    expect(transform(noise(length), fft)).toEqual(first);
  });
});

it("reads a cosine of amplitude 1 as N/2 in its bin and nothing elsewhere", () => {
  const power = new Float64Array(65);
  new RealFft(128).power(
    Float64Array.from({ length: 128 }, (_, i) => Math.cos((2 * Math.PI * 5 * i) / 128)),
    power,
  );
  expect(Math.sqrt(power[5]!)).toBeCloseTo(64, 12);
  expect(Math.max(...power.map((value, k) => (k === 5 ? 0 : value)))).toBeLessThan(1e-24);
});

it.each([0, 1, 3, 12, -4, 2.5, Number.NaN, Number.POSITIVE_INFINITY])("refuses %d as a length", (length) => {
  expect(() => new RealFft(length)).toThrow(TypeError);
});

it("lets NaN and infinite samples through as numbers that are not finite", () => {
  for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const x = noise(64);
    x[17] = wrong;
    const power = new Float64Array(33);
    new RealFft(64).power(x, power);
    expect(Number.isFinite(power[0]!)).toBe(false);
  }
});
