import { MAX_CHANNELS } from "../../frame/index.js";
import type { WindowPlan } from "./options.js";
import { Cell } from "./row-ring.js";

/** Beyond this a frame's float32 would hold Infinity. */
const FLOAT32_MAX = 3.4028234663852886e38;

/** What a value is held against, for each channel. */
interface Limits {
  min: Float64Array;
  max: Float64Array;
  stuckAfter: Float64Array;
}

/** A channel that is not in the list has no limits; all streams without a list share these. */
const NO_LIMITS: Limits = {
  min: new Float64Array(MAX_CHANNELS).fill(-FLOAT32_MAX),
  max: new Float64Array(MAX_CHANNELS).fill(FLOAT32_MAX),
  stuckAfter: new Float64Array(MAX_CHANNELS).fill(Number.POSITIVE_INFINITY),
};
const limitsOfPlans = new WeakMap<WindowPlan, Limits>();

/** The limits of a plan's channels, in their order: the same for each of its streams. */
function limitsOf(plan: WindowPlan): Limits {
  if (plan.channels.length === 0) return NO_LIMITS;
  let limits = limitsOfPlans.get(plan);
  if (limits === undefined) {
    const each = (pick: (entry: WindowPlan["channels"][number]) => number) => Float64Array.from(plan.channels, pick);
    limits = {
      min: each(({ min }) => Math.max(min ?? -FLOAT32_MAX, -FLOAT32_MAX)),
      max: each(({ max }) => Math.min(max ?? FLOAT32_MAX, FLOAT32_MAX)),
      stuckAfter: each(({ stuck }) => stuck || Number.POSITIVE_INFINITY),
    };
    limitsOfPlans.set(plan, limits);
  }
  return limits;
}

/** The row that is being looked at: copied into the ring before the next one, so one serves all streams. */
const values = new Float64Array(MAX_CHANNELS);
const cells = new Uint8Array(MAX_CHANNELS);

/** What is remembered of each channel, side by side: a thousand streams in turn find each other's in no cache. */
const STATE = 4;
const LAST_GOOD = 0;
const HELD = 1;
const PREVIOUS = 2;
const RUN = 3;

/**
 * Looks at each value before it goes into a window: what is not a number, out of range or stuck is marked, and what is
 * missing is filled as the gap policy says. Keeps the last good value and the run of identical ones for each channel.
 */
export class Screen {
  /** The row that was looked at last, as it goes into the window; until the next row of any stream. */
  readonly values = values;
  /** What each value of the row is, one of Cell. */
  readonly cells = cells;
  readonly #limits: Limits;
  readonly #holdLimit: number;
  readonly #state: Float64Array;

  constructor(plan: WindowPlan, columns: number) {
    this.#limits = limitsOf(plan);
    this.#holdLimit = plan.gap.policy === "hold" ? plan.gap.limit : 0;
    this.#state = new Float64Array(STATE * columns);
    this.reset();
  }

  /** Looks at one value. `came` is false when its channel did not come at all. */
  look(c: number, value: number, came: boolean): void {
    const { min, max, stuckAfter } = this.#limits;
    const state = this.#state;
    const at = STATE * c;
    if (value >= min[c]! && value <= max[c]!) {
      state[at + LAST_GOOD] = value;
      state[at + HELD] = 0;
      if (value === state[at + PREVIOUS]) state[at + RUN]!++;
      else {
        state[at + PREVIOUS] = value;
        state[at + RUN] = 1;
      }
      values[c] = value;
      cells[c] = state[at + RUN]! >= stuckAfter[c]! ? Cell.stuck : Cell.good;
      return;
    }
    const lastGood = state[at + LAST_GOOD]!;
    if (state[at + HELD]! < this.#holdLimit && !Number.isNaN(lastGood)) {
      state[at + HELD]!++;
      values[c] = lastGood;
      // A stuck channel that also drops out is still stuck.
      cells[c] = state[at + RUN]! >= stuckAfter[c]! ? Cell.stuck : Cell.filled;
      return;
    }
    values[c] = Number.NaN;
    cells[c] = !came ? Cell.missing : Number.isFinite(value) ? Cell.outOfRange : Cell.notANumber;
  }

  /** Nothing is held across an interruption; a run of identical values goes on. */
  interrupt(): void {
    const state = this.#state;
    for (let at = 0; at < state.length; at += STATE) {
      state[at + LAST_GOOD] = Number.NaN;
      state[at + HELD] = 0;
    }
  }

  /** As new. */
  reset(): void {
    this.interrupt();
    const state = this.#state;
    for (let at = 0; at < state.length; at += STATE) {
      state[at + PREVIOUS] = Number.NaN;
      state[at + RUN] = 0;
    }
  }
}
