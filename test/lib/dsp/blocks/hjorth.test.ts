import { describe, expect, it } from "vitest";
import { golden } from "../../../golden/blocks/time.ts";
import { expectClose, featuresOf, planBlock } from "../../../support/blocks.ts";

describe("Hjorth parameters", () => {
  it.each(golden.cases)("agree with antropy: $name", ({ shape: [samples, channels], data, hjorth }) => {
    expectClose(featuresOf(planBlock("hjorth", {}, { samples, channels }), data), hjorth.flat(), 1e-5, 1e-6);
  });

  it("mobility of a slow sine is its angular frequency per sample, its complexity 1", () => {
    const w = (2 * Math.PI) / 100;
    const data = Array.from({ length: 10_000 }, (_, i) => Math.sin(w * i));
    const [activity, mobility, complexity] = featuresOf(planBlock("hjorth", {}, { samples: 10_000 }), data);
    expectClose([activity!, mobility!, complexity!], [0.5, 2 * Math.sin(w / 2), 1], 1e-3);
  });

  it.each([[0], [0.1], [1e7]])("a constant %f has 0 everywhere", (value) => {
    expect(featuresOf(planBlock("hjorth", {}, { samples: 49 }), new Array(49).fill(value))).toEqual([0, 0, 0]);
  });
});
