import { describe, expect, it } from "vitest";
import { readLearnCommand } from "../../../../nodes/lib/learn/index.ts";

describe("readLearnCommand", () => {
  it.each(["start", "stop", "train", "reset"])("knows %s", (command) => {
    expect(readLearnCommand(command)).toBe(command);
  });

  it.each([
    [{ label: "wave" }, { label: "wave" }],
    [
      { label: " wave ", seconds: 10 },
      { label: "wave", seconds: 10 },
    ],
    [
      { label: "wave", frames: 19.5 },
      { label: "wave", frames: 20 },
    ],
    [{ label: 21.5, seconds: null }, { label: "21.5" }],
    [{ label: "__proto__", other: 1 }, { label: "__proto__" }],
    [{ label: null, seconds: 5 }, { label: null }],
  ])("reads %j", (value, expected) => {
    expect(readLearnCommand(value)).toEqual(expected);
  });

  const throwing = {
    get label(): string {
      throw new Error("no");
    },
  };
  it.each([
    ["nothing", undefined, "msg.learn"],
    ["null", null, "msg.learn"],
    ["another word", "fly", "msg.learn"],
    ["__proto__", "__proto__", "msg.learn"],
    ["a number", 1, "msg.learn"],
    ["a list", [{ label: "a" }], "msg.learn"],
    ["an object without a label", {}, "msg.learn"],
    ["a label that is only inherited", Object.create({ label: "a" }), "msg.learn"],
    ["a getter that throws", throwing, "msg.learn"],
    [
      "a proxy that throws",
      new Proxy(
        {},
        {
          getOwnPropertyDescriptor: () => {
            throw new Error("no");
          },
        },
      ),
      "msg.learn",
    ],
    ["an empty label", { label: "  " }, "msg.learn.label"],
    ["a label that is an object", { label: {} }, "msg.learn.label"],
    ["a label that is NaN", { label: Number.NaN }, "msg.learn.label"],
    ["a label that is no name", { label: "x".repeat(1000) }, "msg.learn.label"],
    ["no time", { label: "a", seconds: 0 }, "msg.learn.seconds"],
    ["text as a time", { label: "a", seconds: "10" }, "msg.learn.seconds"],
    ["a time without end", { label: "a", seconds: Number.POSITIVE_INFINITY }, "msg.learn.seconds"],
    ["fewer frames than none", { label: "a", frames: -1 }, "msg.learn.frames"],
  ])("refuses %s", (_, value, field) => {
    expect(() => readLearnCommand(value)).toThrowError(
      expect.objectContaining({ code: "EDGE_ML_COMMAND", details: expect.objectContaining({ field }) }),
    );
  });
});
