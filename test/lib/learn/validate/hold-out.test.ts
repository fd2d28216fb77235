import { describe, expect, it } from "vitest";
import { foldsByStream, foldsByTime } from "../../../../nodes/lib/learn/validate/folds.ts";
import { medianStep } from "../../../../nodes/lib/learn/validate/frame-rate.ts";
import type { FrameTime } from "../../../../nodes/lib/learn/validate/frame-time.ts";
import { splitByStream, splitByTime } from "../../../../nodes/lib/learn/validate/hold-out.ts";

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

describe("splitByTime with classes", () => {
  it("holds out the newest of each class, wherever that is", () => {
    // First all of class 0, then all of class 1.
    const frames = windows(80, 10, 9);
    const classes = Int32Array.from({ length: 80 }, (_, i) => (i < 40 ? 0 : 1));
    const { training, holdOut, gap } = splitByTime(frames, 0.25, classes);
    expect(holdOut).toEqual([...range(30, 40), ...range(70, 80)]);
    expect(training).toEqual([...range(0, 30), ...range(40, 70)]);
    expect(gap).toBe(0);
  });

  it("leaves out windows of any class that share samples with one that is held out", () => {
    const frames = windows(80, 10, 29);
    const classes = Int32Array.from({ length: 80 }, (_, i) => (i < 40 ? 0 : 1));
    const { training, holdOut, gap } = splitByTime(frames, 0.25, classes);
    // Two before each held-out stretch, and two behind the first.
    expect(gap).toBe(6);
    expectApart(frames, training, holdOut);
  });
});

describe("splitByStream", () => {
  const streams = (sizes: readonly number[]) => sizes.flatMap((size, stream) => windows(size, 10, 99, stream));

  it.each([
    ["equal ones", [50, 50, 50, 50], 0.25, 50],
    ["unequal ones", [10, 60, 20, 10], 0.3, 30],
    ["many", new Array(300).fill(2), 0.2, 120],
    ["two", [30, 70], 0.25, 30],
  ])("takes whole streams whose frames add up to the share: %s", (_, sizes, share, expected) => {
    const frames = streams(sizes);
    const { training, holdOut, by, gap } = splitByStream(frames, share);
    expect([by, gap, holdOut.length]).toEqual(["stream", 0, expected]);
    const held = new Set(holdOut.map((i) => frames[i]!.stream));
    expect(training.some((i) => held.has(frames[i]!.stream))).toBe(false);
    expect(training.length + holdOut.length).toBe(frames.length);
    expect(splitByStream(frames, share)).toEqual(splitByStream(frames, share));
  });

  it("keeps each class in both parts, where its streams allow it", () => {
    // Class 2 is in the streams 1 and 4 alone.
    const frames = streams([30, 30, 30, 30, 30]);
    const classes = Int32Array.from(frames, ({ stream }, i) =>
      i % 3 === 2 && (stream === 1 || stream === 4) ? 2 : i % 2,
    );
    const { training, holdOut } = splitByStream(frames, 0.4, classes);
    for (const part of [training, holdOut]) expect(new Set(part.map((i) => classes[i]))).toEqual(new Set([0, 1, 2]));
  });

  it("never leaves a class without a frame to learn from: then it is by time", () => {
    const frames = streams([30, 30, 30]);
    const classes = Int32Array.from(frames, ({ stream }) => stream);
    const { by, training } = splitByStream(frames, 0.3, classes);
    expect(by).toBe("time");
    expect(new Set(training.map((i) => classes[i])).size).toBe(3);
  });

  it("is by time with one stream", () => {
    expect(splitByStream(windows(40, 10, 9), 0.25)).toEqual(splitByTime(windows(40, 10, 9), 0.25));
  });
});

describe("folds", () => {
  it.each([
    ["windows that touch", windows(100, 10, 9)],
    ["half overlap", windows(100, 10, 19)],
    ["out of order", windows(101, 10, 29).reverse()],
    ["several streams", [0, 1, 2].flatMap((stream) => windows(40, 10, 19, stream))],
  ])("by time hold out each frame once, in blocks, and share no sample: %s", (_, frames) => {
    const folds = foldsByTime(frames, 5);
    expect(folds).toHaveLength(5);
    expect(folds.flatMap(({ holdOut }) => holdOut).sort((a, b) => a - b)).toEqual(range(0, frames.length));
    for (const { training, holdOut } of folds) expectApart(frames, training, holdOut);
  });

  it("by time hold out a part of each class", () => {
    const frames = windows(60, 10, 9);
    const classes = Int32Array.from({ length: 60 }, (_, i) => (i < 45 ? 0 : 1));
    for (const { holdOut } of foldsByTime(frames, 5, classes)) {
      expect(holdOut.filter((i) => classes[i] === 1)).toHaveLength(3);
      expect(holdOut).toHaveLength(12);
    }
  });

  it("by stream hold out whole streams, evenly", () => {
    const frames = [12, 40, 8, 30, 25, 5].flatMap((size, stream) => windows(size, 10, 99, stream));
    const folds = foldsByStream(frames, 3);
    for (const { holdOut } of folds) expect(Math.abs(holdOut.length - 40)).toBeLessThan(3);
    for (const { training, holdOut } of folds) {
      const held = new Set(holdOut.map((i) => frames[i]!.stream));
      expect(training.some((i) => held.has(frames[i]!.stream))).toBe(false);
    }
  });

  it("by stream have no more folds than there are streams", () => {
    expect(foldsByStream([...windows(5, 1, 0, 0), ...windows(5, 1, 0, 1)], 5)).toHaveLength(2);
  });
});

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

function expectApart(frames: readonly FrameTime[], training: readonly number[], holdOut: readonly number[]) {
  for (const a of training) {
    for (const b of holdOut) {
      const [x, y] = [frames[a]!, frames[b]!];
      if (x.stream === y.stream) expect(x.end < y.start || y.end < x.start).toBe(true);
    }
  }
}

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
