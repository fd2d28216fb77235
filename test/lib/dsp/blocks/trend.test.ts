import { describe, expect, it } from "vitest";
import { golden } from "../../../golden/blocks/time.ts";
import { expectClose, featuresOf, planBlock } from "../../../support/blocks.ts";

const ALL = ["slope", "fit", "change", "mean step", "largest step"];

describe("Trend", () => {
  it.each(golden.cases)("agrees with scipy's line and numpy's differences: $name", (one) => {
    const [samples, channels] = one.shape;
    const plan = planBlock("trend", { values: ALL }, { samples, channels, rate: one.rate });
    expectClose(featuresOf(plan, one.data), one.trend.flat(), 1e-5, 1e-9);
  });

  it("takes the time from the window where there is no rate", () => {
    const plan = planBlock("trend", { values: ["slope"], per: "minute" }, { samples: 3 });
    expect(plan.units).toEqual(["x/min"]);
    expect(featuresOf(plan, [1, 2, 3], { start: 1000, end: 5000 })).toEqual([30]);
  });

  const per: [string, number][] = [
    ["sample", 2],
    ["second", 20],
    ["minute", 1200],
    ["hour", 72_000],
    ["day", 1_728_000],
  ];
  it.each(per)("per %s", (unit, slope) => {
    const plan = planBlock("trend", { values: ["slope"], per: unit }, { samples: 3, rate: 10 });
    expect(featuresOf(plan, [0, 2, 4])).toEqual([slope]);
  });

  it("a constant goes nowhere, also one that float32 cannot hold exactly", () => {
    const plan = planBlock("trend", { values: ALL }, { samples: 50, rate: 10 });
    expect(featuresOf(plan, new Array(50).fill(0.1))).toEqual([0, 0, 0, 0, 0]);
  });

  it("NaN stays in its channel, in all that is said of it", () => {
    const plan = planBlock("trend", { values: ALL }, { samples: 3, channels: 2, rate: 1 });
    const features = featuresOf(plan, [1, 1, Number.NaN, 2, 3, 3]);
    expect(features.slice(0, 5)).toEqual(new Array(5).fill(Number.NaN));
    expect(features.slice(5)).toEqual([1, 1, 2, 1, 1]);
  });

  it("samples of one and the same time have no slope in time", () => {
    const plan = planBlock("trend", { values: ["slope", "change"] }, { samples: 2 });
    expect(featuresOf(plan, [1, 2], { start: 5, end: 5 })).toEqual([Number.NaN, 1]);
  });

  it("one sample is refused", () => {
    expect(() => planBlock("trend", {}, { samples: 1, rate: 1 })).toThrow(
      expect.objectContaining({ code: "EDGE_ML_WINDOW" }),
    );
  });
});
