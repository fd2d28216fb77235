import { describe, expect, it } from "vitest";
import { coherentGain, TAPERS, taperWeights } from "../../../../nodes/lib/dsp/math/taper.ts";

describe("tapers", () => {
  // numpy: np.hanning(5), np.hamming(5), np.blackman(5); scipy.signal.get_window(…, 4) for the periodic form.
  it.each([
    ["hann", "symmetric", 5, [0, 0.5, 1, 0.5, 0]],
    ["hann", "periodic", 4, [0, 0.5, 1, 0.5]],
    ["hamming", "symmetric", 5, [0.08, 0.54, 1, 0.54, 0.08]],
    ["hamming", "periodic", 4, [0.08, 0.54, 1, 0.54]],
    ["blackman", "symmetric", 5, [0, 0.34, 1, 0.34, 0]],
    ["blackman", "periodic", 4, [0, 0.34, 1, 0.34]],
    ["rectangular", "periodic", 3, [1, 1, 1]],
  ] as const)("%s, %s", (taper, form, length, expected) => {
    const got = taperWeights(taper, length, form);
    expect(got.length).toBe(length);
    for (const [i, value] of expected.entries()) expect(got[i]).toBeCloseTo(value, 14);
  });

  it.each(TAPERS)("%s of one sample weighs 1", (taper) => {
    expect([...taperWeights(taper, 1)]).toEqual([1]);
    expect([...taperWeights(taper, 1, "symmetric")]).toEqual([1]);
  });

  it("the coherent gain is a0 of the cosine series", () => {
    expect(coherentGain(taperWeights("hann", 64))).toBeCloseTo(0.5, 14);
    expect(coherentGain(taperWeights("hamming", 64))).toBeCloseTo(0.54, 14);
    expect(coherentGain(taperWeights("blackman", 64))).toBeCloseTo(0.42, 14);
    expect(coherentGain(taperWeights("rectangular", 64))).toBe(1);
  });
});
