import { describe, expect, it } from "vitest";
import { contributionsOf } from "../../../nodes/lib/infer/contributions.ts";

describe("contributionsOf", () => {
  it("sums by channel, largest first, with shares of the whole", () => {
    const explain = contributionsOf(
      { names: ["a mean", "b mean", "a rms", "c mean"], channels: ["a", "b", "a", "c"] },
      5,
    );
    expect(explain([9, 9, 9, 9, 1, 5, 3, 1], 4)).toEqual([
      { channel: "b", share: 0.5, feature: "mean" },
      { channel: "a", share: 0.4, feature: "rms" },
      { channel: "c", share: 0.1, feature: "mean" },
    ]);
  });

  it("keeps the largest when there are more than wished", () => {
    const names = Array.from({ length: 1000 }, (_, i) => `c${i} mean`);
    const explain = contributionsOf({ names, channels: names.map((_, i) => `c${i}`) }, 3);
    const found = explain(
      names.map((_, i) => (i * 7919) % 1000),
      0,
    );
    expect(found.map(({ share }) => share * 499_500)).toEqual([999, 998, 997].map((part) => expect.closeTo(part, 6)));
  });

  it("lets a feature of several channels stand for itself, and names no sample of a raw window", () => {
    const explain = contributionsOf({ names: ["correlation", "x [0]", "x"], channels: [null, "x", "x"] }, 5);
    expect(explain([3, 1, 0], 0)).toEqual([
      { channel: "correlation", share: 0.75 },
      { channel: "x", share: 0.25 },
    ]);
    expect(explain([0, 0, 1], 0)).toEqual([{ channel: "x", share: 1 }]);
  });

  it("counts nothing that is not a positive number", () => {
    const explain = contributionsOf({ names: ["a", "b", "c"], channels: ["a", "b", "c"] }, 5);
    expect(explain([Number.NaN, -1, 2], 0)).toEqual([{ channel: "c", share: 1 }]);
    expect(explain([0, 0, 0], 0)).toEqual([]);
    expect(explain([Number.POSITIVE_INFINITY, 1, 1], 0)).toEqual([]);
  });

  it("takes any text as a channel", () => {
    const explain = contributionsOf(
      { names: ["__proto__ mean", "constructor mean"], channels: ["__proto__", "constructor"] },
      5,
    );
    expect(explain([1, 3], 0).map(({ channel }) => channel)).toEqual(["constructor", "__proto__"]);
  });
});
