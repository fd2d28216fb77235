import { describe, expect, it } from "vitest";
import { LagDistances } from "../../../nodes/lib/detect/math/lag-distances.ts";
import { Recent } from "../../../nodes/lib/detect/math/recent.ts";
import { SortedWindow } from "../../../nodes/lib/detect/math/sorted-window.ts";
import { Packer, Unpacker } from "../../../nodes/lib/detect/packing.ts";
import { gaussian, uniform } from "./support.ts";

const byValue = (a: number, b: number) => a - b;

describe("a sorted window", () => {
  it.each([1, 2, 7, 20])(
    "of %i values has the median, the deviation and the quantiles of a sorted list",
    (capacity) => {
      const window = new SortedWindow(capacity);
      const random = uniform(capacity);
      const all: number[] = [];
      for (let i = 0; i < 300; i++) {
        // Many values come twice.
        const value = Math.floor(10 * random());
        all.push(value);
        window.push(value);
        const last = all.slice(-capacity).sort(byValue);
        const n = last.length;
        const median = (last[(n - 1) >> 1]! + last[n >> 1]!) / 2;
        expect(window.median()).toBe(median);
        for (const centre of [median, value, -3, 20]) {
          const distances = last.map((each) => Math.abs(each - centre)).sort(byValue);
          expect(window.deviation(centre)).toBe(distances[n >> 1]);
        }
        expect(window.quantile(0.95)).toBe(last[Math.round(0.95 * (n - 1))]);
      }
    },
  );

  it("that is empty has no median", () => {
    expect(new SortedWindow(3).median()).toBeNaN();
    expect(new SortedWindow(3).quantile(0.5)).toBeNaN();
  });
});

it("recent values are found by their age, however often the memory went round", () => {
  const recent = new Recent(5);
  for (let i = 0; i < 57; i++) {
    recent.push(i);
    for (let ago = 0; ago < recent.size; ago++) expect(recent.ago(ago)).toBe(i - ago);
  }
  expect(recent.size).toBe(5);
});

describe("distances of lag windows", () => {
  it.each([
    ["noise", 0],
    ["noise with one value of a billion", 1e9],
    ["noise with one value as large as they come", 1e100],
  ])("are what a sum over both windows gives: %s", (_, outlier) => {
    const [length, history] = [6, 30];
    const distances = new LagDistances(length, history);
    const normal = gaussian(4);
    const values: number[] = [];
    for (let i = 0; i < 200; i++) {
      const value = i === 70 && outlier > 0 ? outlier : normal() + (i % 9);
      values.push(value);
      distances.push(value);
      expect(Math.max(0, distances.lags)).toBe(Math.max(0, Math.min(history, i + 1 - length)));
      for (let lag = 1; lag <= distances.lags; lag++) {
        let sum = 0;
        for (let j = 0; j < length; j++) sum += (values[i - j]! - values[i - j - lag]!) ** 2;
        expect(Math.abs(distances.squared[lag]! - sum)).toBeLessThanOrEqual(1e-6 * sum + 1e-12);
      }
    }
  });
});

describe("packed numbers", () => {
  it("come out as they went in", () => {
    const packer = new Packer();
    packer.all([1, -0.1, 1e300]);
    const unpacker = new Unpacker(packer.text());
    expect([unpacker.count(1), unpacker.finite(), unpacker.number()]).toEqual([1, -0.1, 1e300]);
    unpacker.end();
  });

  it.each<[string, number[], (unpacker: Unpacker) => void]>([
    ["too few", [], (unpacker) => unpacker.number()],
    ["too many", [1], (unpacker) => unpacker.end()],
    ["NaN", [Number.NaN], (unpacker) => unpacker.finite()],
    ["a half", [0.5], (unpacker) => unpacker.count(3)],
    ["more than there may be", [4], (unpacker) => unpacker.count(3)],
    ["less than nothing", [-1], (unpacker) => unpacker.count(3)],
  ])("that are wrong are refused: %s", (_, numbers, take) => {
    const packer = new Packer();
    packer.all(numbers);
    expect(() => take(new Unpacker(packer.text()))).toThrow(expect.objectContaining({ code: "EDGE_ML_STATE" }));
  });
});
