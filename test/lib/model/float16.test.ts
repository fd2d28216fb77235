import { describe, expect, it } from "vitest";
import { float16Bits, float16Value } from "../../../nodes/lib/model/index.ts";

describe("half precision", () => {
  it("comes back from its bits, all 65,536 of them", () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = float16Value(bits);
      expect(Number.isNaN(value) ? value : float16Bits(value)).toBe(Number.isNaN(value) ? Number.NaN : bits);
    }
  });

  it.each([
    [65504, 0x7bff],
    [65519.99, 0x7bff],
    [65520, 0x7c00],
    [1e9, 0x7c00],
    [2 ** -25, 0],
    [2 ** -25 * 1.01, 1],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    [2 ** -14 - 2 ** -26, 0x0400],
    [Number.NaN, 0x7e00],
  ])("rounds %d to the nearest, half to even", (value, bits) => {
    expect(float16Bits(value)).toBe(bits);
    if (!Number.isNaN(value)) expect(float16Bits(-value)).toBe(bits | 0x8000);
  });
});
