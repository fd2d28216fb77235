import { describe, EdgeMlError } from "../errors/index.js";
import { airHandlingUnit } from "./air-handling-unit/air-handling-unit.js";
import type { MachineType } from "./machine.js";

/** Every kind of machine, in the order in which the dialog offers them. A new one is one file and one line here. */
export const machines: readonly MachineType[] = [airHandlingUnit];

/** @throws EdgeMlError EDGE_ML_SETTING */
export function chooseMachine(id: string): MachineType {
  const machine = machines.find((one) => one.id === id);
  if (machine) return machine;
  const expected = `one of ${machines.map((one) => one.id).join(", ")}`;
  throw new EdgeMlError("EDGE_ML_SETTING", { field: "machine", got: describe(id), expected });
}
