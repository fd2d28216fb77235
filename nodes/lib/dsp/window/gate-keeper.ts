import type { Gate } from "./options.js";

/** Tells whether a reading counts: the gate's condition holds, and has held for its settling time. */
export class GateKeeper {
  readonly #gate: Gate;
  /** ms since 1970: when the condition began to hold. */
  #since: number | undefined;

  constructor(gate: Gate) {
    this.#gate = gate;
  }

  /** @param value of the gate's channel; NaN (it did not come) is closed */
  open(value: number, time: number): boolean {
    if (!this.#holds(value)) {
      this.#since = undefined;
      return false;
    }
    this.#since ??= time;
    return time - this.#since >= this.#gate.settle * 1000;
  }

  /** The condition is not known to have held until now. */
  reset(): void {
    this.#since = undefined;
  }

  #holds(value: number): boolean {
    const wanted = this.#gate.value;
    switch (this.#gate.is) {
      case "=":
        return value === wanted;
      case "!=":
        return !Number.isNaN(value) && value !== wanted;
      case ">":
        return value > wanted;
      case ">=":
        return value >= wanted;
      case "<":
        return value < wanted;
      case "<=":
        return value <= wanted;
    }
  }
}
