import type { ChannelOptions, WindowPlan } from "./options.js";
import { Cell } from "./row-ring.js";

/** Beyond this a frame's float32 would hold Infinity. */
const FLOAT32_MAX = 3.4028234663852886e38;

/**
 * Looks at each value before it goes into a window: what is not a number, out of range or stuck is marked, and what is
 * missing is filled as the gap policy says. Keeps the last good value and the run of identical ones for each channel.
 */
export class Screen {
  /** The row that was looked at last, as it goes into the window. */
  readonly values: Float64Array;
  /** What each value of the row is, one of Cell. */
  readonly cells: Uint8Array;
  readonly #min: Float64Array;
  readonly #max: Float64Array;
  readonly #stuckAfter: Float64Array;
  readonly #holdLimit: number;
  readonly #lastGood: Float64Array;
  readonly #held: Float64Array;
  readonly #previous: Float64Array;
  readonly #run: Float64Array;

  constructor(plan: WindowPlan, channels: readonly string[]) {
    const columns = channels.length;
    const options = new Map<string, ChannelOptions>(plan.channels.map((entry) => [entry.channel, entry]));
    const each = (pick: (entry: ChannelOptions | undefined) => number) =>
      Float64Array.from(channels, (channel) => pick(options.get(channel)));
    this.values = new Float64Array(columns);
    this.cells = new Uint8Array(columns);
    this.#min = each((entry) => Math.max(entry?.min ?? -FLOAT32_MAX, -FLOAT32_MAX));
    this.#max = each((entry) => Math.min(entry?.max ?? FLOAT32_MAX, FLOAT32_MAX));
    this.#stuckAfter = each((entry) => (entry?.stuck ? entry.stuck : Number.POSITIVE_INFINITY));
    this.#holdLimit = plan.gap.policy === "hold" ? plan.gap.limit : 0;
    this.#lastGood = new Float64Array(columns).fill(Number.NaN);
    this.#held = new Float64Array(columns);
    this.#previous = new Float64Array(columns).fill(Number.NaN);
    this.#run = new Float64Array(columns);
  }

  /** Looks at one value. `came` is false when its channel did not come at all. */
  look(c: number, value: number, came: boolean): void {
    if (value >= this.#min[c]! && value <= this.#max[c]!) {
      this.#lastGood[c] = value;
      this.#held[c] = 0;
      if (value === this.#previous[c]) this.#run[c]!++;
      else {
        this.#previous[c] = value;
        this.#run[c] = 1;
      }
      this.values[c] = value;
      this.cells[c] = this.#run[c]! >= this.#stuckAfter[c]! ? Cell.stuck : Cell.good;
      return;
    }
    const lastGood = this.#lastGood[c]!;
    if (this.#held[c]! < this.#holdLimit && !Number.isNaN(lastGood)) {
      this.#held[c]!++;
      this.values[c] = lastGood;
      // A stuck channel that also drops out is still stuck.
      this.cells[c] = this.#run[c]! >= this.#stuckAfter[c]! ? Cell.stuck : Cell.filled;
      return;
    }
    this.values[c] = Number.NaN;
    this.cells[c] = !came ? Cell.missing : Number.isFinite(value) ? Cell.outOfRange : Cell.notANumber;
  }

  /** Nothing is held across an interruption; a run of identical values goes on. */
  interrupt(): void {
    this.#lastGood.fill(Number.NaN);
    this.#held.fill(0);
  }

  /** As new. */
  reset(): void {
    this.interrupt();
    this.#previous.fill(Number.NaN);
    this.#run.fill(0);
  }
}
