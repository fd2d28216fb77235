/**
 * When each row is due in real time. The file's time is added up step by step, so the pace does not drift however long
 * a file is and however late a single row was sent. A step back in time counts as none, a gap as the longest gap.
 */
export class Pace {
  #last: number | undefined;
  /** ms of the file's time since its first row, gaps shortened. */
  #elapsed = 0;

  /**
   * @param speed 1 is real time, 60 plays an hour in a minute
   * @param longestGap ms of the file's time that a pause in the file may take; 0: as long as it is
   */
  constructor(
    readonly speed: number,
    readonly longestGap: number,
  ) {}

  /**
   * @param time of the next row, ms since 1970
   * @returns ms after the first row at which it is due
   */
  due(time: number): number {
    const step = Math.max(0, time - (this.#last ?? time));
    this.#elapsed += this.longestGap > 0 ? Math.min(step, this.longestGap) : step;
    this.#last = time;
    return this.#elapsed / this.speed;
  }
}
