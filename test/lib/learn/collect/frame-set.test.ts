import { describe, expect, it } from "vitest";
import { FrameSet } from "../../../../nodes/lib/learn/collect/frame-set.ts";

function filled(whenFull: "latest" | "thin", count: number, limit = 100, streams = 1): FrameSet {
  const set = new FrameSet({ columns: 2, limit, whenFull });
  for (let i = 0; i < count; i++) set.add(Float32Array.of(i, -i), i * 10, i * 10 + 9, `s${i % streams}`);
  return set;
}

const firsts = (set: FrameSet) => Array.from(set.batch().data).filter((_, i) => i % 2 === 0);

describe("FrameSet", () => {
  it("keeps copies, in the order in which they came", () => {
    const set = new FrameSet({ columns: 2, limit: 10, whenFull: "thin" });
    const data = Float32Array.of(1, 2);
    set.add(data, 5, 6, "a");
    data.fill(9);
    set.add(data, 3, 4, "__proto__");
    expect(set.batch()).toEqual({
      rows: 2,
      columns: 2,
      data: Float32Array.of(1, 2, 9, 9),
      start: Float64Array.of(5, 3),
      end: Float64Array.of(6, 4),
      stream: Int32Array.of(0, 1),
      streams: ["a", "__proto__"],
      label: Int32Array.of(-1, -1),
      labels: [],
      stride: 1,
    });
  });

  it.each([99, 100, 101, 150, 1000, 1001])("keeps the latest of %d", (count) => {
    const set = filled("latest", count);
    const kept = Math.min(100, count);
    expect(firsts(set)).toEqual(Array.from({ length: kept }, (_, i) => count - kept + i));
    expect(set.dropped).toBe(count - kept);
  });

  it("thins out evenly, so that the whole time stays covered", () => {
    const set = filled("thin", 1000);
    const { stride } = set.batch();
    expect(stride).toBe(16);
    expect(firsts(set)).toEqual(Array.from({ length: Math.ceil(1000 / 16) }, (_, i) => i * 16));
    expect(set.dropped + set.count).toBe(1000);
    expect(set.span).toBe(9999);
  });

  it("thins out each stream by itself: none of two that alternate is lost", () => {
    const { stream } = filled("thin", 1000, 100, 2).batch();
    const second = stream.filter((each) => each === 1).length;
    expect(Math.abs(second - stream.length / 2)).toBeLessThanOrEqual(1);
  });

  it("thins to the same frames when those it kept come again from a journal", () => {
    const set = new FrameSet({ columns: 1, limit: 50, whenFull: "thin" });
    const journal: [number, number][] = [];
    for (let i = 0; i < 700; i++) {
      const ordinal = set.add(Float32Array.of(i), i, i, "a");
      if (ordinal !== undefined) journal.push([i, ordinal]);
    }
    const again = new FrameSet({ columns: 1, limit: 50, whenFull: "thin" });
    for (const [i, ordinal] of journal) again.add(Float32Array.of(i), i, i, "a", ordinal);
    expect(again.batch()).toEqual(set.batch());
    // … which are few: the journal does not grow with the time.
    expect(journal.length).toBeLessThan(50 * 6);
  });

  it("stays bounded with more streams than it tells apart, of one frame each", () => {
    const set = filled("thin", 30_000, 1000, 30_000);
    expect(set.count).toBeLessThanOrEqual(1000);
    const { streams } = set.batch();
    expect(streams).toHaveLength(10_000);
    expect(streams.at(-1)).toBe("(other streams)");
  });

  it("gives the frames of the last while only", () => {
    expect(filled("latest", 20).batch(150).rows).toBe(5);
  });
});
