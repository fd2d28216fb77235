import { Hold } from "./hold.js";
import type { KeywordTrack } from "./keyword-track.js";

/** A keyword that came near its threshold: the highest that it came. */
export interface NearMiss {
  label: string;
  score: number;
  threshold: number;
  since: number;
}

/**
 * Finds what came near a threshold and did not make it. While a score still rises nobody knows how far it will go, so it
 * is told when it has fallen for a while.
 */
export class UncertainKeyword {
  readonly #ratio: number;
  readonly #calmFor: number;
  readonly #calm = new Hold();
  #near: NearMiss | undefined;
  /** All keywords have been calm since what came before: what has not fallen yet belongs to that. */
  #isReady = false;

  /**
   * @param ratio of the threshold; 0 = never
   * @param calmFor ms
   */
  constructor(ratio: number, calmFor: number) {
    this.#ratio = ratio;
    this.#calmFor = calmFor;
  }

  /** Looks at all keywords of a result; returns the one that was nearest when they have all been calm for long enough. */
  look(tracks: Iterable<KeywordTrack>, time: number): NearMiss | undefined {
    if (this.#ratio <= 0) return undefined;
    let best: KeywordTrack | undefined;
    for (const track of tracks) {
      if (track.isSpent || !track.reaches(this.#ratio)) continue;
      if (best === undefined || track.margin > best.margin) best = track;
    }
    if (best !== undefined) {
      if (!this.#isReady) return undefined;
      this.#calm.stop();
      const { label, smoothed: score, limit, margin } = best;
      const near = this.#near;
      if (near === undefined || margin > near.score - near.threshold) {
        this.#near = { label, score, threshold: limit.value, since: near?.since ?? time };
      }
      return undefined;
    }
    this.#isReady = true;
    const calm = this.#calm.update(this.#near !== undefined, time);
    if (calm === undefined || calm < this.#calmFor) return undefined;
    const found = this.#near;
    this.#near = undefined;
    this.#calm.stop();
    return found;
  }

  /** Nothing came since this time, which is as calm as it gets. */
  pauseSince(time: number): void {
    if (this.#near !== undefined && !this.#calm.running) this.#calm.update(true, time);
  }

  shift(by: number): void {
    this.#calm.shift(by);
  }

  /** What was heard until now is told, or counts no more. */
  forget(): void {
    this.#near = undefined;
    this.#isReady = false;
    this.#calm.stop();
  }
}
