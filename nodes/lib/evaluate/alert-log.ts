import type { Alert } from "../frame/index.js";
import { type AlarmSummary, delayOf, type FaultEvent } from "./alarm-totals.js";
import { type AlertInterval, detection } from "./alerts.js";
import type { Truth } from "./moment.js";

const MAX_ALERTS = 1000;

export interface LoggedAlert extends AlertInterval {
  stream: string;
  /** Of its stream when it came. */
  truth: Truth;
}

/** The alerts of an evaluation, when it is of alerts; bounded in number, the oldest gives way. */
export class AlertLog {
  dropped = 0;
  /** By their identity, oldest first. */
  readonly #alerts = new Map<string, LoggedAlert>();

  get size(): number {
    return this.#alerts.size;
  }

  /** Plain JSON. */
  save(): { id: string; alert: LoggedAlert }[] {
    return [...this.#alerts].map(([id, alert]) => ({ id, alert: { ...alert } }));
  }

  restore(saved: readonly { id: string; alert: LoggedAlert }[]): void {
    for (const { id, alert } of saved) this.#alerts.set(id, alert);
  }

  /**
   * An alert that was raised or cleared; what is said of it again changes nothing. One that is cleared and was never
   * seen raised is taken in whole.
   * @param truth of its stream at this moment
   */
  add({ id, stream, since, until, state, label }: Alert, truth: Truth): void {
    // That a stream gives no data is no alarm of the model's.
    if (label === "data") return;
    const known = this.#alerts.get(id);
    const alert: LoggedAlert = known ?? { stream, raised: since, truth };
    if (state === "cleared") alert.cleared = until ?? since;
    if (known) return;
    this.#alerts.set(id, alert);
    if (this.#alerts.size <= MAX_ALERTS) return;
    this.#alerts.delete(this.#alerts.keys().next().value!);
    this.dropped++;
  }

  /**
   * How the alerts met the labelled events: false is one that meets none and came while its stream was labelled normal.
   * @param watched what the results say of time and events
   */
  summary(events: readonly FaultEvent[], watched: AlarmSummary): AlarmSummary {
    const alerts = [...this.#alerts.values()];
    const delays: number[] = [];
    let found = 0;
    for (const event of events) {
      const met = detection(
        event,
        alerts.filter(({ stream }) => stream === event.stream),
      );
      if (met) found++;
      if (met?.kind === "raised") delays.push(met.delay);
    }
    const others = alerts.filter((alert) => !events.some((event) => meets(alert, event)));
    const falseAlarms = others.filter(({ truth }) => truth === "normal").length;
    const { days, normalDays, falseResultsPerDay } = watched;
    const summary: AlarmSummary = {
      alarms: alerts.length,
      falseAlarms,
      unknownAlarms: others.filter(({ truth }) => truth === "unknown").length,
      days,
      normalDays,
      events: events.length,
      found,
      missed: events.length - found,
      unscoredEvents: 0,
    };
    if (days > 0) summary.alarmsPerDay = alerts.length / days;
    if (normalDays > 0) summary.falseAlarmsPerDay = falseAlarms / normalDays;
    if (falseResultsPerDay !== undefined) summary.falseResultsPerDay = falseResultsPerDay;
    const delay = delayOf(delays);
    if (delay) summary.delay = delay;
    return summary;
  }
}

function meets({ stream, raised, cleared }: LoggedAlert, event: FaultEvent): boolean {
  return stream === event.stream && raised <= event.end && (cleared === undefined || cleared >= event.start);
}
