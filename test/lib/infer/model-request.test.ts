import { describe, expect, it } from "vitest";
import { readModelRequest } from "../../../nodes/lib/infer/index.ts";

describe("readModelRequest", () => {
  it.each([
    [{ rollback: true }, { rollback: true }],
    [{ use: "3" }, { use: "3" }],
    [{ use: 3 }, { use: "3" }],
  ])("%j", (model, request) => expect(readModelRequest(model)).toEqual(request));

  it.each([
    ["nothing", undefined],
    ["null", null],
    ["a text", "3"],
    ["the model of a result", { name: "ahu", version: "3", sha256: "0" }],
  ])("asks for nothing: %s", (_, model) => expect(readModelRequest(model)).toBeUndefined());

  it.each([
    ["msg.model.rollback", { rollback: "yes" }],
    ["msg.model.rollback", { rollback: false }],
    ["msg.model.use", { use: null }],
    ["msg.model.use", { use: ["3"] }],
    ["msg.model.use", { rollback: true, use: "3" }],
  ])("is refused, naming %s: %j", (field, model) => {
    expect(() => readModelRequest(model)).toThrow(
      expect.objectContaining({ code: "EDGE_ML_COMMAND", details: expect.objectContaining({ field }) }),
    );
  });
});
