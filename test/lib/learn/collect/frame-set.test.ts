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
    for (const [i, ordinal] of journal) again.add(Float32Array.of(i), i, i, "a", undefined, ordinal);
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

  it("keeps the labels, in the order in which they are met", () => {
    const set = new FrameSet({ columns: 1, limit: 4, whenFull: "latest" });
    for (const label of ["gone", "b", undefined, "__proto__", "b"]) set.add(Float32Array.of(1), 0, 0, "s", label);
    const { label, labels } = set.batch();
    expect(labels).toEqual(["b", "__proto__"]);
    expect([...label]).toEqual([0, -1, 1, 0]);
    // Only a balanced set counts: the labels of values are as many as the frames.
    expect(set.counts).toEqual([]);
  });

  it("gives the frames of the last while only", () => {
    expect(filled("latest", 20).batch(150).rows).toBe(5);
  });
});

/** A label and how many frames of it come, one after the other. */
type Come = [label: string, count: number, stream?: string][];

function balanced(whenFull: "latest" | "thin", come: Come, limit = 100, limitEach?: number): FrameSet {
  const set = new FrameSet({
    columns: 1,
    limit,
    whenFull,
    balanced: true,
    ...(limitEach === undefined ? {} : { limitEach }),
  });
  let time = 0;
  for (const [label, count, stream = "s"] of come) {
    for (let i = 0; i < count; i++, time++) set.add(Float32Array.of(time), time, time, stream, label);
  }
  return set;
}

const timesOf = (set: FrameSet, wanted: string) => {
  const { label, labels, start } = set.batch();
  return Array.from(start).filter((_, i) => labels[label[i]!] === wanted);
};

describe("a balanced FrameSet", () => {
  const tables: [title: string, come: Come, counts: Record<string, number>][] = [
    [
      "less than fits",
      [
        ["wave", 30],
        ["idle", 50],
      ],
      { wave: 30, idle: 50 },
    ],
    [
      "a rare gesture before a frequent one",
      [
        ["wave", 5],
        ["idle", 5000],
      ],
      { wave: 5 },
    ],
    [
      "a rare gesture after a frequent one",
      [
        ["idle", 5000],
        ["wave", 5],
      ],
      { wave: 5 },
    ],
    [
      "a rare one among two frequent ones",
      [
        ["idle", 3000],
        ["wave", 5],
        ["walk", 3000],
      ],
      { wave: 5 },
    ],
  ];
  it.each(tables)("never pushes a rare label out: %s", (_, come, counts) => {
    for (const whenFull of ["thin", "latest"] as const) {
      const set = balanced(whenFull, come);
      expect(set.count).toBeLessThanOrEqual(100);
      expect(Object.fromEntries(set.counts.map(({ label, count }) => [label, count]))).toMatchObject(counts);
      const came = come.reduce((sum, [, count]) => sum + count, 0);
      expect(set.dropped).toBe(came - set.count);
    }
  });

  it("ends up with shares that differ by no more than a thinning, however the labels were mixed", () => {
    const set = new FrameSet({ columns: 1, limit: 300, whenFull: "thin", balanced: true });
    for (let i = 0; i < 30_000; i++) {
      const label = i % 100 === 0 ? "rare" : i % 10 === 0 ? "seldom" : "often";
      set.add(Float32Array.of(i), i, i, "s", label);
    }
    const counts = set.counts.map(({ count }) => count);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(Math.max(...counts) / 2 - 1);
  });

  it("covers the whole time of each label evenly when it thins", () => {
    const set = balanced("thin", [
      ["wave", 40],
      ["idle", 1000],
    ]);
    expect(timesOf(set, "wave")).toHaveLength(40);
    const idle = timesOf(set, "idle");
    const steps = idle.slice(1).map((time, i) => time - idle[i]!);
    expect(new Set(steps).size).toBe(1);
    expect(idle[0]).toBe(40);
    expect(idle.at(-1)! + steps[0]!).toBeGreaterThanOrEqual(1040);
  });

  it("keeps the latest of the frequent label, and the old ones of the rare", () => {
    const set = balanced("latest", [
      ["wave", 40],
      ["idle", 1000],
    ]);
    expect(timesOf(set, "wave")).toEqual(Array.from({ length: 40 }, (_, i) => i));
    expect(timesOf(set, "idle")).toEqual(Array.from({ length: 60 }, (_, i) => 980 + i));
  });

  it("keeps no more than the wished number of each label, the latest", () => {
    const set = balanced(
      "latest",
      [
        ["wave", 50],
        ["idle", 8],
      ],
      100,
      20,
    );
    expect(set.counts).toEqual([
      { label: "wave", count: 20 },
      { label: "idle", count: 8 },
    ]);
    expect(timesOf(set, "wave")[0]).toBe(30);
  });

  it("gives up the frames of the stream with the most first: a person with few is not lost among many", () => {
    const set = balanced("thin", [
      ["wave", 500, "anna"],
      ["wave", 10, "ben"],
      ["idle", 500, "anna"],
    ]);
    const { stream, streams } = set.batch();
    expect(Array.from(stream).filter((each) => streams[each] === "ben")).toHaveLength(10);
  });

  it.each(["thin", "latest"] as const)("is the same again from what a journal has: %s", (whenFull) => {
    const options = { columns: 1, limit: 60, whenFull, balanced: true } as const;
    const set = new FrameSet(options);
    const journal: [number, string, string, number][] = [];
    for (let i = 0; i < 3000; i++) {
      const [label, stream] = [`l${((i * i) % 7) % 3}`, `s${(i * 7) % 5}`];
      const ordinal = set.add(Float32Array.of(i), i, i, stream, label);
      if (ordinal !== undefined) journal.push([i, stream, label, ordinal]);
    }
    const again = new FrameSet(options);
    for (const [i, stream, label, ordinal] of journal) again.add(Float32Array.of(i), i, i, stream, label, ordinal);
    expect(again.batch()).toEqual(set.batch());
    expect(again.counts).toEqual(set.counts);
  });

  it("stays bounded with as many streams as frames", () => {
    const set = new FrameSet({ columns: 1, limit: 500, whenFull: "thin", balanced: true });
    for (let i = 0; i < 30_000; i++) set.add(Float32Array.of(i), i, i, `s${i}`, i % 50 === 0 ? "wave" : "idle");
    expect(set.count).toBeLessThanOrEqual(500);
    expect(set.counts.find(({ label }) => label === "wave")!.count).toBeGreaterThan(100);
  });
});
