import { describe, expect, it } from "vitest";
import { Aligner, type AlignerOptions } from "../../../../nodes/lib/dsp/resample/index.ts";
import { collector, randomFrom, toneIn } from "./support.ts";

const START = Date.UTC(2026, 0, 1);
const NONE = Number.NaN;

function aligner(options: Partial<AlignerOptions>) {
  const given = collector();
  const all: AlignerOptions = {
    channels: 2,
    clock: { rate: 10 },
    method: "asof",
    limit: 1000,
    wait: 0,
    reset: 3_600_000,
    ...options,
  };
  return { ...given, aligner: new Aligner(all, given.counts, given.output) };
}

/** Pushes [channel, ms after START, value]. */
function feed(to: Aligner, readings: readonly (readonly [number, number, number])[]): void {
  for (const [channel, ms, value] of readings) to.push(channel, START + ms, value);
}

const plain = (rows: { time: number; values: number[] }[]) => rows.map(({ time, values }) => [time - START, ...values]);

describe("topics joined on a grid", () => {
  it("as of: each row has the last value of each channel", () => {
    const { aligner: a, rows } = aligner({});
    feed(a, [
      [0, 0, 1],
      [1, 30, 10],
      [0, 100, 2],
      [1, 130, 20],
      [0, 200, 3],
      [1, 290, 30],
      [0, 301, 4],
      [1, 302, 40],
    ]);
    expect(plain(rows)).toEqual([
      [0, 1, NONE],
      [100, 2, 10],
      [200, 3, 20],
      [300, 3, 30],
    ]);
  });

  it("as of: a value older than the limit is none", () => {
    const { aligner: a, rows, counts } = aligner({ limit: 150 });
    feed(a, [
      [1, 0, 7],
      [0, 0, 0],
      [0, 100, 1],
      [0, 150, 1.5],
      [0, 200, 2],
      [0, 250, 2.5],
    ]);
    expect(plain(rows)).toEqual([
      [0, 0, 7],
      [100, 1, 7],
      [200, 2, NONE],
    ]);
    expect(counts.missing).toBe(1);
  });

  it("interpolate: on the line between the values around the row, within the limit", () => {
    const { aligner: a, rows, counts } = aligner({ method: "interpolate", limit: 360 });
    // The rate of each is known after 16 intervals.
    for (let ms = 0; ms < 2000; ms += 100) {
      feed(a, [
        [0, ms, ms],
        [1, ms, 0],
      ]);
    }
    feed(a, [
      [0, 2250, 2250],
      [1, 2200, 300],
      [1, 2600, 7],
      [0, 2400, 2400],
      [0, 2600, 2600],
    ]);
    expect(plain(rows).slice(0, 20)).toEqual(Array.from({ length: 20 }, (_, i) => [100 * i, 100 * i, 0]));
    expect(plain(rows).slice(20)).toEqual([
      [2000, expect.closeTo(2000, 9), expect.closeTo(100, 9)],
      [2100, expect.closeTo(2100, 9), expect.closeTo(200, 9)],
      [2200, expect.closeTo(2200, 9), 300],
      [2300, expect.closeTo(2300, 9), NONE],
      [2400, 2400, NONE],
      [2500, expect.closeTo(2500, 9), NONE],
      [2600, 2600, 7],
    ]);
    expect(counts).toEqual({ late: 0, missing: 3, breaks: 0 });
  });

  it("interpolate: takes away what would fold from a channel that is faster than the grid", () => {
    const { aligner: a, rows, counts } = aligner({ clock: { rate: 100 }, method: "interpolate", limit: 200 });
    for (let ms = 0; ms < 6000; ms++) {
      a.push(0, START + ms, Math.sin((2 * Math.PI * 5 * ms) / 1000) + Math.sin((2 * Math.PI * 80 * ms) / 1000));
      if (ms % 100 === 0) a.push(1, START + ms, ms);
    }
    const known = rows.filter(({ values }) => !Number.isNaN(values[0]));
    expect(known.length).toBeGreaterThan(560);
    const tones = known.map(({ time, values }) => ({ time, value: values[0]! }));
    expect(Math.abs(toneIn(tones, 5) - 1)).toBeLessThan(0.01);
    expect(toneIn(tones, 20)).toBeLessThan(0.01);
    // Each channel at its own moment: no filter's delay lies between them.
    for (const { time, values } of rows) expect(Math.abs(values[1]! - (time - START))).toBeLessThan(1e-6);
    expect(rows.every(({ time }, i) => time === rows[0]!.time + 10 * i)).toBe(true);
    expect(rows[0]!.time).toBe(START + 100);
    expect(counts.missing).toBe(0);
  });

  it("interpolate: a channel that was away for long is missing, and no break for the others", () => {
    const { aligner: a, rows, counts, breaks } = aligner({ method: "interpolate", limit: 300 });
    for (let i = 0; i < 4000; i++) {
      a.push(0, START + i * 100, i);
      if (i < 1000 || i >= 3000) a.push(1, START + i * 100, i);
    }
    expect(rows.every(({ time }, i) => time === START + 100 * i)).toBe(true);
    expect(breaks).toEqual([]);
    expect(counts.late).toBe(0);
    const missing = rows.flatMap(({ values }, i) => (Number.isNaN(values[1]) ? [i] : []));
    expect(missing[0]).toBe(1000);
    expect(missing.at(-1)).toBe(2999);
    expect(rows.every(({ values }, i) => values[0] === i && (Number.isNaN(values[1]) || values[1] === i))).toBe(true);
  });

  it("gives a row as soon as all channels have come so far, or one is further than may be waited for", () => {
    const { aligner: a, rows } = aligner({ wait: 250 });
    feed(a, [
      [0, 0, 1],
      [1, 0, 1],
    ]);
    expect(rows).toHaveLength(1);
    feed(a, [
      [0, 100, 2],
      [0, 200, 3],
      [0, 300, 4],
    ]);
    expect(rows).toHaveLength(1);
    feed(a, [[1, 100, 2]]);
    expect(rows).toHaveLength(2);
    feed(a, [[0, 451, 5]]);
    expect(plain(rows).slice(2)).toEqual([[200, 3, 2]]);
  });

  it("counts readings that come after their row, and still uses them for the next", () => {
    const { aligner: a, rows, counts } = aligner({});
    feed(a, [
      [0, 0, 1],
      [0, 100, 2],
      [1, 50, 5],
      [0, 201, 3],
    ]);
    expect(plain(rows)).toEqual([
      [0, 1, NONE],
      [100, 2, 5],
      [200, 2, 5],
    ]);
    expect(counts.late).toBe(0);
    feed(a, [[1, 150, 6]]);
    expect(counts.late).toBe(1);
  });

  it("a NaN that came is neither skipped nor held over", () => {
    const { aligner: a, rows } = aligner({ channels: 1 });
    feed(a, [
      [0, 0, 1],
      [0, 90, NONE],
      [0, 110, 3],
      [0, 300, 4],
    ]);
    expect(plain(rows)).toEqual([
      [0, 1],
      [100, NONE],
      [200, 3],
      [300, 4],
    ]);
  });

  it("has the label of the last reading at or before the row", () => {
    const { aligner: a, rows } = aligner({});
    a.push(0, START, 1, "run");
    a.push(1, START + 90, 1, "stop");
    a.push(0, START + 100, 1);
    a.push(1, START + 190, 1, "run");
    a.push(0, START + 250, 1);
    expect(rows.map(({ label }) => label)).toEqual(["run", undefined, "run"]);
  });

  it("begins anew after a year, without a row for each moment of it", () => {
    const { aligner: a, rows, counts, breaks } = aligner({});
    const year = 365 * 86_400_000;
    for (const base of [0, year]) {
      for (let i = 0; i < 50; i++) {
        feed(a, [
          [0, base + i * 100, i],
          [1, base + i * 100, i],
        ]);
      }
    }
    expect(counts.breaks).toBe(1);
    expect(breaks).toEqual([50]);
    expect(rows).toHaveLength(100);
    expect(rows[50]!.time).toBe(START + year);
    expect(counts.missing).toBe(0);
  });

  it("begins anew when a recording is played again", () => {
    const { aligner: a, rows, breaks } = aligner({ reset: 2000 });
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 50; i++) {
        feed(a, [
          [0, i * 100, i],
          [1, i * 100, i],
        ]);
      }
    }
    expect(breaks).toEqual([50]);
    expect(plain(rows).slice(50)).toEqual(plain(rows).slice(0, 50));
  });

  it("leaves out what repeats a time or goes back, for each channel on its own", () => {
    const { aligner: a, rows, counts } = aligner({});
    feed(a, [
      [0, 0, 1],
      [1, 0, 1],
      [0, 100, 2],
      [0, 100, 9],
      [0, 50, 9],
      [1, 100, 2],
    ]);
    expect(plain(rows)).toEqual([
      [0, 1, 1],
      [100, 2, 2],
    ]);
    expect(counts.late).toBe(2);
  });

  it("a channel that never comes costs its values, not the others'", () => {
    const { aligner: a, rows, counts } = aligner({ channels: 3, method: "interpolate", limit: 500 });
    for (let i = 0; i < 100; i++) {
      feed(a, [
        [0, i * 100, i],
        [2, i * 100 + 3, -i],
      ]);
    }
    expect(rows.length).toBeGreaterThan(75);
    expect(rows.at(-1)!.values).toEqual([expect.any(Number), NONE, expect.any(Number)]);
    expect(counts.missing).toBe(rows.length);
  });

  it("holds bounded memory whatever comes from one channel alone", () => {
    const { aligner: a, rows } = aligner({ channels: 2, clock: { rate: 0.1 }, wait: 600_000, limit: 600_000 });
    for (let i = 0; i < 50_000; i++) a.push(0, START + i * 20, i);
    expect(a.bytes).toBeLessThan(24 * 5000);
    expect(rows.length).toBeGreaterThan(50);
  });

  it("does not depend on which channel comes first while none is late", () => {
    const random = randomFrom(3);
    const readings = Array.from({ length: 900 }, (_, i) => [i % 3, i * 7 + 6 * random(), random()] as const);
    // Up to 40 ms later than they are: the channels change places, the readings of each stay in their order.
    const arrivals = readings.map(([channel, ms]) => ({ channel, at: ms + 40 * random() }));
    arrivals.sort((a, b) => a.at - b.at);
    const own = [0, 1, 2].map((c) => readings.filter(([channel]) => channel === c));
    const shuffled = arrivals.map(({ channel }) => own[channel]!.shift()!);
    for (const method of ["asof", "interpolate"] as const) {
      const [a, b] = [aligner({ channels: 3, method, wait: 200 }), aligner({ channels: 3, method, wait: 200 })];
      feed(a.aligner, readings);
      feed(b.aligner, shuffled);
      const most = Math.min(a.rows.length, b.rows.length);
      expect(most).toBeGreaterThan(35);
      expect(b.rows.slice(0, most)).toEqual(a.rows.slice(0, most));
      expect(b.counts.late).toBe(0);
    }
  });

  it.each([
    ["huge", 1e300],
    ["minus huge", -1e300],
    ["Infinity", Number.POSITIVE_INFINITY],
    ["NaN", Number.NaN],
    ["the largest date", 8.64e15],
    ["the smallest date", -8.64e15],
  ])("comes to an end with a time that is %s", (_, time) => {
    const { aligner: a, rows } = aligner({ clock: { rate: 200_000 }, limit: 100 });
    for (let i = 0; i < 30; i++) a.push(i % 2, START + i, i);
    const before = rows.length;
    a.push(0, time, 1);
    for (let i = 0; i < 30; i++) a.push(i % 2, time + i, i);
    expect(rows.length - before).toBeLessThan(30_000);
  });
});

describe("topics joined at the readings of a channel", () => {
  it("gives a row for each of its readings", () => {
    const { aligner: a, rows } = aligner({ clock: { channel: 1 }, method: "interpolate", limit: 500 });
    feed(a, [
      [0, 0, 0],
      [1, 33, 7],
      [0, 100, 100],
      [1, 133, 8],
      [1, 170, 9],
      [0, 200, 200],
      [1, 200, 10],
    ]);
    expect(plain(rows)).toEqual([
      [33, expect.closeTo(33, 9), 7],
      [133, expect.closeTo(133, 9), 8],
      [170, expect.closeTo(170, 9), 9],
      [200, 200, 10],
    ]);
  });

  it("finds the values of a channel that is ahead of the clock", () => {
    const { aligner: a, rows } = aligner({ clock: { channel: 1 }, wait: 500 });
    feed(
      a,
      Array.from({ length: 100 }, (_, i) => [0, i * 10, i] as const),
    );
    feed(a, [
      [1, 105, 1],
      [1, 555, 2],
      [1, 990, 3],
    ]);
    expect(plain(rows)).toEqual([
      [105, 10, 1],
      [555, 55, 2],
      [990, 99, 3],
    ]);
  });

  it("holds bounded memory while the clock does not come", () => {
    const { aligner: a, rows, counts } = aligner({ clock: { channel: 1 } });
    for (let i = 0; i < 20_000; i++) a.push(0, START + i, i);
    expect(a.bytes).toBeLessThan(24 * 5000);
    expect(counts.late).toBe(20_000 - 4096);
    a.push(1, START + 20_000, 1);
    a.push(0, START + 20_001, 1);
    expect(plain(rows)).toEqual([[20_000, 19_999, 1]]);
  });

  it("a pause of a year costs nothing", () => {
    const { aligner: a, rows, counts } = aligner({ clock: { channel: 0 } });
    feed(a, [
      [0, 0, 1],
      [1, 0, 1],
      [0, 3e10, 2],
      [1, 3e10, 2],
    ]);
    expect(plain(rows)).toEqual([
      [0, 1, 1],
      [3e10, 2, 2],
    ]);
    expect(counts.breaks).toBe(0);
  });
});

it("refuses a limit of more rows than one reading may cost", () => {
  expect(() => aligner({ clock: { rate: 1000 }, limit: 1e6 })).toThrow(
    expect.objectContaining({ code: "EDGE_ML_SETTING", details: expect.objectContaining({ field: "alignLimit" }) }),
  );
});
