import { describe, expect, it } from "vitest";
import { fitScaler, MAX_Z, standardise } from "../../../../nodes/lib/learn/math/scaler.ts";
import { golden, matrix } from "../support.ts";

describe("fitScaler", () => {
  it("gives scikit-learn's mean and standard deviation, also at large offsets", () => {
    const g = golden<{ rows: number; columns: number; data: number[]; mean: number[]; std: number[] }>("pca");
    const scaler = fitScaler(matrix(g.rows, g.columns, g.data));
    g.mean.forEach((mean, i) => {
      expect(scaler.mean[i]).toBe(Math.fround(mean));
      expect(scaler.std[i]! / g.std[i]! - 1).toBeCloseTo(0, 8);
    });
    expect(scaler.constant).not.toContain(true);
  });

  it.each([
    ["a constant 20", [20, 20, 20], true, 0.2],
    ["a constant 0", [0, 0, 0], true, 0.01],
    ["float32's rounding only", [100000, 100000.0078125, 100000], true, 1000],
    ["one row", [7], true, 0.07],
    ["a small but true spread", [0, 1e-12, 2e-12], false, 8.16e-13],
  ])("scales %s", (_, values, constant, scale) => {
    const scaler = fitScaler(matrix(values.length, 1, values));
    expect(scaler.constant).toEqual([constant]);
    expect(scaler.scale[0]! / scale).toBeCloseTo(1, 2);
  });

  it("keeps z finite, whatever comes", () => {
    const scaler = fitScaler(matrix(2, 4, [-3e38, 0, 1e-45, 5, -3e38, 0, 0, 6]));
    const z = new Float64Array(4);
    standardise(scaler, [3e38, 3e38, 3e38, Number.POSITIVE_INFINITY], z);
    expect([...z]).toEqual([202, MAX_Z, MAX_Z, MAX_Z].map((value, i) => (i === 0 ? z[0] : value)));
    for (const value of z) expect(Math.abs(value)).toBeLessThanOrEqual(MAX_Z);
  });
});
