import { zoneOffsets } from "../../dsp/index.js";
import { type Detector, leastSpread, type Memory } from "../detector.js";
import type { Packer, Unpacker } from "../packing.js";

const CYCLES = ["day", "workday or weekend", "weekday"] as const;

interface SeasonalOptions {
  cycle: (typeof CYCLES)[number];
  /** Minutes. */
  slot: number;
  visits: number;
  timeZone: string;
}

const DAY = 86_400_000;
/** Visits after which one counts as little as all later ones: the profile follows the seasons of the year. */
const REMEMBERED = 14;
/** In spreads: what one visit may move its slot by. */
const CLIP = 3;
/** A slot's own spread counts like the common one after so many visits. */
const COMMON = 2;

/**
 * The distance from the profile of the day, in spreads of that time of day. The profile has a mean and a spread for each
 * slot; what changes within a slot is part of its spread, and nothing is interpolated: plants switch on the hour. A visit to a slot is learned when it is over, and moves it by
 * three spreads at most: a new habit is normal after about as many visits as it takes to warm up. Slots go by the clock
 * on the wall, summer time included.
 */
export const seasonal: Detector<SeasonalOptions> = {
  id: "seasonal",
  title: "Profile of the day or week",
  about: "Values that are usual, at an unusual time: consumption at night, an office that heats on Sunday.",
  cost: "O(1)",
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      cycle: {
        type: "string",
        enum: CYCLES,
        default: "day",
        title: "A profile for each",
        description: "The more profiles, the longer it takes to learn them.",
      },
      slot: { type: "integer", enum: [5, 10, 15, 30, 60, 120], default: 30, title: "Slot (minutes)" },
      visits: {
        type: "integer",
        minimum: 2,
        maximum: 14,
        default: 3,
        title: "Learn each slot (times)",
        description: "Before that, nothing is scored at this time of day.",
      },
      timeZone: {
        type: "string",
        maxLength: 64,
        default: "",
        title: "Time zone",
        description: "For example Europe/Berlin, or UTC; empty: the gateway's own.",
      },
    },
  },
  warmUp: () => undefined,
  afterGap: () => 0,
  create: (options) => new Seasonal(options),
};

class Seasonal implements Memory {
  readonly #offset: (time: number) => number;
  readonly #cycle: SeasonalOptions["cycle"];
  /** Per day. */
  readonly #slots: number;
  readonly #visitsNeeded: number;
  readonly #visits: Float64Array;
  readonly #mean: Float64Array;
  readonly #variance: Float64Array;
  /** Over all slots. */
  #commonVariance = 0;
  #learned = 0;
  // The visit under way.
  #slot = -1;
  #count = 0;
  #sum = 0;
  #squares = 0;
  #firstValue = 0;

  constructor({ cycle, slot, visits, timeZone }: SeasonalOptions) {
    this.#offset = zoneOffsets(timeZone);
    this.#cycle = cycle;
    this.#slots = (24 * 60) / slot;
    this.#visitsNeeded = visits;
    const all = this.#slots * (cycle === "day" ? 1 : cycle === "weekday" ? 7 : 2);
    this.#visits = new Float64Array(all);
    this.#mean = new Float64Array(all);
    this.#variance = new Float64Array(all);
  }

  update(values: Float64Array, time: number): number | undefined {
    const value = values[0]!;
    const local = time + this.#offset(time);
    const day = Math.floor(local / DAY);
    const ofDay = Math.min(this.#slots - 1, Math.floor((local / DAY - day) * this.#slots));
    const slot = this.#slots * this.#profile(day) + ofDay;
    if (slot !== this.#slot) this.#endVisit();
    this.#slot = slot;
    const score = this.#visits[slot]! < this.#visitsNeeded ? undefined : this.#score(value, slot);
    if (this.#count === 0) this.#firstValue = value;
    // Around the visit's first value, so that squares keep their digits.
    const off = value - this.#firstValue;
    this.#count++;
    this.#sum += off;
    this.#squares += off * off;
    return score;
  }

  #score(value: number, slot: number): number {
    const mean = this.#mean[slot]!;
    return Math.abs(value - mean) / Math.max(Math.sqrt(this.#spreadOf(slot)), leastSpread(mean));
  }

  /** The variance of a slot, drawn towards the common one while it has seen little. */
  #spreadOf(slot: number): number {
    const visits = this.#visits[slot]!;
    return (visits * this.#variance[slot]! + COMMON * this.#commonVariance) / (visits + COMMON);
  }

  #endVisit(): void {
    if (this.#count === 0) return;
    const slot = this.#slot;
    const offset = this.#sum / this.#count;
    const mean = this.#firstValue + offset;
    const within = Math.max(0, this.#squares / this.#count - offset * offset);
    const visits = this.#visits[slot]!;
    const gain = 1 / Math.min(visits + 1, REMEMBERED);
    const spread = Math.max(Math.sqrt(this.#spreadOf(slot)), leastSpread(this.#mean[slot]!));
    const bounded = visits >= this.#visitsNeeded;
    const clip = bounded ? CLIP * spread : Number.POSITIVE_INFINITY;
    const error = visits === 0 ? 0 : Math.max(-clip, Math.min(clip, mean - this.#mean[slot]!));
    const square = Math.min(clip * clip, within + error * error * (1 - gain));
    if (visits === 0) this.#mean[slot] = mean;
    else this.#mean[slot]! += gain * error;
    this.#variance[slot]! += gain * (square - this.#variance[slot]!);
    this.#visits[slot] = Math.min(visits + 1, REMEMBERED);
    this.#learned = Math.min(this.#learned + 1, REMEMBERED * this.#visits.length);
    this.#commonVariance += (square - this.#commonVariance) / this.#learned;
    this.#count = 0;
    this.#sum = 0;
    this.#squares = 0;
  }

  /** A visit with readings missing is one all the same; the next begins anew. */
  interrupt(): void {
    this.#endVisit();
    this.#slot = -1;
  }

  #profile(day: number): number {
    // 1 January 1970 was a Thursday; Monday is 0.
    const weekday = (((day + 3) % 7) + 7) % 7;
    if (this.#cycle === "day") return 0;
    return this.#cycle === "weekday" ? weekday : weekday >= 5 ? 1 : 0;
  }

  pack(packer: Packer): void {
    for (const values of [this.#visits, this.#mean, this.#variance]) packer.all(values);
    packer.all([this.#commonVariance, this.#learned]);
    packer.all([this.#slot + 1, this.#count, this.#sum, this.#squares, this.#firstValue]);
  }

  unpack(unpacker: Unpacker): void {
    for (const values of [this.#visits, this.#mean, this.#variance]) unpacker.fill(values);
    this.#commonVariance = Math.max(0, unpacker.finite());
    this.#learned = unpacker.count(REMEMBERED * this.#visits.length);
    this.#slot = unpacker.count(this.#visits.length) - 1;
    this.#count = unpacker.count(Number.MAX_SAFE_INTEGER);
    if (this.#slot < 0) this.#count = 0;
    this.#sum = unpacker.finite();
    this.#squares = unpacker.finite();
    this.#firstValue = unpacker.finite();
  }
}
