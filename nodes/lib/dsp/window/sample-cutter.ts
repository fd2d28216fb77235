import type { FrameMaker } from "./frame-maker.js";
import type { WindowPlan } from "./options.js";
import type { Row } from "./row.js";

/** A window of `size` samples every `hop` samples. */
export class SampleCutter {
  readonly #size: number;
  readonly #hop: number;
  readonly #maker: FrameMaker;
  /** How many more samples until the next window. */
  #due: number;

  constructor({ size, hop }: WindowPlan, maker: FrameMaker) {
    this.#size = size;
    this.#hop = hop;
    this.#maker = maker;
    this.#due = size;
  }

  take(row: Row): void {
    const maker = this.#maker;
    if (maker.ring.length === this.#size) maker.keep(this.#size - 1);
    maker.push(row);
    if (--this.#due === 0) {
      this.#due = this.#hop;
      maker.send();
    }
  }

  advance(): void {
    // A window ends with a sample, not with time.
  }

  interrupt(): void {
    this.#maker.clear();
    this.#due = this.#size;
  }
}
