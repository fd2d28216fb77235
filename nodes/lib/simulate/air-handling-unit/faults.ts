import type { FaultType } from "../machine.js";

/** What a fault does to the unit, in the terms of the plant and the sensors; these are a healthy unit's. */
export interface Effects {
  /** Where it is stuck, 0..1. */
  damperStuck?: number;
  coolingStuck?: number;
  heatingStuck?: number;
  /** The share of a fully open valve's flow that passes a closed one. */
  coolingLeak: number;
  heatingLeak: number;
  /** K that the supply air sensor reads too high. */
  drift: number;
  /** The supply air sensor repeats its last value. */
  flat: boolean;
  /** Times the clean filter's resistance. */
  filter: number;
  /** The share of the commanded speed that reaches the fan. */
  fan: number;
  /** The share of sensor values that do not come. */
  missing: number;
}

export const HEALTHY: Readonly<Effects> = Object.freeze({
  coolingLeak: 0,
  heatingLeak: 0,
  drift: 0,
  flat: false,
  filter: 1,
  fan: 1,
  missing: 0,
});

/** The largest leak: a worn valve that passes 40 % when closed. */
const WORST_LEAK = 0.4;
/** K and K per hour of the worst sensor drift. */
const WORST_DRIFT = 5;
const DRIFT_PER_HOUR = 1;
/** A clean filter's resistance times this is changed at once in any plant. */
const WORST_FILTER = 6;

interface Fault extends FaultType {
  /** @param hours since the fault began */
  effects(intensity: number, hours: number): Partial<Effects>;
}

export const faults: readonly Fault[] = [
  {
    id: "damper-stuck",
    title: "damper stuck",
    intensity: "the position at which the outdoor air damper is stuck: 0 closed, 1 open",
    effects: (intensity) => ({ damperStuck: intensity }),
  },
  {
    id: "cooling-valve-leaking",
    title: "cooling valve leaking",
    intensity: "the leak when closed: 1 passes 40 % of the full flow",
    effects: (intensity) => ({ coolingLeak: WORST_LEAK * intensity }),
  },
  {
    id: "cooling-valve-stuck",
    title: "cooling valve stuck",
    intensity: "the position at which the valve is stuck: 0 closed, 1 open",
    effects: (intensity) => ({ coolingStuck: intensity }),
  },
  {
    id: "heating-valve-leaking",
    title: "heating valve leaking",
    intensity: "the leak when closed: 1 passes 40 % of the full flow",
    effects: (intensity) => ({ heatingLeak: WORST_LEAK * intensity }),
  },
  {
    id: "heating-valve-stuck",
    title: "heating valve stuck",
    intensity: "the position at which the valve is stuck: 0 closed, 1 open",
    effects: (intensity) => ({ heatingStuck: intensity }),
  },
  {
    id: "sensor-drift",
    title: "sensor drift",
    intensity: "how far the supply air sensor drifts: 1 is 5 K too high after 5 hours",
    effects: (intensity, hours) => ({ drift: intensity * Math.min(WORST_DRIFT, DRIFT_PER_HOUR * hours) }),
  },
  {
    id: "sensor-flat-lined",
    title: "sensor flat-lined",
    intensity: "does not matter: the supply air sensor repeats its last value",
    effects: () => ({ flat: true }),
  },
  {
    id: "filter-clogged",
    title: "filter clogged",
    intensity: "how clogged: 1 is six times a clean filter's resistance",
    effects: (intensity) => ({ filter: 1 + (WORST_FILTER - 1) * intensity }),
  },
  {
    id: "fan-failed",
    title: "fan failed",
    intensity: "the share of its speed that the fan loses: 1 stands still",
    effects: (intensity) => ({ fan: 1 - intensity }),
  },
  {
    id: "missing-values",
    title: "missing values",
    intensity: "the share of sensor values that do not come",
    effects: (intensity) => ({ missing: intensity }),
  },
];
