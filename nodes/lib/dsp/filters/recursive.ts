import type { SchemaObject } from "ajv";
import { EdgeMlError } from "../../errors/index.js";
import { CausalFilter, type Sections, ZeroPhaseFilter } from "../math/iir.js";
import type { ChannelShape, FilterPlan } from "./filter.js";

/** The options that the Butterworth filters share. */
export interface ButterworthOptions {
  order: number;
  /** Forwards and backwards instead of forwards only. */
  zeroPhase: boolean;
}

export const zeroPhaseOption: SchemaObject = {
  type: "boolean",
  default: false,
  title: "No delay",
  description: "Filters forwards and backwards: nothing is delayed, and everything is damped twice.",
};

export const butterworthOptions: Record<keyof ButterworthOptions, SchemaObject> = {
  order: {
    type: "integer",
    minimum: 1,
    maximum: 12,
    default: 4,
    title: "Order",
    description: "Higher is steeper, and rings longer.",
  },
  zeroPhase: zeroPhaseOption,
};

/** A frequency as an option. */
export function frequencyOption(title: string, value: number): SchemaObject {
  return { type: "number", exclusiveMinimum: 0, default: value, title };
}

/**
 * Both ways start as if the signal had always been what it is at its end, so that an offset makes no transient.
 * A NaN spoils what comes after it, and with `zeroPhase` the whole window of its channel; so does Infinity.
 */
export function recursivePlan(sections: Sections, channel: ChannelShape, zeroPhase: boolean): FilterPlan {
  const filter = zeroPhase ? new ZeroPhaseFilter(sections, channel.samples) : new CausalFilter(sections);
  return {
    output: channel,
    apply(x, y) {
      y.set(x);
      filter.apply(y);
    },
  };
}

/**
 * Below a millionth of the rate, the coefficients of a section no longer hold enough digits of it.
 * @throws EdgeMlError EDGE_ML_SETTING when a filter cannot be made for this frequency at this rate
 */
export function checkFrequency(field: string, frequency: number, rate: number): void {
  const least = rate / 1e6;
  if (frequency >= least && frequency < rate / 2) return;
  throw new EdgeMlError("EDGE_ML_SETTING", {
    field,
    got: `${frequency} Hz`,
    expected: `at least ${least} Hz and less than ${rate / 2} Hz, half the sample rate`,
  });
}

/** @throws EdgeMlError EDGE_ML_SETTING when there can be no filter for this band at this rate */
export function checkBand(low: number, high: number, rate: number): void {
  checkFrequency("low", low, rate);
  checkFrequency("high", high, rate);
  if (high - low >= rate / 1e6) return;
  throw new EdgeMlError("EDGE_ML_SETTING", { field: "high", got: `${high} Hz`, expected: `more than ${low} Hz` });
}
