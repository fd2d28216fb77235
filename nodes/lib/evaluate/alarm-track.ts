import type { AlarmTotals, FaultEvent } from "./alarm-totals.js";
import type { Moment, Truth } from "./moment.js";

/** When neighbours in time belong together; ms. */
export interface AlarmRules {
  /** Alarmed moments that are no further apart are one alarm. */
  gap: number;
  /** A longer step between two moments is a pause: it is not watched, and it ends a labelled event. */
  longestStep: number;
}

/** Follows one stream: alarms (stretches of alarmed moments), labelled events, and the time that was watched. */
export class StreamTrack {
  readonly #rules: AlarmRules;
  readonly #totals: AlarmTotals;
  /** Of the moment before, and of the scored one before. */
  #time = Number.NaN;
  #scoredTime = Number.NaN;
  #alarm: { last: number; touches: Truth } | undefined;
  #event: FaultEvent | undefined;

  constructor(rules: AlarmRules, totals: AlarmTotals) {
    this.#rules = rules;
    this.#totals = totals;
  }

  /**
   * The next moment, in the order in which they came. A step back in time begins anew.
   * @param alarmed whether it is beyond the threshold; means nothing for a moment without a score
   */
  push(moment: Moment, alarmed: boolean): void {
    const { time, truth, score } = moment;
    if (time < this.#time) {
      this.#alarm = undefined;
      this.#event = undefined;
      this.#scoredTime = Number.NaN;
    }
    this.#follow(moment);
    if (score !== undefined) {
      const step = time - this.#scoredTime;
      if (step <= this.#rules.longestStep) this.#totals.watched[truth] += step;
      this.#scoredTime = time;
      if (this.#event && truth === "faulty") {
        this.#event.scored++;
        if (alarmed) this.#event.found ??= time;
      }
      if (alarmed && truth === "normal") this.#totals.falseResults++;
      if (alarmed) this.#sound(time, truth);
    }
    this.#time = time;
  }

  /** The labelled event that goes on, begins or ends; what nothing is known of does not end it. */
  #follow({ time, truth, label = "", stream }: Moment): void {
    const event = this.#event;
    if (truth === "normal") this.#event = undefined;
    if (truth !== "faulty") return;
    if (event && event.label === label && time - event.end <= this.#rules.longestStep) {
      event.end = time;
      return;
    }
    this.#event = { stream, label, start: time, end: time, scored: 0 };
    this.#totals.begin(this.#event);
  }

  #sound(time: number, truth: Truth): void {
    const alarm = this.#alarm;
    const { alarms } = this.#totals;
    if (!alarm || time - alarm.last > this.#rules.gap) {
      this.#alarm = { last: time, touches: truth };
      alarms[truth]++;
      return;
    }
    alarm.last = time;
    if (weight(truth) <= weight(alarm.touches)) return;
    alarms[alarm.touches]--;
    alarms[truth]++;
    alarm.touches = truth;
  }
}

/** An alarm that touches a fault is a true one, whatever else it touches. */
function weight(truth: Truth): number {
  return truth === "faulty" ? 2 : truth === "normal" ? 1 : 0;
}
