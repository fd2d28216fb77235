import { describe, expect, it } from "vitest";
import { golden } from "../../../golden/blocks/time.ts";
import { expectClose, featuresOf, planBlock } from "../../../support/blocks.ts";

const options = [{}, { dimension: 3, tolerance: 0.35 }, { scale: 2 }];

describe("Sample entropy", () => {
  it.each(golden.cases)("agrees with its definition, counted in numpy: $name", (one) => {
    const [samples, channels] = one.shape;
    for (const [i, chosen] of options.entries()) {
      const features = featuresOf(planBlock("sample-entropy", chosen, { samples, channels }), one.data);
      expectClose(
        features,
        one.sampleEntropy.map((values) => values[i]!),
        1e-6,
      );
    }
  });

  it("does not depend on scale and offset", () => {
    const data = golden.cases[0]!.data.slice(0, 100);
    const plan = planBlock("sample-entropy", {}, { samples: 100 });
    expectClose(
      featuresOf(
        plan,
        data.map((x) => 8 * x),
      ),
      featuresOf(plan, data),
      1e-7,
    );
  });

  it("a constant has none; where nothing repeats it is the highest that the length can show", () => {
    const plan = planBlock("sample-entropy", {}, { samples: 10 });
    expect(featuresOf(plan, new Array(10).fill(0.1))).toEqual([0]);
    const growing = Array.from({ length: 10 }, (_, i) => 3 ** i);
    const sparse = planBlock("sample-entropy", { tolerance: 1e-6 }, { samples: 10 });
    expectClose(featuresOf(sparse, growing), [Math.log(28)], 1e-6);
  });

  it("refuses windows whose pairs would take too long, and says which scale helps", () => {
    expect(() => planBlock("sample-entropy", {}, { samples: 2001 })).toThrow(/at most 2000 samples at this scale/);
    expect(planBlock("sample-entropy", { scale: 8 }, { samples: 16_000 }).names).toHaveLength(1);
  });
});
