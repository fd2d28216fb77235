import { Hold } from "./hold.js";
import { isBeyond, type Limit, scaled } from "./limits.js";
import { LastLevels, Level } from "./n-of-m.js";
import type { DecideSettings } from "./settings.js";
import { type Smoother, smootherOf } from "./smoothing.js";

/** One keyword of one stream: its smoothed score, and how that stands to its threshold. */
export class KeywordTrack {
  readonly label: string;
  readonly levels: LastLevels;
  readonly holding = new Hold();
  /** The threshold, inclusive. */
  limit: Limit = { value: 0, side: "above", inclusive: true };
  score = 0;
  smoothed = 0;
  level: Level = Level.Calm;
  /** It rose while it could not be raised: it has to fall before it counts, or one word would be told twice. */
  isSpent = false;
  readonly #smoother: Smoother;
  readonly #clearRatio: number;

  constructor(label: string, smoothing: DecideSettings["smoothing"], { among, clearRatio }: DecideSettings) {
    this.label = label;
    this.levels = new LastLevels(among);
    this.#smoother = smootherOf(smoothing);
    this.#clearRatio = clearRatio;
  }

  /** How far the smoothed score is above the threshold. */
  get margin(): number {
    return this.smoothed - this.limit.value;
  }

  /** @param counts whether what is beyond counts now; else it is spent */
  push(score: number, threshold: number, time: number, counts: boolean): void {
    if (threshold !== this.limit.value) this.limit = { ...this.limit, value: threshold };
    this.score = score;
    this.smoothed = this.#smoother.push(score);
    this.level = this.#levelOf(this.smoothed);
    if (this.level === Level.Calm) this.isSpent = false;
    else if (this.level === Level.Beyond && !counts) this.isSpent = true;
    this.levels.push(this.isSpent ? Level.Between : this.level, time);
  }

  /** For how long enough of the last results have been beyond; undefined while they are not, or do not count. */
  held(needed: number, time: number): number | undefined {
    return this.holding.update(this.levels.beyond >= needed, time);
  }

  /** Whether the smoothed score has come to this share of the threshold. */
  reaches(ratio: number): boolean {
    return isBeyond(this.smoothed, scaled(this.limit, ratio));
  }

  /** As new. */
  reset(): void {
    this.#smoother.reset();
    this.levels.clear();
    this.holding.stop();
    this.smoothed = 0;
    this.level = Level.Calm;
    this.isSpent = false;
  }

  #levelOf(score: number): Level {
    if (isBeyond(score, this.limit)) return Level.Beyond;
    return isBeyond(score, scaled(this.limit, this.#clearRatio)) ? Level.Between : Level.Calm;
  }
}
