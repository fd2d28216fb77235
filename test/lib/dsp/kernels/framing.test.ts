import { describe, expect, it } from "vitest";
import { framing, samplesNear, samplesUp } from "../../../../nodes/lib/dsp/kernels/framing.ts";

describe("frames of a window", () => {
  it.each([
    [16000, 480, 320, 49],
    [16000, 320, 320, 50],
    [16000, 320, 160, 99],
    [480, 480, 320, 1],
    [799, 480, 320, 1],
    [800, 480, 320, 2],
    [100, 10, 30, 4],
    [500, 1, 1, 500],
  ])("%d samples, frames of %d every %d: %d", (samples, length, stride, frames) => {
    expect(framing(samples, length, stride, "x")).toEqual({ samples, length, stride, frames });
  });

  it("padding adds frames: librosa's 1 + samples/stride", () => {
    expect(framing(3200, 512, 160, "x", { samples: 256, kind: "zeros" }).frames).toBe(21);
  });

  it.each([
    ["shorter than a frame", 479, 480, 320, undefined, "479 samples"],
    ["501 frames", 501, 1, 1, undefined, "501 frames"],
    ["too short to be reflected", 256, 512, 160, { samples: 256, kind: "reflect" as const }, "256 samples"],
  ])("refuses a window that is %s", (_, samples, length, stride, padding, got) => {
    expect(() => framing(samples, length, stride, "x", padding)).toThrow(
      expect.objectContaining({ code: "EDGE_ML_WINDOW", details: expect.objectContaining({ got }) }),
    );
  });

  it("seconds in samples: up, unless by less than a thousandth", () => {
    expect(samplesUp(0.02, 16000)).toBe(320);
    expect(samplesUp(0.018000011, 16000)).toBe(288);
    expect(samplesUp(0.025, 1260)).toBe(32);
    expect(samplesUp(0.1, 12.3)).toBe(2);
    expect(samplesUp(1e-9, 100)).toBe(1);
    expect(samplesNear(0.025, 22050)).toBe(551);
    expect(samplesNear(1e-9, 100)).toBe(1);
  });
});
