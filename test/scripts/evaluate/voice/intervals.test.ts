import { describe, expect, it } from "vitest";
import { rateInterval, shareInterval } from "../../../../scripts/evaluate/voice/intervals.ts";

const rounded = ({ low, high }: { low: number; high: number }) => [low, high].map((value) => Number(value.toFixed(4)));

describe("intervals, 95 %", () => {
  // scipy.stats.binomtest(k, n).proportion_ci(method="exact")
  it.each([
    [0, 66, [0, 0.0544]],
    [3, 66, [0.0095, 0.1271]],
    [8, 8, [0.6306, 1]],
  ])("of %d of %d", (found, of, expected) => {
    expect(rounded(shareInterval(found, of))).toEqual(expected);
  });

  // scipy.stats.chi2: ppf(.025, 2 k) / 2 and ppf(.975, 2 k + 2) / 2, by the hours
  it.each([
    [0, 1, [0, 3.6889]],
    [1, 2, [0.0127, 2.7858]],
    [10, 4, [1.1988, 4.5976]],
  ])("of %d events in %d h", (events, hours, expected) => {
    expect(rounded(rateInterval(events, hours))).toEqual(expected);
  });
});
