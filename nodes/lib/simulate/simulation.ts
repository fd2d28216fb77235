import type { FaultType, Machine, MachineOptions, MachineType, Values } from "./machine.js";

export interface SimulationOptions extends Omit<MachineOptions, "start" | "utcOffset"> {
  /** ms of simulated time between two readings. */
  interval: number;
}

export interface SimulatedReading {
  /** ms since 1970, of simulated time. */
  time: number;
  values: Values;
  /** "normal", or the fault that was there. */
  label: string;
}

/** A machine, its simulated clock and its present fault. */
export class Simulation {
  readonly #type: MachineType;
  readonly #options: SimulationOptions;
  #machine: Machine;
  #next: number;
  #utcOffset: number;
  #fault: FaultType | undefined;
  /** The time of the last reading: a fault injected then shows from the next one on. */
  #last: number;
  #injected = 0;

  /** @param start ms since 1970; the clock on the wall is this process's, without daylight saving */
  constructor(type: MachineType, options: SimulationOptions, start: number) {
    this.#type = type;
    this.#options = options;
    this.#next = start;
    this.#last = start;
    this.#utcOffset = offsetAt(start);
    this.#machine = this.#create(start);
  }

  /** The fault that is there. */
  get fault(): FaultType | undefined {
    return this.#fault;
  }

  /** The clock on the wall at the next reading: day of the week (0 = Sunday), hour and minute. */
  get clock(): { day: number; hour: number; minute: number } {
    const local = new Date(this.#next + this.#utcOffset * 60_000);
    return { day: local.getUTCDay(), hour: local.getUTCHours(), minute: local.getUTCMinutes() };
  }

  /** The reading that comes next. */
  read(): SimulatedReading {
    const time = this.#next;
    this.#next += this.#options.interval;
    this.#last = time;
    const label = this.#fault && time > this.#injected ? this.#fault.id : "normal";
    return { time, values: this.#machine.read(time), label };
  }

  /** @throws EdgeMlError EDGE_ML_COMMAND when the machine has no such fault, or the intensity is not within 0..1 */
  inject(fault: string, intensity: number): void {
    this.#machine.inject(fault, intensity);
    this.#fault = this.#type.faults.find((one) => one.id === fault);
    this.#injected = this.#last;
  }

  repair(): void {
    this.#machine.repair();
    this.#fault = undefined;
  }

  /** Begins again at a time, without a fault. */
  reset(start: number): void {
    this.#fault = undefined;
    this.#next = start;
    this.#last = start;
    this.#utcOffset = offsetAt(start);
    this.#machine = this.#create(start);
  }

  #create(start: number): Machine {
    return this.#type.create({ ...this.#options, start, utcOffset: this.#utcOffset });
  }
}

function offsetAt(time: number): number {
  return -new Date(time).getTimezoneOffset();
}
