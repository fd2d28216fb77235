import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import type { Pace } from "./pace.js";
import type { ReplayPart } from "./source.js";

export interface PlayerOptions<Part extends ReplayPart> {
  /** Undefined: as fast as `settled` allows. */
  pace?: Pace;
  /** Takes one row or chunk; must not throw. */
  emit(part: Part): void;
  /** Resolves when the receivers have dealt with what was emitted; asked after each batch. */
  settled(signal: AbortSignal): Promise<void>;
  /** Rows or chunks between two questions whether the receivers keep up. */
  batch?: number;
  clock?: Clock;
}

export interface Clock {
  /** ms, never set back. */
  now(): number;
  /** Rejects when aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The longest timer: beyond 2^31 ms setTimeout fires at once. */
const LONGEST_SLEEP = 3_600_000;

const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
};

/** Plays the rows or chunks of a file once: in real time or as fast as they are taken, with pause and stop at any moment. */
export class Player<Part extends ReplayPart> {
  readonly #options: PlayerOptions<Part>;
  readonly #clock: Clock;
  readonly #abort = new AbortController();
  /** When the first part was sent, moved on by every pause. */
  #start: number | undefined;
  #pausedAt: number | undefined;
  #resumed: (() => void) | undefined;

  constructor(options: PlayerOptions<Part>) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  get paused(): boolean {
    return this.#pausedAt !== undefined;
  }

  /**
   * Plays all of it. The source is closed when it ends, also when it is stopped or fails.
   * @returns false when it was stopped before the end
   * @throws whatever the source throws
   */
  async play(batches: AsyncIterable<Part[]>): Promise<boolean> {
    const { pace, emit, settled, batch = 64 } = this.#options;
    const { signal } = this.#abort;
    let sent = 0;
    try {
      for await (const parts of batches) {
        for (const part of parts) {
          if (this.#pausedAt !== undefined) await this.#untilResumed();
          if (pace) {
            const due = pace.due(part.time);
            this.#start ??= this.#clock.now();
            // Only when there is time left: what is late is sent at once.
            while (this.#start + due > this.#clock.now() && !signal.aborted) {
              await this.#clock.sleep(Math.min(this.#start + due - this.#clock.now(), LONGEST_SLEEP), signal);
              if (this.#pausedAt !== undefined) await this.#untilResumed();
              sent = 0;
            }
          }
          if (signal.aborted) return false;
          emit(part);
          if (++sent >= batch) {
            sent = 0;
            await settled(signal);
          }
        }
        if (signal.aborted) return false;
      }
      await settled(signal);
      return !signal.aborted;
    } catch (error) {
      if (signal.aborted) return false;
      throw error;
    }
  }

  pause(): void {
    this.#pausedAt ??= this.#clock.now();
  }

  resume(): void {
    if (this.#pausedAt === undefined) return;
    if (this.#start !== undefined) this.#start += this.#clock.now() - this.#pausedAt;
    this.#pausedAt = undefined;
    this.#resumed?.();
  }

  stop(): void {
    this.#abort.abort();
    this.#resumed?.();
  }

  async #untilResumed(): Promise<void> {
    while (this.#pausedAt !== undefined && !this.#abort.signal.aborted) {
      await new Promise<void>((done) => {
        this.#resumed = done;
      });
    }
  }
}
