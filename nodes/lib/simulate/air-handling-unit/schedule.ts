import type { MachineOptions } from "../machine.js";
import { Random, Wander } from "../random.js";

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** The unit starts this long before the people come, so that they find a room that is ready. */
const PRE_START_HOURS = 0.75;
/** The radiators leave their night setback this long before. */
const WARM_UP_HOURS = 3;

/** Who is there when, and what runs for them. */
export class Schedule {
  /** People are to be there. */
  occupied = false;
  /** The unit runs. */
  running = false;
  /** The room is to be warm. */
  comfort = false;
  /** How many of the people are there, 0..1. */
  people = 0;

  readonly #options: MachineOptions;
  readonly #random: Random;
  readonly #wander: Wander;
  #day = Number.NaN;
  #attendance = 1;

  constructor(options: MachineOptions, step: number) {
    this.#options = options;
    this.#random = new Random(options.seed, "people");
    this.#wander = new Wander(this.#random, 0.06, 40 * 60_000, step);
  }

  /** @param local ms since 1970 by the clock on the wall */
  step(local: number): void {
    const day = Math.floor(local / DAY);
    if (day !== this.#day) {
      this.#day = day;
      this.#attendance = 0.8 + 0.15 * this.#random.uniform();
    }
    const wander = this.#wander.step();
    const { occupiedFrom: from, occupiedTo: to, workingDays } = this.#options;
    // 1970-01-01 was a Thursday.
    const working = workingDays.includes((((day + 4) % 7) + 7) % 7);
    const hour = (local - day * DAY) / HOUR;
    this.occupied = working && hour >= from && hour < to;
    this.running = working && hour >= from - PRE_START_HOURS && hour < to;
    this.comfort = working && hour >= from - WARM_UP_HOURS && hour < to;
    this.people = this.occupied
      ? Math.min(1, Math.max(0, (this.#attendance + wander) * presence((hour - from) / (to - from))))
      : 0;
  }
}

/** The share of those who came today that is there, over the working day 0..1: arriving, lunch, leaving. */
function presence(part: number): number {
  const arriving = Math.min(1, 0.5 + part / 0.12);
  const leaving = Math.min(1, 0.4 + (1 - part) / 0.12);
  const lunch = 1 - 0.35 * Math.exp(-(((part - 0.5) / 0.06) ** 2));
  return Math.min(arriving, leaving) * lunch;
}
