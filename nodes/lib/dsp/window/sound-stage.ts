import type { Cutter } from "./cutter.js";
import type { FrameMaker } from "./frame-maker.js";
import type { WindowPlan } from "./options.js";
import type { Row } from "./row.js";
import { SoundGate, type SoundGateOptions } from "./sound-gate.js";

/**
 * Holds back the windows that have no sound in them. Rows go on into their windows, so the first window after the gate
 * has opened holds what came before it.
 */
export class SoundStage implements Cutter {
  readonly #options: SoundGateOptions;
  readonly #plan: WindowPlan;
  readonly #maker: FrameMaker;
  readonly #next: Cutter;

  /** @param rate Hz, of the rows, where it is known: without it no window is held back */
  constructor(options: SoundGateOptions, plan: WindowPlan, maker: FrameMaker, next: Cutter, rate: number | undefined) {
    this.#options = options;
    this.#plan = plan;
    this.#maker = maker;
    this.#next = next;
    this.rate = rate;
  }

  /** Hz: of the rows from now on. */
  set rate(rate: number | undefined) {
    const { by, size } = this.#plan;
    this.#maker.gate =
      rate === undefined
        ? undefined
        : new SoundGate(
            this.#options,
            this.#maker.channels.length,
            rate,
            by === "samples" ? (1000 * size) / rate : size,
          );
  }

  take(row: Row): void {
    this.#maker.gate?.push(row.values);
    this.#next.take(row);
  }

  advance(time: number, hole: number): void {
    this.#next.advance(time, hole);
  }

  interrupt(): void {
    this.#maker.gate?.interrupt();
    this.#next.interrupt();
  }
}
