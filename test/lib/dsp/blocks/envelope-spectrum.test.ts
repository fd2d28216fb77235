import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { expectClose } from "../../../support/blocks.ts";
import { noise, runBlock } from "../../../support/run-block.ts";
import { golden } from "./vibration-golden.ts";

const TWO_PI = 2 * Math.PI;

describe("Envelope spectrum", () => {
  it.each(golden.envelopes)("agrees with scipy: $name", ({ signal, order, from, to, lines }) => {
    const { rate, data } = golden.signals[signal]!;
    const options = { order, from, to, values: "lines", highest: 0 };
    const { values } = runBlock("envelope-spectrum", options, rate, data);
    expectClose(values, lines, 1e-6, 1e-9 * Math.max(...lines));
  });

  /** A carrier of amplitude 2 at 3 kHz, modulated by 0.4, beside what is not in the band. */
  const modulated = (frequency: number, rate: number, samples: number): Float64Array =>
    Float64Array.from({ length: samples }, (_, i) => {
      const t = i / rate;
      const carrier = 2 * (1 + 0.4 * Math.cos(TWO_PI * frequency * t)) * Math.sin(TWO_PI * 3000 * t);
      return 5 + 10 * Math.sin(TWO_PI * 30 * t) + carrier;
    });

  it("a carrier of amplitude A, modulated by m, reads A·m at the modulation's line", () => {
    const options = { from: 1500, values: "lines", lowest: 90, highest: 110, order: 8 };
    const run = runBlock("envelope-spectrum", options, 16384, modulated(100, 16384, 16384));
    expect(run.feature("a envelope 100 Hz")).toBeCloseTo(0.8, 3);
    expect(run.feature("a envelope 95 Hz")).toBeLessThan(0.002);
    expect(run.units[0]).toBe("x");
  });

  it("reads A·m at a bearing's frequency between the lines, within the tolerance, and little at the others", () => {
    // 107.543 Hz at 1800 rpm, and 1 % of slip.
    const bpfo = 30 * (9 / 2) * (1 - 7.94 / 39.04);
    for (const slip of [0, 0.0037, 0.01]) {
      const x = modulated(bpfo * (1 - slip), 16000, 16000);
      const run = runBlock("envelope-spectrum", { from: 1500, order: 8 }, 16000, x);
      expect(Math.abs(run.feature("a BPFO harmonic 1") / 0.8 - 1)).toBeLessThan(2e-3);
      expect(run.values.filter((value) => value > 0.02).length).toBe(1);
    }
    const missed = runBlock(
      "envelope-spectrum",
      { from: 1500, order: 8, tolerance: 0 },
      16000,
      modulated(bpfo * 0.97, 16000, 16000),
    );
    expect(missed.feature("a BPFO harmonic 1")).toBeLessThan(0.02);
  });

  it("computes the frequencies of a 6205 as its maker gives them, and takes orders instead", () => {
    // SKF 6205-2RS by the bearing data center: outer 3.5848, inner 5.4152, cage 0.39828, ball 4.7135 (both rings) per turn.
    const geometry = { balls: 9, ballDiameter: 7.94004, pitchDiameter: 39.0398 };
    const orders = { bearing: "orders", bpfo: 3.5848, bpfi: 5.4152, bsf: 4.7135 / 2, ftf: 0.39828 };
    const x = noise(32768);
    const options = { values: "fault frequencies", tolerance: 0, harmonics: 2, speed: 600 };
    const a = runBlock("envelope-spectrum", { ...options, ...geometry }, 16000, x);
    const b = runBlock("envelope-spectrum", { ...options, ...orders }, 16000, x);
    expect(a.values).toEqual(b.values);
    const other = runBlock("envelope-spectrum", { ...options, ...orders, bpfo: 3.7 }, 16000, x);
    expect(other.values.slice(2)).toEqual(a.values.slice(2));
    expect(other.values[0]).not.toBe(a.values[0]);
  });

  it("names faults, harmonics and channels", () => {
    const options = { faults: ["FTF", "BPFO"], harmonics: 2, from: 0 };
    const { names, channels, units } = runBlock("envelope-spectrum", options, 5000, noise(2000), noise(2000));
    const faults = ["BPFO harmonic 1", "BPFO harmonic 2", "FTF harmonic 1", "FTF harmonic 2"];
    expect(names).toEqual([...faults.map((name) => `a ${name}`), ...faults.map((name) => `b ${name}`)]);
    expect(channels.slice(3, 5)).toEqual(["a", "b"]);
    expect(units).toEqual(new Array(8).fill("x"));
  });

  it("a constant has no envelope; NaN stays in its channel", () => {
    const broken = noise(4000);
    broken[1] = Number.NaN;
    const columns = [new Float64Array(4000).fill(9.81), broken];
    for (const options of [{ harmonics: 1 }, { values: "lines", highest: 10 }]) {
      const { values } = runBlock("envelope-spectrum", options, 4000, ...columns);
      const half = values.length / 2;
      expect(values.slice(0, half)).toEqual(new Array(half).fill(0));
      expect(values.slice(half)).toEqual(new Array(half).fill(Number.NaN));
    }
  });

  it.each([
    ["a band beyond half the rate", { from: 3000 }, "EDGE_ML_SETTING", "from"],
    ["balls as large as the bearing", { ballDiameter: 40 }, "EDGE_ML_SETTING", "ballDiameter"],
    ["harmonics beyond half the rate", { speed: 6000, harmonics: 6, faults: ["BPFI"] }, "EDGE_ML_SETTING", "harmonics"],
    ["an FFT too short for the lowest frequency", { fftLength: 512 }, "EDGE_ML_SETTING", "fftLength"],
    ["a window too short for it", { speed: 60 }, "EDGE_ML_WINDOW", undefined],
  ])("refuses %s", (_, options, code, field) => {
    const details = field ? { details: expect.objectContaining({ field }) } : {};
    expect(() => runBlock("envelope-spectrum", options, 4000, noise(4000))).toThrow(
      expect.objectContaining({ code, ...details }),
    );
  });
});

const CWRU = resolve(import.meta.dirname, "../../../../../shared/data/bearing-cwru");
const missing = !existsSync(join(CWRU, "1797_Normal.csv"));
if (missing) console.warn(`SKIPPED: the envelope spectrum of real bearings, because ${CWRU} is not there`);

describe("Envelope spectrum of real bearings (Case Western Reserve University, 48 kHz, 1797 rpm)", () => {
  const windows = (file: string): Float64Array[] => {
    const lines = readFileSync(join(CWRU, file), "utf8").trim().split("\n").slice(1);
    const x = Float64Array.from(lines, Number);
    return Array.from({ length: Math.floor(x.length / 24000) }, (_, i) => x.subarray(i * 24000, (i + 1) * 24000));
  };
  // 6205-2RS; diameters in inches, as the source gives them.
  const options = {
    ...{ speed: 1797, balls: 9, ballDiameter: 0.3126, pitchDiameter: 1.537, from: 2000, to: 6000, harmonics: 2 },
  };
  const features = (x: Float64Array) => runBlock("envelope-spectrum", options, 48000, x);

  it.skipIf(missing).each([
    ["1797_OR6_7_DE48.csv", "BPFO"],
    ["1797_IR_7_DE48.csv", "BPFI"],
  ])("%s: in every half second, the damaged part's frequency stands out", (file, fault) => {
    const healthy = windows("1797_Normal.csv").map((x) => features(x).feature(`a ${fault} harmonic 1`));
    const damaged = windows(file).map(features);
    expect(damaged.length).toBe(4);
    for (const run of damaged) {
      const level = run.feature(`a ${fault} harmonic 1`);
      expect(level).toBeGreaterThan(5 * Math.max(...healthy));
      const others = ["BPFO", "BPFI", "BSF", "FTF"].filter((name) => name !== fault);
      for (const other of others) expect(level).toBeGreaterThan(2 * run.feature(`a ${other} harmonic 1`));
    }
  });
});
