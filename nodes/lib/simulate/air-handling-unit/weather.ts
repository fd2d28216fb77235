import { Random, Wander } from "../random.js";
import { DAY, HOUR } from "./schedule.js";

/** Mean Gregorian year. */
const YEAR = 365.2425 * DAY;

/** The climate: temperate, mid-European (latitude 48°). */
const MEAN = 11;
const SEASON = 10;
const COLDEST_DAY = 20;
const LATITUDE = (48 * Math.PI) / 180;

/** The weather: season by date, day cycle, and days that differ from one another. */
export class Weather {
  /** °C */
  temperature = MEAN;
  /** On the building, as a share of a clear summer noon, 0..1. */
  sun = 0;

  readonly #front: Wander;
  readonly #clouds: Wander;
  readonly #gusts: Wander;

  constructor(seed: number, step: number) {
    const random = new Random(seed, "weather");
    // Days differ by a moderate spread: a week shows most of what a month has.
    this.#front = new Wander(random, 0.9, 10 * HOUR, step);
    this.#clouds = new Wander(random, 1, 8 * HOUR, step);
    this.#gusts = new Wander(random, 0.2, HOUR / 3, step);
  }

  /** @param local ms since 1970 by the clock on the wall */
  step(local: number): void {
    const year = (2 * Math.PI * (local - COLDEST_DAY * DAY)) / YEAR;
    const season = Math.cos(year);
    const hour = (2 * Math.PI * (local % DAY)) / DAY;
    // 0.3 under clouds, 1 in clear sky
    const clear = 0.3 + 0.7 / (1 + Math.exp(-1.5 * this.#clouds.step()));
    // The sun's height over the horizon (sine): declination 23.45° at the solstices, the coldest day a month after.
    const declination = -0.4093 * Math.cos(year + 0.516);
    const height =
      Math.sin(LATITUDE) * Math.sin(declination) - Math.cos(LATITUDE) * Math.cos(declination) * Math.cos(hour);
    this.sun = clear * Math.max(0, height);
    // Warmest at 15 h; the swing is larger in summer and under clear sky.
    const swing = (3 - 1.2 * season) * (0.5 + 0.7 * clear);
    this.temperature =
      MEAN - SEASON * season + swing * Math.cos(hour - (15 / 12) * Math.PI) + this.#front.step() + this.#gusts.step();
  }
}
