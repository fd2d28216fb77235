import type { FrameBatch } from "../training/request.js";

/** A frame as it lies in its place. */
export interface SlotFrame {
  data: Float32Array;
  start: number;
  end: number;
  /** Index of its stream. */
  stream: number;
  label: string | undefined;
  /** The how-manieth frame of its group it was. */
  ordinal: number;
}

/** Places for frames, in a few arrays that grow to a limit and no further; a place that is released is used again. */
export class FrameSlots {
  readonly columns: number;
  readonly #limit: number;
  /** Places whose frame is gone. */
  readonly #free: number[] = [];
  #used = 0;
  #arrived = 0;
  #data = new Float32Array(0);
  #start = new Float64Array(0);
  #end = new Float64Array(0);
  #stream = new Int32Array(0);
  #ordinal = new Float64Array(0);
  /** The how-manieth of all that were taken. */
  #arrival = new Float64Array(0);
  readonly #label: (string | undefined)[] = [];

  constructor(columns: number, limit: number) {
    this.columns = columns;
    this.#limit = limit;
  }

  get count(): number {
    return this.#used - this.#free.length;
  }

  /**
   * Copies a frame in, O(columns). There must be room.
   * @returns its place
   */
  put({ data, start, end, stream, label, ordinal }: SlotFrame): number {
    const at = this.#place();
    this.#data.set(data, at * this.columns);
    this.#start[at] = start;
    this.#end[at] = end;
    this.#stream[at] = stream;
    this.#ordinal[at] = ordinal;
    this.#arrival[at] = this.#arrived++;
    this.#label[at] = label;
    return at;
  }

  release(at: number): void {
    this.#free.push(at);
    this.#label[at] = undefined;
  }

  endOf(at: number): number {
    return this.#end[at]!;
  }

  ordinalOf(at: number): number {
    return this.#ordinal[at]!;
  }

  arrivalOf(at: number): number {
    return this.#arrival[at]!;
  }

  /** A copy of the frames in these places, in the order in which they came. */
  batch(places: readonly number[], streams: readonly string[], stride: number): FrameBatch {
    const kept = [...places].sort((a, b) => this.#arrival[a]! - this.#arrival[b]!);
    const data = new Float32Array(kept.length * this.columns);
    kept.forEach((at, i) => {
      data.set(this.#data.subarray(at * this.columns, (at + 1) * this.columns), i * this.columns);
    });
    const labels = new Map<string, number>();
    const labelOf = (label: string | undefined): number => {
      if (label === undefined) return -1;
      const known = labels.get(label);
      if (known !== undefined) return known;
      labels.set(label, labels.size);
      return labels.size - 1;
    };
    return {
      rows: kept.length,
      columns: this.columns,
      data,
      start: Float64Array.from(kept, (at) => this.#start[at]!),
      end: Float64Array.from(kept, (at) => this.#end[at]!),
      stream: Int32Array.from(kept, (at) => this.#stream[at]!),
      streams: [...streams],
      label: Int32Array.from(kept, (at) => labelOf(this.#label[at])),
      labels: [...labels.keys()],
      stride,
    };
  }

  #place(): number {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    this.#grow();
    return this.#used++;
  }

  /** Doubles the arrays up to the limit. */
  #grow(): void {
    const size = this.#start.length;
    if (this.#used < size) return;
    const larger = Math.min(this.#limit, Math.max(64, size * 2));
    this.#data = extended(this.#data, new Float32Array(larger * this.columns));
    this.#start = extended(this.#start, new Float64Array(larger));
    this.#end = extended(this.#end, new Float64Array(larger));
    this.#ordinal = extended(this.#ordinal, new Float64Array(larger));
    this.#arrival = extended(this.#arrival, new Float64Array(larger));
    this.#stream = extended(this.#stream, new Int32Array(larger));
  }
}

function extended<T extends Float32Array | Float64Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
