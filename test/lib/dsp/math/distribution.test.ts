import { describe, expect, it } from "vitest";
import { crossingRate, Distribution } from "../../../../nodes/lib/dsp/math/distribution.ts";

function read(x: readonly number[]): Distribution {
  const distribution = new Distribution(x.length);
  // What was read before leaves nothing behind.
  distribution.read(Float64Array.from(x, (v) => 1 - v));
  distribution.percentile(50);
  distribution.read(Float64Array.from(x));
  return distribution;
}

describe("Distribution", () => {
  const shapes: [string, number[]][] = [
    ["even", Array.from({ length: 1000 }, (_, i) => (i * 617) % 1000)],
    ["few", [3, 1, 2]],
    ["one", [4]],
    ["two values", Array.from({ length: 301 }, (_, i) => ((i * i) % 3 === 0 ? -1 : 1))],
    ["one far outlier", Array.from({ length: 500 }, (_, i) => (i === 77 ? 1e9 : Math.sin(i * i)))],
    ["a crowd and a tail", Array.from({ length: 400 }, (_, i) => (((i * 131) % 400) / 400) ** 8)],
    ["constant", Array(60).fill(0.1)],
    ["denormal", Array.from({ length: 90 }, (_, i) => ((i * 7) % 90) * 5e-324)],
  ];
  it.each(shapes)("percentiles are those of the sorted list: %s", (_, x) => {
    const sorted = [...x].sort((a, b) => a - b);
    const distribution = read(x);
    for (const percent of [5, 25, 75, 95, 50, 0, 100]) {
      expect(distribution.percentile(percent)).toBe(sorted[Math.floor(((x.length - 1) * percent) / 100 + 0.5)]);
    }
  });

  it("the entropy of bins that are all as full is ln 100, of one bin 0", () => {
    expect(read(Array.from({ length: 300 }, (_, i) => i % 100)).entropy()).toBeCloseTo(Math.log(100), 12);
    expect(read(Array(20).fill(7)).entropy()).toBe(0);
    expect(read([0, 1, 1, 1]).entropy()).toBeCloseTo(-0.25 * Math.log(0.25) - 0.75 * Math.log(0.75), 12);
  });

  it("a number on an edge belongs to the bin that begins there", () => {
    // Edges at whole 128ths, which are exact; but 29/100 · 100 is 28.999999999999996.
    const x = Array.from({ length: 101 }, (_, i) => i / 128);
    // 101 numbers: the last bin has two, as it holds its upper edge.
    const shares = [...Array(99).fill(1 / 101), 2 / 101];
    expect(read(x).entropy()).toBeCloseTo(-shares.reduce((sum, p) => sum + p * Math.log(p), 0), 12);
  });
});

describe("crossingRate", () => {
  it.each([
    [[1, -1, 1, -1], 0, 3 / 4],
    [[0, 0, 0], 0, 0],
    [[0, 1, 1, 0], 0, 2 / 4],
    [[5, 6, 9], 7, 1 / 3],
    [[5], 1, 0],
  ])("%j across %d", (x, level, rate) => {
    expect(crossingRate(Float64Array.from(x), level)).toBe(rate);
  });
});
