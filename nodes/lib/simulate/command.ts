import { describe, EdgeMlError } from "../errors/index.js";
import type { MachineType } from "./machine.js";

/** What a message asks of a simulator. */
export type Command =
  | { kind: "start" }
  | { kind: "stop" }
  /** Back to the start time, without a fault. */
  | { kind: "reset" }
  /** Without an intensity, the node's own counts. */
  | { kind: "inject"; fault: string; intensity?: number }
  | { kind: "repair" };

/**
 * The command in a message's payload: "start", "stop", "reset", or `{ fault, intensity? }` with one of the machine's
 * faults; `{ fault: null }` or "none" takes the fault away.
 * @throws EdgeMlError EDGE_ML_COMMAND naming the field
 */
export function readCommand(payload: unknown, machine: MachineType): Command {
  try {
    return read(payload, machine);
  } catch (error) {
    throw EdgeMlError.reading(error, "EDGE_ML_COMMAND", "msg.payload");
  }
}

function read(payload: unknown, machine: MachineType): Command {
  if (payload === "start" || payload === "stop" || payload === "reset") return { kind: payload };
  if (Object.prototype.toString.call(payload) !== "[object Object]" || !Object.hasOwn(payload as object, "fault")) {
    throw wrong("msg.payload", payload, '"start", "stop", "reset" or an object with a fault');
  }
  const { fault, intensity } = payload as { fault: unknown; intensity?: unknown };
  if (fault === null || fault === "none") return { kind: "repair" };
  if (!machine.faults.some((one) => one.id === fault)) {
    throw wrong("msg.payload.fault", fault, `one of ${machine.faults.map((one) => one.id).join(", ")}, or none`);
  }
  const command: Command = { kind: "inject", fault: fault as string };
  if (intensity === undefined || intensity === null) return command;
  if (typeof intensity !== "number" || !(intensity >= 0 && intensity <= 1)) {
    throw wrong("msg.payload.intensity", intensity, "a number from 0 to 1");
  }
  return { ...command, intensity };
}

function wrong(field: string, got: unknown, expected: string): EdgeMlError {
  return new EdgeMlError("EDGE_ML_COMMAND", { field, got: describe(got), expected });
}
