import type { FrameBatch } from "../training/request.js";

export interface FrameSetOptions {
  columns: number;
  /** The most frames that are kept. */
  limit: number;
  /**
   * What happens when the set is full. latest: the oldest frame goes. thin: every second frame goes, and of those that
   * come only every second is taken from then on, so that the whole time stays covered.
   */
  whenFull: "latest" | "thin";
  /**
   * Whose frames go. Not balanced: all streams thin out alike, or the oldest frame of all goes. Balanced: the label with
   * the most frames gives up first, and of it the stream with the most, so that a rare gesture is never pushed out by a
   * frequent one. The labels must be few.
   */
  balanced?: boolean;
  /** The most frames of one label, for a balanced set of the latest. */
  limitEach?: number;
}

/** Streams that are told apart, and streams of labels; those beyond count as one. */
const MAX_STREAMS = 10_000;
const MAX_GROUPS = 20_000;

const OTHERS = "(other streams)";

/** The frames that are thinned together: those of a stream, and in a balanced set of a label. */
interface Group {
  /** Frames that came. */
  came: number;
  /** One in so many is kept. */
  stride: number;
  /** Where its frames lie, oldest first; what stands before `head` is gone. */
  slots: number[];
  head: number;
}

/** The frames of one label; in a set that is not balanced, all frames. */
interface Share {
  label: string;
  count: number;
  groups: Map<number, Group>;
}

/** The frames collected for learning, copied into a few arrays that grow to a limit and no further. */
export class FrameSet {
  readonly columns: number;
  readonly limit: number;
  readonly #whenFull: "latest" | "thin";
  readonly #balanced: boolean;
  readonly #limitEach: number;
  readonly #streams: string[] = [];
  readonly #streamIndex = new Map<string, number>();
  readonly #shares = new Map<string, Share>();
  #groups = 0;
  /** Places whose frame is gone. */
  readonly #free: number[] = [];
  #used = 0;
  #arrived = 0;
  #came = 0;
  #data = new Float32Array(0);
  #start = new Float64Array(0);
  #end = new Float64Array(0);
  #stream = new Int32Array(0);
  /** The how-manieth frame of its group it was. */
  #ordinal = new Float64Array(0);
  /** The how-manieth of all that were taken. */
  #arrival = new Float64Array(0);
  readonly #label: (string | undefined)[] = [];
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;

  constructor({ columns, limit, whenFull, balanced = false, limitEach }: FrameSetOptions) {
    this.columns = columns;
    this.limit = limit;
    this.#whenFull = whenFull;
    this.#balanced = balanced;
    this.#limitEach = limitEach ?? Number.POSITIVE_INFINITY;
  }

  get count(): number {
    return this.#used - this.#free.length;
  }

  /** Frames that came but are not kept. */
  get dropped(): number {
    return this.#came - this.count;
  }

  /** ms from the first sample to the last of all frames that ever came. */
  get span(): number {
    return Math.max(0, this.#last - this.#first);
  }

  /** ms since 1970, of the latest sample. */
  get last(): number {
    return this.#last;
  }

  /** The frames of each label, in the order in which the labels came; only of a balanced set. */
  get counts(): { label: string; count: number }[] {
    if (!this.#balanced) return [];
    return [...this.#shares.values()].filter(({ count }) => count > 0).map(({ label, count }) => ({ label, count }));
  }

  /**
   * Copies a frame in. O(columns), and O(labels + streams) when the set is full; a thinning now and then takes longer.
   * @param ordinal the how-manieth frame of its group it was, when it is read from a journal
   * @returns its ordinal, or undefined when it was not kept
   */
  add(
    data: Float32Array,
    start: number,
    end: number,
    stream: string,
    label?: string,
    ordinal?: number,
  ): number | undefined {
    this.#first = Math.min(this.#first, start);
    this.#last = Math.max(this.#last, end);
    const index = this.#indexOf(stream);
    const share = this.#shareOf(label);
    const group = this.#groupOf(share, index);
    const number = ordinal ?? group.came;
    this.#came += number + 1 - group.came;
    group.came = number + 1;
    if (number % group.stride !== 0) return undefined;
    if (this.count >= this.limit) this.#makeRoom(this.#balanced ? largest(this.#shares.values()) : share);
    else if (share.count >= this.#limitEach) this.#makeRoom(share);
    // Making room may have doubled the stride.
    if (number % group.stride !== 0) return undefined;
    const at = this.#place();
    this.#data.set(data, at * this.columns);
    this.#start[at] = start;
    this.#end[at] = end;
    this.#stream[at] = index;
    this.#ordinal[at] = number;
    this.#arrival[at] = this.#arrived++;
    this.#label[at] = label;
    group.slots.push(at);
    share.count++;
    return number;
  }

  /** A copy of the frames, in the order in which they came; of those that end after `since`. */
  batch(since = Number.NEGATIVE_INFINITY): FrameBatch {
    const kept: number[] = [];
    let stride = 1;
    for (const { groups } of this.#shares.values()) {
      for (const group of groups.values()) {
        stride = Math.max(stride, group.stride);
        for (let i = group.head; i < group.slots.length; i++) {
          if (this.#end[group.slots[i]!]! > since) kept.push(group.slots[i]!);
        }
      }
    }
    kept.sort((a, b) => this.#arrival[a]! - this.#arrival[b]!);
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
      streams: [...this.#streams],
      label: Int32Array.from(kept, (at) => labelOf(this.#label[at])),
      labels: [...labels.keys()],
      stride,
    };
  }

  #indexOf(stream: string): number {
    const known = this.#streamIndex.get(stream);
    if (known !== undefined) return known;
    if (this.#streams.length >= MAX_STREAMS) return this.#streams.length - 1;
    const index = this.#streams.length;
    this.#streams.push(index === MAX_STREAMS - 1 ? OTHERS : stream);
    this.#streamIndex.set(stream, index);
    return index;
  }

  #shareOf(label: string | undefined): Share {
    const key = this.#balanced ? (label ?? "") : "";
    const known = this.#shares.get(key);
    if (known) return known;
    const share: Share = { label: key, count: 0, groups: new Map() };
    this.#shares.set(key, share);
    return share;
  }

  #groupOf({ groups }: Share, stream: number): Group {
    // In a set of the latest that is not balanced the oldest of all streams goes: they are one group.
    let key = this.#whenFull === "latest" && !this.#balanced ? 0 : stream;
    const known = groups.get(key);
    if (known) return known;
    if (this.#groups >= MAX_GROUPS) {
      key = -1;
      const others = groups.get(key);
      if (others) return others;
    }
    const stride = this.#balanced ? 1 : (groups.values().next().value?.stride ?? 1);
    const group: Group = { came: 0, stride, slots: [], head: 0 };
    groups.set(key, group);
    this.#groups++;
    return group;
  }

  #makeRoom(share: Share): void {
    const groups = [...share.groups.values()];
    if (this.#whenFull === "latest") {
      this.#dropOldest(share, fullest(groups));
      return;
    }
    const before = this.count;
    const thinned = this.#balanced ? [fullest(groups)] : groups;
    for (const group of thinned) this.#thin(share, group, group.stride * 2);
    if (this.#balanced && this.count < before) return;
    if (!this.#balanced && this.count <= 0.9 * this.limit) return;
    // Many streams of a few frames each have nothing to thin: then the oldest quarter goes.
    for (const group of thinned) group.stride /= 2;
    this.#dropQuarter(share, groups);
  }

  #thin(share: Share, group: Group, stride: number): void {
    group.stride = stride;
    this.#keep(share, group, (at) => this.#ordinal[at]! % stride === 0);
  }

  #dropQuarter(share: Share, groups: readonly Group[]): void {
    const arrivals = groups.flatMap(({ slots, head }) => slots.slice(head).map((at) => this.#arrival[at]!));
    arrivals.sort((a, b) => a - b);
    const from = arrivals[Math.ceil(arrivals.length / 4)] ?? Number.POSITIVE_INFINITY;
    for (const group of groups) this.#keep(share, group, (at) => this.#arrival[at]! >= from);
  }

  #dropOldest(share: Share, group: Group): void {
    this.#release(group.slots[group.head++]!);
    share.count--;
    // What is gone is cut off now and then, which costs O(1) each.
    if (group.head > 64 && group.head > group.slots.length / 2) {
      group.slots = group.slots.slice(group.head);
      group.head = 0;
    }
  }

  #keep(share: Share, group: Group, keep: (at: number) => boolean): void {
    const kept: number[] = [];
    for (let i = group.head; i < group.slots.length; i++) {
      const at = group.slots[i]!;
      if (keep(at)) kept.push(at);
      else {
        this.#release(at);
        share.count--;
      }
    }
    group.slots = kept;
    group.head = 0;
  }

  #release(at: number): void {
    this.#free.push(at);
    this.#label[at] = undefined;
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
    const larger = Math.min(this.limit, Math.max(64, size * 2));
    this.#data = extended(this.#data, new Float32Array(larger * this.columns));
    this.#start = extended(this.#start, new Float64Array(larger));
    this.#end = extended(this.#end, new Float64Array(larger));
    this.#ordinal = extended(this.#ordinal, new Float64Array(larger));
    this.#arrival = extended(this.#arrival, new Float64Array(larger));
    this.#stream = extended(this.#stream, new Int32Array(larger));
  }
}

/** The share with the most frames; of equal ones the first. */
function largest(shares: Iterable<Share>): Share {
  let found: Share | undefined;
  for (const share of shares) if (found === undefined || share.count > found.count) found = share;
  return found!;
}

/** The group with the most frames; of equal ones the first. */
function fullest(groups: readonly Group[]): Group {
  let found = groups[0]!;
  for (const group of groups) if (group.slots.length - group.head > found.slots.length - found.head) found = group;
  return found;
}

function extended<T extends Float32Array | Float64Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
