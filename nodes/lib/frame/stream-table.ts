/** State per stream, bounded in number: when it is full, the stream that was silent longest is forgotten. */
export class StreamTable<State> {
  /** In the order of last use: a Map iterates by insertion. */
  readonly #states = new Map<string, State>();
  readonly #limit: number;
  readonly #onEvict: ((stream: string, state: State) => void) | undefined;
  #last: string | undefined;
  /** Streams forgotten because there were too many. */
  evicted = 0;

  constructor(limit = 1024, onEvict?: (stream: string, state: State) => void) {
    if (!Number.isInteger(limit) || limit < 1) throw new TypeError('"limit" is not a positive integer');
    this.#limit = limit;
    this.#onEvict = onEvict;
  }

  get size(): number {
    return this.#states.size;
  }

  /** The state of a stream, made on its first use. O(1). */
  get(stream: string, create: (stream: string) => State): State {
    const known = this.#states.get(stream);
    if (known !== undefined) {
      if (stream !== this.#last) {
        this.#states.delete(stream);
        this.#states.set(stream, known);
        this.#last = stream;
      }
      return known;
    }
    if (this.#states.size >= this.#limit) this.evictOldest();
    const state = create(stream);
    this.#states.set(stream, state);
    this.#last = stream;
    return state;
  }

  /** The state of a stream that is known, without counting as a use. */
  peek(stream: string): State | undefined {
    return this.#states.get(stream);
  }

  delete(stream: string): boolean {
    return this.#states.delete(stream);
  }

  clear(): void {
    this.#states.clear();
  }

  entries(): IterableIterator<[string, State]> {
    return this.#states.entries();
  }

  /** Forgets the stream that was silent longest. */
  evictOldest(): void {
    const oldest = this.#states.entries().next().value;
    if (!oldest) return;
    this.#states.delete(oldest[0]);
    this.evicted++;
    this.#onEvict?.(oldest[0], oldest[1]);
  }
}
