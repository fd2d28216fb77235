interface Entry<State> {
  readonly stream: string;
  readonly state: State;
  /** Used before and after this one. */
  older: Entry<State> | undefined;
  newer: Entry<State> | undefined;
}

/**
 * State per stream, bounded in number: when it is full, the stream that was silent longest is forgotten. A use costs one
 * look-up and a few pointers, however many streams there are.
 */
export class StreamTable<State> {
  readonly #entries = new Map<string, Entry<State>>();
  readonly #limit: number;
  readonly #onEvict: ((stream: string, state: State) => void) | undefined;
  #oldest: Entry<State> | undefined;
  #newest: Entry<State> | undefined;
  /** Streams forgotten because there were too many. */
  evicted = 0;

  constructor(limit = 1024, onEvict?: (stream: string, state: State) => void) {
    if (!Number.isInteger(limit) || limit < 1) throw new TypeError('"limit" is not a positive integer');
    this.#limit = limit;
    this.#onEvict = onEvict;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The state of a stream, made on its first use. O(1). */
  get(stream: string, create: (stream: string) => State): State {
    const newest = this.#newest;
    if (newest !== undefined && newest.stream === stream) return newest.state;
    const known = this.#entries.get(stream);
    if (known !== undefined) {
      this.#unlink(known);
      this.#append(known);
      return known.state;
    }
    if (this.#entries.size >= this.#limit) this.evictOldest();
    const entry: Entry<State> = { stream, state: create(stream), older: undefined, newer: undefined };
    this.#entries.set(stream, entry);
    this.#append(entry);
    return entry.state;
  }

  /** The state of a stream that is known, without counting as a use. */
  peek(stream: string): State | undefined {
    return this.#entries.get(stream)?.state;
  }

  /** The stream that was silent longest. */
  get oldest(): { readonly stream: string; readonly state: State } | undefined {
    return this.#oldest;
  }

  delete(stream: string): boolean {
    const entry = this.#entries.get(stream);
    if (entry === undefined) return false;
    this.#entries.delete(stream);
    this.#unlink(entry);
    return true;
  }

  clear(): void {
    this.#entries.clear();
    this.#oldest = undefined;
    this.#newest = undefined;
  }

  /** Silent longest first. */
  *entries(): IterableIterator<[string, State]> {
    for (let entry = this.#oldest; entry !== undefined; entry = entry.newer) yield [entry.stream, entry.state];
  }

  /** Forgets the stream that was silent longest. */
  evictOldest(): void {
    const oldest = this.#oldest;
    if (oldest === undefined) return;
    this.delete(oldest.stream);
    this.evicted++;
    this.#onEvict?.(oldest.stream, oldest.state);
  }

  #append(entry: Entry<State>): void {
    entry.older = this.#newest;
    entry.newer = undefined;
    if (this.#newest !== undefined) this.#newest.newer = entry;
    else this.#oldest = entry;
    this.#newest = entry;
  }

  #unlink(entry: Entry<State>): void {
    if (entry.older !== undefined) entry.older.newer = entry.newer;
    else this.#oldest = entry.newer;
    if (entry.newer !== undefined) entry.newer.older = entry.older;
    else this.#newest = entry.older;
  }
}
