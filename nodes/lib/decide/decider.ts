import { createHash } from "node:crypto";
import { StreamTable } from "../frame/index.js";
import type { AlertEvent, NewId, RaisedAlert } from "./alert-event.js";
import { ConditionAlert } from "./condition-alert.js";
import { DataAlert } from "./data-alert.js";
import { KeywordAlert } from "./keyword-alert.js";
import type { Observation } from "./observation.js";
import type { SavedAlerts, SavedStream } from "./saved-state.js";
import type { DecideSettings } from "./settings.js";

/** How far a stream's time may step back and still be the same run, with its clock set right. */
export const MAX_STEP_BACK = 60_000;

/** How a stream stands after a result, for a live picture. */
export interface StreamState {
  state: "normal" | "pending" | "raised" | "no data";
  /** Of keywords: the one that the scores are of. */
  label?: string;
  /** Null when the result was not scored. */
  score: number | null;
  smoothed: number | null;
  threshold: number | null;
  /** ms since 1970 */
  time: number;
}

export interface Decision {
  /** In the order in which a person should hear of them. */
  events: AlertEvent[];
  state: StreamState;
}

interface Watched {
  stream: string;
  condition: ConditionAlert | KeywordAlert;
  data: DataAlert;
  time: number | undefined;
}

/**
 * Results of many streams in, alerts out. Pure but for the identities it makes up: its only clock is the time of the
 * results.
 *
 * Time that steps back by up to a minute is a clock set right: spans that run go on running. Further back it is another
 * run (a replay's next round, a simulator started again): a raised alert ends, and everything starts anew.
 */
export class Decider {
  readonly #settings: DecideSettings;
  readonly #streams: StreamTable<Watched>;
  readonly #newId: NewId;
  #sequence = 0;
  #forgotten: AlertEvent[] = [];
  readonly #raisedStreams = new Set<string>();
  /** Counts the changes that a restart must not lose. */
  revision = 0;
  /** Alerts that are raised, and those of them that somebody acknowledged. */
  raised = 0;
  acknowledged = 0;

  /**
   * @param owner part of every alert's identity: the node
   * @param unique a further part, another one at each start
   */
  constructor(settings: DecideSettings, owner: string, unique: string) {
    this.#settings = settings;
    this.#newId = (kind, stream, since) => {
      this.#sequence++;
      const parts = JSON.stringify([owner, unique, this.#sequence, kind, stream, since]);
      return createHash("sha256").update(parts).digest("hex").slice(0, 16);
    };
    this.#streams = new StreamTable(settings.streams, (_, watched) => {
      this.#forgotten.push(...this.#end(watched, "forgotten"));
    });
  }

  get size(): number {
    return this.#streams.size;
  }

  /** Streams forgotten because there were too many. */
  get evicted(): number {
    return this.#streams.evicted;
  }

  push({ stream, time, signal, model }: Observation): Decision {
    const watched = this.#watched(stream);
    const events = this.#forgotten;
    this.#forgotten = [];
    this.#advance(watched, time, signal.scored, events);
    const { condition, data } = watched;
    if (signal.scored) {
      this.#note(watched, data.scored(time), events);
      this.#note(watched, condition.push(time, signal, model), events);
    } else {
      this.#note(watched, data.unscored(time, signal.reasons), events);
    }
    const state = condition.raised ? "raised" : data.raised ? "no data" : condition.pending ? "pending" : "normal";
    const keyword = condition instanceof KeywordAlert ? condition : undefined;
    return {
      events,
      state: {
        state,
        ...(keyword?.label === undefined ? {} : { label: keyword.label }),
        score: signal.scored ? (keyword ?? signal).score : null,
        smoothed: signal.scored ? condition.smoothed : null,
        threshold: condition.threshold,
        time,
      },
    };
  }

  /**
   * Acknowledges raised alerts: all of them, those of a stream, or the one with this identity. O(streams).
   * @returns how many alerts it met
   */
  acknowledge(target: { all: true } | { stream: string } | { idOrStream: string }): number {
    let met = 0;
    for (const [stream, { condition, data }] of this.#streams.entries()) {
      for (const alert of [condition.raised, data.raised]) {
        if (!alert || !isMeant(target, stream, alert)) continue;
        met++;
        if (alert.acknowledged) continue;
        alert.acknowledged = true;
        this.acknowledged++;
        this.revision++;
      }
    }
    return met;
  }

  /** The raised alerts' streams, in the order in which they were raised. */
  get raisedStreams(): ReadonlySet<string> {
    return this.#raisedStreams;
  }

  /** What a restart must not lose. */
  save(): SavedAlerts {
    const streams: SavedStream[] = [];
    for (const [stream, { condition, data, time }] of this.#streams.entries()) {
      if (time === undefined) continue;
      const refractory = condition.refractoryUntil > time;
      if (!condition.raised && !data.raised && !refractory) continue;
      const saved: SavedStream = { stream, time };
      if (condition.raised) saved.condition = condition.raised;
      if (data.raised) saved.data = data.raised;
      if (refractory) saved.refractoryUntil = condition.refractoryUntil;
      streams.push(saved);
    }
    return { format: 1, sequence: this.#sequence, streams };
  }

  /** Takes over what was saved: raised alerts are raised, and nobody is told again. */
  restore(saved: SavedAlerts): void {
    this.#sequence = saved.sequence;
    for (const { stream, time, condition, data, refractoryUntil } of saved.streams.slice(-this.#settings.streams)) {
      if (this.#streams.peek(stream)) continue;
      const watched = this.#watched(stream);
      watched.time = time;
      if (condition) watched.condition.restore({ ...condition }, time);
      if (data) watched.data.restore({ ...data });
      if (refractoryUntil !== undefined) watched.condition.refractoryUntil = refractoryUntil;
      for (const alert of [condition, data]) {
        if (!alert) continue;
        this.raised++;
        this.#raisedStreams.add(stream);
        if (alert.acknowledged) this.acknowledged++;
      }
    }
  }

  #watched(stream: string): Watched {
    return this.#streams.get(stream, () => ({
      stream,
      condition: this.#condition(stream),
      data: new DataAlert(stream, this.#settings, this.#newId),
      time: undefined,
    }));
  }

  #condition(stream: string): ConditionAlert | KeywordAlert {
    const { condition } = this.#settings;
    return condition.by === "keyword"
      ? new KeywordAlert(stream, this.#settings, condition, this.#newId)
      : new ConditionAlert(stream, this.#settings, condition.by, this.#newId);
  }

  /** Moves a stream's time on, or back. */
  #advance(watched: Watched, time: number, scored: boolean, events: AlertEvent[]): void {
    const before = watched.time;
    watched.time = time;
    if (before === undefined) return;
    const span = time - before;
    if (span < -MAX_STEP_BACK) {
      watched.time = before;
      events.push(...this.#end(watched, "restarted"));
      watched.time = time;
    } else if (span < 0) {
      watched.condition.step(span);
      watched.data.step(span);
    } else if (!scored) {
      watched.condition.leaveOut(span);
    }
  }

  #end(watched: Watched, why: "restarted" | "forgotten"): AlertEvent[] {
    const { condition, data, time } = watched;
    const events: AlertEvent[] = [];
    for (const part of [condition, data]) this.#note(watched, part.end(time ?? 0, why), events);
    return events;
  }

  #note({ stream, condition, data }: Watched, event: AlertEvent | undefined, events: AlertEvent[]): void {
    if (!event) return;
    if (condition.raised || data.raised) this.#raisedStreams.add(stream);
    else this.#raisedStreams.delete(stream);
    if (!event.silent) events.push(event);
    this.revision++;
    if (event.event === "raised") this.raised++;
    if (event.event === "cleared") this.raised--;
    if (event.acknowledged && (event.event === "cleared" || event.event === "escalated")) this.acknowledged--;
  }
}

function isMeant(target: Parameters<Decider["acknowledge"]>[0], stream: string, alert: RaisedAlert): boolean {
  if ("all" in target) return true;
  if ("stream" in target) return stream === target.stream;
  return alert.id === target.idOrStream || stream === target.idOrStream;
}
