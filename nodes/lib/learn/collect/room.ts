import type { FrameSlots } from "./frame-slots.js";

/** Which frames go when there are more than fit. */
export interface RoomRule {
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
  balanced: boolean;
}

/** The frames that are thinned together: those of a stream, and in a balanced set of a label. */
export interface Group {
  /** Frames that came. */
  came: number;
  /** One in so many is kept. */
  stride: number;
  /** Where its frames lie, oldest first; what stands before `head` is gone. */
  slots: number[];
  head: number;
}

/** The frames of one label; in a set that is not balanced, all frames. */
export interface Share {
  label: string;
  count: number;
  groups: Map<number, Group>;
}

/** Makes room in a set that is full. */
export class Room {
  readonly #slots: FrameSlots;
  readonly #limit: number;
  readonly #rule: RoomRule;

  constructor(slots: FrameSlots, limit: number, rule: RoomRule) {
    this.#slots = slots;
    this.#limit = limit;
    this.#rule = rule;
  }

  /** Lets at least one frame of the share go; of a set to be thinned that is not balanced, at least a tenth. */
  make(share: Share): void {
    const groups = [...share.groups.values()];
    if (this.#rule.whenFull === "latest") {
      this.#dropOldest(share, fullest(groups));
      return;
    }
    const before = this.#slots.count;
    const thinned = this.#rule.balanced ? [fullest(groups)] : groups;
    for (const group of thinned) this.#thin(share, group, group.stride * 2);
    if (this.#rule.balanced && this.#slots.count < before) return;
    if (!this.#rule.balanced && this.#slots.count <= 0.9 * this.#limit) return;
    // Many streams of a few frames each have nothing to thin: then the oldest quarter goes.
    for (const group of thinned) group.stride /= 2;
    this.#dropQuarter(share, groups);
  }

  #thin(share: Share, group: Group, stride: number): void {
    group.stride = stride;
    this.#keep(share, group, (at) => this.#slots.ordinalOf(at) % stride === 0);
  }

  #dropQuarter(share: Share, groups: readonly Group[]): void {
    const arrivals = groups.flatMap(({ slots, head }) => slots.slice(head).map((at) => this.#slots.arrivalOf(at)));
    arrivals.sort((a, b) => a - b);
    const from = arrivals[Math.ceil(arrivals.length / 4)] ?? Number.POSITIVE_INFINITY;
    for (const group of groups) this.#keep(share, group, (at) => this.#slots.arrivalOf(at) >= from);
  }

  #dropOldest(share: Share, group: Group): void {
    this.#slots.release(group.slots[group.head++]!);
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
        this.#slots.release(at);
        share.count--;
      }
    }
    group.slots = kept;
    group.head = 0;
  }
}

/** The group with the most frames; of equal ones the first. */
function fullest(groups: readonly Group[]): Group {
  let found = groups[0]!;
  for (const group of groups) if (group.slots.length - group.head > found.slots.length - found.head) found = group;
  return found;
}
