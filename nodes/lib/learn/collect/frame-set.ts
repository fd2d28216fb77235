import type { FrameBatch } from "../training/request.js";
import { FrameSlots } from "./frame-slots.js";
import { type Group, Room, type RoomRule, type Share } from "./room.js";

export interface FrameSetOptions extends Pick<RoomRule, "whenFull">, Partial<Pick<RoomRule, "balanced">> {
  columns: number;
  /** The most frames that are kept. */
  limit: number;
  /** The most frames of one label, for a balanced set of the latest. */
  limitEach?: number;
}

/** Streams that are told apart, and streams of labels; those beyond count as one. */
const MAX_STREAMS = 10_000;
const MAX_GROUPS = 20_000;

const OTHERS = "(other streams)";

/** The frames collected for learning, up to a limit: each belongs to a stream, and in a balanced set to a label. */
export class FrameSet {
  readonly columns: number;
  readonly limit: number;
  readonly #whenFull: "latest" | "thin";
  readonly #balanced: boolean;
  readonly #limitEach: number;
  readonly #slots: FrameSlots;
  readonly #room: Room;
  readonly #streams: string[] = [];
  readonly #streamIndex = new Map<string, number>();
  readonly #shares = new Map<string, Share>();
  #groups = 0;
  #came = 0;
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;

  constructor({ columns, limit, whenFull, balanced = false, limitEach }: FrameSetOptions) {
    this.columns = columns;
    this.limit = limit;
    this.#whenFull = whenFull;
    this.#balanced = balanced;
    this.#limitEach = limitEach ?? Number.POSITIVE_INFINITY;
    this.#slots = new FrameSlots(columns, limit);
    this.#room = new Room(this.#slots, limit, { whenFull, balanced });
  }

  get count(): number {
    return this.#slots.count;
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
    if (this.count >= this.limit) this.#room.make(this.#balanced ? largest(this.#shares.values()) : share);
    else if (share.count >= this.#limitEach) this.#room.make(share);
    // Making room may have doubled the stride.
    if (number % group.stride !== 0) return undefined;
    group.slots.push(this.#slots.put({ data, start, end, stream: index, label, ordinal: number }));
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
          if (this.#slots.endOf(group.slots[i]!) > since) kept.push(group.slots[i]!);
        }
      }
    }
    return this.#slots.batch(kept, this.#streams, stride);
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
}

/** The share with the most frames; of equal ones the first. */
function largest(shares: Iterable<Share>): Share {
  let found: Share | undefined;
  for (const share of shares) if (found === undefined || share.count > found.count) found = share;
  return found!;
}
