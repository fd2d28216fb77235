import { describe, expect, it } from "vitest";
import { golden } from "../../../golden/blocks/time.ts";
import { expectClose, featuresOf, planBlock } from "../../../support/blocks.ts";

describe("Correlation of channels", () => {
  it.each(golden.cases)("agrees with scipy and numpy: $name", ({ shape: [samples, channels], data, ...expected }) => {
    const plan = planBlock("correlation", { maxLag: 15 }, { samples, channels });
    expectClose(featuresOf(plan, data), [expected.correlation, ...expected.largest], 1e-6, 1e-7);
  });

  it("names every pair", () => {
    const plan = planBlock("correlation", {}, { samples: 5, channels: ["a", "b", "c"] });
    expect(plan.names).toEqual(["correlation of a and b", "correlation of a and c", "correlation of b and c"]);
    expect(plan.channels).toEqual([undefined, undefined, undefined]);
  });

  it("tells which channel follows, in seconds", () => {
    const wave = (i: number) => Math.sin(i / 5) + Math.sin(i / 11);
    const data = Array.from({ length: 200 }, (_, i) => [wave(i), wave(i - 4)]).flat();
    const plan = planBlock("correlation", { maxLag: 10 }, { samples: 200, channels: 2, rate: 10 });
    expect(plan.units).toEqual(["", "", "s"]);
    expectClose(featuresOf(plan, data).slice(2), [0.4], 1e-6);
  });

  it("a constant correlates with nothing; NaN gives NaN for its pairs only", () => {
    const plan = planBlock("correlation", {}, { samples: 3, channels: 3 });
    expect(featuresOf(plan, [0.1, 1, 1, 0.1, 2, 3, 0.1, 4, 2])[0]).toBe(0);
    const features = featuresOf(plan, [Number.NaN, 1, 1, 2, 2, 2, 3, 3, 3]);
    expect(features.slice(0, 2)).toEqual([Number.NaN, Number.NaN]);
    expect(features[2]).toBeCloseTo(1, 6);
  });

  it.each([[1], [17]])("%i channels are refused", (channels) => {
    expect(() => planBlock("correlation", {}, { samples: 5, channels })).toThrow(/2 to 16 channels/);
  });
});
