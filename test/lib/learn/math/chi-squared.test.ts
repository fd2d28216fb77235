import { describe, expect, it } from "vitest";
import { chiSquared, chiSquaredQuantile } from "../../../../nodes/lib/learn/math/chi-squared.ts";
import { golden } from "../support.ts";

describe("the chi-squared distribution", () => {
  it.each(golden<{ degrees: number; share: number; quantile: number; above: number }[]>("chi-squared"))(
    "agrees with scipy: $degrees degrees of freedom, $share",
    ({ degrees, share, quantile, above }) => {
      expect(chiSquaredQuantile(share, degrees) / quantile).toBeCloseTo(1, 10);
      expect(chiSquared(quantile, degrees)).toBeCloseTo(share, 11);
      expect(chiSquared(quantile, degrees + 2)).toBeCloseTo(above, 11);
    },
  );
});
