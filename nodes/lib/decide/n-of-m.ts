/** How a scored result stands to the limits. */
export enum Level {
  /** Not beyond the clearing limit. */
  Calm = 0,
  /** Between the clearing limit and the limit: neither raises nor clears. */
  Between = 1,
  /** Beyond the limit. */
  Beyond = 2,
}

/** The levels of the last M results, for "N of M". O(1) per result, 9 bytes per place. */
export class LastLevels {
  readonly #levels: Uint8Array;
  readonly #times: Float64Array;
  #next = 0;
  #count = 0;
  /** How many of them are beyond the limit. */
  beyond = 0;
  /** How many of them are not calm. */
  uncalm = 0;

  constructor(among: number) {
    this.#levels = new Uint8Array(among);
    this.#times = new Float64Array(among);
  }

  push(level: Level, time: number): void {
    if (this.#count === this.#levels.length) this.#add(this.#levels[this.#next]!, -1);
    else this.#count++;
    this.#levels[this.#next] = level;
    this.#times[this.#next] = time;
    this.#add(level, 1);
    this.#next = (this.#next + 1) % this.#levels.length;
  }

  /** The time of the first of them that is beyond the limit. */
  firstBeyond(): number | undefined {
    const size = this.#levels.length;
    for (let i = size - this.#count; i < size; i++) {
      const place = (this.#next + i) % size;
      if (this.#levels[place] === Level.Beyond) return this.#times[place];
    }
    return undefined;
  }

  /** As if all of them had been at this level. */
  fill(level: Level, time: number): void {
    this.clear();
    for (let i = 0; i < this.#levels.length; i++) this.push(level, time);
  }

  clear(): void {
    this.#next = 0;
    this.#count = 0;
    this.beyond = 0;
    this.uncalm = 0;
  }

  #add(level: number, by: 1 | -1): void {
    if (level === Level.Beyond) this.beyond += by;
    if (level !== Level.Calm) this.uncalm += by;
  }
}
