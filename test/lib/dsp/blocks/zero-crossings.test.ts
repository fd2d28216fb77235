import { describe, expect, it } from "vitest";
import { golden } from "../../../golden/blocks/time.ts";
import { expectClose, featuresOf, planBlock } from "../../../support/blocks.ts";

describe("Zero crossings", () => {
  it.each(golden.cases)("agree with numpy: $name", (one) => {
    const [samples, channels] = one.shape;
    const shape = { samples, channels, rate: one.rate };
    const count = (reference: string) =>
      featuresOf(planBlock("zero-crossings", { reference, result: "count" }, shape), one.data);
    expect(count("mean")).toEqual(one.meanCrossings);
    expect(count("zero")).toEqual(one.zeroCrossings);
    const share = featuresOf(planBlock("zero-crossings", {}, shape), one.data);
    expectClose(
      share,
      one.meanCrossings.map((n) => n / (samples - 1)),
      1e-6,
    );
  });

  it("a sine of 5 Hz crosses ten times a second", () => {
    const data = Array.from({ length: 200 }, (_, i) => Math.sin((2 * Math.PI * 5 * i) / 100 + 0.1));
    const plan = planBlock("zero-crossings", { result: "rate" }, { samples: 200, rate: 100 });
    expect(plan.units).toEqual(["1/s"]);
    expectClose(featuresOf(plan, data), [10], 0.05);
  });

  const table: [string, object, number[], number][] = [
    ["a sample on the line belongs to the side before it", { reference: "zero" }, [1, 0, 1, 0, -1, 0, -1], 1],
    [
      "noise within the hysteresis does not count",
      { reference: "zero", hysteresis: 0.5 },
      [1, -0.4, 1, -0.6, 0.4, -1],
      1,
    ],
    ["a constant has none", {}, [3, 3, 3], 0],
    ["nor has one that its mean does not meet exactly", { hysteresis: 0 }, new Array(49).fill(0.1), 0],
  ];
  it.each(table)("%s", (_, options, data, expected) => {
    const plan = planBlock("zero-crossings", { result: "count", ...options }, { samples: data.length });
    expect(featuresOf(plan, data)).toEqual([expected]);
  });

  it("NaN gives NaN, in its channel only", () => {
    const plan = planBlock("zero-crossings", { reference: "zero", result: "count" }, { samples: 2, channels: 2 });
    expect(featuresOf(plan, [1, 1, Number.NaN, -1])).toEqual([Number.NaN, 1]);
  });

  it("crossings per second need a rate", () => {
    expect(() => planBlock("zero-crossings", { result: "rate" }, { samples: 9 })).toThrow(/sample rate/);
  });
});
