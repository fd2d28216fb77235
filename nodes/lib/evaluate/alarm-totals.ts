import type { Truth } from "./moment.js";
import { Newest } from "./newest.js";
import { median } from "./percentile.js";
import type { SavedTotals } from "./saved-evaluation.js";

/** A labelled stretch of a stream in which something was wrong. */
export interface FaultEvent {
  stream: string;
  label: string;
  /** ms since 1970: its first and its last labelled moment. */
  start: number;
  end: number;
  /** Moments of it that have a score: without any, nothing could find it. */
  scored: number;
  /** ms since 1970: its first alarmed moment; missing while there is none. */
  found?: number;
}

/** How alarms met the truth. */
export interface AlarmSummary {
  /** Stretches of alarmed moments, and those that touch normal moments but no faulty one. */
  alarms: number;
  falseAlarms: number;
  /** Alarms among moments of which nothing is known. */
  unknownAlarms: number;
  /** Days that were watched, pauses left out, and those of them that are labelled normal. */
  days: number;
  normalDays: number;
  /** Missing when no time was watched. */
  alarmsPerDay?: number;
  /** Of the time labelled normal; missing when there is none. */
  falseAlarmsPerDay?: number;
  /** The same counted by results: each alarmed one among those labelled normal. */
  falseResultsPerDay?: number;
  events: number;
  found: number;
  missed: number;
  /** Events of which no moment has a score. */
  unscoredEvents: number;
  /** ms from an event's start to its first alarm, of those that were found. */
  delay?: { median: number; mean: number; longest: number };
}

const DAY = 86_400_000;
/** Events that are kept one by one; of older ones only the counts stay. */
const MAX_EVENTS = 1000;

/** What the streams of one evaluation add up to; bounded in memory. */
export class AlarmTotals {
  /** By what they touch: faulty before normal before unknown. */
  readonly alarms: Record<Truth, number> = { normal: 0, faulty: 0, unknown: 0 };
  /** Alarmed results among those labelled normal. */
  falseResults = 0;
  /** ms that were watched. */
  readonly watched: Record<Truth, number> = { normal: 0, faulty: 0, unknown: 0 };
  readonly #events = new Newest<FaultEvent>(MAX_EVENTS);
  #olderFound = 0;
  #olderUnscored = 0;

  /** The newest, oldest first. */
  get events(): FaultEvent[] {
    return this.#events.toArray();
  }

  /** Events whose single facts were forgotten. */
  get olderEvents(): number {
    return this.#events.dropped;
  }

  /** Plain JSON. */
  save(): SavedTotals {
    return {
      alarms: { ...this.alarms },
      watched: { ...this.watched },
      falseResults: this.falseResults,
      events: this.events.map((event) => ({ ...event })),
      older: { events: this.olderEvents, found: this.#olderFound, unscored: this.#olderUnscored },
    };
  }

  restore({ alarms, watched, falseResults, events, older }: SavedTotals): void {
    Object.assign(this.alarms, alarms);
    Object.assign(this.watched, watched);
    this.falseResults = falseResults;
    for (const event of events) this.begin(event);
    this.#events.dropped += older.events;
    this.#olderFound += older.found;
    this.#olderUnscored += older.unscored;
  }

  begin(event: FaultEvent): void {
    const old = this.#events.push(event);
    if (old?.found !== undefined) this.#olderFound++;
    else if (old?.scored === 0) this.#olderUnscored++;
  }

  get summary(): AlarmSummary {
    const { normal, faulty, unknown } = this.alarms;
    const events = this.events;
    const delays = events.flatMap(({ start, found }) => (found === undefined ? [] : [found - start]));
    const days = (this.watched.normal + this.watched.faulty + this.watched.unknown) / DAY;
    const normalDays = this.watched.normal / DAY;
    const found = delays.length + this.#olderFound;
    const unscoredEvents = events.filter((event) => event.scored === 0).length + this.#olderUnscored;
    const total = events.length + this.olderEvents;
    const summary: AlarmSummary = {
      alarms: normal + faulty + unknown,
      falseAlarms: normal,
      unknownAlarms: unknown,
      days,
      normalDays,
      events: total,
      found,
      missed: total - found - unscoredEvents,
      unscoredEvents,
    };
    if (days > 0) summary.alarmsPerDay = summary.alarms / days;
    if (normalDays > 0) {
      summary.falseAlarmsPerDay = normal / normalDays;
      summary.falseResultsPerDay = this.falseResults / normalDays;
    }
    const delay = delayOf(delays);
    if (delay) summary.delay = delay;
    return summary;
  }
}

/** @returns undefined for none */
export function delayOf(delays: readonly number[]): AlarmSummary["delay"] {
  if (delays.length === 0) return undefined;
  let sum = 0;
  let longest = 0;
  for (const delay of delays) {
    sum += delay;
    longest = Math.max(longest, delay);
  }
  return { median: median(delays), mean: sum / delays.length, longest };
}
