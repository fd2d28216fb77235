import { describe, expect, it, vi } from "vitest";
import { blocks, FeatureExtractor } from "../../../nodes/lib/dsp/index.ts";
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

  it("refuses more features than their names leave room for, by one block or by all together", () => {
    const window = (samples: number) => frame(Array.from({ length: samples }, () => [0]));
    const tooMany = expect.objectContaining({ code: "EDGE_ML_WINDOW" });
    expect(() => new FeatureExtractor([{ block: "raw" }]).extract(window(262_145))).toThrow(tooMany);
    const twice = new FeatureExtractor([{ block: "raw" }, { block: "raw", scale: 2 }]);
    expect(() => twice.extract(window(131_073))).toThrow(tooMany);
    expect(twice.extract(window(10)).data).toHaveLength(20);
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

describe("FeatureExtractor with filters", () => {
  const ramp = (rows: number, columns: number, value: (row: number, column: number) => number): number[][] =>
    Array.from({ length: rows }, (_, row) => Array.from({ length: columns }, (_, column) => value(row, column)));

  it("filters each channel by itself, one filter after the other, and leaves the window as it is", () => {
    const extractor = new FeatureExtractor(
      [{ block: "raw" }],
      [
        { filter: "median", width: 3 },
        { filter: "detrend", kind: "constant" },
      ],
    );
    const window = frame([
      [1, 10],
      [99, 20],
      [1, -999],
      [1, 30],
      [5, 40],
    ]);
    const before = window.data.slice();
    const { data, info } = extractor.extract(window);
    // Medians: 1 1 1 1 5 and 10 10 20 30 40; means 1.8 and 22.
    const expected = [1 - 1.8, 10 - 22, 1 - 1.8, 10 - 22, 1 - 1.8, 20 - 22, 1 - 1.8, 30 - 22, 5 - 1.8, 40 - 22];
    expect([...data]).toEqual([...Float32Array.from(expected)]);
    expect(window.data).toEqual(before);
    expect(info.names).toEqual([
      "c0 [0]",
      "c1 [0]",
      "c0 [1]",
      "c1 [1]",
      "c0 [2]",
      "c1 [2]",
      "c0 [3]",
      "c1 [3]",
      "c0 [4]",
      "c1 [4]",
    ]);
  });

  it("tells the filters in the recipe, with every option, and only when there are any", () => {
    const features = [{ block: "flatten", version: 1, options: expect.anything() }];
    const { info } = new FeatureExtractor([{ block: "flatten" }], [{ filter: "low-pass", cutoff: "3" }]).extract(
      frame([[1], [2]], { rate: 50 }),
    );
    const options = { cutoff: 3, order: 4, zeroPhase: false };
    expect(info.recipe).toEqual({ version: 1, filters: [{ filter: "low-pass", version: 1, options }], features });
    expect(() => info.recipe.filters!.push(info.recipe.filters![0]!)).toThrow(TypeError);
    expect(() => Object.assign(info.recipe.filters![0]!.options, { cutoff: 4 })).toThrow(TypeError);
    const without = new FeatureExtractor([{ block: "flatten" }], []).extract(frame([[1]]));
    expect(Object.keys(without.info.recipe)).toEqual(["version", "features"]);
  });

  it("plans the blocks, and the filters after it, for the samples and the rate that a filter leaves", () => {
    const rows = ramp(20, 2, (row, column) => row + 100 * column);
    const decimated = new FeatureExtractor([{ block: "raw" }], [{ filter: "decimate", factor: 10 }]);
    expect(decimated.extract(frame(rows, { rate: 100 })).info.names).toEqual(["c0 [0]", "c1 [0]", "c0 [1]", "c1 [1]"]);
    // 10 Hz are left: 8 Hz are above half of that, and were below half of what came.
    const chain = (first: string) => {
      const pair = [
        { filter: "decimate", factor: 10 },
        { filter: "low-pass", cutoff: 8 },
      ];
      return new FeatureExtractor([{ block: "raw" }], first === "decimate" ? pair : pair.reverse());
    };
    expect(() => chain("decimate").extract(frame(rows, { rate: 100 }))).toThrow(
      expect.objectContaining({ code: "EDGE_ML_SETTING", details: expect.objectContaining({ field: "cutoff" }) }),
    );
    expect(chain("low-pass").extract(frame(rows, { rate: 100 })).data.length).toBe(4);
  });

  it("chains eight filters whose lengths differ", () => {
    const extractor = new FeatureExtractor(
      [{ block: "raw" }],
      [
        { filter: "median" },
        { filter: "low-pass", cutoff: 20, zeroPhase: true },
        { filter: "decimate", factor: 2 },
        { filter: "moving-average" },
        { filter: "high-pass", cutoff: 0.5 },
        { filter: "notch", frequency: 20 },
        { filter: "decimate", factor: 5, zeroPhase: false },
        { filter: "detrend" },
      ],
    );
    const rows = ramp(100, 3, (row, column) => (column === 1 ? 7 : Math.sin(row / (3 + column))));
    const first = extractor.extract(frame(rows, { rate: 100 }));
    expect(first.info.shape).toEqual([30]);
    // A channel comes out as it does by itself.
    for (const column of [0, 1, 2]) {
      const alone = extractor.extract(
        frame(
          rows.map((row) => [row[column]!]),
          { rate: 100 },
        ),
      );
      expect([...alone.data]).toEqual([...first.data].filter((_, i) => i % 3 === column));
    }
    expect([...first.data].filter((_, i) => i % 3 === 1).every((value) => Math.abs(value) < 1e-12)).toBe(true);
  });

  it("a NaN stays in its channel and its window", () => {
    const extractor = new FeatureExtractor([{ block: "raw" }], [{ filter: "low-pass", cutoff: 5, zeroPhase: true }]);
    const rows = ramp(30, 2, (row, column) => Math.cos(row / 5 + column));
    const good = extractor.extract(frame(rows, { rate: 100 })).data;
    const holed = rows.map((row, i) => (i === 3 ? [Number.NaN, row[1]!] : row));
    const quality = { ok: false, reasons: ["missing: c0"], missing: 1, filled: 0 };
    const bad = extractor.extract(frame(holed, { rate: 100, quality }));
    expect(bad.info.quality).toEqual(quality);
    expect([...bad.data].map((value, i) => (i % 2 === 0 ? Number.isNaN(value) : value))).toEqual(
      [...good].map((value, i) => (i % 2 === 0 ? true : value)),
    );
    expect(extractor.extract(frame(rows, { rate: 100 })).data).toEqual(good);
  });

  it("does not tell the blocks where a filtered window lies in its stream: no sample of it is that of another window", () => {
    const raw = blocks.find(({ id }) => id === "raw")!;
    const seen: unknown[] = [];
    const { plan } = raw;
    const spy = vi.spyOn(raw, "plan").mockImplementation((window, options) => ({
      ...plan(window, options),
      compute: (_window, _out, _offset, { start, end, position }) => void seen.push([start, end, position]),
    }));
    const filters = [[], [{ filter: "detrend" }]];
    for (const list of filters) {
      const extractor = new FeatureExtractor([{ block: "raw" }], list);
      for (const position of [40, 41]) extractor.extract(frame([[1], [2]], { position, start: position, end: 50 }));
    }
    spy.mockRestore();
    expect(seen).toEqual([
      [40, 50, 40],
      [41, 50, 41],
      [40, 50, undefined],
      [41, 50, undefined],
    ]);
  });

  it("refuses an unknown filter and wrong options at once, and a filter that does not suit the window when it comes", () => {
    const make = (choice: { filter: string }) => () => new FeatureExtractor([{ block: "raw" }], [choice]);
    expect(make({ filter: "comb" })).toThrow(expect.objectContaining({ code: "EDGE_ML_SETTING" }));
    expect(make({ filter: "low-pass", cutoff: "fast" } as { filter: string })).toThrow(
      expect.objectContaining({ code: "EDGE_ML_SETTING" }),
    );
    const extractor = make({ filter: "low-pass" })();
    expect(() => extractor.extract(frame([[1], [2]]))).toThrow(expect.objectContaining({ code: "EDGE_ML_WINDOW" }));
    // … and goes on.
    expect(extractor.extract(frame([[1], [2]], { rate: 100 })).data.length).toBe(2);
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
