import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { chooseBlock } from "../../../../nodes/lib/dsp/index.ts";

const ROOT = resolve(import.meta.dirname, "../../../..");
const RATE = 100;
const MOMENT = { start: 0, end: 0 };

function planOf(samples: number, channels: string[], options: object, rate: number | undefined = RATE) {
  const { block, recipe } = chooseBlock("spectral-analysis", options);
  return block.plan({ samples, channels, ...(rate === undefined ? {} : { rate }) }, recipe.options);
}

/** The features of one window by their names, in their order. */
function analyse(data: ArrayLike<number>, columns: number, options: object, rate = RATE): Map<string, number> {
  const channels = Array.from({ length: columns }, (_, i) => "xyz"[i]!);
  const plan = planOf(data.length / columns, channels, options, rate);
  const out = new Float32Array(plan.names.length + 2).fill(-7);
  // Twice: nothing may be left over from the window before.
  plan.compute(
    Float32Array.from(data, (v) => 3 * v + 1),
    out,
    1,
    MOMENT,
  );
  plan.compute(Float32Array.from(data), out, 1, MOMENT);
  // Nothing is written beside its own place.
  expect([out[0], out.at(-1)]).toEqual([-7, -7]);
  const features = new Map(plan.names.map((name, i) => [name, out[i + 1]!]));
  expect(features.size).toBe(plan.names.length);
  return features;
}

/** Within a relative tolerance, or an absolute one. */
function expectClose(got: Map<string, number>, expected: readonly number[], relative: number, absolute: number): void {
  expect(got.size).toBe(expected.length);
  const names = [...got.keys()];
  for (const [i, value] of [...got.values()].entries()) {
    const off = Math.abs(value - expected[i]!);
    expect(off, `${names[i]}: ${value} for ${expected[i]}`).toBeLessThanOrEqual(
      Math.max(relative * Math.abs(expected[i]!), absolute),
    );
  }
}

/** A sine on each of two channels. */
function sines(samples: number, frequency: number, amplitude = 1): Float64Array {
  return Float64Array.from(
    { length: 2 * samples },
    (_, i) => amplitude * Math.sin((2 * Math.PI * frequency * (i >> 1)) / RATE + (i & 1)),
  );
}

interface Golden {
  windows: Record<string, { channels: number; data: number[] }>;
  cases: { window: string; options: Record<string, unknown>; features: number[] }[];
}
const golden = JSON.parse(readFileSync(join(ROOT, "test/golden/blocks/spectral-analysis.json"), "utf8")) as Golden;

describe("Spectral analysis, against numpy, scipy and PyWavelets", () => {
  it.each(golden.cases)("$window $options", ({ window, options, features }) => {
    const { channels, data } = golden.windows[window]!;
    // Float32 out, and several float32 stages of a wavelet transform; the absolute part is for what is a difference of
    // larger numbers.
    expectClose(analyse(data, channels, options), features, options.analysis === "wavelet" ? 1e-5 : 1e-6, 1e-6);
  });
});

const EI = resolve(ROOT, "../shared/data/ei-dsp-golden");
const missing = !existsSync(join(EI, "cases.jsonl"));
if (missing) console.warn(`SKIPPED: Spectral analysis against Edge Impulse's reference, because ${EI} is not there`);

interface EdgeImpulseCase {
  id: string;
  block: string;
  implementation_version: number;
  input: string;
  params: Record<string, boolean | number | string>;
  features: number[];
}

describe("Spectral analysis, against Edge Impulse's own block", () => {
  const ids = Array.from({ length: 33 }, (_, i) => `spectral_analysis-${String(i + 5).padStart(3, "0")}`);
  const read = () => ({
    lines: readFileSync(join(EI, "cases.jsonl"), "utf8").trim().split("\n"),
    inputs: (
      JSON.parse(readFileSync(join(EI, "inputs.json"), "utf8")) as {
        inputs: Record<string, { axes: string[]; data: number[]; fs: number }>;
      }
    ).inputs,
  });
  const given = missing ? undefined : read();

  it.skipIf(missing).each(ids)("%s", (id) => {
    const line = given!.lines.find((text) => text.includes(`"${id}"`))!;
    const { params, input, features, implementation_version: implementation } = JSON.parse(line) as EdgeImpulseCase;
    const { axes, data, fs } = given!.inputs[input]!;
    const options = {
      scale: params.scale_axes,
      decimation: params.input_decimation_ratio,
      filter: params.filter_type,
      cutoff: params.filter_cutoff,
      order: params.filter_order,
      analysis: params.analysis_type === "Wavelet" ? "wavelet" : "FFT",
      fftLength: params.fft_length,
      logarithm: params.do_log,
      overlap: params.do_fft_overlap,
      extraLowFrequency: params.extra_low_freq,
      wavelet: params.wavelet,
      level: params.wavelet_level,
      implementation,
    };
    // The reference takes the mean of float32 readings in float32. Where the result is next to nothing (the mean of a band
    // of detail), that rounding is all there is of it: up to a few units in the last place of the largest reading.
    const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expectClose(
      analyse(data, axes.length, options, fs),
      features,
      1e-4,
      options.analysis === "FFT" ? 0 : 2 ** -23 * largest,
    );
  });
});

describe("Spectral analysis", () => {
  it("names each feature after its channel, with the band in Hz and the unit", () => {
    const plan = planOf(40, ["a", "b"], { fftLength: 4, extraLowFrequency: true });
    const main = ["RMS", "skewness", "kurtosis", "spectral skewness", "spectral kurtosis"];
    const bands = ["spectral power 12.50-37.50 Hz", "spectral power 37.50-62.50 Hz"];
    const low = [...main, "spectral power 1.25-3.75 Hz", "spectral power 3.75-6.25 Hz"].map(
      (n) => `low-frequency ${n}`,
    );
    expect(plan.names).toEqual(
      [[...main, ...bands], low].flatMap((names) =>
        ["a", "b"].flatMap((channel) => names.map((n) => `${channel} ${n}`)),
      ),
    );
    expect(plan.units.slice(0, 7)).toEqual(["x", "", "", "", "", "log10 x²", "log10 x²"]);
    expect(plan.channels).toEqual(["a", "b", "a", "b"].flatMap((channel) => Array(7).fill(channel)));
    expect(planOf(40, ["a"], { logarithm: false }).units[5]).toBe("x²");
  });

  it("tells slow bands apart by their names", () => {
    const { names } = planOf(64, ["a"], { fftLength: 64 }, 1 / 600);
    expect(new Set(names).size).toBe(names.length);
    expect(names[5]).toBe("a spectral power 0.000013-0.000039 Hz");
    expect(new Set(planOf(64, ["a"], {}, 1e-90).names).size).toBe(13);
    expect(planOf(64, ["a"], {}, 1e-300).names.length).toBe(13);
  });

  it("names the bands of a wavelet transform, coarse to fine", () => {
    const { names, units } = planOf(128, ["a"], { analysis: "wavelet", level: 2 });
    expect(names.length).toBe(3 * 14);
    expect([names[0], names[14], names[28]]).toEqual([
      "a approximation 2 entropy",
      "a detail 2 entropy",
      "a detail 1 entropy",
    ]);
    expect([names[10], units[10]]).toEqual(["a approximation 2 variance", "x²"]);
  });

  it("a wavelet transform without a filter needs no rate; a spectrum does", () => {
    expect(planOf(128, ["a"], { analysis: "wavelet" }, 0).names.length).toBe(28);
    expect(() => planOf(128, ["a"], {}, 0)).toThrow(expect.objectContaining({ code: "EDGE_ML_WINDOW" }));
    expect(() => planOf(128, ["a"], { analysis: "wavelet", filter: "low" }, 0)).toThrow(
      expect.objectContaining({ code: "EDGE_ML_WINDOW" }),
    );
  });

  it("options that have no meaning beside others change nothing", () => {
    const data = sines(256, 9);
    const plain = analyse(data, 2, {});
    expect(analyse(data, 2, { cutoff: 1000, order: 8, wavelet: "sym8", level: 15 })).toEqual(plain);
    const old = analyse(data, 2, { implementation: 2 });
    expect(old.size).toBe(plain.size - 4);
    expect(analyse(data, 2, { implementation: 2, decimation: 10, extraLowFrequency: true })).toEqual(old);
  });

  it("Parseval: the spectrum of one frame holds the variance", () => {
    const data = Float64Array.from({ length: 64 }, (_, i) => Math.sin(i * i) + (i % 5));
    const got = [...analyse(data, 1, { fftLength: 64, logarithm: false, overlap: false }).values()];
    const powers = got.slice(5);
    // The bins between stand for themselves and for their mirror image; bin 0 is 0.
    const energy = 2 * powers.reduce((sum, power) => sum + power, 0) - powers.at(-1)!;
    expect(energy / 64).toBeCloseTo(got[0]! ** 2, 5);
  });

  it.each(["FFT", "wavelet"])(
    "twice the signal: twice the level, four times the power, the same shape (%s)",
    (analysis) => {
      const data = sines(256, 9).map((v, i) => v + Math.sin(i * i) / 4);
      const options = { analysis, logarithm: false, level: 2 };
      const { units } = planOf(256, ["x", "y"], options);
      const one = [...analyse(data, 2, options).values()];
      const two = [
        ...analyse(
          data.map((v) => 4 * v),
          2,
          { ...options, scale: 0.5 },
        ).values(),
      ];
      for (const [i, value] of one.entries()) {
        const factor = { x: 2, "x²": 4, "": 1 }[units[i]!]!;
        expect(two[i]! / factor).toBeCloseTo(value, 5);
      }
    },
  );

  it("an offset changes nothing: the mean is taken away", () => {
    const data = sines(128, 9).map((v) => Math.round(v * 512) / 512);
    expect(
      analyse(
        data.map((v) => v + 1024),
        2,
        {},
      ),
    ).toEqual(analyse(data, 2, {}));
  });

  it("finds a sine in its band, with amplitude²·N/4 for power", () => {
    const got = analyse(sines(256, 12.5, 3), 2, { fftLength: 32, logarithm: false });
    expect(got.get("x spectral power 10.94-14.06 Hz")).toBeCloseTo((9 * 32) / 4, 2);
    expect(got.get("x RMS")).toBeCloseTo(3 / Math.SQRT2, 5);
    expect(got.get("x spectral power 29.69-32.81 Hz")).toBeLessThan(1e-8);
  });

  it("holds the largest power of all frames: a knock shows as in a frame of its own", () => {
    const data = new Float64Array(160);
    data[71] = 1;
    const got = analyse(data, 1, { fftLength: 16, logarithm: false });
    // |1|²/16 in each bin, less the mean of 1/160 that is taken away everywhere.
    expect(got.get("x spectral power 21.88-28.13 Hz")).toBeCloseTo(1 / 16, 3);
  });

  it("a low-pass passes what is below and a high-pass what is above", () => {
    const data = sines(512, 5).map((v, i) => v + sines(512, 40)[i]!);
    const low = analyse(data, 2, { filter: "low", cutoff: 15, order: 8 }).get("x RMS")!;
    const high = analyse(data, 2, { filter: "high", cutoff: 15, order: 8 }).get("x RMS")!;
    expect(low).toBeCloseTo(Math.SQRT1_2, 1);
    expect(high).toBeCloseTo(Math.SQRT1_2, 1);
  });

  const OPTIONS: [string, object][] = [
    ["FFT", {}],
    ["FFT, low-pass", { filter: "low", cutoff: 10 }],
    ["FFT, decimated, with low frequencies", { decimation: 3, extraLowFrequency: true, fftLength: 8 }],
    ["wavelet", { analysis: "wavelet", level: 2 }],
  ];

  describe.each(OPTIONS)("bad input: %s", (_, options) => {
    it.each([
      ["NaN", Number.NaN],
      ["Infinity", Number.POSITIVE_INFINITY],
      ["−Infinity", Number.NEGATIVE_INFINITY],
    ])("%s stays in its channel and makes all of it NaN", (_, bad) => {
      const data = sines(256, 9);
      const good = analyse(data, 2, options);
      data[100] = bad;
      const got = analyse(data, 2, options);
      for (const [name, value] of got) {
        if (name.startsWith("x ")) expect(value, name).toBeNaN();
        else expect(value, name).toBe(good.get(name));
      }
    });

    it.each([
      ["all zero", () => 0],
      ["denormal", (i: number) => (i % 3) * 1e-45],
      ["tiny", (i: number) => Math.sin(i) * 1e-37],
      ["saturated", (i: number) => (i % 7 < 3 ? 3.4e38 : -3.4e38)],
      ["clipped PCM", (i: number) => (i % 50 < 25 ? 32767 : -32768)],
      ["one knock", (i: number) => (i === 77 ? 1 : 0)],
    ])("%s gives numbers", (_, value) => {
      const got = analyse(
        Float64Array.from({ length: 256 }, (_, i) => value(i)),
        1,
        options,
      );
      for (const [name, number] of got) expect(number, name).not.toBeNaN();
    });
  });

  it.each([
    ["FFT", {}],
    ["FFT, scaled and decimated", { scale: 0.3, decimation: 3 }],
    ["wavelet", { analysis: "wavelet", level: 2 }],
  ])("a constant channel has no level and no shape: %s", (_, options) => {
    const got = analyse(new Float64Array(256).fill(0.1), 1, options);
    for (const [name, value] of got) expect(value, name).toBe(name.includes("power") ? -10 : 0);
  });

  it("a window shorter than the FFT is filled with zeros; one sample has no spectrum", () => {
    expect(analyse([1, -1, 2], 1, { fftLength: 8, logarithm: false }).get("x RMS")).toBeCloseTo(1.2472191, 6);
    expect([...analyse([5], 1, { logarithm: false }).values()]).toEqual(Array(13).fill(0));
  });

  it.each([
    ["a cut-off of half the rate", { filter: "low", cutoff: 50 }, "cutoff"],
    ["a cut-off of half the rate, decimated", { filter: "high", cutoff: 5, decimation: 10 }, "cutoff"],
    ["a cut-off in the decimation's own slope", { filter: "low", cutoff: 4.6, decimation: 10 }, "cutoff"],
    ["a cut-off that lets no bin through", { filter: "low", cutoff: 3 }, "cutoff"],
    ["a filter that float32 makes unstable", { filter: "high", cutoff: 1e-3, order: 8 }, "cutoff"],
    ["no cut-off", { filter: "low", cutoff: 0 }, "cutoff"],
    ["an odd order", { filter: "low", order: 3 }, "order"],
    ["a length that is no power of two", { fftLength: 20 }, "fftLength"],
    ["a ratio that is not offered", { decimation: 7 }, "decimation"],
    ["an unknown wavelet", { analysis: "wavelet", wavelet: "constructor" }, "wavelet"],
    ["wavelets in version 2", { analysis: "wavelet", implementation: 2 }, "analysis"],
    ["version 1", { implementation: 1 }, "implementation"],
  ])("refuses %s", (_, options, field) => {
    expect(() => planOf(1000, ["x"], options)).toThrow(
      expect.objectContaining({ code: "EDGE_ML_SETTING", details: expect.objectContaining({ field }) }),
    );
  });

  it.each([
    ["wavelets of one level on 63 samples", 63, { analysis: "wavelet" }, 64],
    ["wavelets on what decimation leaves", 189, { analysis: "wavelet", decimation: 3 }, 190],
    ["low frequencies of 70 samples", 70, { extraLowFrequency: true }, 71],
  ])("needs more samples for %s", (_, samples, options, least) => {
    expect(() => planOf(samples, ["x"], options)).toThrow(
      expect.objectContaining({
        code: "EDGE_ML_WINDOW",
        details: expect.objectContaining({ expected: `at least ${least} samples` }),
      }),
    );
    expect(planOf(least, ["x"], options).names.length).toBeGreaterThan(0);
  });
});
