import type { FrameBatch } from "../training/request.js";

export interface FrameSetOptions {
  columns: number;
  /** The most frames that are kept. */
  limit: number;
  /**
   * What happens when the set is full. latest: the oldest frame goes. thin: every second frame of each stream goes, and
   * of those that come only every second is taken from then on, so that the whole time stays covered.
   */
  whenFull: "latest" | "thin";
}

/** Streams that are told apart; those beyond it count as one. */
const MAX_STREAMS = 10_000;

const OTHERS = "(other streams)";

/** The frames collected for learning, copied into a few arrays that grow to a limit and no further. */
export class FrameSet {
  readonly columns: number;
  readonly limit: number;
  readonly #whenFull: "latest" | "thin";
  readonly #streams: string[] = [];
  readonly #streamIndex = new Map<string, number>();
  /** Frames that came, by stream. */
  readonly #came: number[] = [];
  #stride = 1;
  #count = 0;
  /** Where the oldest frame lies; not 0 only when `latest` frames go round in a full set. */
  #head = 0;
  #data = new Float32Array(0);
  #start = new Float64Array(0);
  #end = new Float64Array(0);
  #stream = new Int32Array(0);
  /** The how-manieth frame of its stream it was. */
  #ordinal = new Float64Array(0);
  /** Frames that were not kept because of the limit. */
  dropped = 0;
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;

  constructor({ columns, limit, whenFull }: FrameSetOptions) {
    this.columns = columns;
    this.limit = limit;
    this.#whenFull = whenFull;
  }

  get count(): number {
    return this.#count;
  }

  /** ms from the first sample to the last of all frames that ever came. */
  get span(): number {
    return Math.max(0, this.#last - this.#first);
  }

  /** ms since 1970, of the latest sample. */
  get last(): number {
    return this.#last;
  }

  /**
   * Copies a frame in. O(columns), but for a thinning now and then.
   * @param ordinal the how-manieth frame of its stream it was, when it is read from a journal
   * @returns its ordinal, or undefined when it was not kept
   */
  add(data: Float32Array, start: number, end: number, stream: string, ordinal?: number): number | undefined {
    this.#first = Math.min(this.#first, start);
    this.#last = Math.max(this.#last, end);
    const index = this.#indexOf(stream);
    const number = ordinal ?? this.#came[index]!;
    this.#came[index] = number + 1;
    if (number % this.#stride === 0 && this.#count === this.limit) this.#makeRoom();
    // Making room may have doubled the stride.
    if (number % this.#stride !== 0) {
      this.dropped++;
      return undefined;
    }
    this.#grow();
    const at = (this.#head + this.#count) % this.#start.length;
    this.#data.set(data, at * this.columns);
    this.#start[at] = start;
    this.#end[at] = end;
    this.#stream[at] = index;
    this.#ordinal[at] = number;
    this.#count++;
    return number;
  }

  /** A copy of the frames, in the order in which they came; of those that end after `since`. */
  batch(since = Number.NEGATIVE_INFINITY): FrameBatch {
    const kept: number[] = [];
    for (let i = 0; i < this.#count; i++) {
      const at = (this.#head + i) % this.#start.length;
      if (this.#end[at]! > since) kept.push(at);
    }
    const data = new Float32Array(kept.length * this.columns);
    kept.forEach((at, i) => {
      data.set(this.#data.subarray(at * this.columns, (at + 1) * this.columns), i * this.columns);
    });
    return {
      rows: kept.length,
      columns: this.columns,
      data,
      start: Float64Array.from(kept, (at) => this.#start[at]!),
      end: Float64Array.from(kept, (at) => this.#end[at]!),
      stream: Int32Array.from(kept, (at) => this.#stream[at]!),
      streams: [...this.#streams],
      label: new Int32Array(kept.length).fill(-1),
      labels: [],
      stride: this.#stride,
    };
  }

  #indexOf(stream: string): number {
    const known = this.#streamIndex.get(stream);
    if (known !== undefined) return known;
    if (this.#streams.length >= MAX_STREAMS) return this.#streams.length - 1;
    const index = this.#streams.length;
    this.#streams.push(index === MAX_STREAMS - 1 ? OTHERS : stream);
    this.#streamIndex.set(stream, index);
    this.#came.push(0);
    return index;
  }

  #makeRoom(): void {
    const before = this.#count;
    if (this.#whenFull === "thin") {
      this.#stride *= 2;
      this.#compact((at) => this.#ordinal[at]! % this.#stride === 0);
      // Many streams of a few frames each have nothing to thin: then the oldest quarter goes.
      if (this.#count > 0.9 * this.limit) {
        this.#stride /= 2;
        const from = Math.ceil(this.#count / 4);
        let i = 0;
        this.#compact(() => i++ >= from);
      }
    } else {
      this.#head = (this.#head + 1) % this.#start.length;
      this.#count--;
    }
    this.dropped += before - this.#count;
  }

  /** Keeps the frames that pass, moved together. Only for `thin`, where the oldest lies at 0. */
  #compact(keep: (at: number) => boolean): void {
    let to = 0;
    for (let at = 0; at < this.#count; at++) {
      if (!keep(at)) continue;
      this.#data.copyWithin(to * this.columns, at * this.columns, (at + 1) * this.columns);
      this.#start[to] = this.#start[at]!;
      this.#end[to] = this.#end[at]!;
      this.#stream[to] = this.#stream[at]!;
      this.#ordinal[to] = this.#ordinal[at]!;
      to++;
    }
    this.#count = to;
  }

  /** Doubles the arrays up to the limit. They are full only while the oldest lies at 0. */
  #grow(): void {
    const size = this.#start.length;
    if (this.#count < size) return;
    const larger = Math.min(this.limit, Math.max(64, size * 2));
    this.#data = extended(this.#data, new Float32Array(larger * this.columns));
    this.#start = extended(this.#start, new Float64Array(larger));
    this.#end = extended(this.#end, new Float64Array(larger));
    this.#ordinal = extended(this.#ordinal, new Float64Array(larger));
    this.#stream = extended(this.#stream, new Int32Array(larger));
  }
}

function extended<T extends Float32Array | Float64Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
