import { describe, expect, it } from "vitest";
import { compute, edgeImpulseCase, edgeImpulseMissing, golden, planOf } from "../../../support/pictures.ts";

const OURS = golden.edgeImpulse.filter(({ block }) => block === "mfe");

describe("MFE", () => {
  it.each(OURS)("agrees with numpy in every 256th: $name", ({ options, shape, features }) => {
    const plan = planOf("mfe", options, golden.pcm.length, golden.rate);
    expect(plan.shape).toEqual(shape);
    expect([...compute(plan, Float32Array.from(golden.pcm))]).toEqual(features);
  });

  const ids = ["mfe-042", "mfe-043", "mfe-044", "mfe-045"];
  it.skipIf(edgeImpulseMissing).each(ids)("is equal to Edge Impulse's own block: %s", (id) => {
    const { got, expected } = edgeImpulseCase("mfe", id);
    expect([...got]).toEqual(expected);
  });

  it("what is too loud is 255/256, not 0 as in the reference", () => {
    const loud = Float32Array.from({ length: 3200 }, (_, i) => 32767 * Math.sign(Math.sin(i / 3)));
    const got = compute(planOf("mfe", { scale: 100 }, 3200, 16000), loud);
    expect(Math.max(...got)).toBe(255 / 256);
  });

  it("is called after the middle of its bands", () => {
    const plan = planOf("mfe", { filters: 3, highFrequency: 4000 }, 800, 16000, ["left", "right"]);
    expect(plan.names.slice(0, 4)).toEqual([
      "left 426.8 Hz [0]",
      "left 1114 Hz [0]",
      "left 2220 Hz [0]",
      "left 426.8 Hz [1]",
    ]);
    expect(plan.names.at(-1)).toBe("right 2220 Hz [3]");
    expect([plan.shape, plan.axis]).toEqual([[24], undefined]);
    expect([plan.channels[0], plan.channels.at(-1), plan.units[0]]).toEqual(["left", "right", ""]);
  });
});
