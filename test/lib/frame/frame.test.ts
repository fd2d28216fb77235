import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { addReason, compile, GOOD, MAX_REASONS, readFrame, reason, schemas } from "../../../nodes/lib/frame/index.ts";
import { windowMessage } from "../../support/frames.ts";

const message = (overrides: object = {}, info: object = {}) =>
  windowMessage(
    [
      [1, 2],
      [3, 4],
    ],
    overrides,
    info,
  ); // 2 × 2

describe("readFrame", () => {
  it("hands our own array through, without a copy", () => {
    const msg = message();
    expect(readFrame(msg).data).toBe(msg.payload);
    expect(readFrame(msg).info).toBe(msg.frame);
  });

  it.each<[string, unknown, number[]]>([
    ["another realm's Float32Array", runInNewContext("Float32Array.of(1, 2, 3, 4)"), [1, 2, 3, 4]],
    ["an array", [1, "2", null, 4], [1, Number.NaN, Number.NaN, 4]],
    ["a Float64Array", Float64Array.of(1, 2, 3, 4), [1, 2, 3, 4]],
    ["an Int16Array", Int16Array.of(1, 2, 3, 4), [1, 2, 3, 4]],
  ])("makes a Float32Array of %s", (_, payload, expected) => {
    const { data } = readFrame(message({ payload }));
    expect(data).toBeInstanceOf(Float32Array);
    expect([...data]).toEqual(expected);
  });

  const refused: [string, object, string][] = [
    ["no frame", { payload: new Float32Array(1) }, "msg.frame"],
    ["a text as frame", message({ frame: "x" }), "msg.frame"],
    ["null as frame", message({ frame: null }), "msg.frame"],
    ["an unknown kind", message({}, { kind: "audio" }), "msg.frame.kind"],
    ["no shape", message({}, { shape: undefined }), "msg.frame.shape"],
    ["an empty shape", message({}, { shape: [] }), "msg.frame.shape"],
    ["five axes", message({}, { shape: [1, 1, 1, 2, 2] }), "msg.frame.shape"],
    ["half a sample", message({}, { shape: [0.5, 8] }), "msg.frame.shape.0"],
    ["no sample", message({ payload: new Float32Array(0) }, { shape: [0, 2] }), "msg.frame.shape.0"],
    ["an endless shape", message({}, { shape: [Number.POSITIVE_INFINITY] }), "msg.frame.shape.0"],
    ["too many numbers", message({ payload: new Float32Array(5) }), "msg.payload"],
    ["too few numbers", message({ payload: new Float32Array(3) }), "msg.payload"],
    ["a Buffer", message({ payload: Buffer.alloc(4) }), "msg.payload"],
    ["a DataView", message({ payload: new DataView(new ArrayBuffer(4)) }), "msg.payload"],
    ["a BigInt64Array", message({ payload: new BigInt64Array(4) }), "msg.payload"],
    ["a number", message({ payload: 4 }), "msg.payload"],
    ["an object", message({ payload: { length: 4 } }), "msg.payload"],
    ["too few names", message({}, { names: ["a"] }), "msg.frame.names"],
    ["numbers as names", message({}, { names: [1, 2] }), "msg.frame.names.0"],
    ["no quality", message({}, { quality: undefined }), "msg.frame.quality"],
    ["half a quality", message({}, { quality: { ok: true } }), "msg.frame.quality.reasons"],
    ["NaN as time", message({}, { start: Number.NaN }), "msg.frame.start"],
    ["a rate of 0", message({}, { rate: 0 }), "msg.frame.rate"],
    ["a negative seq", message({}, { seq: -1 }), "msg.frame.seq"],
    ["a recipe of the future", message({}, { recipe: { version: 2 } }), "msg.frame.recipe.version"],
  ];
  it.each(refused)("refuses %s and names the field", (_, msg, field) => {
    expect(() => readFrame(msg)).toThrow(
      expect.objectContaining({ code: "EDGE_ML_FRAME", details: expect.objectContaining({ field }) }),
    );
  });

  it("refuses an array that is too large without looking at it", () => {
    expect(() => readFrame(message({ payload: new Array(2 ** 24 + 1) }))).toThrow(
      expect.objectContaining({ code: "EDGE_ML_TOO_LARGE" }),
    );
  });
});

describe("quality", () => {
  it("a reason names its channel, is kept once, and there are never too many", () => {
    const reasons: string[] = [];
    addReason(reasons, reason("missing", "a"));
    addReason(reasons, reason("missing", "a"));
    addReason(reasons, reason("gap"));
    expect(reasons).toEqual(["missing: a", "gap"]);
    for (let i = 0; i < 100; i++) addReason(reasons, `r${i}`);
    expect(reasons).toHaveLength(MAX_REASONS);
  });

  it("GOOD cannot be changed, and is a quality", () => {
    expect(() => Object.assign(GOOD, { ok: false })).toThrow(TypeError);
    expect(compile(schemas.quality, "EDGE_ML_FRAME", "quality")(GOOD)).toBe(GOOD);
  });
});
