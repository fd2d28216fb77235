import { describe, expect, it } from "vitest";
import { compile, compileSettings, schemas } from "../../../nodes/lib/frame/index.ts";

describe("compile", () => {
  const check = compile<{ n: number }>(
    {
      type: "object",
      required: ["n"],
      additionalProperties: false,
      properties: { n: { type: "number", minimum: 1, maximum: 3 }, kind: { enum: ["a", "b"] } },
    },
    "EDGE_ML_PAYLOAD",
    "msg.x",
  );

  it("returns what is valid, the same object", () => {
    const value = { n: 1 };
    expect(check(value)).toBe(value);
  });

  it.each<[unknown, string, string, string]>([
    [5, "msg.x", "5", "of type object"],
    [undefined, "msg.x", "missing", "of type object"],
    [{}, "msg.x.n", "missing", "there"],
    [{ n: "1" }, "msg.x.n", 'the text "1"', "of type number"],
    [{ n: 0 }, "msg.x.n", "0", "at least 1"],
    [{ n: 9 }, "msg.x.n", "9", "at most 3"],
    [{ n: Number.NaN }, "msg.x.n", "NaN", "of type number"],
    [{ n: 1, kind: "c" }, "msg.x.kind", 'the text "c"', "one of a, b"],
    [{ n: 1, more: 1 }, "msg.x", "an object (n, more)", 'without the unknown field "more"'],
  ])("%j: %s", (value, field, got, expected) => {
    expect(() => check(value)).toThrow(
      expect.objectContaining({ code: "EDGE_ML_PAYLOAD", details: { field, got, expected } }),
    );
  });

  it.each(Object.entries(schemas))("the schema of a %s compiles, and refuses an empty object", (_, schema) => {
    expect(() => compile(schema, "EDGE_ML_FRAME", "x")({})).toThrow(expect.objectContaining({ code: "EDGE_ML_FRAME" }));
  });

  const anomaly = { kind: "anomaly", score: 1, threshold: 2, anomalous: false };
  it.each<[string, object, boolean]>([
    ["anomaly", anomaly, true],
    ["contributions", { ...anomaly, contributions: [{ channel: "a", share: 0.5, feature: "mean" }] }, true],
    ["a share above 1", { ...anomaly, contributions: [{ channel: "a", share: 2 }] }, false],
    ["NaN as a score", { ...anomaly, score: Number.NaN }, false],
    ["class", { kind: "class", label: "uncertain", confidence: 0.5, scores: [{ label: "a", score: 0.5 }] }, true],
    ["class without scores", { kind: "class", label: "a", confidence: 0.5 }, false],
    ["value", { kind: "value", values: [{ name: "v", value: 1 }] }, true],
    ["tensors", { kind: "tensors", tensors: [{ name: "t", shape: [0], data: [] }] }, true],
    [
      "not scored",
      { kind: "class", score: null, quality: { ok: false, reasons: ["gap"], missing: 0, filled: 0 } },
      true,
    ],
    ["not scored, without a reason why", { kind: "class", score: null }, false],
    ["an unknown kind", { ...anomaly, kind: "guess" }, false],
  ])("result: %s", (_, value, valid) => {
    const run = () => compile(schemas.result, "EDGE_ML_FRAME", "msg.payload")(value);
    if (valid) expect(run()).toBe(value);
    else expect(run).toThrow(expect.objectContaining({ code: "EDGE_ML_FRAME" }));
  });
});

describe("compileSettings", () => {
  const read = compileSettings<Record<string, unknown>>({
    type: "object",
    properties: {
      size: { type: "integer", minimum: 1, default: 60 },
      label: { type: "string", default: "x" },
      on: { type: "boolean", default: false },
      speed: { type: "number", default: 2 },
      rows: {
        type: "array",
        default: [],
        items: { type: "object", properties: { min: { type: ["number", "null"] } } },
      },
    },
  });

  it("takes what the editor stored: numbers as text, fields left empty, settings it did not know yet", () => {
    const rest = { speed: 2, rows: [] };
    expect(read({})).toEqual({ size: 60, label: "x", on: false, ...rest });
    expect(read({ size: "5", on: "true", label: "" })).toEqual({ size: 5, label: "", on: true, ...rest });
    expect(read({ size: "", label: null, on: undefined })).toEqual({ size: 60, label: "x", on: false, ...rest });
    expect(read({ size: " ", speed: " " })).toEqual({ size: 60, label: "x", on: false, ...rest });
    expect(read({ rows: [{ min: "" }, { min: "1.5" }] }).rows).toEqual([{ min: null }, { min: 1.5 }]);
  });

  it("leaves everything else of the node's definition out, and the definition alone", () => {
    const raw = JSON.parse('{"id":"n","size":"5","__proto__":{"label":"evil"},"rows":[{"min":"1"}]}');
    expect(read(raw)).toEqual({ size: 5, label: "x", on: false, speed: 2, rows: [{ min: 1 }] });
    expect(raw.size).toBe("5");
    expect(raw.rows[0].min).toBe("1");
  });

  it("two nodes do not share a default", () => {
    (read({}).rows as unknown[]).push(1);
    expect(read({}).rows).toEqual([]);
  });

  it.each<[object, string]>([
    [{ size: "x" }, "size"],
    [{ size: 1.5 }, "size"],
    [{ size: 0 }, "size"],
    [{ size: "NaN" }, "size"],
    [{ size: [] }, "size"],
    [{ speed: "Infinity" }, "speed"],
    [{ speed: "-1e999" }, "speed"],
    [{ speed: Number.NaN }, "speed"],
    [{ speed: () => 1 }, "speed"],
    [{ rows: [{ min: "1e999" }] }, "rows.0.min"],
    [{ on: "maybe" }, "on"],
    [{ rows: "none" }, "rows"],
    [{ rows: [{ min: "low" }] }, "rows.0.min"],
  ])("%j is wrong at %s", (raw, field) => {
    expect(() => read(raw)).toThrow(
      expect.objectContaining({ code: "EDGE_ML_SETTING", details: expect.objectContaining({ field }) }),
    );
  });
});
