import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { Windower, type WindowOptions } from "../../../../nodes/lib/dsp/index.ts";
import { type Frame, readReading } from "../../../../nodes/lib/frame/index.ts";
import { at, type Msg, NAN, NOW, random, run, values } from "./support.ts";

const SAMPLES: WindowOptions = { by: "samples", size: 2, hop: 2 };

describe("windows by samples", () => {
  const cases: [size: number, hop: number][] = [
    [1, 1],
    [5, 5],
    [5, 1],
    [5, 2],
    [2, 7],
    [64, 16],
    [100, 99],
  ];
  it.each(cases)("size %i, hop %i: the same as slicing the whole recording, for 1 and 3 channels", (size, hop) => {
    for (const columns of [1, 3]) {
      const next = random(size * 1000 + hop + columns);
      const rows = Array.from({ length: 300 }, () => Array.from({ length: columns }, () => next() * 100));
      const channels = Array.from({ length: columns }, (_, i) => ({ channel: `c${i}` }));
      const { frames } = run(
        { by: "samples", size, hop, channels },
        rows.map((row, i) => at(i, row)),
      );
      const expected: Msg[] = [];
      for (let from = 0; from + size <= rows.length; from += hop) {
        expected.push({
          data: Float32Array.from(rows.slice(from, from + size).flat()),
          start: from,
          end: from + size - 1,
          seq: expected.length,
          shape: [size, columns],
        });
      }
      expect(frames.map(({ data, info: { start, end, seq, shape } }) => ({ data, start, end, seq, shape }))).toEqual(
        expected,
      );
    }
  });

  it.each([1, 2, 3, 7, 64, 299, 1000])("chunks of %i samples give bit-identical windows", (chunk) => {
    const next = random(7);
    const data = Float64Array.from({ length: 2000 }, () => next());
    const options: WindowOptions = {
      by: "samples",
      size: 50,
      hop: 20,
      channels: [{ channel: "x" }, { channel: "y", min: 0.01, stuck: 2 }],
      gap: { policy: "hold", limit: 1 },
    };
    for (const by of ["samples", "time"] as const) {
      const inMs = by === "time" ? { ...options, by, size: 400, hop: 100 } : options;
      const cut = (length: number) => {
        const messages: Msg[] = [];
        for (let i = 0; i < 1000; i += length) {
          messages.push(at(10_000 + i * 8, data.slice(2 * i, 2 * Math.min(1000, i + length)), { rate: 125 }));
        }
        return run(inMs, messages).frames;
      };
      const whole = cut(1000);
      expect(whole.length).toBeGreaterThan(10);
      expect(cut(chunk)).toEqual(whole);
    }
  });

  it("hands over a copy: what happens to one window does not reach the next", () => {
    const windower = new Windower({ by: "samples", size: 2, hop: 1 });
    const frames: Frame[] = [];
    for (const value of [1, 2, 3]) {
      windower.push(readReading({ payload: value }, NOW), (frame) => {
        frames.push({ ...frame, data: frame.data.slice() });
        frame.data.fill(-1);
        expect(() => frame.info.names.push("more")).toThrow(TypeError);
      });
    }
    expect(values(frames)).toEqual([
      [1, 2],
      [2, 3],
    ]);
  });

  it("describes the window", () => {
    const { frames } = run({ ...SAMPLES, channels: [{ channel: "b", max: 50 }, { channel: "a" }] }, [
      { topic: "ahu", payload: { a: 1, b: 2, c: 3 }, timestamp: 1000, label: "off" },
      { topic: "ahu", payload: { c: 3, a: 4, b: "5.5" }, timestamp: 3000, label: "on" },
    ]);
    expect(frames).toEqual([
      {
        data: Float32Array.of(2, 1, 5.5, 4),
        info: {
          kind: "window",
          shape: [2, 2],
          names: ["b", "a"],
          stream: "ahu",
          seq: 0,
          position: 0,
          start: 1000,
          end: 3000,
          label: "on",
          quality: { ok: true, reasons: [], missing: 0, filled: 0 },
          recipe: {
            version: 1,
            window: {
              by: "samples",
              size: 2,
              hop: 2,
              channels: ["b", "a"],
              gap: { policy: "mark", limit: 0 },
              limits: [{ channel: "b", max: 50 }],
            },
          },
        },
      },
    ]);
  });

  it("keeps streams apart, in any order", () => {
    const { frames, windower } = run(SAMPLES, [
      { topic: "a", payload: 1 },
      { topic: "b", payload: 10 },
      { topic: "b", payload: 20 },
      { topic: "a", payload: 2 },
    ]);
    expect(frames.map(({ info, data }) => [info.stream, info.seq, ...data])).toEqual([
      ["b", 0, 10, 20],
      ["a", 0, 1, 2],
    ]);
    expect(windower.streams).toBe(2);
  });
});

describe("windows by time", () => {
  it("are aligned to multiples of the hop, sent when a later reading comes, and never cut short at the start", () => {
    const { frames } = run(
      { by: "time", size: 100, hop: 50 },
      [120, 150, 199, 200, 249, 250, 260].map((time) => at(time, time)),
    );
    // [100, 200) began before the first reading.
    expect(frames.map(({ info, data }) => [info.start, info.end, ...data])).toEqual([[150, 249, 150, 199, 200, 249]]);
  });

  it.each([
    [1000, 1000],
    [1000, 250],
    [1000, 300],
    [300, 1000],
  ])("size %i ms, hop %i ms: the same as selecting by time, with jitter and silences", (size, hop) => {
    const next = random(size + hop);
    const times: number[] = [];
    for (let time = 12_345; times.length < 500; ) {
      times.push(time);
      time += next() < 0.02 ? 5000 * next() : 1 + Math.floor(next() * 150);
    }
    const { frames } = run(
      { by: "time", size, hop },
      times.map((time) => at(time, time / 1000)),
    );
    const expected: unknown[] = [];
    const last = times.at(-1)!;
    for (let start = Math.ceil(times[0]! / hop) * hop; start + size <= last; start += hop) {
      const inside = times.filter((time) => time >= start && time < start + size);
      if (inside.length > 0) expected.push(Float32Array.from(inside, (time) => time / 1000));
    }
    expect(frames.map(({ data }) => data)).toEqual(expected);
    expect(frames.every(({ info, data }) => info.shape[0] === data.length)).toBe(true);
    expect(expected.length).toBeGreaterThan(20);
  });

  it("a year of silence costs nothing and makes nothing", () => {
    const year = 365 * 86_400_000;
    const { frames } = run({ by: "time", size: 10, hop: 1 }, [at(0, 1), at(year, 2), at(year + 10, 3)]);
    // One sample lies in the windows that begin at 0, and in the ten that end within ten ms after the silence.
    expect(frames.length).toBe(11);
  });

  it("the label is that of the last sample", () => {
    const { frames } = run({ by: "time", size: 10, hop: 10 }, [
      at(0, 1, { label: "a" }),
      at(5, 1, { label: "b" }),
      at(10, 1, { label: "c" }),
      at(20, 1),
      at(30, 1),
    ]);
    expect(frames.map(({ info }) => info.label)).toEqual(["b", "c", undefined]);
  });

  it("a window of more samples than a frame holds is refused, and the stream goes on", () => {
    const channels = Array.from({ length: 512 }, (_, i) => ({ channel: `c${i}` }));
    const windower = new Windower({ by: "time", size: 3_600_000, hop: 3_600_000, channels });
    const chunk = new Float32Array(512 * 4096);
    const push = (time: number) => windower.push(readReading(at(time, chunk), NOW), () => undefined);
    for (let i = 0; i < 8; i++) push(i);
    expect(() => push(9)).toThrow(expect.objectContaining({ code: "EDGE_ML_TOO_LARGE" }));
    expect(() => push(10)).not.toThrow();
    expect(windower.bytes).toBeLessThan(256 * 1024 * 1024);
  });
});

describe("quality", () => {
  const channels = [{ channel: "a", min: -10, max: 50 }, { channel: "b" }];
  const bad: [string, unknown, string][] = [
    ["a missing channel", { b: 1 }, "missing: a"],
    ["NaN", { a: NAN, b: 1 }, "not-a-number: a"],
    ["Infinity", { a: Number.POSITIVE_INFINITY, b: 1 }, "not-a-number: a"],
    ["null", { a: null, b: 1 }, "not-a-number: a"],
    ["text", { a: "unavailable", b: 1 }, "not-a-number: a"],
    ["an empty text", { a: "", b: 1 }, "not-a-number: a"],
    ["an object", { a: {}, b: 1 }, "not-a-number: a"],
    ["too low", { a: -11, b: 1 }, "out-of-range: a"],
    ["too high", { a: 51, b: 1 }, "out-of-range: a"],
    ["more than float32 holds", { a: 0, b: 1e300 }, "out-of-range: b"],
  ];
  it.each(bad)("%s is marked, and NaN in the frame", (_, payload, reason) => {
    const { frames, windower } = run({ ...SAMPLES, channels }, [{ payload: { a: 0, b: 0 } }, { payload }]);
    const index = reason.endsWith("a") ? 2 : 3;
    expect(frames[0]!.data[index]).toBeNaN();
    expect(frames[0]!.info.quality).toEqual({ ok: false, reasons: [reason], missing: 1, filled: 0 });
    expect(windower.counts.bad).toBe(1);
  });

  it("a bad value leaves the quality again when it leaves the window", () => {
    const { frames } = run(
      { by: "samples", size: 3, hop: 1 },
      [1, NAN, 3, 4, 5, 6].map((payload) => ({ payload })),
    );
    expect(frames.map(({ info }) => info.quality.missing)).toEqual([1, 1, 0, 0]);
    expect(frames.map(({ info }) => info.quality.ok)).toEqual([false, false, true, true]);
  });

  it("hold fills with the last good value while the limit holds, and counts", () => {
    const { frames } = run(
      { by: "samples", size: 1, hop: 1, gap: { policy: "hold", limit: 2 } },
      [NAN, 1, NAN, NAN, NAN, 2, NAN].map((payload) => ({ payload })),
    );
    expect(values(frames)).toEqual([[NAN], [1], [1], [1], [NAN], [2], [2]]);
    expect(frames.map(({ info }) => info.quality.filled)).toEqual([0, 0, 1, 1, 0, 0, 1]);
    expect(frames.map(({ info }) => info.quality.ok)).toEqual([false, true, true, true, false, true, true]);
  });

  it("a value out of range is held over too", () => {
    const { frames } = run(
      { ...SAMPLES, channels: [{ channel: "a", max: 50 }], gap: { policy: "hold", limit: 1 } },
      [20, 999].map((payload) => ({ payload })),
    );
    expect(values(frames)).toEqual([[20, 20]]);
  });

  it("a channel that repeats itself is stuck until it moves; the value stays", () => {
    const { frames } = run(
      { by: "samples", size: 1, hop: 1, channels: [{ channel: "a", stuck: 3 }] },
      [5, 5, 5, 5, 6, 6].map((payload) => ({ payload })),
    );
    expect(frames.map(({ info }) => info.quality.reasons)).toEqual([[], [], ["stuck: a"], ["stuck: a"], [], []]);
    expect(frames[2]!.info.quality).toMatchObject({ ok: false, missing: 0 });
    expect(values(frames).flat()).toEqual([5, 5, 5, 5, 6, 6]);
  });

  it("reasons stay bounded with 512 bad channels", () => {
    const many = Array.from({ length: 512 }, (_, i) => ({ channel: `c${i}` }));
    const { frames } = run({ by: "samples", size: 1, hop: 1, channels: many }, [{ payload: { other: 1 } }]);
    expect(frames[0]!.info.quality.reasons).toHaveLength(16);
    expect(frames[0]!.info.quality.missing).toBe(512);
  });
});

describe("gate", () => {
  const gate = { channel: "run", is: "=", value: 1, settle: 0 } as const;

  it("readings count only while it holds, and no window spans a time when it did not", () => {
    const rows = [
      [1, 1],
      [1, 2],
      [1, 3],
      [0, 4],
      [1, 5],
      [1, 6],
    ];
    const { frames, windower } = run(
      { ...SAMPLES, gate },
      rows.map(([run, x], i) => at(i, { run, x })),
    );
    expect(values(frames)).toEqual([
      [1, 2],
      [5, 6],
    ]);
    expect(frames[0]!.info.names).toEqual(["x"]);
    expect(frames[0]!.info.recipe.window?.gate).toEqual(gate);
    expect(windower.counts.gated).toBe(1);
  });

  it("waits until it has held for the time to settle", () => {
    const { frames } = run(
      { by: "samples", size: 1, hop: 1, gate: { ...gate, settle: 2 } },
      [0, 1000, 2000, 3000].map((time) => at(time, { run: 1, x: time })),
    );
    expect(values(frames)).toEqual([[2000], [3000]]);
  });

  it.each([
    ["missing", { x: 1 }],
    ["NaN", { x: 1, run: Number.NaN }],
    ["text", { x: 1, run: "on" }],
  ])("a gate channel that is %s is closed, whatever the condition", (_, payload) => {
    for (const is of ["=", "!=", ">", ">=", "<", "<="] as const) {
      const { frames } = run({ by: "samples", size: 1, hop: 1, gate: { ...gate, is } }, [{ payload }]);
      expect(frames).toEqual([]);
    }
  });

  it.each([
    ["=", [1]],
    ["!=", [0, 2]],
    [">", [2]],
    [">=", [1, 2]],
    ["<", [0]],
    ["<=", [0, 1]],
  ] as const)("holds for %s 1 at %j", (is, expected) => {
    const { frames } = run(
      { by: "samples", size: 1, hop: 1, gate: { ...gate, is } },
      [0, 1, 2].map((run, i) => at(i, { run, x: run })),
    );
    expect(values(frames).flat()).toEqual(expected);
  });

  it("its channel is in the frame when it is listed, and is found in numbers without names", () => {
    const { frames } = run({ by: "samples", size: 1, hop: 1, gate, channels: [{ channel: "x" }, { channel: "run" }] }, [
      { payload: [7, 1, 8, 0] },
    ]);
    expect(values(frames)).toEqual([[7, 1]]);
  });

  it("by time: a window that was complete when it closed is sent, the one that it cut is not", () => {
    const { frames } = run({ by: "time", size: 10, hop: 10, gate }, [
      at(0, { run: 1, x: 1 }),
      at(5, { run: 1, x: 2 }),
      at(10, { run: 1, x: 3 }),
      at(15, { run: 0, x: 4 }),
      at(16, { run: 1, x: 5 }),
      at(20, { run: 1, x: 6 }),
      at(30, { run: 0, x: 7 }),
    ]);
    expect(values(frames)).toEqual([[1, 2], [6]]);
  });
});

describe("time", () => {
  it("a late reading is left out and counted; the window stays good", () => {
    const { frames, windower } = run(SAMPLES, [at(1000, 1), at(400, 99), at(2000, 2)]);
    expect(values(frames)).toEqual([[1, 2]]);
    expect(frames[0]!.info.quality.ok).toBe(true);
    expect(windower.counts).toMatchObject({ late: 1, restarts: 0 });
  });

  it("a reading that repeats the last timestamp is left out and counted", () => {
    const { frames, windower } = run(SAMPLES, [at(1000, 1), at(1000, 1), at(2000, 2)]);
    expect(values(frames)).toEqual([[1, 2]]);
    expect(windower.counts.duplicates).toBe(1);
  });

  it("samples of one chunk, and readings without a timestamp, may share a time", () => {
    const channels = [{ channel: "x" }];
    expect(values(run({ ...SAMPLES, channels }, [at(5, [1, 2, 3, 4])]).frames)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(values(run(SAMPLES, [{ payload: 1 }, { payload: 2 }]).frames)).toEqual([[1, 2]]);
  });

  it("a jump back of more than an hour begins the stream anew", () => {
    const { frames, windower } = run(SAMPLES, [at(7_200_000, 1), at(0, 2), at(1, 3)]);
    expect(values(frames)).toEqual([[2, 3]]);
    expect(windower.counts).toMatchObject({ restarts: 1, late: 0 });
  });

  it("ten late readings in a row begin it anew: a clock that was set, or one wild timestamp", () => {
    const { frames, windower } = run(
      { by: "samples", size: 3, hop: 3 },
      [1_000_000, ...Array.from({ length: 20 }, (_, i) => 500_000 + i)].map((time, i) => at(time, i)),
    );
    expect(values(frames)[0]).toEqual([10, 11, 12]);
    expect(windower.counts).toMatchObject({ late: 9, restarts: 1 });
  });

  it("no window spans a pause longer than the limit", () => {
    const { frames, windower } = run({ ...SAMPLES, gapLimit: 1000 }, [at(0, 1), at(1001, 2), at(2001, 3)]);
    expect(values(frames)).toEqual([[2, 3]]);
    expect(windower.counts.gaps).toBe(1);
  });

  it("by time: a window that ends in a pause is not sent", () => {
    const times = [0, 40, 80, 100, 110, 300, 340, 380, 400, 440, 480, 500];
    const { frames } = run(
      { by: "time", size: 100, hop: 100, gapLimit: 60 },
      times.map((time) => at(time, time)),
    );
    expect(frames.map(({ info }) => info.start)).toEqual([0, 300, 400]);
  });

  it("nothing is held across a pause", () => {
    const { frames } = run({ by: "samples", size: 1, hop: 1, gap: { policy: "hold", limit: 9 }, gapLimit: 10 }, [
      at(0, 1),
      at(5, Number.NaN),
      at(100, Number.NaN),
    ]);
    expect(values(frames)).toEqual([[1], [1], [Number.NaN]]);
  });

  it("chunks with a rate that arrive with jitter are one unbroken row", () => {
    const windower = new Windower({ by: "samples", size: 4, hop: 4, channels: [{ channel: "x" }] });
    const frames: Frame[] = [];
    for (const [now, payload] of [
      [1000, [1, 2]],
      [1015, [3, 4]],
      [1045, [5, 6]],
      [1062, [7, 8]],
    ] as const) {
      windower.push(readReading({ payload, rate: 100 }, now), (frame) => frames.push(frame));
    }
    expect(frames.map(({ info, data }) => [info.start, info.end, info.rate, ...data])).toEqual([
      [1000, 1030, 100, 1, 2, 3, 4],
      [1040, 1070, 100, 5, 6, 7, 8],
    ]);
  });

  it("of a chunk that overlaps the one before it, only the new part counts", () => {
    const { frames, windower } = run({ by: "samples", size: 6, hop: 6, channels: [{ channel: "x" }] }, [
      at(0, [0, 1, 2, 3], { rate: 1000 }),
      at(2, [2, 3, 4, 5], { rate: 1000 }),
    ]);
    expect(values(frames)).toEqual([[0, 1, 2, 3, 4, 5]]);
    expect(windower.counts.late).toBe(2);
  });

  it("a chunk that comes twice counts once, of one sample or of many", () => {
    const one = [1, 2, 2, 3].map((value) => at(10 * value, [value], { rate: 100 }));
    const single = run({ ...SAMPLES, size: 3, hop: 3, channels: [{ channel: "x" }] }, one);
    expect(values(single.frames)).toEqual([[1, 2, 3]]);
    expect(single.windower.counts.duplicates).toBe(1);
    const many = [0, 4, 4, 8].map((i) => at(i, [i, i + 1, i + 2, i + 3], { rate: 1000 }));
    const chunks = run({ ...SAMPLES, size: 12, hop: 12, channels: [{ channel: "x" }] }, many);
    expect(values(chunks.frames)).toEqual([[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]]);
    expect(chunks.windower.counts.late).toBe(4);
  });

  it("a change of the rate begins the window anew", () => {
    const { frames, windower } = run({ ...SAMPLES, channels: [{ channel: "x" }] }, [
      at(0, [1], { rate: 100 }),
      at(10, [2, 3], { rate: 50 }),
    ]);
    expect(values(frames)).toEqual([[2, 3]]);
    expect(frames[0]!.info.rate).toBe(50);
    expect(windower.counts.restarts).toBe(1);
  });
});

describe("channels", () => {
  it("without a list are those with a number in the first reading that has one; others are counted", () => {
    const { frames, windower } = run(SAMPLES, [
      { payload: { unit: "C" } },
      { payload: { unit: "C", b: 1, a: 2 } },
      { payload: { a: 3, unit: "C", late: 4, b: 5 } },
    ]);
    expect(frames[0]!.info.names).toEqual(["b", "a"]);
    expect(values(frames)).toEqual([[1, 2, 5, 3]]);
    expect(windower.counts).toMatchObject({ empty: 1, unknown: 3 });
  });

  it.each([
    ["one number", 5, undefined, ["value"]],
    ["three numbers", [1, 2, 3], undefined, ["value 1", "value 2", "value 3"]],
    ["three numbers with a rate", [1, 2, 3], 10, ["value"]],
    ["PCM with a rate", Buffer.alloc(6), 16000, ["value"]],
  ])("%s without names: %j", (_, payload, rate, names) => {
    const { frames } = run({ by: "samples", size: 1, hop: 1 }, [{ payload, rate }]);
    expect(frames[0]!.info.names).toEqual(names);
  });

  it("__proto__ and constructor are names like any other", () => {
    const { frames } = run(SAMPLES, [
      { topic: "__proto__", payload: JSON.parse('{"__proto__": 1, "constructor": 2}') },
      { topic: "__proto__", payload: JSON.parse('{"constructor": 4, "__proto__": 3}') },
    ]);
    expect(frames[0]).toMatchObject({ info: { stream: "__proto__", names: ["__proto__", "constructor"] } });
    expect(values(frames)).toEqual([[1, 2, 3, 4]]);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it("takes another realm's typed arrays, arrays and objects", () => {
    const { frames } = run(SAMPLES, [
      { payload: runInNewContext("({a: 1, b: 2})") },
      { payload: runInNewContext("Float32Array.of(3, 4)") },
      { payload: runInNewContext("[5, 6]") },
      { payload: runInNewContext("Int16Array.of(7, 8, 9, 10)") },
    ]);
    expect(values(frames)).toEqual([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ]);
  });

  const refused: [string, Msg, string][] = [
    ["an empty array", { payload: [] }, "EDGE_ML_PAYLOAD"],
    ["an empty typed array", { payload: new Float32Array(0) }, "EDGE_ML_PAYLOAD"],
    ["numbers that do not divide by the channels", { payload: [1, 2, 3] }, "EDGE_ML_PAYLOAD"],
    ["a chunk that makes too many windows", { payload: new Float32Array(1_000_000) }, "EDGE_ML_TOO_LARGE"],
    ["a chunk that would keep all others waiting", { payload: new Float32Array(20_000_002) }, "EDGE_ML_TOO_LARGE"],
  ];
  it.each(refused)("refuses %s, and goes on", (_, msg, code) => {
    const windower = new Windower({ by: "samples", size: 1, hop: 1, channels: [{ channel: "a" }, { channel: "b" }] });
    const frames: Frame[] = [];
    const push = (message: Msg) => windower.push(readReading(message, NOW), (frame) => frames.push(frame));
    expect(() => push(msg)).toThrow(
      expect.objectContaining({ code, details: expect.objectContaining({ field: "msg.payload" }) }),
    );
    push({ payload: [1, 2] });
    expect(values(frames)).toEqual([[1, 2]]);
  });

  it("refuses to guess whether 100 numbers are channels or samples", () => {
    expect(() => run(SAMPLES, [{ payload: new Array(100).fill(1) }])).toThrow(/list the channels/);
  });
});

describe("bounds", () => {
  it("10,000 streams: keeps the newest, counts the rest, and its memory follows", () => {
    const windower = new Windower({ by: "samples", size: 10_000, hop: 1, maxStreams: 100 });
    for (let i = 0; i < 10_000; i++) {
      windower.push(readReading({ topic: `s${i}`, payload: { a: 1, b: 2 } }, NOW), () => undefined);
    }
    expect(windower.streams).toBe(100);
    expect(windower.evicted).toBe(9900);
    expect(windower.bytes).toBeLessThan(100 * 1000);
  });

  it("forgets streams when their windows together are too large", () => {
    const windower = new Windower({ by: "samples", size: 4_000_000, hop: 4_000_000, channels: [{ channel: "x" }] });
    const chunk = new Float32Array(4_000_000);
    for (let i = 0; i < 8; i++) windower.push(readReading({ topic: `s${i}`, payload: chunk }, NOW), () => undefined);
    expect(windower.bytes).toBeLessThanOrEqual(256 * 1024 * 1024);
    expect(windower.evicted).toBeGreaterThan(0);
    windower.reset("s7");
    windower.reset();
    expect(windower.bytes).toBe(0);
  });

  it("reset forgets one stream, or all", () => {
    const windower = new Windower(SAMPLES);
    const frames: Frame[] = [];
    const push = (topic: string, payload: number) =>
      windower.push(readReading({ topic, payload }, NOW), (frame) => frames.push(frame));
    push("a", 1);
    push("b", 2);
    windower.reset("a");
    push("a", 3);
    push("b", 4);
    windower.reset();
    push("b", 5);
    expect(values(frames)).toEqual([[2, 4]]);
    expect(windower.streams).toBe(1);
  });
});

describe("options", () => {
  const wrong: [string, Partial<WindowOptions>, string][] = [
    ["half a sample", { size: 1.5 }, "size"],
    ["no hop", { hop: 0 }, "hop"],
    ["a hop that is no number", { hop: Number.NaN }, "hop"],
    ["a window too large", { size: 2 ** 25 }, "size"],
    ["a window too large for its channels", { size: 2 ** 24, channels: [{ channel: "a" }, { channel: "b" }] }, "size"],
    ["less than a ms", { by: "time", size: 0.5 }, "size"],
    ["an endless window", { by: "time", size: Number.POSITIVE_INFINITY }, "size"],
    ["too much overlap", { by: "time", size: 100_000, hop: 1 }, "hop"],
    ["a channel twice", { channels: [{ channel: "a" }, { channel: "a" }] }, "channels"],
    ["a channel without a name", { channels: [{ channel: "" }] }, "channels"],
    ["limits crossed", { channels: [{ channel: "a", min: 2, max: 1 }] }, "channels"],
    ["holding for no sample", { gap: { policy: "hold", limit: 0 } }, "holdLimit"],
  ];
  it.each(wrong)("refuses %s", (_, options, field) => {
    expect(() => new Windower({ ...SAMPLES, ...options })).toThrow(
      expect.objectContaining({ code: "EDGE_ML_SETTING", details: expect.objectContaining({ field }) }),
    );
  });
});
