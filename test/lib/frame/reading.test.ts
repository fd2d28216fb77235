import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { MAX_NAME_LENGTH, readReading, streamOf, toNumber } from "../../../nodes/lib/frame/index.ts";

const NOW = 1234;
const NAN = Number.NaN;
const read = (msg: object) => readReading(msg, NOW);
const plain = (payload: unknown) => {
  const { values } = read({ payload });
  if (values.kind !== "plain") throw new Error("not plain");
  return [...values.values];
};

describe("readReading: what a payload is read as", () => {
  const numbers: [string, unknown, number[]][] = [
    ["a number", 21.5, [21.5]],
    ["zero", 0, [0]],
    ["a numeric text", "21.5", [21.5]],
    ["a text with blanks", " -2e3 ", [-2000]],
    ["true", true, [1]],
    ["false", false, [0]],
    ["NaN", NAN, [NAN]],
    ["Infinity", Number.POSITIVE_INFINITY, [NAN]],
    ["null", null, [NAN]],
    ["an empty text", "", [NAN]],
    ["blanks", "  ", [NAN]],
    ["text", "unavailable", [NAN]],
    ["text that begins with a number", "21.5 C", [NAN]],
    ["an array", [1, "2", true, null, NAN, {}, [3]], [1, 2, 1, NAN, NAN, NAN, NAN]],
    ["an array with holes", new Array(2), [NAN, NAN]],
    ["a Float32Array", Float32Array.of(1, NAN, Number.NEGATIVE_INFINITY), [1, NAN, NAN]],
    ["a Float64Array", Float64Array.of(0.1), [0.1]],
    ["an Int16Array", Int16Array.of(-1, 2), [-1, 2]],
    ["a Uint8Array", Uint8Array.of(255), [255]],
    ["another realm's Float32Array", runInNewContext("Float32Array.of(1, NaN)"), [1, NAN]],
    ["another realm's array", runInNewContext("[1, 'x']"), [1, NAN]],
    ["PCM", Buffer.from([0x00, 0x80, 0xff, 0x7f, 0x00, 0x40]), [-1, 32767 / 32768, 0.5]],
  ];
  it.each(numbers)("%s", (_, payload, expected) => {
    expect(plain(payload)).toEqual(expected);
  });

  const named: [string, unknown, [string, number][]][] = [
    [
      "an object",
      { b: 1, a: "2" },
      [
        ["b", 1],
        ["a", 2],
      ],
    ],
    ["another realm's object", runInNewContext("({ x: 1 })"), [["x", 1]]],
    ["an object without a prototype", Object.assign(Object.create(null), { x: 1 }), [["x", 1]]],
    [
      "__proto__ as a channel",
      JSON.parse('{"__proto__": 5, "x": 1}'),
      [
        ["__proto__", 5],
        ["x", 1],
      ],
    ],
    [
      "values that are none",
      { a: null, b: "off", c: [1], d: {}, e: undefined },
      [
        ["a", NAN],
        ["b", NAN],
        ["c", NAN],
        ["d", NAN],
        ["e", NAN],
      ],
    ],
  ];
  it.each(named)("%s", (_, payload, expected) => {
    const { values } = read({ payload });
    expect(values.kind).toBe("named");
    expect(values.kind === "named" && values.names.map((name, i) => [name, values.values[i]])).toEqual(expected);
  });

  it("copies: what the sender does afterwards does not reach us", () => {
    for (const payload of [Float32Array.of(1), Float64Array.of(1), [1]]) {
      const { values } = read({ payload });
      payload[0] = 2;
      expect(values.values[0]).toBe(1);
    }
  });
});

describe("readReading: what it cannot read is a coded error that names the field", () => {
  const refused: [string, object, string, string][] = [
    ["no payload", {}, "EDGE_ML_PAYLOAD", "msg.payload"],
    ["a function", { payload: () => 1 }, "EDGE_ML_PAYLOAD", "msg.payload"],
    ["a symbol", { payload: Symbol("x") }, "EDGE_ML_PAYLOAD", "msg.payload"],
    ["an empty object", { payload: {} }, "EDGE_ML_PAYLOAD", "msg.payload"],
    ["a Date", { payload: new Date() }, "EDGE_ML_PAYLOAD", "msg.payload"],
    ["a Map", { payload: new Map() }, "EDGE_ML_PAYLOAD", "msg.payload"],
    ["a BigUint64Array", { payload: BigUint64Array.of(1n) }, "EDGE_ML_PAYLOAD", "msg.payload"],
    ["a DataView", { payload: new DataView(new ArrayBuffer(2)) }, "EDGE_ML_PAYLOAD", "msg.payload"],
    ["an empty Buffer", { payload: Buffer.alloc(0) }, "EDGE_ML_PAYLOAD", "msg.payload"],
    ["an odd Buffer", { payload: Buffer.alloc(5) }, "EDGE_ML_PAYLOAD", "msg.payload"],
    [
      "513 channels",
      { payload: Object.fromEntries(Array.from({ length: 513 }, (_, i) => [`c${i}`, 0])) },
      "EDGE_ML_TOO_LARGE",
      "msg.payload",
    ],
    ["a huge array", { payload: new Array(64 * 1024 * 1024 + 1) }, "EDGE_ML_TOO_LARGE", "msg.payload"],
    ["an object as topic", { payload: 1, topic: {} }, "EDGE_ML_PAYLOAD", "msg.topic"],
    ["an object as label", { payload: 1, label: [] }, "EDGE_ML_PAYLOAD", "msg.label"],
    ["a text as timestamp", { payload: 1, timestamp: "soon" }, "EDGE_ML_PAYLOAD", "msg.timestamp"],
    ["an invalid Date", { payload: 1, timestamp: new Date(NAN) }, "EDGE_ML_PAYLOAD", "msg.timestamp"],
    ["a time beyond the calendar", { payload: 1, timestamp: 1e17 }, "EDGE_ML_PAYLOAD", "msg.timestamp"],
    ["an object as timestamp", { payload: 1, timestamp: {} }, "EDGE_ML_PAYLOAD", "msg.timestamp"],
    ["a rate of 0", { payload: 1, rate: 0 }, "EDGE_ML_PAYLOAD", "msg.rate"],
    ["a negative rate", { payload: 1, rate: -5 }, "EDGE_ML_PAYLOAD", "msg.rate"],
    ["an endless rate", { payload: 1, rate: Number.POSITIVE_INFINITY }, "EDGE_ML_PAYLOAD", "msg.rate"],
    ["a text as rate", { payload: 1, rate: "fast" }, "EDGE_ML_PAYLOAD", "msg.rate"],
  ];
  it.each(refused)("%s", (_, msg, code, field) => {
    expect(() => read(msg)).toThrow(expect.objectContaining({ code, details: expect.objectContaining({ field }) }));
  });
});

describe("readReading: time, stream, rate and label", () => {
  it.each<[unknown, number, boolean]>([
    [undefined, NOW, false],
    [null, NOW, false],
    ["", NOW, false],
    [0, 0, true],
    [-5, -5, true],
    ["1700000000000", 1_700_000_000_000, true],
    ["2024-02-29T12:00:00Z", 1_709_208_000_000, true],
    [new Date(99), 99, true],
    [runInNewContext("new Date(99)"), 99, true],
  ])("timestamp %j", (timestamp, time, timed) => {
    expect(read({ payload: 1, timestamp })).toMatchObject({ time, timed });
  });

  it("takes topic, rate and label, and leaves out what is not there", () => {
    expect(read({ payload: 1, topic: "a", rate: "50", label: 3 })).toMatchObject({ stream: "a", rate: 50, label: "3" });
    const bare = read({ payload: 1, rate: null, label: "" });
    expect(bare.stream).toBe("");
    expect("rate" in bare || "label" in bare).toBe(false);
  });

  it.each<[unknown, string]>([
    [undefined, ""],
    [null, ""],
    [5, "5"],
    [true, "true"],
    ["__proto__", "__proto__"],
    ["x".repeat(1000), "x".repeat(MAX_NAME_LENGTH)],
  ])("stream of %j", (topic, stream) => {
    expect(streamOf(topic)).toBe(stream);
  });
});

describe("toNumber", () => {
  it.each<[unknown, number]>([
    ["0x10", 16],
    ["1e999", NAN],
    [5n, 5],
    [undefined, NAN],
    [{ valueOf: () => 1 }, NAN],
    [[1], NAN],
    [Symbol("x"), NAN],
  ])("row %#", (value, number) => {
    expect(toNumber(value)).toBe(number);
  });
});
