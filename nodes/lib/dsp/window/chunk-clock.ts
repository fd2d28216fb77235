import type { Reading } from "../../frame/index.js";

/** ms by which timestamps that were rounded may differ. */
const ROUNDING = 1;
/** ms by which a chunk without a timestamp may arrive later than it should, at least. */
const SLACK = 1000;

/**
 * When the samples of chunks with a rate are. Arrival times jitter, and timestamps are rounded: a chunk that seems to
 * follow the one before it does so exactly. Of an unbroken row of chunks each sample's time is counted from the first, so
 * that it is the same, bit for bit, however the row was cut.
 */
export class ChunkClock {
  #rate = Number.NaN;
  #step = Number.NaN;
  /** The first sample of the unbroken row, and how many samples it has. */
  #origin = Number.NaN;
  #count = 0;
  /** The same, with the chunk that was begun as the next one. */
  #chunkOrigin = Number.NaN;
  #offset = 0;

  /**
   * Looks at a chunk; it is part of the row only when it is added.
   * @param reset ms: a chunk that lies further back begins anew
   * @returns ms since 1970, of its first sample
   */
  begin({ time, timed }: Reading, rate: number, moments: number, reset: number): number {
    if (rate !== this.#rate) {
      this.reset();
      this.#rate = rate;
      this.#step = 1000 / rate;
    }
    const step = this.#step;
    const early = this.#origin + this.#count * step - time;
    const follows = timed
      ? Math.abs(early) <= ROUNDING
      : early <= reset && -early <= Math.max(SLACK, 2 * moments * step);
    this.#chunkOrigin = follows ? this.#origin : time;
    this.#offset = follows ? this.#count : 0;
    return this.at(0);
  }

  /** ms since 1970, of a sample of the chunk that was begun last. */
  at(sample: number): number {
    return this.#chunkOrigin + (this.#offset + sample) * this.#step;
  }

  /** The chunk that was begun last counts. */
  add(moments: number): void {
    this.#origin = this.#chunkOrigin;
    this.#count = this.#offset + moments;
  }

  /** The next chunk follows none. */
  reset(): void {
    this.#rate = Number.NaN;
    this.#origin = Number.NaN;
    this.#count = 0;
  }
}
