import type { Contribution } from "../frame/index.js";

/** Channels followed at once; a result names at most five. */
const MAX_CHANNELS = 64;
const MAX_NAMED = 5;
const MAX_NAME_LENGTH = 128;
/** An alert that builds up over many results is told by the last 64 or so of them. */
const MEMORY = 1 - 1 / 64;

/**
 * What drove an alert: the mean share of each channel over the results that built it up, recent ones weighing a little
 * more. A single result may name a channel by chance; the mean does not.
 */
export class Drivers {
  /** By channel: the weighted sum of its shares, and its feature that weighed most in the last result. */
  readonly #channels = new Map<string, { sum: number; feature?: string }>();
  #weight = 0;

  add(contributions: readonly Contribution[] | undefined): void {
    if (!contributions || contributions.length === 0) return;
    this.#weight = this.#weight * MEMORY + 1;
    for (const entry of this.#channels.values()) entry.sum *= MEMORY;
    for (const { channel, share, feature } of contributions.slice(0, MAX_CHANNELS)) {
      const name = channel.slice(0, MAX_NAME_LENGTH);
      let entry = this.#channels.get(name);
      if (!entry) {
        if (this.#channels.size >= MAX_CHANNELS) this.#forgetSmallest();
        entry = { sum: 0 };
        this.#channels.set(name, entry);
      }
      entry.sum += share;
      if (feature !== undefined) entry.feature = feature.slice(0, MAX_NAME_LENGTH);
    }
  }

  /** The channels by mean share, largest first; at most five. */
  top(): Contribution[] {
    return [...this.#channels]
      .sort((a, b) => b[1].sum - a[1].sum)
      .slice(0, MAX_NAMED)
      .map(([channel, { sum, feature }]) => {
        const share = Math.min(1, sum / this.#weight);
        return feature === undefined ? { channel, share } : { channel, share, feature };
      });
  }

  clear(): void {
    this.#channels.clear();
    this.#weight = 0;
  }

  #forgetSmallest(): void {
    let smallest: string | undefined;
    let sum = Number.POSITIVE_INFINITY;
    for (const [channel, entry] of this.#channels) {
      if (entry.sum < sum) {
        smallest = channel;
        sum = entry.sum;
      }
    }
    if (smallest !== undefined) this.#channels.delete(smallest);
  }
}
