import type { WindowCounts } from "./counts.js";
import { EventDetector } from "./event-detector.js";
import type { FrameMaker } from "./frame-maker.js";
import type { Trigger, WindowPlan } from "./options.js";
import type { Row } from "./row.js";

/**
 * One window for each event: it begins `preRoll` before the event and has its full size. The next event counts when the
 * window is complete and `hop` has passed since its event; an event before, or one for which the pre-roll is not there
 * (the stream has only begun), makes no window and is counted.
 */
export class EventCutter {
  readonly #bySamples: boolean;
  readonly #size: number;
  readonly #hop: number;
  readonly #preRoll: number;
  readonly #maker: FrameMaker;
  readonly #counts: WindowCounts;
  readonly #detector: EventDetector;
  /** An event's window is being filled. */
  #filling = false;
  /** Where windows may begin again: by samples how many more, by time when. */
  #rest = Number.NEGATIVE_INFINITY;
  /** By time: when the window that is being filled ends. */
  #end = 0;
  /** By time: since when the stream is known without an interruption. */
  #since = Number.NaN;

  /** @throws EdgeMlError EDGE_ML_PAYLOAD when the trigger's channel is none of the window's */
  constructor({ by, size, hop }: WindowPlan, trigger: Trigger, maker: FrameMaker, counts: WindowCounts) {
    this.#bySamples = by === "samples";
    this.#size = size;
    this.#hop = hop;
    this.#preRoll = trigger.preRoll;
    this.#maker = maker;
    this.#counts = counts;
    this.#detector = new EventDetector(trigger, maker.channels);
  }

  take(row: Row): void {
    this.advance(row.time, Number.POSITIVE_INFINITY);
    if (Number.isNaN(this.#since)) this.#since = row.time;
    if (this.#detector.isEvent(row)) {
      this.#counts.events++;
      if (this.#isReady(row.time)) this.#begin(row.time);
      else this.#counts.missedEvents++;
    }
    if (this.#filling || this.#preRoll > 0) this.#push(row);
    else this.#maker.skip();
    if (this.#bySamples) this.#countDown();
    else if (!this.#filling) this.#maker.dropBefore(row.time - this.#preRoll);
  }

  advance(time: number, hole: number): void {
    if (this.#bySamples || !this.#filling || time < this.#end) return;
    if (this.#end - this.#maker.ring.lastTime <= hole) this.#maker.send();
    this.#filling = false;
  }

  interrupt(): void {
    this.#maker.clear();
    this.#detector.reset();
    this.#filling = false;
    this.#rest = Number.NEGATIVE_INFINITY;
    this.#since = Number.NaN;
  }

  #isReady(time: number): boolean {
    if (this.#filling) return false;
    return this.#bySamples
      ? this.#rest <= 0 && this.#maker.ring.length >= this.#preRoll
      : time >= this.#rest && time - this.#preRoll >= this.#since;
  }

  #begin(time: number): void {
    this.#filling = true;
    if (this.#bySamples) {
      this.#maker.keep(this.#preRoll);
      this.#rest = this.#hop;
    } else {
      this.#maker.dropBefore(time - this.#preRoll);
      this.#end = time - this.#preRoll + this.#size;
      this.#rest = time + this.#hop;
    }
  }

  #push(row: Row): void {
    try {
      this.#maker.push(row);
    } catch (error) {
      this.interrupt();
      throw error;
    }
  }

  /** By samples: after a row was taken in. */
  #countDown(): void {
    this.#rest--;
    if (!this.#filling) this.#maker.keep(this.#preRoll);
    else if (this.#maker.ring.length === this.#size) {
      this.#maker.send();
      this.#filling = false;
      this.#maker.keep(this.#preRoll);
    }
  }
}
