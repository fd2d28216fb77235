/** Every filter, through the registry: against scipy, its properties, and bad input. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { chooseFilter, filters } from "../../../../nodes/lib/dsp/index.ts";

const RATE = 100;

interface Golden {
  x: number[];
  cases: { filter: string; options: Record<string, unknown>; rate: number; y: number[] }[];
}
const golden = JSON.parse(
  readFileSync(resolve(import.meta.dirname, "../../../golden/filters/filters.json"), "utf8"),
) as Golden;

/** One channel through one filter. */
function filtered(id: string, options: object, x: ArrayLike<number>, rate: number | undefined = RATE): Float64Array {
  const { filter, recipe } = chooseFilter(id, options);
  const plan = filter.plan({ samples: x.length, ...(rate === undefined ? {} : { rate }) }, recipe.options);
  const y = new Float64Array(plan.output.samples);
  plan.apply(Float64Array.from(x), y);
  return y;
}

const wave = (samples: number, frequency: number, rate = RATE): Float64Array =>
  Float64Array.from({ length: samples }, (_, i) => Math.sin((2 * Math.PI * frequency * i) / rate));
const largest = (x: ArrayLike<number>): number => Math.max(...Array.from(x, Math.abs));
/** The amplitude of a sine in the middle half, where what begins and ends is over. */
const amplitude = (x: Float64Array): number => {
  const middle = x.subarray(x.length / 4, (3 * x.length) / 4);
  return Math.sqrt((2 * middle.reduce((sum, value) => sum + value * value, 0)) / middle.length);
};

describe("the filters, against scipy", () => {
  const named = golden.cases.map((one) => ({ ...one, name: `${one.filter} ${JSON.stringify(one.options)}` }));
  it.each(named)("$name", ({ filter, options, rate, y }) => {
    const got = filtered(filter, options, golden.x, rate);
    expect(got.length).toBe(y.length);
    const furthest = Math.max(...Array.from(got, (value, i) => Math.abs(value - y[i]!)));
    // The signal is about 20: what is left after a high-pass is small, and its last digits are those of the input.
    expect(furthest / largest(golden.x)).toBeLessThan(1e-12);
  });

  it("leave none out", () => {
    expect(new Set(golden.cases.map(({ filter }) => filter))).toEqual(new Set(filters.map(({ id }) => id)));
  });
});

/** Each filter with its options as they are, and both ways where it can. */
const all: [name: string, id: string, options: Record<string, unknown>][] = filters.flatMap(({ id, options }) => {
  const choices = "zeroPhase" in options.properties ? [{ zeroPhase: false }, { zeroPhase: true }] : [{}];
  const own = id === "notch" ? { frequency: 20 } : {};
  return choices.map((choice): [string, string, Record<string, unknown>] => [
    `${id} ${JSON.stringify(choice)}`,
    id,
    { ...own, ...choice },
  ]);
});
const TAKES_THE_LEVEL_AWAY = new Set(["high-pass", "band-pass", "detrend"]);

describe("every filter", () => {
  it.each(all)("describes itself for the dialog: %s", (_, id) => {
    const filter = filters.find((one) => one.id === id)!;
    expect([filter.title, filter.about, filter.cost].every((text) => text.length > 0)).toBe(true);
    for (const option of Object.values(filter.options.properties as Record<string, Record<string, unknown>>)) {
      expect(option).toMatchObject({ title: expect.any(String), default: expect.anything() });
    }
  });

  it.each(all)("tells the samples and the rate that come out: %s", (_, id, options) => {
    const { filter, recipe } = chooseFilter(id, options);
    const { output } = filter.plan({ samples: 41, rate: RATE }, recipe.options);
    expect(output).toEqual(id === "decimate" ? { samples: 21, rate: 50 } : { samples: 41, rate: RATE });
  });

  it.each(all)("takes a constant as a level, without a transient: %s", (_, id, options) => {
    for (const level of [1, -0.1, 101325, 1e7]) {
      const y = filtered(id, options, new Float64Array(100).fill(level));
      const expected = TAKES_THE_LEVEL_AWAY.has(id) ? 0 : level;
      for (const value of y) expect(Math.abs(value - expected)).toBeLessThan(1e-11 * Math.abs(level));
    }
  });

  it.each(all.filter(([, id]) => id !== "median"))("is linear: %s", (_, id, options) => {
    const a = Float64Array.from(golden.x);
    const b = wave(a.length, 13);
    const sum = filtered(
      id,
      options,
      a.map((value, i) => 3 * value - 0.5 * b[i]!),
    );
    const [ya, yb] = [filtered(id, options, a), filtered(id, options, b)];
    for (const [i, value] of sum.entries()) expect(value).toBeCloseTo(3 * ya[i]! - 0.5 * yb[i]!, 9);
  });

  it.each(all)("gives the same numbers again, whatever came in between: %s", (_, id, options) => {
    const { filter, recipe } = chooseFilter(id, options);
    const plan = filter.plan({ samples: golden.x.length, rate: RATE }, recipe.options);
    const run = (x: ArrayLike<number>): Float64Array => {
      const y = new Float64Array(plan.output.samples).fill(-7);
      plan.apply(Float64Array.from(x), y);
      return y;
    };
    const first = run(golden.x);
    expect(run(new Float64Array(golden.x.length).fill(Number.NaN)).every(Number.isNaN)).toBe(true);
    run(new Float64Array(golden.x.length).fill(Number.POSITIVE_INFINITY));
    expect(run(golden.x)).toEqual(first);
  });

  const odd: [string, (samples: number) => Float64Array][] = [
    ["zeros", (n) => new Float64Array(n)],
    ["denormals", (n) => Float64Array.from({ length: n }, (_, i) => (i % 3) * 1e-45)],
    ["a saturated square wave", (n) => Float64Array.from({ length: n }, (_, i) => (i % 20 < 10 ? 32767 : -32768))],
    ["one spike", (n) => Float64Array.from({ length: n }, (_, i) => (i === n >> 1 ? 1e30 : 0))],
    ["a ramp on a large offset", (n) => Float64Array.from({ length: n }, (_, i) => 1e7 + i)],
  ];
  const lengths = [1, 2, 3, 5, 26, 27, 28, 500];
  it.each(all)("gives finite numbers for finite numbers, however few: %s", (_, id, options) => {
    for (const [what, make] of odd) {
      for (const samples of lengths) {
        if (id === "decimate" && samples < 2) continue;
        const y = filtered(id, options, make(samples));
        expect(y.every(Number.isFinite), `${samples} of ${what}`).toBe(true);
      }
    }
  });

  it.each(all)("survives NaN and infinities at any place: %s", (_, id, options) => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      for (const place of [0, 1, 50, 99]) {
        const x = Float64Array.from(golden.x.slice(0, 100));
        x[place] = value;
        expect(filtered(id, options, x).length).toBe(id === "decimate" ? 50 : 100);
      }
    }
  });

  const timeless = new Set(["median", "moving-average", "detrend", "decimate"]);
  it.each(all)("says when it needs a rate: %s", (_, id, options) => {
    const { filter, recipe } = chooseFilter(id, options);
    const plan = () => filter.plan({ samples: 10 }, recipe.options);
    if (timeless.has(id)) expect(plan().output.rate).toBeUndefined();
    else expect(plan).toThrow(expect.objectContaining({ code: "EDGE_ML_WINDOW" }));
  });
});

describe("where a NaN is felt", () => {
  const withNaN = Float64Array.from(golden.x);
  withNaN[60] = Number.NaN;
  const felt = (id: string, options: object): number[] =>
    [...filtered(id, options, withNaN)].flatMap((value, i) => (Number.isNaN(value) ? [i] : []));
  const from = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i);

  it("by what comes after, forwards", () => {
    expect(felt("low-pass", {})).toEqual(from(60, golden.x.length - 1));
    expect(felt("notch", { frequency: 20 })).toEqual(from(60, golden.x.length - 1));
  });
  it("by all of the window, both ways and in a trend", () => {
    expect(felt("low-pass", { zeroPhase: true })).toEqual(from(0, golden.x.length - 1));
    expect(felt("detrend", {})).toEqual(from(0, golden.x.length - 1));
  });
  it("by its neighbours alone, in a median and a mean; the others are what they would be without it", () => {
    for (const id of ["median", "moving-average"]) {
      expect(felt(id, { width: 7 })).toEqual(from(57, 63));
      const without = filtered(id, { width: 7 }, golden.x);
      const y = filtered(id, { width: 7 }, withNaN);
      for (const i of [0, 56, 64, 100]) expect(y[i]).toBe(without[i]);
    }
  });
  it("and so is an infinity by a mean, while a median passes it by", () => {
    const x = Float64Array.from(golden.x);
    x[60] = Number.NEGATIVE_INFINITY;
    expect(filtered("moving-average", { width: 3 }, x).filter((value) => !Number.isFinite(value)).length).toBe(3);
    expect(filtered("median", { width: 3 }, x).every(Number.isFinite)).toBe(true);
  });
  it("a huge number leaves no trace in the means further on", () => {
    const x = new Float64Array(50).fill(1);
    x[5] = 1e30;
    expect([...filtered("moving-average", { width: 5 }, x).slice(8)]).toEqual(new Array(42).fill(1));
  });
});

describe("what a filter lets through", () => {
  it.each([
    ["low-pass", { cutoff: 20 }, 2, 1],
    ["low-pass", { cutoff: 20 }, 20, Math.SQRT1_2],
    ["low-pass", { cutoff: 20, zeroPhase: true }, 20, 1 / 2],
    ["low-pass", { cutoff: 10, order: 8 }, 40, 0],
    ["high-pass", { cutoff: 5 }, 40, 1],
    ["high-pass", { cutoff: 5, order: 8 }, 0.5, 0],
    ["band-pass", { low: 5, high: 20 }, 10, 1],
    ["band-pass", { low: 5, high: 20 }, 20, Math.SQRT1_2],
    ["band-pass", { low: 5, high: 20, order: 8 }, 45, 0],
    ["band-stop", { low: 5, high: 20, order: 6 }, 10, 0],
    ["band-stop", { low: 5, high: 20 }, 45, 1],
    ["notch", { frequency: 25 }, 25, 0],
    ["notch", { frequency: 25, quality: 10 }, 5, 1],
    ["notch", { frequency: 10, harmonics: 3 }, 30, 0],
    ["notch", { frequency: 10, harmonics: 2, quality: 30 }, 33, 1],
  ])("%s %j at %d Hz: %d", (id, options, frequency, expected) => {
    expect(amplitude(filtered(id, options, wave(4000, frequency)))).toBeCloseTo(expected, 2);
  });

  it("mains hum at 50 Hz is gone, and what is beside it stays", () => {
    const hum = wave(8000, 50, 1000);
    const machine = wave(8000, 24, 1000);
    const y = filtered(
      "notch",
      {},
      hum.map((value, i) => value + machine[i]!),
      1000,
    );
    for (let i = 2000; i < 6000; i++) expect(Math.abs(y[i]! - machine[i]!)).toBeLessThan(0.15);
    expect(amplitude(filtered("notch", {}, hum, 1000))).toBeLessThan(1e-9);
  });

  it("both ways, nothing is delayed", () => {
    const x = wave(2000, 5);
    const y = filtered("low-pass", { cutoff: 20, zeroPhase: true }, x);
    for (let i = 500; i < 1500; i++) expect(y[i]).toBeCloseTo(x[i]!, 3);
  });

  it("no frequency above half the new rate comes back as another", () => {
    for (const factor of [2, 7, 30, 100]) {
      const samples = 200 * factor;
      const kept = filtered("decimate", { factor }, wave(samples, (0.3 * RATE) / factor));
      expect(amplitude(kept)).toBeCloseTo(1, 1);
      const aliased = filtered("decimate", { factor }, wave(samples, (0.7 * RATE) / factor));
      expect(amplitude(aliased)).toBeLessThan(1e-3);
    }
  });

  it("decimates by any factor, also a large prime", () => {
    for (const factor of [2, 11, 13, 14, 17, 34, 289, 997, 1000]) {
      for (const samples of [factor, factor + 1, 2 * factor, 2 * factor + 1]) {
        const y = filtered("decimate", { factor }, new Float64Array(samples).fill(20));
        expect(y.length).toBe(Math.ceil(samples / factor));
        for (const value of y) expect(value).toBeCloseTo(20, 8);
      }
    }
  });

  it("a constant without its trend is exactly 0: no traces of rounding that a block would take for a signal", () => {
    for (const kind of ["constant", "linear"]) {
      for (const level of [0.1, -1 / 3, 101325.7, 1e-30]) {
        expect(largest(filtered("detrend", { kind }, new Float64Array(77).fill(level))), `${kind} ${level}`).toBe(0);
      }
    }
  });

  it("a spike is gone after the median, and a step stays where it is", () => {
    const x = Float64Array.from({ length: 40 }, (_, i) => (i < 20 ? 0 : 1));
    const spiky = x.map((value, i) => (i === 10 || i === 11 || i === 33 ? 99 : value));
    expect(filtered("median", { width: 5 }, spiky)).toEqual(x);
  });

  it("the median is right for any numbers, repeated and in any order", () => {
    let seed = 1;
    const random = (): number => {
      seed = (seed * 48271) % 2147483647;
      return seed / 2147483647;
    };
    for (let round = 0; round < 200; round++) {
      // Now and then so wide that far numbers change places.
      const [longest, widest, values] = round % 20 === 0 ? [500, 200, 1000] : [40, 12, 6];
      const x = Float64Array.from({ length: 1 + Math.floor(random() * longest) }, () => Math.floor(random() * values));
      const width = 3 + 2 * Math.floor(random() * widest);
      const half = (width - 1) / 2;
      const expected = Float64Array.from(x, (_, i) => {
        const near = Array.from({ length: width }, (_, k) => x[Math.min(Math.max(i + k - half, 0), x.length - 1)]!);
        return near.sort((a, b) => a - b)[half]!;
      });
      expect(filtered("median", { width }, x)).toEqual(expected);
    }
  });
});

describe("what cannot be filtered", () => {
  const refused: [string, string, object, number, string, string][] = [
    ["a cut-off of half the rate", "low-pass", { cutoff: 50 }, 10, "EDGE_ML_SETTING", "cutoff"],
    ["a cut-off above it", "high-pass", { cutoff: 70 }, 10, "EDGE_ML_SETTING", "cutoff"],
    ["a cut-off of nothing", "high-pass", { cutoff: 0 }, 10, "EDGE_ML_SETTING", "cutoff"],
    ["a cut-off below all digits", "high-pass", { cutoff: 1e-9 }, 10, "EDGE_ML_SETTING", "cutoff"],
    ["a band beyond half the rate", "band-pass", { low: 10, high: 50 }, 10, "EDGE_ML_SETTING", "high"],
    ["a band upside down", "band-stop", { low: 20, high: 10 }, 10, "EDGE_ML_SETTING", "high"],
    ["a band of no width", "band-pass", { low: 20, high: 20 }, 10, "EDGE_ML_SETTING", "high"],
    ["a notch beyond half the rate", "notch", { frequency: 60 }, 10, "EDGE_ML_SETTING", "frequency"],
    ["a notch wider than everything", "notch", { frequency: 20, quality: 0.5 }, 10, "EDGE_ML_SETTING", "quality"],
    ["order 0", "low-pass", { order: 0 }, 10, "EDGE_ML_SETTING", "order"],
    ["order 13", "low-pass", { order: 13 }, 10, "EDGE_ML_SETTING", "order"],
    ["order 2.5", "low-pass", { order: 2.5 }, 10, "EDGE_ML_SETTING", "order"],
    ["an even width", "median", { width: 4 }, 10, "EDGE_ML_SETTING", "width"],
    ["an even width of a mean", "moving-average", { width: 4 }, 10, "EDGE_ML_SETTING", "width"],
    ["a width without end", "median", { width: 1e9 + 1 }, 10, "EDGE_ML_SETTING", "width"],
    ["a factor of 1", "decimate", { factor: 1 }, 10, "EDGE_ML_SETTING", "factor"],
    ["a factor of 1001", "decimate", { factor: 1001 }, 10, "EDGE_ML_SETTING", "factor"],
    ["an unknown trend", "detrend", { kind: "quadratic" }, 10, "EDGE_ML_SETTING", "kind"],
    ["an unknown filter", "comb", {}, 10, "EDGE_ML_SETTING", "filter"],
    ["__proto__", "__proto__", {}, 10, "EDGE_ML_SETTING", "filter"],
  ];
  it.each(refused)("%s", (_, id, options, samples, code, field) => {
    expect(() => filtered(id, options, new Float64Array(samples))).toThrow(
      expect.objectContaining({ code, details: expect.objectContaining({ field }) }),
    );
  });

  it("fewer samples than one that would be kept", () => {
    expect(() => filtered("decimate", { factor: 100 }, new Float64Array(99))).toThrow(
      expect.objectContaining({ code: "EDGE_ML_WINDOW" }),
    );
  });
});
