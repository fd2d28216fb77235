import type { FrameMaker } from "./frame-maker.js";
import type { WindowPlan } from "./options.js";
import type { Row } from "./row.js";

/** The samples of [k·hop, k·hop + size) ms since 1970, sent when a later one comes; windows without a sample are not. */
export class TimeCutter {
  readonly #size: number;
  readonly #hop: number;
  readonly #maker: FrameMaker;
  /** Where the oldest window begins that is still open; undefined until a sample comes. */
  #start: number | undefined;

  constructor({ size, hop }: WindowPlan, maker: FrameMaker) {
    this.#size = size;
    this.#hop = hop;
    this.#maker = maker;
  }

  take(row: Row): void {
    const { time } = row;
    this.advance(time, Number.POSITIVE_INFINITY);
    // A window that began before its stream did would be cut short: the first one is the next that begins.
    this.#start ??= Math.ceil(time / this.#hop) * this.#hop;
    if (time < this.#start) {
      this.#maker.skip();
      return;
    }
    try {
      this.#maker.push(row);
    } catch (error) {
      this.interrupt();
      throw error;
    }
  }

  advance(time: number, hole: number): void {
    if (this.#start === undefined) return;
    const size = this.#size;
    const hop = this.#hop;
    const maker = this.#maker;
    const { ring } = maker;
    while (time >= this.#start + size) {
      if (ring.length > 0 && this.#start + size - ring.lastTime <= hole) maker.send();
      this.#start += hop;
      maker.dropBefore(this.#start);
      // Nothing for a while: on to the first window that is still open.
      if (ring.length === 0) this.#start = Math.max(this.#start, (Math.floor((time - size) / hop) + 1) * hop);
    }
  }

  interrupt(): void {
    this.#maker.clear();
    this.#start = undefined;
  }
}
