import { describe, expect, it } from "vitest";
import { medianStep } from "../../../../nodes/lib/learn/validate/frame-rate.ts";
import type { FrameTime } from "../../../../nodes/lib/learn/validate/frame-time.ts";
import { splitByTime } from "../../../../nodes/lib/learn/validate/hold-out.ts";

/** Windows of `length` ms every `hop` ms. */
function windows(count: number, hop: number, length: number, stream = 0): FrameTime[] {
  return Array.from({ length: count }, (_, i) => ({ start: i * hop, end: i * hop + length, stream }));
}

describe("splitByTime", () => {
  it.each([
    ["windows that touch", windows(100, 10, 9), 0],
    ["single readings", windows(100, 10, 0), 0],
    ["half overlap", windows(100, 10, 19), 1],
    ["ten windows overlap", windows(100, 10, 99), 9],
    ["several streams", [0, 1, 2].flatMap((stream) => windows(100, 10, 49, stream)), 12],
    ["out of order", windows(100, 10, 19).reverse(), 1],
  ])("keeps the parts free of shared samples: %s", (_, frames, gap) => {
    const split = splitByTime(frames, 0.25);
    expect(split.holdOut).toHaveLength(frames.length / 4);
    expect(split.gap).toBe(gap);
    expect(split.training.length + split.holdOut.length + split.gap).toBe(frames.length);
    for (const a of split.training) {
      for (const b of split.holdOut) {
        if (frames[a]!.stream === frames[b]!.stream) expect(frames[a]!.end).toBeLessThan(frames[b]!.start);
      }
    }
  });

  it.each([
    ["time stands still", windows(40, 0, 0)],
    ["windows as long as everything", windows(40, 1, 1000)],
  ])("splits without a gap when a gap would leave too little: %s", (_, frames) => {
    const split = splitByTime(frames, 0.25);
    expect(split).toMatchObject({ noGap: true, gap: 0 });
    expect(split.training).toHaveLength(30);
  });

  it.each([0, 0.001, 0.999, 1])("leaves something in both parts at a share of %d", (share) => {
    const split = splitByTime(windows(10, 10, 0), share);
    expect(split.training.length).toBeGreaterThan(0);
    expect(split.holdOut.length).toBeGreaterThan(0);
  });
});

describe("medianStep", () => {
  it.each([
    ["regular", windows(10, 60, 0), 60],
    ["with a long gap", [...windows(10, 60, 0), { start: 1e9, end: 1e9, stream: 0 }], 60],
    ["duplicate timestamps", [...windows(10, 60, 0), ...windows(10, 60, 0)], 60],
    ["several streams at the same time", [0, 1].flatMap((stream) => windows(10, 60, 0, stream)), 60],
    ["time backwards", windows(10, 60, 0).reverse(), 60],
    ["standing still", windows(10, 0, 0), undefined],
    ["one frame of each stream", Array.from({ length: 9 }, (_, i) => ({ start: i, end: i, stream: i })), undefined],
  ])("%s", (_, frames, step) => {
    expect(medianStep(frames)).toBe(step);
  });
});
