import { describe, expect, it } from "vitest";
import { golden } from "../../../golden/blocks/time.ts";
import { expectClose, featuresOf, planBlock } from "../../../support/blocks.ts";

const ALL = [
  "minimum",
  "5 %",
  "25 %",
  "median",
  "75 %",
  "95 %",
  "maximum",
  "range",
  "interquartile range",
  "median absolute deviation",
];

describe("Quantiles", () => {
  it.each(golden.cases)("agree with numpy and scipy: $name", ({ shape: [samples, channels], data, quantiles }) => {
    const plan = planBlock("quantiles", { values: ALL }, { samples, channels });
    expectClose(featuresOf(plan, data), quantiles.flat(), 1e-6, 1e-7);
  });

  it("come in their own order, whatever order was chosen", () => {
    const plan = planBlock("quantiles", { values: ["median", "minimum"] }, { samples: 3 });
    expect(plan.names).toEqual(["c0 minimum", "c0 median"]);
    expect(featuresOf(plan, [5, 1, 2])).toEqual([1, 2]);
  });

  it("of one sample are that sample, and no spread", () => {
    const plan = planBlock("quantiles", { values: ALL }, { samples: 1 });
    expect(featuresOf(plan, [4])).toEqual([4, 4, 4, 4, 4, 4, 4, 0, 0, 0]);
  });

  it("one NaN leaves no place known in its channel, and the other channel alone", () => {
    const plan = planBlock("quantiles", { values: ["median"] }, { samples: 3, channels: 2 });
    expect(featuresOf(plan, [1, 1, Number.NaN, 2, 3, 3])).toEqual([Number.NaN, 2]);
  });

  it("none is refused", () => {
    expect(() => planBlock("quantiles", { values: [] }, { samples: 3 })).toThrow(/at least 1/);
  });
});
