/** What Spectrogram, MFE, MFCC and Log-mel do alike: bad input, limits, refusals. */
import { describe, expect, it } from "vitest";
import { compute, noise, planOf } from "../../../support/pictures.ts";

const BLOCKS: [string, object][] = [
  ["spectrogram", { frameStride: 0.02 }],
  ["spectrogram", { frameStride: 0.02, implementation: "3" }],
  ["mfe", { frameStride: 0.02 }],
  ["mfcc", { normalisationWindow: 0 }],
  ["mfcc", {}],
  ["log-mel", { frameLength: 0.02 }],
  ["log-mel", { frameLength: 0.02, padding: "reflect", logarithm: "dB" }],
  ["log-mel", { frameLength: 0.02, logarithm: "none", spectrum: "power" }],
  ["log-mel", { frameLength: 0.02, coefficients: 13 }],
];
const SAMPLES = 3200;

const signals: [string, (i: number) => number][] = [
  ["silence", () => 0],
  ["minus zero", () => -0],
  ["a constant", () => 0.3],
  ["a large constant", () => 1e6],
  ["denormals", (i) => ((i % 7) - 3) * 1e-42],
  ["saturated ±1", (i) => (i % 20 < 10 ? 1 : -1)],
  ["saturated 16 bits", (i) => (i % 20 < 10 ? 32767 : -32768)],
  ["one click", (i) => (i === 1000 ? 1 : 0)],
  ["the fastest change", (i) => (i % 2 === 0 ? 1 : -1)],
];

describe.each(BLOCKS)("%s %j", (id, options) => {
  const plan = planOf(id, options, SAMPLES, 16000);
  const [frames, bins] = plan.shape as [number, number];

  it.each(signals)("%s gives finite numbers, the same each time", (_, signal) => {
    const window = Float32Array.from({ length: SAMPLES }, (_, i) => signal(i));
    const got = compute(plan, window);
    expect(got.every(Number.isFinite)).toBe(true);
    expect(compute(plan, window)).toEqual(got);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "%d spoils the frames that hold it",
    (bad) => {
      const samples = noise(SAMPLES).map((x) => x * (id === "log-mel" ? 1 : 20000));
      const clean = compute(plan, samples);
      samples[5 * 320 + 100] = bad;
      const got = compute(plan, samples);
      const centred = "padding" in options;
      for (let frame = 0; frame < frames; frame++) {
        const start = frame * 320 - (centred ? 256 : 0);
        const holds = start <= 1700 && 1700 < start + 320;
        // Version 3 of the spectrogram takes an infinite sample for one of 16 bits; so are all of these.
        const normalised = id === "mfcc" && !("normalisationWindow" in options);
        const row = got.subarray(frame * bins, (frame + 1) * bins);
        if (holds || normalised) expect(row.every(Number.isNaN), `frame ${frame}`).toBe(true);
        else expect(row).toEqual(clean.subarray(frame * bins, (frame + 1) * bins));
      }
    },
  );

  it("several channels are each by themselves, one after the other", () => {
    // More samples than the frames need: the last one matters to pre-emphasis all the same.
    const length = SAMPLES + 50;
    const [left, right] = [noise(length, 1), noise(length, 2)].map((list) => list.map((x) => x * 1000)) as [
      Float32Array,
      Float32Array,
    ];
    const both = Float32Array.from({ length: 2 * length }, (_, i) => (i % 2 === 0 ? left : right)[i >> 1]!);
    const together = planOf(id, options, length, 16000, ["left", "right"]);
    const alone = planOf(id, options, length, 16000);
    expect(together.shape).toEqual([2 * alone.names.length]);
    expect([...compute(together, both)]).toEqual([...compute(alone, left), ...compute(alone, right)]);
  });

  it.each([undefined, 0, -1, Number.NaN, Number.POSITIVE_INFINITY])("refuses a rate of %d", (rate) => {
    expect(() => planOf(id, options, SAMPLES, rate)).toThrow(expect.objectContaining({ code: "EDGE_ML_WINDOW" }));
  });

  it.each([
    ["one sample", 1],
    ["no sample", 0],
    ["a sample less than a frame", "padding" in options ? 256 : 319],
    ["more than 500 frames", 501 * 320 + 400],
  ])("refuses a window of %s", (_, samples) => {
    expect(() => planOf(id, options, samples, 16000)).toThrow(expect.objectContaining({ code: "EDGE_ML_WINDOW" }));
  });

  it("refuses a result without end", () => {
    const channels = Array.from({ length: 5000 }, (_, i) => `c${i}`);
    expect(() => planOf(id, options, SAMPLES, 16000, channels)).toThrow(
      expect.objectContaining({ code: "EDGE_ML_WINDOW" }),
    );
  });

  it.each([
    ["a frame of 0", { frameLength: 0 }, "frameLength"],
    ["a stride of 0", { frameStride: 0 }, "frameStride"],
    ["an FFT that is no power of 2", { fftLength: 500 }, "fftLength"],
    ["an endless FFT", { fftLength: 1 << 20 }, "fftLength"],
    ["a scale that is no number", { scale: "x" }, "scale"],
  ])("refuses %s", (_, wrong, field) => {
    expect(() => planOf(id, { ...options, ...wrong }, SAMPLES, 16000)).toThrow(
      expect.objectContaining({ code: "EDGE_ML_SETTING", details: expect.objectContaining({ field }) }),
    );
  });
});

describe.each(["mfe", "mfcc", "log-mel"])("the bands of %s", (id) => {
  it("refuse a frequency beyond half the rate", () => {
    expect(() => planOf(id, { highFrequency: 4001 }, SAMPLES, 8000)).toThrow(
      expect.objectContaining({
        code: "EDGE_ML_WINDOW",
        details: expect.objectContaining({ expected: expect.stringContaining("8002 Hz") }),
      }),
    );
  });

  it("refuse a lowest frequency that is not below the highest", () => {
    expect(() => planOf(id, { lowFrequency: 500, highFrequency: 500 }, SAMPLES, 16000)).toThrow(
      expect.objectContaining({ code: "EDGE_ML_SETTING", details: expect.objectContaining({ field: "lowFrequency" }) }),
    );
  });
});

it.each(["mfe", "mfcc"])("%s refuses more filters than the FFT can tell apart", (id) => {
  expect(() => planOf(id, { filters: 100, fftLength: 128 }, SAMPLES, 16000)).toThrow(
    expect.objectContaining({ code: "EDGE_ML_SETTING", details: expect.objectContaining({ field: "filters" }) }),
  );
});
