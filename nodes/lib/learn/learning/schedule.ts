import { LONGEST_WAIT } from "../collect/recording.js";

/** When it is time to learn again; kept over restarts by the time of the day, so that what was missed is done once. */
export class Schedule {
  readonly #every: number;
  readonly #due: () => void;
  #timer: NodeJS.Timeout | undefined;
  /** ms since 1970. */
  next: number | undefined;

  /**
   * @param every ms
   * @param due called when it is time, until `begin` is called again
   */
  constructor(every: number, due: () => void) {
    this.#every = every;
    this.#due = due;
  }

  get isDue(): boolean {
    return this.next !== undefined && Date.now() >= this.next;
  }

  /** The time begins now. */
  begin(): void {
    this.#waitUntil(Date.now() + this.#every);
  }

  /** Goes on after a restart. A time that lies further ahead than the interval is one of older settings. */
  resume(next: number | undefined): void {
    const latest = Date.now() + this.#every;
    this.#waitUntil(next === undefined || next > latest ? latest : next);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.next = undefined;
  }

  #waitUntil(next: number): void {
    clearTimeout(this.#timer);
    this.next = next;
    this.#timer = setTimeout(
      () => (this.isDue ? this.#due() : this.#waitUntil(next)),
      Math.max(0, Math.min(next - Date.now(), LONGEST_WAIT)),
    ).unref();
  }
}
