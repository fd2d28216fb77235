import { describe, expect, it } from "vitest";
import { golden } from "../../../golden/blocks/time.ts";
import { expectClose, featuresOf, planBlock } from "../../../support/blocks.ts";

const lags = Array.from({ length: 30 }, (_, i) => i + 1);

describe("Autocorrelation", () => {
  it.each(golden.cases)("agrees with statsmodels: $name", ({ shape: [samples, channels], data, autocorrelation }) => {
    const plan = planBlock("autocorrelation", { lags, period: false }, { samples, channels });
    expectClose(
      featuresOf(plan, data),
      autocorrelation.flatMap((values) => values.slice(1)),
      1e-6,
      1e-7,
    );
  });

  it.each([
    [3, 100],
    [7.3, 100],
    [50, 1000],
  ])("finds the period of a sine of %f Hz at %i Hz", (frequency, rate) => {
    const data = Array.from({ length: 512 }, (_, i) => Math.sin((2 * Math.PI * frequency * i) / rate + 1) + 5);
    const plan = planBlock("autocorrelation", { lags: [] }, { samples: 512, rate });
    expect(plan.names).toEqual(["c0 period", "c0 periodicity"]);
    expect(plan.units).toEqual(["s", ""]);
    const [period, height] = featuresOf(plan, data);
    expectClose([period!], [1 / frequency], 0.02);
    expect(height).toBeGreaterThan(0.7);
  });

  it("a ramp and a constant have no period", () => {
    const plan = planBlock("autocorrelation", { lags: [1] }, { samples: 64 });
    expect(
      featuresOf(
        plan,
        Array.from({ length: 64 }, (_, i) => i),
      ).slice(1),
    ).toEqual([0, 0]);
    expect(featuresOf(plan, new Array(64).fill(0.1))).toEqual([0, 0, 0]);
  });

  it("NaN stays in its channel", () => {
    const plan = planBlock("autocorrelation", { lags: [1] }, { samples: 4, channels: 2 });
    const features = featuresOf(plan, [1, 1, Number.NaN, -1, 3, 1, 1, -1]);
    expect(features.slice(0, 3)).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(features[3]).toBeCloseTo(-0.75, 6);
  });

  const refused: [string, object][] = [
    ["nothing to find", { lags: [], period: false }],
    ["a lag that is no whole number", { lags: [1.5] }],
    ["lag 0", { lags: [0] }],
    ["a lag twice", { lags: [1, 1] }],
    ["a lag as long as the window", { lags: [9] }],
  ];
  it.each(refused)("refuses %s", (_, options) => {
    expect(() => planBlock("autocorrelation", options, { samples: 9 })).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^EDGE_ML_/) }),
    );
  });
});
