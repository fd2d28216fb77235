import { runInNewContext } from "node:vm";
import { expect, it, describe as suite } from "vitest";
import { describe, EdgeMlError } from "../../../nodes/lib/errors/index.ts";

suite("EdgeMlError", () => {
  it("says what came, what was expected and what to do, and keeps code and details", () => {
    const details = { field: "size", got: "-1", expected: "at least 1" };
    const error = new EdgeMlError("EDGE_ML_SETTING", details);
    expect(error.message).toBe('The setting "size" is -1, but it must be at least 1. Open the node and correct it.');
    expect(error).toMatchObject({ name: "EdgeMlError", code: "EDGE_ML_SETTING", details });
    expect(error).toBeInstanceOf(Error);
  });

  it("a detail that is missing does not leave a brace", () => {
    expect(new EdgeMlError("EDGE_ML_MODEL_NOT_FOUND").message).toContain('"unknown"');
  });

  it("what stands in a detail is not filled in again", () => {
    const error = new EdgeMlError("EDGE_ML_MODEL_NOT_FOUND", { name: "{name} $& {got}" });
    expect(error.message).toContain('"{name} $& {got}"');
  });

  it("from: ours stays as it is; others become EDGE_ML_INTERNAL with their cause", () => {
    const ours = new EdgeMlError("EDGE_ML_INTERNAL");
    expect(EdgeMlError.from(ours)).toBe(ours);
    const cause = new TypeError("boom");
    expect(EdgeMlError.from(cause)).toMatchObject({ code: "EDGE_ML_INTERNAL", details: { reason: "boom" }, cause });
    expect(EdgeMlError.from("text").message).toContain("text");
    expect(EdgeMlError.from(undefined).message).toContain("undefined");
  });
});

suite("describe", () => {
  const cases: [unknown, string][] = [
    [undefined, "missing"],
    [null, "null"],
    ["", "empty"],
    ["abc", 'the text "abc"'],
    ["x".repeat(100), `the text "${"x".repeat(60)}…"`],
    [Number.NaN, "NaN"],
    [-0.5, "-0.5"],
    [1n, "1"],
    [true, "true"],
    [() => 1, "a function"],
    [Symbol("s"), "a symbol"],
    [[1, 2], "an array of 2"],
    [runInNewContext("[1, 2, 3]"), "an array of 3"],
    [new Float32Array(2), "Float32Array of 8 bytes"],
    [{}, "an object (no fields)"],
    [{ a: 1, b: 2, c: 3, d: 4, e: 5, f: 6 }, "an object (a, b, c, d, e)"],
    [Object.create(null), "an object (no fields)"],
  ];
  it.each(cases.map(([value, words]) => [words, value] as const))("%s", (words, value) => {
    expect(describe(value)).toBe(words);
  });
});
