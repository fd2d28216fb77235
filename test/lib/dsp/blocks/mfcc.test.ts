import { describe, expect, it } from "vitest";
import {
  compute,
  edgeImpulseCase,
  edgeImpulseMissing,
  golden,
  noise,
  planOf,
  relativeError,
} from "../../../support/pictures.ts";

const OURS = golden.edgeImpulse.filter(({ block }) => block === "mfcc");

describe("MFCC", () => {
  it.each(OURS)("agrees with numpy and scipy: $name", ({ name, options, shape, features }) => {
    const plan = planOf("mfcc", options, golden.pcm.length, golden.rate);
    expect(plan.shape).toEqual(shape);
    // A logarithm of about 10 is float32, to 1e-6, before it is divided by a deviation that may be less than 0.1.
    const tolerance = name.startsWith("normalised") ? 1e-4 : 1e-5;
    expect(relativeError(compute(plan, Float32Array.from(golden.pcm)), features, 0.1)).toBeLessThan(tolerance);
  });

  const ids = ["mfcc-046", "mfcc-047", "mfcc-048", "mfcc-049", "mfcc-050"];
  it.skipIf(edgeImpulseMissing).each(ids)("agrees with Edge Impulse's own block: %s", (id) => {
    const { got, expected } = edgeImpulseCase("mfcc", id);
    expect(relativeError(got, expected)).toBeLessThan(1e-4);
  });

  it("louder by 10 adds ln 100 to the energy, and nothing to the rest", () => {
    const plan = planOf("mfcc", { normalisationWindow: 0 }, 1600, 16000);
    const samples = noise(1600).map((x) => x * 1000);
    const before = compute(plan, samples);
    const after = compute(
      plan,
      samples.map((x) => x * 10),
    );
    for (const [i, value] of after.entries()) {
      expect(value - before[i]!).toBeCloseTo(i % 13 === 0 ? Math.log(100) : 0, 4);
    }
  });

  it("silence is ln 1e-10 without normalisation, and 0 with it", () => {
    const silence = new Float32Array(3200);
    const bare = compute(planOf("mfcc", { normalisationWindow: 0 }, 3200, 16000), silence);
    expect(bare[0]).toBeCloseTo(Math.log(1e-10), 5);
    expect(Math.max(...bare.filter((_, i) => i % 13 !== 0).map(Math.abs))).toBeLessThan(1e-5);
    expect(new Set(compute(planOf("mfcc", {}, 3200, 16000), silence))).toEqual(new Set([0]));
  });

  it("names its coefficients", () => {
    const plan = planOf("mfcc", { coefficients: 3 }, 640, 16000);
    expect(plan.axis).toEqual({ names: ["log energy", "c1", "c2"], rate: 50 });
    expect(plan.names).toEqual([
      "a log energy [0]",
      "a c1 [0]",
      "a c2 [0]",
      "a log energy [1]",
      "a c1 [1]",
      "a c2 [1]",
    ]);
  });

  it.each([
    ["more coefficients than filters", { coefficients: 14, filters: 13 }, "coefficients"],
    ["an even normalisation window", { normalisationWindow: 100 }, "normalisationWindow"],
  ])("refuses %s", (_, options, field) => {
    expect(() => planOf("mfcc", options, 16000, 16000)).toThrow(
      expect.objectContaining({ code: "EDGE_ML_SETTING", details: expect.objectContaining({ field }) }),
    );
  });
});
