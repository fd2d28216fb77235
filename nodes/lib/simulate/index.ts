export { type Command, readCommand } from "./command.js";
export type { Channel, FaultType, Machine, MachineOptions, MachineType, Values as MachineValues } from "./machine.js";
export { chooseMachine, machines } from "./machines.js";
export { MAX_BURST, Pacer } from "./pacer.js";
export { type SimulatedReading, Simulation, type SimulationOptions } from "./simulation.js";
