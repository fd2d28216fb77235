import { describe, expect, it } from "vitest";
import type { WindowOptions } from "../../../../nodes/lib/dsp/index.ts";
import { at, NAN, random, run, values } from "./support.ts";

const single = (gap: NonNullable<WindowOptions["gap"]>): WindowOptions => ({ by: "samples", size: 1, hop: 1, gap });

describe("interpolate", () => {
  const cases: [string, number, number[], number[], number][] = [
    ["one missing value", 1, [0, NAN, 2], [0, 1, 2], 1],
    ["a run within the limit", 3, [0, NAN, NAN, NAN, 8], [0, 2, 4, 6, 8], 3],
    ["a run beyond the limit stays missing as a whole", 2, [0, NAN, NAN, NAN, 8, 9], [0, NAN, NAN, NAN, 8, 9], 0],
    ["nothing is known before the first value", 5, [NAN, NAN, 3, NAN, 5], [NAN, NAN, 3, 4, 5], 1],
    ["two runs", 2, [0, NAN, 2, NAN, NAN, 8], [0, 1, 2, 4, 6, 8], 3],
  ];
  it.each(cases)("%s", (_, limit, series, expected, filled) => {
    const { frames } = run(
      single({ policy: "interpolate", limit }),
      series.map((value, i) => at(1000 * i, value)),
    );
    expect(values(frames).flat()).toEqual(expected);
    expect(frames.reduce((sum, { info }) => sum + info.quality.filled, 0)).toBe(filled);
    expect(frames.map(({ info }) => info.quality.ok)).toEqual(expected.map((value) => !Number.isNaN(value)));
  });

  it("lies on the line over time, not over the number of the sample", () => {
    const { frames } = run(single({ policy: "interpolate", limit: 2 }), [at(0, 0), at(1, NAN), at(9, NAN), at(10, 10)]);
    expect(values(frames).flat()).toEqual([0, 1, 9, 10]);
  });

  it("each channel on its own; rows keep their order, and wait no longer than the limit", () => {
    const rows = [
      [0, 0],
      [NAN, 10],
      [NAN, NAN],
      [6, NAN],
      [8, NAN],
      [NAN, NAN],
      [12, 60],
      [14, 70],
    ];
    const { frames } = run(
      single({ policy: "interpolate", limit: 3 }),
      rows.map((row, i) => at(i, row)),
    );
    // The second channel's run of four is given up when its fourth value is missing.
    expect(values(frames)).toEqual([
      [0, 0],
      [2, 10],
      [4, NAN],
      [6, NAN],
      [8, NAN],
      [10, NAN],
      [12, 60],
      [14, 70],
    ]);
    expect(frames.map(({ info }) => info.start)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it("the same as interpolating the whole recording, for random gaps in three channels", () => {
    const limit = 4;
    const next = random(3);
    const rows = Array.from({ length: 500 }, () => Array.from({ length: 3 }, () => (next() < 0.4 ? NAN : next())));
    rows[0] = [1, 2, 3];
    rows.push([4, 5, 6]);
    const expected = rows.map((row) => [...row]);
    for (let c = 0; c < 3; c++) {
      for (let i = 1; i < rows.length; i++) {
        if (!Number.isNaN(rows[i]![c]!) || Number.isNaN(rows[i - 1]![c]!)) continue;
        let end = i;
        while (Number.isNaN(rows[end]![c]!)) end++;
        if (end - i > limit) continue;
        const a = rows[i - 1]![c]!;
        const b = rows[end]![c]!;
        for (let k = i; k < end; k++) {
          const share = (k - i + 1) / (end - i + 1);
          expected[k]![c] = a * (1 - share) + b * share;
        }
      }
    }
    const { frames } = run(
      single({ policy: "interpolate", limit }),
      rows.map((row, i) => at(i, row)),
    );
    expect(frames.map(({ data }) => data)).toEqual(expected.map((row) => Float32Array.from(row)));
  });

  it("nothing across a pause; what waits becomes missing, and is not lost", () => {
    const { frames } = run({ ...single({ policy: "interpolate", limit: 9 }), gapLimit: 100 }, [
      at(0, 0),
      at(10, NAN),
      at(500, 7),
    ]);
    expect(values(frames)).toEqual([[0], [NAN], [7]]);
  });

  it("a window by time waits for its values", () => {
    const { frames } = run({ by: "time", size: 10, hop: 10, gap: { policy: "interpolate", limit: 9 } }, [
      at(0, 0),
      at(9, NAN),
      at(12, NAN),
      at(18, 18),
      at(20, 20),
    ]);
    expect(values(frames)).toEqual([
      [0, 9],
      [12, 18],
    ]);
  });

  it("a stuck channel that drops out is still stuck", () => {
    const { frames } = run(
      { ...single({ policy: "interpolate", limit: 1 }), channels: [{ channel: "a", stuck: 2 }] },
      [5, 5, NAN, 5].map((value, i) => at(i, value)),
    );
    expect(frames.map(({ info }) => info.quality.reasons)).toEqual([[], ["stuck: a"], ["stuck: a"], ["stuck: a"]]);
  });

  it("the label stays with its sample", () => {
    const { frames } = run(single({ policy: "interpolate", limit: 2 }), [
      at(0, 0, { label: "a" }),
      at(1, NAN, { label: "b" }),
      at(2, 2, { label: "c" }),
    ]);
    expect(frames.map(({ info }) => info.label)).toEqual(["a", "b", "c"]);
  });

  it("its memory is bounded by the limit, and counted", () => {
    const { windower } = run(
      { by: "samples", size: 4, hop: 4, gap: { policy: "interpolate", limit: 10_000 } },
      Array.from({ length: 30_000 }, (_, i) => at(i, i === 0 ? 1 : NAN)),
    );
    expect(windower.bytes).toBeLessThan(10_000 * 110);
    expect(windower.bytes).toBeGreaterThan(10_000 * 8);
    expect(windower.counts.frames).toBe(7500);
  });
});

describe("split", () => {
  it("no window spans a missing value", () => {
    const { frames, windower } = run(
      { by: "samples", size: 2, hop: 1, gap: { policy: "split", limit: 0 } },
      [1, 2, NAN, NAN, 3, 4, 5].map((value, i) => at(i, value)),
    );
    expect(values(frames)).toEqual([
      [1, 2],
      [3, 4],
      [4, 5],
    ]);
    expect(windower.counts).toMatchObject({ splits: 1, bad: 0 });
  });

  it("by time: the window that was complete is sent, the one that it cuts is not", () => {
    const { frames } = run({ by: "time", size: 10, hop: 10, gap: { policy: "split", limit: 0 } }, [
      at(0, 1),
      at(5, 2),
      at(12, NAN),
      at(15, 3),
      at(20, 4),
      at(30, 5),
    ]);
    expect(values(frames)).toEqual([[1, 2], [4]]);
  });

  it("a stuck value is marked, and does not split", () => {
    const { frames } = run(
      { by: "samples", size: 3, hop: 3, gap: { policy: "split", limit: 0 }, channels: [{ channel: "a", stuck: 2 }] },
      [1, 1, 1].map((value, i) => at(i, value)),
    );
    expect(frames[0]!.info.quality.reasons).toEqual(["stuck: a"]);
  });
});
