import { describe, expect, it } from "vitest";
import { binFeatures, MAX_BINS } from "../../../../nodes/lib/learn/trees/bins.ts";
import { between } from "../../../../nodes/lib/learn/trees/tree.ts";
import { gaussian, matrix } from "../support.ts";

const binned = (rows: number, data: ArrayLike<number>) => binFeatures(matrix(rows, 1, data), () => undefined);

describe("bins", () => {
  it("are one for each number where these are few", () => {
    const { codes, counts, low, high } = binned(6, [3, -1, 3, 0, 7, -1]);
    expect(counts[0]).toBe(4);
    expect([...codes]).toEqual([2, 0, 2, 1, 3, 0]);
    expect([...low.subarray(0, 4)]).toEqual([-1, 0, 3, 7]);
    expect([...high.subarray(0, 4)]).toEqual([-1, 0, 3, 7]);
  });

  it.each([
    ["all different", Array.from({ length: 5000 }, gaussian(1))],
    ["half of them 0", Array.from({ length: 5000 }, gaussian(2)).map((x) => Math.max(0, x))],
    ["a few of many thousand equal ones", Array.from({ length: 5000 }, (_, i) => (i < 300 ? i : 1000))],
    ["as many different ones as bins, and one more", Array.from({ length: 5000 }, (_, i) => i % (MAX_BINS + 1))],
  ])("hold about as many rows each, and every number in one of them: %s", (_, data) => {
    const { codes, counts, low, high } = binned(data.length, data);
    expect(counts[0]).toBeLessThanOrEqual(MAX_BINS);
    expect(counts[0]).toBeGreaterThan(1);
    const size = new Array(counts[0]).fill(0);
    const different = Array.from({ length: counts[0]! }, () => new Set<number>());
    data.forEach((value, row) => {
      const x = Math.fround(value);
      const code = codes[row]!;
      size[code]++;
      different[code]!.add(x);
      expect(low[code]! <= x && x <= high[code]!).toBe(true);
    });
    for (let code = 0; code < counts[0]!; code++) {
      if (code > 0) expect(low[code]!).toBeGreaterThan(high[code - 1]!);
      // One more than its share, but for numbers that are equal.
      if (different[code]!.size > 1) expect(size[code]).toBeLessThanOrEqual(4 * Math.ceil(data.length / MAX_BINS));
      expect(size[code]).toBeGreaterThan(0);
    }
  });
});

it.each([
  [0, 1],
  [-3e38, 3e38],
  [3e38, 3.4e38],
  [1, 1 + 2 ** -23],
  [-1 - 2 ** -23, -1],
  [0, 1.4e-45],
  [-1.4e-45, 0],
])("a threshold in float32 parts %d from %d", (low, high) => {
  const [a, b] = [Math.fround(low), Math.fround(high)];
  const threshold = between(a, b);
  expect(Math.fround(threshold)).toBe(threshold);
  expect(a <= threshold).toBe(true);
  expect(b > threshold).toBe(true);
});
