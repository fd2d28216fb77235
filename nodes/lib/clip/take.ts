import { type ClipOptions, MAX_SAMPLES } from "./options.js";
import { Quiet } from "./quiet.js";
import type { SoundRing } from "./sound-ring.js";

/** A clip that is being taken: moments of the unbroken row of one ring. */
export class Take {
  /** The trigger's moment. */
  readonly trigger: number;
  /** Of the trigger, for who asked. */
  readonly cause: unknown;
  /** Triggers that fell into it. */
  triggers = 1;
  readonly #options: ClipOptions;
  readonly #ring: SoundRing;
  readonly #parts: Float32Array[] = [];
  readonly #quiet: Quiet | undefined;
  /** The first moment that was wanted, and that is here. */
  readonly #wanted: number;
  readonly #start: number;
  /** The moment after the last one that was taken. */
  #at: number;
  #end: number;
  readonly #latest: number;
  /** The moment at which it becomes too large. */
  readonly #most: number;
  /** It has been quiet for long enough. */
  #quietEnd = false;

  constructor(ring: SoundRing, trigger: number, cause: unknown, options: ClipOptions) {
    this.trigger = trigger;
    this.cause = cause;
    this.#options = options;
    this.#ring = ring;
    this.#wanted = trigger - this.#moments(options.before);
    this.#start = Math.max(this.#wanted, ring.start);
    this.#at = this.#start;
    this.#most = this.#start + Math.floor(MAX_SAMPLES / ring.channels);
    this.#end = Math.min(this.#most, trigger + this.#moments(options.after));
    this.#latest = Math.min(this.#most, trigger + this.#moments(Math.max(options.longest, options.after)));
    if (options.ends === "silence") this.#quiet = new Quiet(ring.rate, ring.channels, options.level);
  }

  get bytes(): number {
    return this.#parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** Whether a moment falls into it, with the sound before it. */
  reaches(trigger: number): boolean {
    return trigger - this.#moments(this.#options.before) <= Math.max(this.#end, this.#at);
  }

  /** Another trigger: it goes on for as long after that one. */
  extend(trigger: number): void {
    this.triggers++;
    this.#end = Math.min(this.#latest, Math.max(this.#end, trigger + this.#moments(this.#options.after)));
  }

  /** Takes what the ring has by now. */
  catchUp(): void {
    const { start, end } = this.#ring;
    const from = Math.max(this.#at, start);
    if (from < end) this.push(this.#ring.copy(from, end), from);
  }

  /**
   * Takes its share of samples.
   * @param samples [moments, channels], row-major
   * @param first the moment that they begin with
   */
  push(samples: Float32Array | Float64Array, first: number): void {
    const { channels } = this.#ring;
    const until = this.#quiet === undefined ? this.#end : this.#latest;
    const from = Math.max(this.#at, first);
    let to = Math.min(until, first + samples.length / channels);
    if (this.isDone || from >= to) return;
    if (this.#quiet !== undefined) to = this.#untilQuiet(this.#quiet, samples, first, from, to);
    const part = samples.subarray((from - first) * channels, (to - first) * channels);
    this.#parts.push(Float32Array.from(part));
    this.#at = to;
  }

  /** Nothing more is wanted. */
  get isDone(): boolean {
    return this.#quiet === undefined ? this.#at >= this.#end : this.#quietEnd || this.#at >= this.#latest;
  }

  get #isWhole(): boolean {
    return this.isDone && this.#start === this.#wanted && this.#at < this.#most;
  }

  /** What was taken, and whether that is all that was wanted. */
  result(): { samples: Float32Array; start: number; complete: boolean } {
    const samples = new Float32Array(this.#parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of this.#parts) {
      samples.set(part, at);
      at += part.length;
    }
    return { samples, start: this.#start, complete: this.#isWhole };
  }

  /** The moment at which it has been quiet for long enough, and the least time is over; `to` when it has not. */
  #untilQuiet(quiet: Quiet, samples: Float32Array | Float64Array, first: number, from: number, to: number): number {
    const { channels } = this.#ring;
    const wanted = this.#moments(this.#options.quiet) * channels;
    // What was before the trigger does not count; within the least time, quiet adds up but ends nothing.
    let at = Math.max(from, this.trigger);
    const least = Math.min(to, this.#end);
    if (at < least) {
      quiet.until(Number.POSITIVE_INFINITY, samples, (at - first) * channels, (least - first) * channels);
      at = least;
    }
    if (at < this.#end) return to;
    if (quiet.run >= wanted) {
      this.#quietEnd = true;
      return at;
    }
    if (at >= to) return to;
    const used = quiet.until(wanted, samples, (at - first) * channels, (to - first) * channels);
    this.#quietEnd = quiet.run >= wanted;
    // The channels of a moment stay together.
    return Math.min(to, at + Math.ceil(used / channels));
  }

  #moments(ms: number): number {
    return Math.round((ms * this.#ring.rate) / 1000);
  }
}
