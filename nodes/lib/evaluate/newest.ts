/** The newest of what comes, bounded in number: the oldest gives way. */
export class Newest<T> {
  /** What gave way. */
  dropped = 0;
  readonly #limit: number;
  readonly #items: T[] = [];
  /** Where the oldest stands, once it is full. */
  #first = 0;

  constructor(limit: number) {
    if (!Number.isInteger(limit) || limit < 1) throw new TypeError('"limit" is not a positive integer');
    this.#limit = limit;
  }

  get size(): number {
    return this.#items.length;
  }

  /** @returns what gave way, if anything did */
  push(item: T): T | undefined {
    if (this.#items.length < this.#limit) {
      this.#items.push(item);
      return undefined;
    }
    const oldest = this.#items[this.#first]!;
    this.#items[this.#first] = item;
    this.#first = (this.#first + 1) % this.#limit;
    this.dropped++;
    return oldest;
  }

  /** Oldest first. */
  toArray(): T[] {
    return [...this.#items.slice(this.#first), ...this.#items.slice(0, this.#first)];
  }
}
