import type { Alert } from "../frame/index.js";
import type { AlertEvent, AlertEventName, NewId, RaisedAlert } from "./alert-event.js";
import { endedText, keywordText } from "./alert-text.js";
import { Hold } from "./hold.js";
import { KeywordTrack } from "./keyword-track.js";
import type { Keywords } from "./keywords.js";
import { Level } from "./n-of-m.js";
import type { Signal } from "./observation.js";
import type { DecideSettings, KeywordCondition } from "./settings.js";
import { severityOf } from "./severity.js";
import { type NearMiss, UncertainKeyword } from "./uncertain-keyword.js";

/** The most scores that are averaged, whatever a model says. */
const MAX_SMOOTHING = 1000;
/** A pause that is so many times as long as what is averaged ends what was heard before it. */
const PAUSE = 2;

/**
 * Whether a keyword was heard in one stream. Each keyword is smoothed and held against its own threshold; of those that
 * are beyond it (`needed` of the last `among`, for `raiseAfter`) the one with the largest margin is raised. Until it has
 * been calm for `clearAfter`, and the refractory time is over, none is; one that rises meanwhile has to fall first.
 */
export class KeywordAlert {
  raised: RaisedAlert | undefined;
  /** Stream time before which nothing is raised. */
  refractoryUntil = Number.NEGATIVE_INFINITY;
  /** The keyword that is raised, else the one with the largest margin. */
  label: string | undefined;
  score: number | null = null;
  smoothed: number | null = null;
  threshold: number | null = null;

  readonly #stream: string;
  readonly #settings: DecideSettings;
  readonly #condition: KeywordCondition;
  readonly #newId: NewId;
  readonly #tracks = new Map<string, KeywordTrack>();
  readonly #clearing = new Hold();
  readonly #uncertain: UncertainKeyword;
  /** Of all keywords: over how many scores they are smoothed. */
  #size = 0;
  #model: string | undefined;
  /** Stream time of the last score. */
  #last = Number.NaN;

  constructor(stream: string, settings: DecideSettings, condition: KeywordCondition, newId: NewId) {
    this.#stream = stream;
    this.#settings = settings;
    this.#condition = condition;
    this.#newId = newId;
    this.#uncertain = new UncertainKeyword(condition.uncertainRatio, settings.clearAfter);
  }

  /** A keyword is beyond its threshold, not yet often or long enough. */
  get pending(): boolean {
    if (this.raised) return false;
    for (const { levels } of this.#tracks.values()) if (levels.beyond > 0) return true;
    return false;
  }

  push(time: number, { keywords }: Signal, model: string | undefined): AlertEvent | undefined {
    this.#prepare(keywords!, time, model);
    const counts = this.raised === undefined && time >= this.refractoryUntil;
    let best: KeywordTrack | undefined;
    for (const { label, score, threshold } of keywords!.scores) {
      const track = this.#track(label);
      track.push(score, threshold, time, counts);
      if (best === undefined || track.margin > best.margin) best = track;
    }
    if (this.#tracks.size > keywords!.scores.length) this.#forgetOthers(keywords!);
    this.#show(this.#raisedTrack ?? best!);
    return this.raised ? this.#whileRaised(this.raised, time) : this.#whileIdle(time, counts);
  }

  /** A span of time that counts for nothing: without a score, or a step of the clock. */
  leaveOut(span: number): void {
    this.#clearing.shift(span);
    this.#uncertain.shift(span);
    for (const { holding } of this.#tracks.values()) holding.shift(span);
  }

  /** The clock stepped: times that are to come step with it. */
  step(by: number): void {
    this.leaveOut(by);
    this.refractoryUntil += by;
    this.#last += by;
    if (this.raised) this.raised.told += by;
  }

  /** Takes over an alert that was raised before a restart: it is over when its keyword has been calm for as long as ever. */
  restore(raised: RaisedAlert): void {
    this.raised = raised;
  }

  /** Forgets everything; an alert that is raised ends. */
  end(time: number, why: "restarted" | "forgotten"): AlertEvent | undefined {
    const { raised } = this;
    this.#forget();
    this.#last = Number.NaN;
    this.refractoryUntil = Number.NEGATIVE_INFINITY;
    if (!raised) return undefined;
    this.raised = undefined;
    const event = this.#event("cleared", raised, time, {});
    event.alert.text = endedText(this.#stream, why, this.#settings.streams);
    return event;
  }

  /** What must not be averaged with this result is forgotten: another model's scores, and those from before a pause. */
  #prepare(keywords: Keywords, time: number, model: string | undefined): void {
    const { size, span } = this.#smoothingOf(keywords);
    if (model !== this.#model || size !== this.#size) this.#forget();
    this.#model = model;
    this.#size = size;
    if (time - this.#last > PAUSE * span) {
      for (const track of this.#tracks.values()) track.reset();
      if (this.raised && !this.#clearing.running) this.#clearing.update(true, this.#last);
      this.#uncertain.pauseSince(this.#last);
    }
    this.#last = time;
  }

  /** Over how many scores, and what time those take: as long as the model says, in windows that follow at another hop, too. */
  #smoothingOf({ triggers, hop }: Keywords): { size: number; span: number } {
    const { method, size: own } = this.#settings.smoothing;
    if (hop === 0) return { size: 1, span: Number.POSITIVE_INFINITY };
    if (method !== "model" || triggers === undefined) {
      const size = method === "none" ? 1 : own;
      return { size, span: hop === undefined ? Number.POSITIVE_INFINITY : size * hop };
    }
    const each = hop ?? triggers.hop;
    const size = Math.round((triggers.smoothing * triggers.hop) / each);
    const bounded = Math.max(1, Math.min(MAX_SMOOTHING, size));
    return { size: bounded, span: bounded * each };
  }

  #whileIdle(time: number, counts: boolean): AlertEvent | undefined {
    const { needed, raiseAfter } = this.#settings;
    let best: KeywordTrack | undefined;
    for (const track of this.#tracks.values()) {
      const held = track.held(needed, time);
      if (!counts || held === undefined || held < raiseAfter || track.level !== Level.Beyond) continue;
      if (best === undefined || track.margin > best.margin) best = track;
    }
    if (best === undefined) return this.#perhaps(time);
    const since = Math.min(best.levels.firstBeyond() ?? time, time);
    const { label, smoothed: score, limit } = best;
    this.raised = {
      id: this.#newId("condition", this.#stream, since),
      severity: severityOf(this.#settings, score, limit),
      since,
      label,
      acknowledged: false,
      told: time,
    };
    this.#show(best);
    for (const track of this.#tracks.values()) {
      track.holding.stop();
      if (track.level === Level.Beyond) track.isSpent = true;
    }
    this.#clearing.stop();
    this.#uncertain.forget();
    return this.#event("raised", this.raised, time, { score, threshold: limit.value });
  }

  #whileRaised(raised: RaisedAlert, time: number): AlertEvent | undefined {
    const { needed, clearAfter, refractory } = this.#settings;
    const track = this.#raisedTrack;
    // A keyword that the model no longer knows is over.
    const calm = this.#clearing.update(track === undefined || track.levels.uncalm < needed, time);
    if (calm === undefined || calm < clearAfter || (track && track.level !== Level.Calm)) return undefined;
    this.raised = undefined;
    this.#clearing.stop();
    for (const { levels } of this.#tracks.values()) levels.clear();
    this.refractoryUntil = time + refractory;
    return this.#event("cleared", raised, time, track ? { score: track.smoothed, threshold: track.limit.value } : {});
  }

  /** A keyword that came near its threshold, once it is over. */
  #perhaps(time: number): AlertEvent | undefined {
    if (time < this.refractoryUntil) return undefined;
    const near = this.#uncertain.look(this.#tracks.values(), time);
    if (near === undefined) return undefined;
    const { label, score, threshold } = near;
    const since = Math.min(near.since, time);
    const id = this.#newId("condition", this.#stream, since);
    const about = { id, severity: "info" as const, since, label, acknowledged: false, told: time };
    return this.#event("uncertain", about, time, { score, threshold });
  }

  #event(
    event: AlertEventName,
    { id, severity, since, label = "", acknowledged }: RaisedAlert,
    time: number,
    scores: Partial<Pick<NearMiss, "score" | "threshold">>,
  ): AlertEvent {
    const isOver = event !== "raised";
    const alert: Alert = {
      id,
      state: isOver ? "cleared" : "raised",
      severity,
      stream: this.#stream,
      label,
      ...scores,
      since,
      text: keywordText(event, { stream: this.#stream, label, lasted: Math.max(0, time - since), ...scores }),
    };
    if (isOver) alert.until = Math.max(since, time);
    if (event === "uncertain") alert.certain = false;
    return event === "cleared" && !this.#condition.tellOver
      ? { event, alert, acknowledged, silent: true }
      : { event, alert, acknowledged };
  }

  #show({ label, score, smoothed, limit }: KeywordTrack): void {
    this.label = label;
    this.score = score;
    this.smoothed = smoothed;
    this.threshold = limit.value;
  }

  get #raisedTrack(): KeywordTrack | undefined {
    return this.raised && this.#tracks.get(this.raised.label ?? "");
  }

  #track(label: string): KeywordTrack {
    let track = this.#tracks.get(label);
    if (track === undefined) {
      track = new KeywordTrack(label, { method: this.#settings.smoothing.method, size: this.#size }, this.#settings);
      this.#tracks.set(label, track);
    }
    return track;
  }

  /** Keywords that this result does not have. */
  #forgetOthers({ scores }: Keywords): void {
    for (const label of this.#tracks.keys()) {
      if (!scores.some((each) => each.label === label)) this.#tracks.delete(label);
    }
  }

  #forget(): void {
    this.#tracks.clear();
    this.#clearing.stop();
    this.#uncertain.forget();
  }
}
