import { EdgeMlError } from "../../errors/index.js";
import type { Trigger } from "./options.js";
import type { Row } from "./row.js";

/** Tells at which rows a channel crosses its threshold. A missing value is passed over, and is no event. */
export class EventDetector {
  readonly #trigger: Trigger;
  readonly #column: number;
  /** The last value; NaN while none is known. */
  #previous = Number.NaN;

  /** @throws EdgeMlError EDGE_ML_PAYLOAD when the channel is none of the window's */
  constructor(trigger: Trigger, channels: readonly string[]) {
    this.#trigger = trigger;
    this.#column = trigger.channel === "" ? 0 : channels.indexOf(trigger.channel);
    if (this.#column < 0 && trigger.when !== "message") {
      throw new EdgeMlError("EDGE_ML_PAYLOAD", {
        field: "msg.payload",
        got: `no channel "${trigger.channel}"`,
        expected: "the channel that begins windows, in the stream's first reading",
      });
    }
  }

  isEvent(row: Row): boolean {
    if (this.#trigger.when === "message") return row.event;
    const value = row.values[this.#column]!;
    if (Number.isNaN(value)) return row.event;
    const previous = this.#previous;
    this.#previous = value;
    return row.event || this.#crosses(previous, value);
  }

  reset(): void {
    this.#previous = Number.NaN;
  }

  /** Comparisons with NaN do not hold: the first value is no event. */
  #crosses(previous: number, value: number): boolean {
    const { when, value: threshold, high } = this.#trigger;
    switch (when) {
      case "above":
        return previous <= threshold && value > threshold;
      case "below":
        return previous >= threshold && value < threshold;
      case "leaves":
        return previous >= threshold && previous <= high && (value < threshold || value > high);
      case "changes":
        return Math.abs(value - previous) > threshold;
      case "message":
        return false;
    }
  }
}
