import { describe, expect, it } from "vitest";
import { FeatureExtractor } from "../../../nodes/lib/dsp/index.ts";
import type { Frame, FrameInfo } from "../../../nodes/lib/frame/index.ts";

const frame = (rows: number[][], info: Partial<FrameInfo> = {}): Frame => ({
  data: Float32Array.from(rows.flat()),
  info: {
    kind: "window",
    shape: [rows.length, rows[0]!.length],
    names: rows[0]!.map((_, i) => `c${i}`),
    stream: "s",
    seq: 3,
    start: 1,
    end: 2,
    quality: { ok: true, reasons: [], missing: 0, filled: 0 },
    recipe: { version: 1 },
    ...info,
  },
});

describe("FeatureExtractor", () => {
  it("puts the blocks' features one after the other and keeps the window's description", () => {
    const extractor = new FeatureExtractor([
      { block: "raw", scale: 10 },
      { block: "flatten", statistics: ["maximum", "average"] },
    ]);
    const quality = { ok: false, reasons: ["missing: c0"], missing: 1, filled: 0 };
    const { data, info } = extractor.extract(frame([[1], [3]], { label: "x", quality, rate: 5 }));
    expect([...data]).toEqual([10, 30, 2, 3]);
    expect(info).toEqual({
      kind: "features",
      shape: [4],
      names: ["c0 [0]", "c0 [1]", "c0 mean", "c0 maximum"],
      stream: "s",
      seq: 3,
      start: 1,
      end: 2,
      label: "x",
      quality,
      recipe: {
        version: 1,
        features: [
          { block: "raw", version: 1, options: { scale: 10 } },
          { block: "flatten", version: 1, options: { scale: 1, statistics: ["maximum", "average"] } },
        ],
      },
    });
  });

  it("plans once for windows that are alike", () => {
    const extractor = new FeatureExtractor([{ block: "flatten" }]);
    const names = Object.freeze(["a", "b"]) as string[];
    const first = extractor.extract(frame([[1, 2]], { names }));
    const second = extractor.extract(frame([[3, 4]], { names }));
    const cloned = extractor.extract(frame([[5, 6]], { names: ["a", "b"] }));
    expect(second.info.names).toBe(first.info.names);
    expect(cloned.info.names).toBe(first.info.names);
    expect(second.data).not.toBe(first.data);
    expect([first.data[0], second.data[0], cloned.data[0]]).toEqual([1, 3, 5]);
  });

  it("plans anew when the length, the channels or the rate change, and comes back to what it knows", () => {
    const extractor = new FeatureExtractor([{ block: "raw" }]);
    const names = (window: Frame) => extractor.extract(window).info.names;
    const first = names(frame([[1], [2]]));
    expect(names(frame([[1], [2], [3]]))).toEqual(["c0 [0]", "c0 [1]", "c0 [2]"]);
    expect(names(frame([[1], [2]], { names: ["x"] }))).toEqual(["x [0]", "x [1]"]);
    expect(names(frame([[1], [2]], { rate: 9 }))).not.toBe(first);
    expect(names(frame([[1], [2]]))).toBe(first);
  });

  it("sees a channel list that was changed in place", () => {
    const extractor = new FeatureExtractor([{ block: "raw" }]);
    const names = ["a"];
    expect(extractor.extract(frame([[1]], { names })).info.names).toEqual(["a"]);
    names[0] = "b";
    expect(extractor.extract(frame([[1]], { names })).info.names).toEqual(["b"]);
  });

  it("is right for windows of 1,000 different lengths, in turn", () => {
    const extractor = new FeatureExtractor([{ block: "flatten", statistics: ["average"] }]);
    for (let i = 0; i < 2000; i++) {
      const length = 1 + (i % 1000);
      const { data } = extractor.extract(frame(Array.from({ length }, () => [i])));
      expect([...data]).toEqual([i]);
    }
  });

  it("what is handed out cannot be changed for the next frame", () => {
    const extractor = new FeatureExtractor([{ block: "flatten", statistics: ["average"] }]);
    const { info } = extractor.extract(frame([[1]]));
    expect(() => info.names.push("x")).toThrow(TypeError);
    expect(() => Object.assign(info.recipe.features![0]!.options, { scale: 2 })).toThrow(TypeError);
    expect(() => info.shape.push(1)).toThrow(TypeError);
  });

  const refused: [string, Partial<FrameInfo>][] = [
    ["features", { kind: "features", shape: [1] }],
    ["three axes", { shape: [1, 1, 1] }],
  ];
  it.each(refused)("refuses %s", (_, info) => {
    expect(() => new FeatureExtractor([{ block: "raw" }]).extract(frame([[1]], info))).toThrow(
      expect.objectContaining({ code: "EDGE_ML_FRAME" }),
    );
  });
});

it("windows of a stream that overlap have the features that each has by itself", () => {
  const blocks = [{ block: "log-mel", highFrequency: 0, frameLength: 0.02 }, { block: "raw" }, { block: "mfcc" }];
  const extractor = new FeatureExtractor(blocks);
  const samples = Array.from({ length: 4000 }, (_, i) => Math.sin(i * i));
  for (let position = 0; position < 2400; position += 160) {
    for (const stream of ["one", "two"]) {
      const rows = samples.slice(position, position + 1600).map((x) => [stream === "one" ? x : -2 * x]);
      const info = { rate: 8000, stream };
      const { data } = extractor.extract(frame(rows, { ...info, position }));
      expect(data).toEqual(new FeatureExtractor(blocks).extract(frame(rows, info)).data);
    }
  }
});
