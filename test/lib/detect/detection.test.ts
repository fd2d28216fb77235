import { describe, expect, it } from "vitest";
import { readSavedDetection } from "../../../nodes/lib/detect/index.ts";
import { compile, readReading, schemas } from "../../../nodes/lib/frame/index.ts";
import { detection, feed, gaussian, marked, START, STEP, series } from "./support.ts";

const validFrame = compile(schemas.frame, "EDGE_ML_FRAME", "frame");
const validResult = compile(schemas.result, "EDGE_ML_PAYLOAD", "payload");
/** Of robust-z at its defaults: what it needs, and what it takes to know which scores are rare. */
const WARM_UP = 150;

const noise = (count: number, seed = 1) => {
  const normal = gaussian(seed);
  return series(count, () => normal());
};
const push = (to: ReturnType<typeof detection>, payload: unknown, i: number, more: object = {}) =>
  to.push(readReading({ topic: "s", payload, timestamp: START + i * STEP, ...more }, 0));

describe("results", () => {
  it("come with a description of the reading, and name the channels, largest first", () => {
    const detector = detection("robust-z");
    const [a, b] = [gaussian(1), gaussian(2)];
    for (let i = 0; i < 300; i++) push(detector, { speed: a(), heat: b() }, i);
    const [said] = push(detector, { speed: a(), heat: 40 }, 300);
    validFrame(said!.frame);
    validResult(said!.payload);
    expect(said!.frame).toMatchObject({
      kind: "window",
      shape: [1, 2],
      names: ["speed", "heat"],
      stream: "s",
      seq: 300,
      start: START + 300 * STEP,
      end: START + 300 * STEP,
      quality: { ok: true },
      recipe: { version: 1 },
    });
    const { score, threshold, contributions } = said!.payload as never as Record<string, number> & {
      contributions: { channel: string; share: number }[];
    };
    expect(score).toBeGreaterThan(threshold!);
    expect(threshold).toBeCloseTo(Math.log10(2 * 200), 9);
    expect(contributions[0]!.channel).toBe("heat");
    expect(contributions[0]!.share).toBeGreaterThan(0.9);
  });

  it("of a stream with an only value without a name have no contributions", () => {
    const said = feed(detection("robust-z"), noise(200)).at(-1)!;
    expect(said.payload).not.toHaveProperty("contributions");
    expect(said.frame.names).toEqual(["value"]);
  });

  it("are not given before there is a score: the warm-up tells how far it is", () => {
    const detector = detection("robust-z");
    const detected = feed(detector, noise(WARM_UP));
    expect(detected.every((each) => each === undefined)).toBe(true);
    expect(detector.warmUp("s")).toBeUndefined();
    expect(feed(detector, [0], START + WARM_UP * STEP)[0]!.payload).toMatchObject({
      kind: "anomaly",
      anomalous: false,
    });
    const fresh = detection("robust-z");
    expect(fresh.warmUp("s")).toEqual({ done: 0 });
    feed(fresh, noise(34));
    expect(fresh.warmUp("s")).toEqual({ done: 34, needed: WARM_UP });
  });

  it.each([
    ["1 per day, every 5 minutes", { count: 1, in: { ms: 86_400_000 } }, STEP, 288],
    ["1 per day, every second", { count: 1, in: { ms: 86_400_000 } }, 1000, 86_400],
    ["2 per day, every hour: no more than 1 in 12", { count: 2, in: { ms: 86_400_000 } }, 3_600_000, 12],
    ["5 of 1,000", { count: 5, in: { readings: 1000 } }, 1000, 200],
    ["as many as there are readings: 1 in 10 all the same", { count: 1000, in: { readings: 1000 } }, 1000, 10],
  ])("have the threshold of the wish: %s", (_, falseAlarms, step, readings) => {
    const detector = detection("ewma", {}, { falseAlarms });
    const said = feed(detector, noise(400), START, step).at(-1)!;
    expect((said.payload as { threshold: number }).threshold).toBeCloseTo(Math.log10(2 * readings), 9);
  });

  it("after an anomaly are not marked for the pause, and do not exceed the threshold", () => {
    const detector = detection("robust-z", {}, { pause: 20 });
    const values = noise(400).map((value, i) => (i >= 300 && i < 330 ? 30 : value));
    const detected = feed(detector, values);
    expect(marked(detected).filter((i) => i >= 300 && i < 330)).toEqual([300, 321]);
    for (const said of detected.slice(301, 321)) {
      const { score, threshold } = said!.payload as { score: number; threshold: number };
      expect(score).toBeLessThanOrEqual(threshold);
    }
  });
});

describe("bad readings are flagged, never scored and never learned from", () => {
  const bad: [string, unknown, string[]][] = [
    ["NaN", { a: Number.NaN, b: 1 }, ["missing: a"]],
    ["text", { a: "unavailable", b: 1 }, ["not-a-number: a"]],
    ["null", { a: null, b: 1 }, ["missing: a"]],
    ["a channel that is not there", { b: 1 }, ["missing: a"]],
    ["infinity", { a: 1, b: Number.POSITIVE_INFINITY }, ["missing: b"]],
    ["a number that cannot be squared", { a: 1e200, b: 1 }, ["out-of-range: a"]],
    ["nothing of it", { a: "x", b: "y" }, ["not-a-number: a", "not-a-number: b"]],
  ];
  it.each(bad)("%s", (_, payload, reasons) => {
    const detector = detection("robust-z");
    const [a, b] = [gaussian(3), gaussian(4)];
    for (let i = 0; i < 200; i++) push(detector, { a: a(), b: b() }, i);
    const before = JSON.stringify(detector.save().streams[0]!.numbers.length);
    const [said] = push(detector, payload, 200);
    validFrame(said!.frame);
    validResult(said!.payload);
    expect(said!.payload).toMatchObject({ kind: "anomaly", score: null, quality: { ok: false, reasons } });
    expect(said!.frame.quality).toMatchObject({ ok: false, reasons });
    expect(detector.counts).toMatchObject({ bad: 1 });
    expect(JSON.stringify(detector.save().streams[0]!.numbers.length)).toBe(before);
    expect(push(detector, { a: 0, b: 0 }, 201)[0]!.payload).toMatchObject({ anomalous: false });
  });

  it("during the warm-up, too, which they do not shorten", () => {
    const detector = detection("robust-z");
    const detected = feed(detector, [1, "x", 2, null]);
    expect(detected.map((each) => each?.payload.score)).toEqual([undefined, null, undefined, null]);
    expect(detector.warmUp("s")).toMatchObject({ done: 2 });
  });

  it("before the first number of a stream", () => {
    const [said] = feed(detection("robust-z"), ["unavailable"]);
    validFrame(said!.frame);
    expect(said!.payload).toMatchObject({ score: null, quality: { ok: false } });
  });

  it("a stuck sensor, when it is asked for", () => {
    const values = [...noise(200), ...series(50, () => 0.5)];
    const patient = feed(detection("ewma"), values);
    expect(patient.slice(200).every((each) => each!.payload.score !== null)).toBe(true);
    const detected = feed(detection("ewma", {}, { stuck: 10 }), values);
    expect(detected[209]!.payload.score).not.toBeNull();
    expect(detected.slice(210).map((each) => each!.payload)).toEqual(
      series(40, () => 0).map(() =>
        expect.objectContaining({ score: null, quality: expect.objectContaining({ reasons: ["stuck: value"] }) }),
      ),
    );
  });
});

describe("time", () => {
  it("a reading that repeats the last timestamp is left out", () => {
    const detector = detection("robust-z");
    feed(detector, noise(200));
    expect(push(detector, 99, 199)).toEqual([]);
    expect(detector.counts).toMatchObject({ duplicates: 1, bad: 0 });
  });

  it("a reading that is late is flagged", () => {
    const detector = detection("robust-z");
    feed(detector, noise(200));
    expect(push(detector, 99, 198)[0]!.payload).toMatchObject({
      score: null,
      quality: { reasons: ["time-backwards"] },
    });
  });

  it("readings without a timestamp may share their time of arrival", () => {
    const detector = detection("robust-z");
    for (const value of noise(200)) detector.push(readReading({ payload: value }, 5));
    expect(detector.counts).toMatchObject({ scored: 50, duplicates: 0, bad: 0 });
  });

  it("that begins again (a replay's next round) goes on with what was learned", () => {
    const detector = detection("robust-z");
    feed(detector, noise(200));
    expect(feed(detector, noise(10, 2), START).every((each) => each !== undefined)).toBe(true);
  });

  it.each(["knn", "ewma", "robust-z", "cusum", "seasonal", "matrix-profile"])(
    "after a gap %s marks nothing, though the value is where it was not before",
    (id) => {
      const normal = gaussian(6);
      const perDay = 288;
      // A slow daily cycle; the gap is a third of a day.
      const at = (i: number) => 20 * Math.sin((2 * Math.PI * i) / perDay) + normal();
      const days = id === "seasonal" || id === "robust-z" || id === "cusum" ? 12 : 6;
      const detector = detection(id, id === "seasonal" ? { timeZone: "UTC" } : {});
      const before = days * perDay;
      feed(detector, series(before, at));
      const after = series(60, (i) => at(before + 96 + i));
      const found = marked(feed(detector, after, START + (before + 96) * STEP));
      expect(found).toEqual([]);
    },
  );

  it("a gap longer than the setting begins the warm-up anew", () => {
    const detector = detection("robust-z", {}, { forget: 86_400_000 });
    feed(detector, noise(200));
    const later = START + 199 * STEP;
    expect(feed(detector, [0], later + 86_400_000)[0]).toBeDefined();
    expect(feed(detector, [0], later + 3 * 86_400_000)[0]).toBeUndefined();
    expect(detector.warmUp("s")).toEqual({ done: 1, needed: WARM_UP });
  });
});

describe("payloads", () => {
  it.each<[string, unknown[], object, string[]]>([
    ["numbers", [1, 2], {}, ["value"]],
    ["numeric texts", ["1", " 2 "], {}, ["value"]],
    ["objects", [{ a: 1, b: 2 }], {}, ["a", "b"]],
    ["objects with a text that never was a number", [{ a: 1, unit: "°C" }], {}, ["a"]],
    ["arrays of a moment", [[1, 2, 3]], {}, ["value 1", "value 2", "value 3"]],
    ["typed arrays", [Float32Array.of(1, 2)], {}, ["value 1", "value 2"]],
  ])("%s have their channels", (_, payloads, more, names) => {
    const detector = detection("robust-z");
    for (const [i, payload] of payloads.entries()) push(detector, payload, i, more);
    expect(detector.save().streams[0]!.channels).toEqual(names);
  });

  it("a chunk with a rate is one reading after the other", () => {
    const detector = detection("ewma");
    const detected = detector.push(readReading({ topic: "s", payload: noise(200), timestamp: START, rate: 10 }, 0));
    expect(detected).toHaveLength(50);
    expect(detected[0]!.frame).toMatchObject({ seq: 150, start: START + 15_000, rate: 10 });
  });

  it("arrays with the node's channels may be several moments", () => {
    const detector = detection("ewma", {}, { channels: ["x", "y"] });
    push(detector, [1, 2, 3, 4, 5, 6], 0);
    expect(detector.warmUp("s")).toMatchObject({ done: 3 });
    expect(() => push(detector, [1, 2, 3], 1)).toThrow(/2 numbers \(x, y\) or a multiple/);
  });

  it.each<[string, unknown, object, string]>([
    ["an empty array", [], {}, "EDGE_ML_PAYLOAD"],
    ["an object without names", {}, {}, "EDGE_ML_PAYLOAD"],
    ["many numbers that may be channels or samples", new Array(20).fill(1), {}, "EDGE_ML_PAYLOAD"],
    ["a chunk that would stop everything", new Float32Array(20_000), { rate: 8000 }, "EDGE_ML_TOO_LARGE"],
  ])("that cannot be read are an error: %s", (_, payload, more, code) => {
    expect(() => push(detection("ewma"), payload, 0, more)).toThrow(expect.objectContaining({ code }));
  });

  it("frames of features are readings whose channels are the features", () => {
    const detector = detection("robust-z");
    const frame = (
      values: number[],
      i: number,
      quality = { ok: true, reasons: [] as string[], missing: 0, filled: 0 },
    ) => ({
      data: Float32Array.from(values),
      info: {
        kind: "features" as const,
        shape: [2],
        names: ["speed rms", "speed peak"],
        stream: "m",
        seq: i,
        start: START + i * 1000,
        end: START + i * 1000 + 900,
        quality,
        recipe: { version: 1 as const },
      },
    });
    const normal = gaussian(8);
    for (let i = 0; i < 300; i++) detector.pushFrame(frame([normal(), normal()], i));
    const [said] = detector.pushFrame(frame([normal(), 50], 300));
    expect(said!.payload).toMatchObject({ anomalous: true, contributions: [{ channel: "speed peak" }, {}] });
    expect(said!.frame).toMatchObject({ kind: "features", seq: 300 });
    const bad = { ok: false, reasons: ["gap"], missing: 0, filled: 0 };
    expect(detector.pushFrame(frame([1, 1], 301, bad))[0]!.payload).toEqual({
      kind: "anomaly",
      score: null,
      quality: bad,
    });
    const window = frame([1, 2, 3, 4], 302);
    window.info.shape = [2, 2];
    expect(() => detector.pushFrame(window)).toThrow(expect.objectContaining({ code: "EDGE_ML_FRAME" }));
  });
});

describe("streams", () => {
  it("are learned each by itself, and bounded in number", () => {
    const detector = detection("ewma", {}, { streams: 2 });
    for (const topic of ["a", "b", "c"]) {
      for (let i = 0; i < 5; i++) detector.push(readReading({ topic, payload: i, timestamp: i }, 0));
    }
    expect(detector.evicted).toBe(1);
    expect(detector.warmUp("a")).toEqual({ done: 0 });
    expect(detector.warmUp("c")).toMatchObject({ done: 5 });
  });

  it("are forgotten by name, or all", () => {
    const detector = detection("ewma");
    for (const topic of ["a", "b"]) detector.push(readReading({ topic, payload: 1, timestamp: 1 }, 0));
    detector.reset("a");
    expect(detector.save().streams.map(({ stream }) => stream)).toEqual(["b"]);
    detector.reset();
    expect(detector.save().streams).toEqual([]);
  });
});

describe("a saved state", () => {
  const values = noise(1000, 12);

  it.each(["knn", "robust-z", "ewma", "cusum", "half-space-trees", "matrix-profile"])(
    "of %s goes on with the same results",
    (id) => {
      const whole = detection(id);
      const all = feed(whole, values.slice(0, 700));
      whole.save();
      all.push(...feed(whole, values.slice(700), START + 700 * STEP));
      const first = detection(id);
      feed(first, values.slice(0, 700));
      const second = detection(id);
      second.restore(readSavedDetection(JSON.parse(JSON.stringify(first.save()))));
      const rest = feed(second, values.slice(700), START + 700 * STEP);
      for (const [i, said] of rest.entries()) {
        const expected = all[700 + i]!;
        expect(said!.frame).toEqual(expected.frame);
        const [got, wanted] = [said!.payload, expected.payload] as { score: number }[];
        expect(got!.score).toBeCloseTo(wanted!.score, 6);
      }
    },
  );

  it("that came long ago begins anew, as after any gap", () => {
    const first = detection("ewma", {}, { forget: 86_400_000 });
    feed(first, values);
    const second = detection("ewma", {}, { forget: 86_400_000 });
    second.restore(first.save());
    expect(feed(second, [0], START + 30 * 86_400_000)).toEqual([undefined]);
    expect(second.warmUp("s")).toMatchObject({ done: 1 });
  });

  it.each<[string, string, object]>([
    ["another detector", "robust-z", {}],
    ["other options", "ewma", { level: 20 }],
  ])("of %s is left alone", (_, id, options) => {
    const first = detection("ewma");
    feed(first, values);
    const second = detection(id, options);
    second.restore(first.save());
    expect(second.warmUp("s")).toEqual({ done: 0 });
  });

  it("with wrong numbers is an error, and the stream begins anew", () => {
    const first = detection("ewma");
    feed(first, values);
    const saved = first.save();
    for (const numbers of [
      "",
      "AAAA",
      saved.streams[0]!.numbers.slice(0, 80),
      `${saved.streams[0]!.numbers}AAAAAAAAAAA=`,
    ]) {
      const second = detection("ewma");
      expect(() => second.restore({ ...saved, streams: [{ ...saved.streams[0]!, numbers }] })).toThrow(
        expect.objectContaining({ code: "EDGE_ML_STATE" }),
      );
      expect(feed(second, values.slice(0, 200)).at(-1)).toBeDefined();
    }
  });

  it("is bounded: the streams that spoke last are kept", () => {
    const detector = detection("knn", { history: 20_000 }, { streams: 200 });
    const many = new Float32Array(9000);
    for (let i = 0; i < 100; i++) {
      for (let part = 0; part < 2; part++) {
        const values = Array.from(many, (_, j) => j % 7).slice(0, 300);
        detector.push(readReading({ topic: `s${i}`, payload: values, timestamp: START + part, rate: 1000 }, 0));
      }
    }
    const saved = detector.save();
    const size = JSON.stringify(saved).length;
    expect(size).toBeLessThan(9 * 1024 * 1024);
    expect(saved.streams.at(-1)!.stream).toBe("s99");
  });
});
