import { describe, expect, it } from "vitest";
import { moments } from "../../../../nodes/lib/dsp/math/moments.ts";

/** [mean, variance, skewness, kurtosis], and the deviations. */
function describeNumbers(...numbers: number[]): { found: number[]; deviations: number[] } {
  const deviations = new Float64Array(numbers.length);
  const found = new Float64Array(4);
  moments(Float64Array.from(numbers), numbers.length, deviations, found);
  return { found: [...found], deviations: [...deviations] };
}

describe("moments", () => {
  it.each([
    // By hand: deviations −1, −1, 2: m2 = 2, m3 = 2, m4 = 6.
    [
      [1, 1, 4],
      [2, 2, 2 / 2 ** 1.5, 6 / 4 - 3],
    ],
    [
      [-1, 1],
      [0, 1, 0, -2],
    ],
    [
      [0, 0, 0, 8],
      [2, 12, 48 / 12 ** 1.5, 336 / 144 - 3],
    ],
    [[5], [5, 0, 0, 0]],
    [
      [0.1, 0.1, 0.1, 0.1],
      [0.1, 0, 0, 0],
    ],
  ])("of %j", (numbers, expected) => {
    const { found, deviations } = describeNumbers(...numbers);
    for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 12);
    expect(deviations).toEqual(numbers.map((x) => x - expected[0]!));
  });

  it.each([1e-300, 1e-90, 1e90, 1e150])("the shape does not depend on the size: %s", (size) => {
    const { found } = describeNumbers(size, size, 4 * size);
    expect(found[2]).toBeCloseTo(2 / 2 ** 1.5, 12);
    expect(found[3]).toBeCloseTo(-1.5, 12);
  });

  it("an offset costs few digits", () => {
    const { found } = describeNumbers(1e6 + 1, 1e6 + 1, 1e6 + 4);
    expect(found[2]).toBeCloseTo(2 / 2 ** 1.5, 9);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])("%s is in all of it", (bad) => {
    expect(describeNumbers(1, bad, 2).found.slice(1)).toEqual([NaN, NaN, NaN]);
    expect(describeNumbers(bad, bad).found.slice(1)).toEqual([NaN, NaN, NaN]);
  });
});
