import type { Alert, Contribution } from "../frame/index.js";
import { type AlertEvent, type AlertEventName, type NewId, type RaisedAlert, remindDue } from "./alert-event.js";
import { type ConditionFacts, conditionText, endedText } from "./alert-text.js";
import { Drivers } from "./drivers.js";
import { Hold } from "./hold.js";
import { isBeyond, type Limit, scaled } from "./limits.js";
import { LastLevels, Level } from "./n-of-m.js";
import type { Signal } from "./observation.js";
import type { DecideSettings } from "./settings.js";
import { isWorse, severityOf } from "./severity.js";
import { type Smoother, smootherOf } from "./smoothing.js";

/**
 * Whether one stream meets the condition: idle → building up → raised → idle (refractory at first).
 *
 * A scored result is smoothed and set against two limits. Raised when `needed` of the last `among` are beyond the
 * limit, this has held for `raiseAfter`, the refractory time is over, and the result at hand is beyond the limit itself.
 * Cleared when fewer than `needed` of `among` are beyond the clearing limit, this has held for `clearAfter`, and the
 * result at hand is calm itself.
 */
export class ConditionAlert {
  raised: RaisedAlert | undefined;
  /** Stream time before which nothing is raised. */
  refractoryUntil = Number.NEGATIVE_INFINITY;
  /** The last smoothed score, and the limit it was set against. */
  smoothed: number | null = null;
  threshold: number | null = null;

  readonly #stream: string;
  readonly #settings: DecideSettings;
  readonly #by: ConditionFacts["by"];
  readonly #newId: NewId;
  readonly #smoother: Smoother;
  readonly #levels: LastLevels;
  readonly #building = new Hold();
  readonly #clearing = new Hold();
  readonly #drivers = new Drivers();
  #since: number | undefined;
  #model: string | undefined;

  constructor(stream: string, settings: DecideSettings, by: ConditionFacts["by"], newId: NewId) {
    this.#stream = stream;
    this.#settings = settings;
    this.#by = by;
    this.#newId = newId;
    this.#smoother = smootherOf(settings.smoothing);
    this.#levels = new LastLevels(settings.among);
  }

  /** Some results are beyond the limit, not yet enough of them or not for long enough. */
  get pending(): boolean {
    return this.raised === undefined && this.#levels.beyond > 0;
  }

  push(time: number, signal: Signal, model: string | undefined): AlertEvent | undefined {
    if (model !== this.#model) {
      // The scores of two models have different scales.
      this.#smoother.reset();
      this.#model = model;
    }
    const { limit } = signal;
    const score = this.#smoother.push(signal.score);
    this.smoothed = score;
    this.threshold = limit.value;
    const level = this.#levelOf(score, limit);
    this.#levels.push(level, time);
    if (level === Level.Beyond) this.#drivers.add(signal.contributions);
    return this.raised
      ? this.#whileRaised(this.raised, time, score, signal, level)
      : this.#whileIdle(time, score, signal, level);
  }

  /** A span of time that counts for nothing: without a score, or a step of the clock. */
  leaveOut(span: number): void {
    this.#building.shift(span);
    this.#clearing.shift(span);
  }

  /** The clock stepped: times that are to come step with it. */
  step(by: number): void {
    this.leaveOut(by);
    this.refractoryUntil += by;
    if (this.raised) this.raised.told += by;
  }

  /** Takes over an alert that was raised before a restart: it clears only on as many calm results as any other. */
  restore(raised: RaisedAlert, time: number): void {
    this.raised = raised;
    this.#levels.fill(Level.Between, time);
  }

  /** Forgets everything; an alert that is raised ends. */
  end(time: number, why: "restarted" | "forgotten"): AlertEvent | undefined {
    const { raised } = this;
    this.#reset();
    this.#smoother.reset();
    this.refractoryUntil = Number.NEGATIVE_INFINITY;
    if (!raised) return undefined;
    this.raised = undefined;
    const { id, severity, since, label } = raised;
    const alert: Alert = {
      id,
      state: "cleared",
      severity,
      stream: this.#stream,
      since,
      until: Math.max(since, time),
      text: "",
    };
    if (label !== undefined) alert.label = label;
    alert.text = endedText(this.#stream, why, this.#settings.streams);
    return { event: "cleared", alert, acknowledged: raised.acknowledged };
  }

  #levelOf(score: number, limit: Limit): Level {
    if (isBeyond(score, limit)) return Level.Beyond;
    return isBeyond(score, scaled(limit, this.#settings.clearRatio)) ? Level.Between : Level.Calm;
  }

  #whileIdle(time: number, score: number, signal: Signal, level: Level): AlertEvent | undefined {
    const settings = this.#settings;
    if (this.#levels.beyond === 0) this.#drivers.clear();
    const enough = this.#levels.beyond >= settings.needed;
    if (!enough) this.#since = undefined;
    else if (!this.#building.running) this.#since = this.#levels.firstBeyond();
    const held = this.#building.update(enough, time);
    if (held === undefined || held < settings.raiseAfter || level !== Level.Beyond) return undefined;
    if (time < this.refractoryUntil) return undefined;
    const since = Math.min(this.#since ?? time, time);
    this.raised = {
      id: this.#newId("condition", this.#stream, since),
      severity: severityOf(settings, score, signal.limit),
      since,
      acknowledged: false,
      told: time,
    };
    if (signal.label !== undefined) this.raised.label = signal.label;
    this.#building.stop();
    return this.#event("raised", this.raised, time, score, signal);
  }

  #whileRaised(raised: RaisedAlert, time: number, score: number, signal: Signal, level: Level): AlertEvent | undefined {
    const settings = this.#settings;
    const calm = this.#clearing.update(this.#levels.uncalm < settings.needed, time);
    if (calm !== undefined && calm >= settings.clearAfter && level === Level.Calm) {
      this.raised = undefined;
      const event = this.#event("cleared", raised, time, score, signal);
      this.refractoryUntil = time + settings.refractory;
      this.#reset();
      return event;
    }
    if (level !== Level.Beyond) return undefined;
    const severity = severityOf(settings, score, signal.limit);
    if (isWorse(severity, raised.severity)) {
      raised.severity = severity;
      raised.told = time;
      const event = this.#event("escalated", raised, time, score, signal);
      // What was acknowledged was the lesser alert.
      raised.acknowledged = false;
      return event;
    }
    if (!remindDue(raised, settings.remindEvery, time)) return undefined;
    raised.told = time;
    return this.#event("reminder", raised, time, score, signal);
  }

  #event(
    event: Exclude<AlertEventName, "uncertain">,
    raised: RaisedAlert,
    time: number,
    score: number,
    signal: Signal,
  ): AlertEvent {
    const label = raised.label ?? signal.label;
    const drivers: Contribution[] = this.#drivers.top();
    const { id, severity, since } = raised;
    const alert: Alert = {
      id,
      state: event === "cleared" ? "cleared" : "raised",
      severity,
      stream: this.#stream,
      score,
      threshold: signal.limit.value,
      since,
      text: conditionText(event, {
        by: this.#by,
        stream: this.#stream,
        score,
        limit: signal.limit,
        ...(label === undefined ? {} : { label }),
        drivers,
        lasted: Math.max(0, time - since),
        severity,
      }),
    };
    if (label !== undefined) alert.label = label;
    if (event === "cleared") alert.until = Math.max(since, time);
    const { acknowledged } = raised;
    return drivers.length === 0
      ? { event, alert, acknowledged }
      : { event, alert, acknowledged, contributions: drivers };
  }

  #reset(): void {
    this.#levels.clear();
    this.#building.stop();
    this.#clearing.stop();
    this.#drivers.clear();
    this.#since = undefined;
  }
}
