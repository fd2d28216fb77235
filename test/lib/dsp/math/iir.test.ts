import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { CausalFilter, filterSections, steadyState, ZeroPhaseFilter } from "../../../../nodes/lib/dsp/math/iir.ts";
import { butterworth, chebyshevLowPass, notch, type PassBand } from "../../../../nodes/lib/dsp/math/iir-design.ts";

interface Design {
  name: string;
  pass: PassBand;
  order: number;
  cutoff: number | [number, number];
  rate: number;
  ripple: number | null;
  sections: number[];
  steady: number[];
  response: [frequency: number, re: number, im: number][];
}
interface Golden {
  rate: number;
  designs: Design[];
  notches: { frequency: number; quality: number; section: number[] }[];
  x: number[];
  runs: { name: string; sections: number[]; zero: number[]; steady: number[]; both: number[]; short: number[] }[];
}
const golden = JSON.parse(
  readFileSync(resolve(import.meta.dirname, "../../../golden/filters/iir.json"), "utf8"),
) as Golden;

const designed = ({ order, pass, cutoff, rate, ripple }: Design): Float64Array =>
  ripple === null ? butterworth(order, pass, cutoff, rate) : chebyshevLowPass(order, ripple, cutoff as number, rate);

/** H at a frequency. */
function response(sections: Float64Array, frequency: number, rate: number): [re: number, im: number] {
  const w = (2 * Math.PI * frequency) / rate;
  const polynomial = (c0: number, c1: number, c2: number): [number, number] => [
    c0 + c1 * Math.cos(w) + c2 * Math.cos(2 * w),
    -c1 * Math.sin(w) - c2 * Math.sin(2 * w),
  ];
  let [re, im] = [1, 0];
  for (let at = 0; at < sections.length; at += 5) {
    const [b0, b1, b2, a1, a2] = sections.subarray(at, at + 5) as unknown as [number, number, number, number, number];
    const [br, bi] = polynomial(b0, b1, b2);
    const [ar, ai] = polynomial(1, a1, a2);
    const norm = ar * ar + ai * ai;
    const [hr, hi] = [(br * ar + bi * ai) / norm, (bi * ar - br * ai) / norm];
    [re, im] = [re * hr - im * hi, re * hi + im * hr];
  }
  return [re, im];
}

function furthest(got: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(got.length).toBe(expected.length);
  const scale = Math.max(...Array.from(expected, Math.abs));
  return Math.max(...Array.from(got, (value, i) => Math.abs(value - expected[i]!))) / scale;
}

describe("the design of recursive filters, against scipy", () => {
  it.each(golden.designs)("sections: $name", (design) => {
    expect(furthest(designed(design), design.sections)).toBeLessThan(1e-11);
  });

  it.each(golden.designs)("response: $name", (design) => {
    const sections = designed(design);
    // 1 + a1 + a2 is about w² near a low cut-off w: the last digit of a coefficient, in either library, weighs that much.
    const w = (2 * Math.PI * Math.min(...[design.cutoff].flat())) / design.rate;
    const rounding = (2 * Number.EPSILON) / w ** 2;
    for (const [frequency, re, im] of design.response) {
      const [gotRe, gotIm] = response(sections, frequency, design.rate);
      expect(Math.hypot(gotRe - re, gotIm - im), `${frequency} Hz`).toBeLessThan(Math.max(1e-10, rounding));
    }
  });

  it.each(golden.designs)("steady state: $name", (design) => {
    expect(furthest(steadyState(Float64Array.from(design.sections)), design.steady)).toBeLessThan(1e-9);
  });

  it.each(golden.notches)("notch at $frequency Hz, Q $quality", ({ frequency, quality, section }) => {
    expect(furthest(notch(frequency, quality, golden.rate), section)).toBeLessThan(1e-14);
  });
});

describe("recursive filters at work, against scipy", () => {
  const x = (): Float64Array => Float64Array.from(golden.x);

  it.each(golden.runs)("sosfilt from nothing: $name", ({ sections, zero }) => {
    const got = x();
    filterSections(Float64Array.from(sections), got, new Float64Array((2 * sections.length) / 5));
    expect(furthest(got, zero)).toBeLessThan(1e-12);
  });

  it.each(golden.runs)("sosfilt from the steady state: $name", ({ sections, steady }) => {
    const got = x();
    new CausalFilter(Float64Array.from(sections)).apply(got);
    expect(furthest(got, steady)).toBeLessThan(1e-12);
  });

  it.each(golden.runs)("sosfiltfilt: $name", ({ sections, both }) => {
    const got = x();
    new ZeroPhaseFilter(Float64Array.from(sections), got.length).apply(got);
    expect(furthest(got, both)).toBeLessThan(1e-12);
  });

  it.each(golden.runs)("sosfiltfilt of a signal shorter than the extension: $name", ({ sections, short }) => {
    const got = x().slice(0, short.length);
    new ZeroPhaseFilter(Float64Array.from(sections), got.length).apply(got);
    expect(furthest(got, short)).toBeLessThan(1e-12);
  });

  it("goes on where it was: in pieces as in one", () => {
    const sections = butterworth(4, "band", [5, 20], 100);
    const [whole, pieces] = [x(), x()];
    filterSections(sections, whole, new Float64Array(8));
    const state = new Float64Array(8);
    for (const [from, to] of [
      [0, 1],
      [1, 1],
      [1, 40],
      [40, 60],
    ]) {
      filterSections(sections, pieces.subarray(from, to), state);
    }
    expect(pieces).toEqual(whole);
  });

  it("leaves one sample as the constant that it stands for", () => {
    for (const filter of [
      new CausalFilter(butterworth(5, "low", 3, 100)),
      new ZeroPhaseFilter(butterworth(5, "low", 3, 100), 1),
    ]) {
      const one = Float64Array.of(7);
      filter.apply(one);
      expect(one[0]).toBeCloseTo(7, 10);
    }
  });
});

describe("what cannot be designed", () => {
  it.each([
    ["order 0", () => butterworth(0, "low", 10, 100)],
    ["order 13", () => butterworth(13, "low", 10, 100)],
    ["order 2.5", () => chebyshevLowPass(2.5, 1, 10, 100)],
    ["a cut-off of half the rate", () => butterworth(2, "low", 50, 100)],
    ["a cut-off of 0", () => butterworth(2, "high", 0, 100)],
    ["a cut-off that is NaN", () => chebyshevLowPass(2, 1, Number.NaN, 100)],
    ["a rate of 0", () => notch(10, 30, 0)],
    ["one cut-off for a band", () => butterworth(2, "band", 10, 100)],
    ["two cut-offs for a low-pass", () => butterworth(2, "low", [10, 20], 100)],
    ["a band upside down", () => butterworth(2, "stop", [20, 10], 100)],
  ])("%s", (_, design) => {
    expect(design).toThrow(TypeError);
  });
});
