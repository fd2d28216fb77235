import { MAX_CHANNELS } from "../../frame/index.js";
import type { WindowPlan } from "./options.js";
import { Cell, isMissing, newRow, type Row } from "./row.js";

/** Beyond this a frame's float32 would hold Infinity. */
const FLOAT32_MAX = 3.4028234663852886e38;

/** What a value is held against, for each channel. */
interface Limits {
  min: Float64Array;
  max: Float64Array;
  /** Undefined where no channel is ever stuck. */
  stuckAfter: Float64Array | undefined;
}

/** A channel that is not in the list has no limits; all streams without a list share these. */
const NO_LIMITS: Limits = {
  min: new Float64Array(MAX_CHANNELS).fill(-FLOAT32_MAX),
  max: new Float64Array(MAX_CHANNELS).fill(FLOAT32_MAX),
  stuckAfter: undefined,
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
      stuckAfter: plan.channels.some(({ stuck }) => stuck)
        ? each(({ stuck }) => stuck || Number.POSITIVE_INFINITY)
        : undefined,
    };
    limitsOfPlans.set(plan, limits);
  }
  return limits;
}

/** The row that is being looked at: taken in before the next one comes, so one serves all streams. */
const row = newRow(MAX_CHANNELS);

/** What is remembered of each channel, side by side: a thousand streams in turn find each other's in no cache. */
const STATE = 2;
const PREVIOUS = 0;
const RUN = 1;

/** Looks at each value before anything else does: what did not come, is not a number, out of range or stuck is marked. */
export class Screen {
  readonly #columns: number;
  readonly #limits: Limits;
  /** Runs of identical values. */
  readonly #state: Float64Array | undefined;

  constructor(plan: WindowPlan, columns: number) {
    this.#columns = columns;
    this.#limits = limitsOf(plan);
    if (this.#limits.stuckAfter !== undefined) this.#state = new Float64Array(STATE * columns);
    this.reset();
  }

  /**
   * The row of one moment; good until the next one of any stream.
   * @param base where the moment begins in `values`
   * @param map for each channel where its value is in the moment; -1 = it did not come
   */
  look(values: Float64Array | Float32Array, base: number, map: Int32Array): Row {
    const { values: out, cells } = row;
    const columns = this.#columns;
    let bad = 0;
    for (let c = 0; c < columns; c++) {
      const at = map[c]!;
      const value = at < 0 ? Number.NaN : values[base + at]!;
      const cell = at < 0 ? Cell.missing : this.judge(c, value);
      cells[c] = cell;
      out[c] = isMissing(cell) ? Number.NaN : value;
      if (cell !== Cell.good) bad++;
    }
    row.bad = bad;
    return row;
  }

  /** What a value that came in a channel is, one of Cell. */
  judge(c: number, value: number): number {
    const { min, max } = this.#limits;
    if (value >= min[c]! && value <= max[c]!) {
      return this.#state !== undefined && this.#isStuck(this.#state, c, value) ? Cell.stuck : Cell.good;
    }
    return Number.isFinite(value) ? Cell.outOfRange : Cell.notANumber;
  }

  /** As new; a mere interruption lets a run of identical values go on. */
  reset(): void {
    const state = this.#state;
    if (state === undefined) return;
    for (let at = 0; at < state.length; at += STATE) {
      state[at + PREVIOUS] = Number.NaN;
      state[at + RUN] = 0;
    }
  }

  #isStuck(state: Float64Array, c: number, value: number): boolean {
    const at = STATE * c;
    if (value === state[at + PREVIOUS]) state[at + RUN]!++;
    else {
      state[at + PREVIOUS] = value;
      state[at + RUN] = 1;
    }
    return state[at + RUN]! >= this.#limits.stuckAfter![c]!;
  }
}
