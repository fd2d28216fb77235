import { type Alert, MAX_REASONS } from "../frame/index.js";
import { type AlertEvent, type AlertEventName, type NewId, type RaisedAlert, remindDue } from "./alert-event.js";
import { dataText, endedText } from "./alert-text.js";
import type { DecideSettings } from "./settings.js";

/** The label of an alert about the data, not about what was measured. */
const LABEL = "data";
const MAX_REASON_LENGTH = 160;

/**
 * Whether one stream gives anything to score: raised when only unscored results came for `noDataAfter`, cleared by the
 * first score. A model that sees nothing must not look like a model that sees nothing wrong.
 */
export class DataAlert {
  raised: RaisedAlert | undefined;
  readonly #stream: string;
  readonly #settings: DecideSettings;
  readonly #newId: NewId;
  /** Stream time of the first unscored result after the last score. */
  #since: number | undefined;
  /** How often each reason came since then. */
  readonly #reasons = new Map<string, number>();

  constructor(stream: string, settings: DecideSettings, newId: NewId) {
    this.#stream = stream;
    this.#settings = settings;
    this.#newId = newId;
  }

  scored(time: number): AlertEvent | undefined {
    const { raised } = this;
    this.#reset();
    if (!raised) return undefined;
    this.raised = undefined;
    return this.#event("cleared", raised, time);
  }

  unscored(time: number, reasons: readonly string[]): AlertEvent | undefined {
    this.#since ??= time;
    this.#count(reasons);
    const { noDataAfter, remindEvery } = this.#settings;
    if (this.raised) {
      if (!remindDue(this.raised, remindEvery, time)) return undefined;
      this.raised.told = time;
      return this.#event("reminder", this.raised, time);
    }
    if (noDataAfter <= 0 || time - this.#since < noDataAfter) return undefined;
    const since = Math.min(this.#since, time);
    this.raised = {
      id: this.#newId("data", this.#stream, since),
      severity: "warning",
      since,
      label: LABEL,
      acknowledged: false,
      told: time,
    };
    return this.#event("raised", this.raised, time);
  }

  /** The clock stepped. */
  step(by: number): void {
    if (this.#since !== undefined) this.#since += by;
    if (this.raised) this.raised.told += by;
  }

  /** Takes over an alert that was raised before a restart. */
  restore(raised: RaisedAlert): void {
    this.raised = raised;
  }

  /** Forgets everything; an alert that is raised ends. */
  end(time: number, why: "restarted" | "forgotten"): AlertEvent | undefined {
    const { raised } = this;
    this.#reset();
    if (!raised) return undefined;
    this.raised = undefined;
    const event = this.#event("cleared", raised, time);
    event.alert.text = endedText(this.#stream, why, this.#settings.streams);
    return event;
  }

  #count(reasons: readonly string[]): void {
    for (const reason of reasons.slice(0, MAX_REASONS)) {
      const key = reason.slice(0, MAX_REASON_LENGTH);
      const count = this.#reasons.get(key);
      if (count !== undefined || this.#reasons.size < MAX_REASONS) this.#reasons.set(key, (count ?? 0) + 1);
    }
  }

  #event(event: AlertEventName, { id, severity, since, acknowledged }: RaisedAlert, time: number): AlertEvent {
    const reasons = [...this.#reasons].sort((a, b) => b[1] - a[1]).map(([reason]) => reason);
    const alert: Alert = {
      id,
      state: event === "cleared" ? "cleared" : "raised",
      severity,
      stream: this.#stream,
      label: LABEL,
      since,
      text: dataText(event, this.#stream, Math.max(0, time - since), reasons),
    };
    if (event === "cleared") alert.until = Math.max(since, time);
    return { event, alert, acknowledged };
  }

  #reset(): void {
    this.#since = undefined;
    this.#reasons.clear();
  }
}
