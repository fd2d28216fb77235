import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { chooseMachine, readCommand } from "../../../nodes/lib/simulate/index.ts";

const machine = chooseMachine("air-handling-unit");

describe("readCommand", () => {
  it.each([
    ["start", { kind: "start" }],
    ["stop", { kind: "stop" }],
    ["reset", { kind: "reset" }],
    [{ fault: "damper-stuck" }, { kind: "inject", fault: "damper-stuck" }],
    [
      { fault: "damper-stuck", intensity: 0.5 },
      { kind: "inject", fault: "damper-stuck", intensity: 0.5 },
    ],
    [
      { fault: "fan-failed", intensity: 0 },
      { kind: "inject", fault: "fan-failed", intensity: 0 },
    ],
    [
      { fault: "fan-failed", intensity: null },
      { kind: "inject", fault: "fan-failed" },
    ],
    [{ fault: null }, { kind: "repair" }],
    [{ fault: "none", intensity: 3 }, { kind: "repair" }],
    [runInNewContext("({ fault: 'fan-failed', intensity: 1 })"), { kind: "inject", fault: "fan-failed", intensity: 1 }],
  ])("reads %j", (payload, command) => {
    expect(readCommand(payload, machine)).toEqual(command);
  });

  it.each([
    ["nothing", undefined, "msg.payload"],
    ["null", null, "msg.payload"],
    ["a number", 1, "msg.payload"],
    ["NaN", Number.NaN, "msg.payload"],
    ["an unknown word", "explode", "msg.payload"],
    ["an empty text", "", "msg.payload"],
    ["a huge text", "x".repeat(1_000_000), "msg.payload"],
    ["an array", ["start"], "msg.payload"],
    ["a typed array", Float32Array.of(1), "msg.payload"],
    ["an empty object", {}, "msg.payload"],
    ["a fault that is only inherited", Object.create({ fault: "fan-failed" }), "msg.payload"],
    ["an unknown fault", { fault: "earthquake" }, "msg.payload.fault"],
    ["__proto__ as a fault", { fault: "__proto__" }, "msg.payload.fault"],
    ["an undefined fault", { fault: undefined }, "msg.payload.fault"],
    ["a number as a fault", { fault: 0 }, "msg.payload.fault"],
    ["intensity as text", { fault: "fan-failed", intensity: "high" }, "msg.payload.intensity"],
    ["intensity NaN", { fault: "fan-failed", intensity: Number.NaN }, "msg.payload.intensity"],
    ["intensity Infinity", { fault: "fan-failed", intensity: Number.POSITIVE_INFINITY }, "msg.payload.intensity"],
    ["intensity above 1", { fault: "fan-failed", intensity: 70 }, "msg.payload.intensity"],
    ["intensity below 0", { fault: "fan-failed", intensity: -0.1 }, "msg.payload.intensity"],
  ])("refuses %s, naming the field", (_, payload, field) => {
    expect(() => readCommand(payload, machine)).toThrow(
      expect.objectContaining({ code: "EDGE_ML_COMMAND", details: expect.objectContaining({ field }) }),
    );
  });
});
