import { describe, expect, it } from "vitest";
import { expectClose } from "../../../support/blocks.ts";
import { noise, runBlock, sine } from "../../../support/run-block.ts";
import { golden } from "./vibration-golden.ts";

const ALL = ["peak", "peak-to-peak", "RMS", "crest factor", "shape factor", "impulse factor", "clearance factor"];

describe("Crest factor", () => {
  it.each(golden.crests)("agrees with numpy: $name", ({ signal, removeMean, values }) => {
    const { rate, data } = golden.signals[signal]!;
    expectClose(runBlock("crest-factor", { measures: ALL, removeMean }, rate, data).values, values, 2e-7, 0);
  });

  it("of a sine is √2, its shape factor π/√8, its impulse factor π/2; of a square wave all are 1", () => {
    const run = runBlock("crest-factor", { measures: ALL }, 1, sine(4000, 4000, 4, 3));
    expectClose(
      run.values.slice(0, 6),
      [3, 6, 3 * Math.SQRT1_2, Math.SQRT2, Math.PI / Math.sqrt(8), Math.PI / 2],
      1e-5,
      0,
    );
    const saturated = Float64Array.from({ length: 64 }, (_, i) => (i % 2 ? 32767 : -32767));
    expect(runBlock("crest-factor", { measures: ALL }, 1, saturated).values).toEqual([32767, 65534, 32767, 1, 1, 1, 1]);
  });

  it("gives what was chosen in its own order, with units", () => {
    const { names, units, channels } = runBlock("crest-factor", { measures: ["crest factor", "peak"] }, 1, [1], [2]);
    expect(names).toEqual(["a peak", "a crest factor", "b peak", "b crest factor"]);
    expect(units).toEqual(["x", "", "x", ""]);
    expect(channels).toEqual(["a", "a", "b", "b"]);
  });

  it("a constant has only zeros, all zeros too; NaN stays in its channel", () => {
    const broken = noise(9);
    broken[8] = Number.NaN;
    const columns = [new Float64Array(9).fill(0.1), new Float64Array(9), broken];
    const { values } = runBlock("crest-factor", { measures: ALL }, 1, ...columns);
    expect(values).toEqual([...new Array(14).fill(0), ...new Array(7).fill(Number.NaN)]);
    expect(runBlock("crest-factor", { measures: ALL, removeMean: false }, 1, new Float64Array(9)).values).toEqual(
      new Array(7).fill(0),
    );
  });

  it("does not change with scale, down to denormals", () => {
    const x = Float32Array.from(noise(200));
    const factors = (scale: number) =>
      runBlock(
        "crest-factor",
        { measures: ALL.slice(3) },
        1,
        x.map((value) => value * scale),
      ).values;
    expectClose(factors(2 ** 100), factors(1), 1e-6, 0);
    // A denormal has few digits.
    expectClose(factors(2 ** -130), factors(1), 1e-2, 0);
  });

  it("refuses no values", () => {
    expect(() => runBlock("crest-factor", { measures: [] }, 1, [1])).toThrow(
      expect.objectContaining({ code: "EDGE_ML_SETTING", details: expect.objectContaining({ field: "measures" }) }),
    );
  });
});
