/** What a simulated machine measures. */
export interface Channel {
  name: string;
  /** "°C", "Pa", or "" for a share 0..1 or a switch 0/1. */
  unit: string;
}

/** A fault that can be injected. */
export interface FaultType {
  /** Also the label of the messages while it lasts, for example "damper-stuck". */
  id: string;
  /** For people: "damper stuck". */
  title: string;
  /** What the intensity 0..1 means. */
  intensity: string;
}

/** The values of one moment by channel; null, or no entry at all, is a value that did not come. */
export type Values = Record<string, number | null>;

/** A machine that runs in simulated time. */
export interface Machine {
  /**
   * Lets the machine run until `time`, and says what its sensors show then. The same values, however many readings are
   * taken on the way.
   * @param time ms since 1970, not before the last one
   */
  read(time: number): Values;
  /**
   * Injects a fault in place of the one before it, from the next step on.
   * @param intensity 0..1
   * @throws EdgeMlError EDGE_ML_COMMAND when the machine has no such fault
   */
  inject(fault: string, intensity: number): void;
  /** Takes the fault away; what it did to the building takes its time to fade. */
  repair(): void;
}

export interface MachineOptions {
  /** The same seed and start give the same readings. */
  seed: number;
  /** ms since 1970 */
  start: number;
  /** What the machine's clock on the wall is ahead of UTC, in minutes; no daylight saving. */
  utcOffset: number;
  /** Hours of the day, 0..24, in which people are there. */
  occupiedFrom: number;
  occupiedTo: number;
  /** 0 = Sunday … 6 = Saturday */
  workingDays: readonly number[];
}

/** A self-describing kind of machine: adding one means adding one file and naming it in machines.ts. */
export interface MachineType {
  id: string;
  /** For people: "Air handling unit". */
  title: string;
  channels: readonly Channel[];
  faults: readonly FaultType[];
  /** ms of simulated time between two scans of its sensors: a shorter interval would only repeat values. */
  step: number;
  create(options: MachineOptions): Machine;
}
