const FIRST_CAPACITY = 8;

/** The readings of one channel that wait for their rows, oldest first. Nothing is allocated once it has grown. */
export class ReadingQueue {
  /** The most readings. */
  readonly limit: number;
  length = 0;
  #head = 0;
  #capacity = FIRST_CAPACITY;
  #times = new Float64Array(FIRST_CAPACITY);
  #values = new Float64Array(FIRST_CAPACITY);
  #labels = new Array<string | undefined>(FIRST_CAPACITY).fill(undefined);

  /** @param limit a power of two from 8 */
  constructor(limit: number) {
    this.limit = limit;
  }

  get full(): boolean {
    return this.length === this.limit;
  }

  /** Bytes held. */
  get bytes(): number {
    return 24 * this.#capacity;
  }

  time(index: number): number {
    return this.#times[this.#at(index)]!;
  }

  value(index: number): number {
    return this.#values[this.#at(index)]!;
  }

  label(index: number): string | undefined {
    return this.#labels[this.#at(index)];
  }

  /** Adds a reading; there must be room. */
  push(time: number, value: number, label: string | undefined): void {
    if (this.length === this.#capacity) this.#grow();
    const at = this.#at(this.length++);
    this.#times[at] = time;
    this.#values[at] = value;
    this.#labels[at] = label;
  }

  /** Drops the oldest. */
  shift(): void {
    this.#head = this.#at(1);
    this.length--;
  }

  /** Drops those that a later one, not after `time`, has replaced. */
  dropReplaced(time: number): void {
    while (this.length > 1 && this.time(1) <= time) this.shift();
  }

  clear(): void {
    this.#head = 0;
    this.length = 0;
  }

  #at(index: number): number {
    return (this.#head + index) & (this.#capacity - 1);
  }

  #grow(): void {
    const times = new Float64Array(2 * this.#capacity);
    const values = new Float64Array(2 * this.#capacity);
    const labels = new Array<string | undefined>(2 * this.#capacity).fill(undefined);
    for (let i = 0; i < this.length; i++) {
      times[i] = this.time(i);
      values[i] = this.value(i);
      labels[i] = this.label(i);
    }
    this.#times = times;
    this.#values = values;
    this.#labels = labels;
    this.#capacity *= 2;
    this.#head = 0;
  }
}
