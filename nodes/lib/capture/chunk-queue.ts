/** Of chunks handed over in one turn of the event loop, so that what they start gets its turn, too. */
const PER_TURN = 8;

/**
 * Chunks on their way into the flow. A flow that is slower than the sound, or a process that was held up, finds as many
 * as the limit; the oldest are dropped, and counted.
 */
export class ChunkQueue<Chunk> {
  dropped = 0;
  readonly #limit: number;
  readonly #give: (chunk: Chunk) => void;
  #waiting: Chunk[] = [];
  #turn: NodeJS.Immediate | undefined;

  constructor(limit: number, give: (chunk: Chunk) => void) {
    this.#limit = limit;
    this.#give = give;
  }

  push(chunk: Chunk): void {
    this.#waiting.push(chunk);
    if (this.#waiting.length > this.#limit) {
      this.#waiting.shift();
      this.dropped++;
    }
    this.#turn ??= setImmediate(() => this.#hand());
  }

  /** Those that wait are no longer wanted. */
  clear(): void {
    this.#waiting = [];
    clearImmediate(this.#turn);
    this.#turn = undefined;
  }

  #hand(): void {
    this.#turn = undefined;
    const now = this.#waiting.splice(0, PER_TURN);
    if (this.#waiting.length > 0) this.#turn = setImmediate(() => this.#hand());
    for (const chunk of now) this.#give(chunk);
  }
}
