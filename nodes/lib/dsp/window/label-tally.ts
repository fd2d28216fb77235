import type { LabelRule } from "./options.js";

const FIRST_CAPACITY = 16;
/** The most labels that are told apart in one window; further ones count as none. */
const MAX_LABELS = 255;
const NONE = 0;

/** The labels of the rows in a window, oldest first: O(1) for each row, O(labels) for each window. */
export class LabelTally {
  #length = 0;
  #head = 0;
  /** One of the numbers below for each row; NONE where it has no label. */
  #ids = new Uint8Array(FIRST_CAPACITY);
  readonly #idOf = new Map<string, number>();
  readonly #labels: string[] = [""];
  readonly #counts: number[] = [0];
  /** Numbers whose label has left the window. */
  readonly #free: number[] = [];
  /** The row before: nearly always of the same label. */
  #last: string | undefined;
  #lastId = NONE;

  get bytes(): number {
    return this.#ids.length;
  }

  add(label: string | undefined): void {
    if (label !== this.#last || (this.#counts[this.#lastId] === 0 && this.#lastId !== NONE)) {
      this.#last = label;
      this.#lastId = this.#number(label);
    }
    if (this.#length === this.#ids.length) this.#grow();
    this.#ids[this.#at(this.#length++)] = this.#lastId;
    this.#counts[this.#lastId]!++;
  }

  /** Drops the oldest rows until so many are left. */
  keep(length: number): void {
    while (this.#length > length) {
      const id = this.#ids[this.#head]!;
      if (--this.#counts[id]! === 0 && id !== NONE) {
        this.#idOf.delete(this.#labels[id]!);
        this.#free.push(id);
      }
      this.#head = this.#head + 1 === this.#ids.length ? 0 : this.#head + 1;
      this.#length--;
    }
  }

  /** The window's label. Of labels that are equally frequent, the one that comes last in the window. */
  label({ by, share }: LabelRule): string | undefined {
    let most = 0;
    for (const id of this.#idOf.values()) most = Math.max(most, this.#counts[id]!);
    if (most === 0) return undefined;
    if (by === "majority" && most * 2 <= this.#length) return undefined;
    // The share is a decimal number: 3 of 10 are 30 %.
    if (by === "share" && most < share * this.#length - 1e-9) return undefined;
    for (let i = this.#length - 1; ; i--) {
      const id = this.#ids[this.#at(i)]!;
      if (id !== NONE && this.#counts[id] === most) return this.#labels[id];
    }
  }

  /** The number of a label. */
  #number(label: string | undefined): number {
    if (label === undefined) return NONE;
    const known = this.#idOf.get(label);
    if (known !== undefined) return known;
    const id = this.#free.pop() ?? this.#labels.length;
    if (id > MAX_LABELS) return NONE;
    this.#labels[id] = label;
    this.#counts[id] = 0;
    this.#idOf.set(label, id);
    return id;
  }

  #at(index: number): number {
    const at = this.#head + index;
    return at < this.#ids.length ? at : at - this.#ids.length;
  }

  #grow(): void {
    const ids = new Uint8Array(this.#ids.length * 2);
    ids.set(this.#ids.subarray(this.#head));
    ids.set(this.#ids.subarray(0, this.#head), this.#ids.length - this.#head);
    this.#ids = ids;
    this.#head = 0;
  }
}
