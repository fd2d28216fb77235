import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { type Condition, observe } from "../../../nodes/lib/decide/index.ts";
import { anomaly, unscored } from "./support.ts";

const model: Condition = { by: "model", factor: 1 };
const value: Condition = { by: "value", name: "flow", is: "above", limit: 1 };
const classes: Condition = { by: "class", labels: ["a"], confidence: 0.5 };
const read = (msg: object, condition: Condition = model) => observe(msg, condition, 42);

describe("observe", () => {
  it("takes the stream of the topic, and without one that of the frame", () => {
    const frame = { end: 1, stream: "of the frame" };
    expect(read({ payload: anomaly(1), topic: "t", frame }).stream).toBe("t");
    expect(read({ payload: anomaly(1), frame }).stream).toBe("of the frame");
    expect(read({ payload: anomaly(1) }).stream).toBe("");
    expect(read({ payload: anomaly(1), topic: "__proto__" }).stream).toBe("__proto__");
    expect(read({ payload: anomaly(1), topic: "x".repeat(1e6) }).stream).toHaveLength(128);
  });

  it("takes objects of another realm", () => {
    const payload = runInNewContext(
      "({ kind: 'anomaly', score: 3, threshold: 2, anomalous: true, contributions: [{ channel: '__proto__', share: 1 }] })",
    );
    expect(read({ payload }).signal).toMatchObject({ scored: true, score: 3, limit: { value: 2 } });
  });

  it("takes an unscored result of any kind", () => {
    const payload = { ...unscored("gap"), kind: "class" };
    expect(read({ payload }).signal).toEqual({ scored: false, reasons: ["gap"] });
  });

  const bad: [string, object, string, Condition?][] = [
    ["nothing", {}, "msg.payload"],
    ["null", { payload: null }, "msg.payload"],
    ["a number", { payload: 5 }, "msg.payload"],
    ["a text", { payload: "abc" }, "msg.payload"],
    ["a typed array", { payload: Float32Array.of(1) }, "msg.payload.kind"],
    ["an empty object", { payload: {} }, "msg.payload.kind"],
    ["kind __proto__", { payload: { kind: "__proto__" } }, "msg.payload.kind"],
    ["another kind than the node is set to", { payload: { kind: "value", values: [] } }, "msg.payload.kind"],
    ["tensors", { payload: { kind: "tensors", tensors: [] } }, "msg.payload.kind"],
    ["score NaN", { payload: anomaly(Number.NaN) }, "msg.payload.score"],
    ["score Infinity", { payload: anomaly(Number.POSITIVE_INFINITY) }, "msg.payload.score"],
    ["score as text", { payload: { ...anomaly(1), score: "1" } }, "msg.payload.score"],
    ["no score", { payload: { ...anomaly(1), score: undefined } }, "msg.payload.score"],
    ["threshold NaN", { payload: anomaly(1, Number.NaN) }, "msg.payload.threshold"],
    ["no threshold", { payload: { kind: "anomaly", score: 1, anomalous: false } }, "msg.payload.threshold"],
    ["contributions of text", { payload: anomaly(1, 1, { contributions: "abc" }) }, "msg.payload.contributions"],
    [
      "a share of NaN",
      { payload: anomaly(1, 1, { contributions: [{ channel: "a", share: Number.NaN }] }) },
      "msg.payload.contributions.0.share",
    ],
    ["unscored without quality", { payload: { kind: "anomaly", score: null } }, "msg.payload.quality"],
    [
      "reasons that are no texts",
      { payload: { kind: "anomaly", score: null, quality: { ok: false, reasons: [1], missing: 0, filled: 0 } } },
      "msg.payload.quality.reasons.0",
    ],
    ["a frame that is text", { payload: anomaly(1), frame: "abc" }, "msg.frame"],
    ["an end that is text", { payload: anomaly(1), frame: { end: "now" } }, "msg.frame.end"],
    ["an end of NaN", { payload: anomaly(1), frame: { end: Number.NaN } }, "msg.frame.end"],
    ["an end of Infinity", { payload: anomaly(1), frame: { end: Number.POSITIVE_INFINITY } }, "msg.frame.end"],
    ["an end beyond the calendar", { payload: anomaly(1), frame: { end: 1e300 } }, "msg.frame.end"],
    ["a topic that is an object", { payload: anomaly(1), topic: {} }, "msg.topic"],
    [
      "a confidence of text",
      { payload: { kind: "class", label: "a", confidence: "x", scores: [] } },
      "msg.payload.confidence",
      classes,
    ],
    [
      "a label of number",
      { payload: { kind: "class", label: 1, confidence: 1, scores: [] } },
      "msg.payload.label",
      classes,
    ],
    [
      "values without the one",
      { payload: { kind: "value", values: [{ name: "x", value: 1 }] } },
      "msg.payload.values",
      value,
    ],
    ["no values", { payload: { kind: "value", values: [] } }, "msg.payload.values", { ...value, name: "" }],
    [
      "a value of NaN",
      { payload: { kind: "value", values: [{ name: "flow", value: Number.NaN }] } },
      "msg.payload.values.0.value",
      value,
    ],
  ];
  it.each(bad)("refuses %s and names the field", (_, msg, field, condition) => {
    expect(() => read(msg, condition)).toThrowError(
      expect.objectContaining({ code: "EDGE_ML_PAYLOAD", details: expect.objectContaining({ field }) }),
    );
  });
});
