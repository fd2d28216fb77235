import { setImmediate } from "node:timers/promises";
import type { AnomalyResult } from "../frame/index.js";
import { StreamTable } from "../frame/index.js";
import { AlarmTotals } from "./alarm-totals.js";
import { type AlarmRules, StreamTrack } from "./alarm-track.js";
import { AlertLog } from "./alert-log.js";
import { confusionRates } from "./at-threshold.js";
import { bestThresholds } from "./best-threshold.js";
import type { Confusion } from "./confusion.js";
import { curvesOf } from "./curves.js";
import type { EvaluatedAlert, EvaluatedResult } from "./evaluated.js";
import { type LabelRule, truthOf } from "./label-rule.js";
import { labelledScores, type Moment, type Truth } from "./moment.js";
import { nabOf } from "./nab-of-moments.js";
import { Newest } from "./newest.js";
import { rank } from "./ranking.js";
import type { AnomalyReport } from "./report.js";
import { areaUnderRoc } from "./roc-curve.js";
import type { SavedAnomalies } from "./saved-evaluation.js";

export interface AnomalyRecordSettings {
  labels: LabelRule;
  rules: AlarmRules;
  /** Moments kept of each truth: for the curves, and for thresholds other than the one in use. */
  keep: number;
  /** False alarms per day that are wished. */
  falseAlarmsPerDay: number;
}

/** A moment with the result's own decision. */
export interface DecidedMoment extends Moment {
  alarmed: boolean;
  threshold?: number;
}

export interface KeptMoment extends DecidedMoment {
  /** In which order it came. */
  sequence: number;
}

const MAX_STREAMS = 1024;
const SHOWN_EVENTS = 50;

/**
 * Anomaly results with their truth, in bounded memory. Counts, confusion, alarms and events are exact for everything that
 * came; the curves are of the newest moments, so many of each truth: faults are few, and normal ones do not push them out.
 */
export class AnomalyRecord {
  readonly confusion: Confusion = { truePositives: 0, falsePositives: 0, trueNegatives: 0, falseNegatives: 0 };
  readonly totals = new AlarmTotals();
  readonly alerts = new AlertLog();
  threshold: number | undefined;
  readonly #settings: AnomalyRecordSettings;
  readonly #tracks: StreamTable<{ track: StreamTrack; truth: Truth }>;
  readonly #kept: Record<Truth, Newest<KeptMoment>>;
  #sequence = 0;
  #thresholds: AnomalyReport["thresholds"] = "none";

  constructor(settings: AnomalyRecordSettings) {
    this.#settings = settings;
    this.#tracks = new StreamTable(MAX_STREAMS);
    const { keep } = settings;
    this.#kept = { normal: new Newest(keep), faulty: new Newest(keep), unknown: new Newest(keep) };
  }

  /** Plain JSON. An alarm or a fault that goes on is counted once more after it was restored. */
  save(): SavedAnomalies {
    const saved: SavedAnomalies = {
      confusion: { ...this.confusion },
      thresholds: this.#thresholds,
      totals: this.totals.save(),
      alerts: this.alerts.save(),
      kept: this.moments(),
      forgotten: this.forgotten,
    };
    if (this.threshold !== undefined) saved.threshold = this.threshold;
    return saved;
  }

  restore({ confusion, threshold, thresholds, totals, alerts, kept, forgotten }: SavedAnomalies): void {
    Object.assign(this.confusion, confusion);
    this.threshold = threshold;
    this.#thresholds = thresholds;
    this.totals.restore(totals);
    this.alerts.restore(alerts);
    for (const moment of kept) this.#kept[moment.truth].push(moment);
    this.#kept.normal.dropped += forgotten;
    this.#sequence = (kept.at(-1)?.sequence ?? -1) + 1;
  }

  get rules(): AlarmRules {
    return this.#settings.rules;
  }

  /** False alarms per day that are wished. */
  get wished(): number {
    return this.#settings.falseAlarmsPerDay;
  }

  /** Moments that gave way to newer ones. */
  get forgotten(): number {
    return this.#kept.normal.dropped + this.#kept.faulty.dropped + this.#kept.unknown.dropped;
  }

  /** @returns whether it has a label that says something */
  add({ stream, time, label, result }: Omit<EvaluatedResult, "result"> & { result?: AnomalyResult }): boolean {
    const truth = truthOf(label, this.#settings.labels);
    const alarmed = result?.anomalous === true;
    const moment: KeptMoment = { time, stream, truth, alarmed, sequence: this.#sequence++ };
    if (label !== undefined) moment.label = label;
    if (result) {
      moment.score = result.score;
      moment.threshold = result.threshold;
      this.#decide(result);
      if (truth === "faulty") this.confusion[alarmed ? "truePositives" : "falseNegatives"]++;
      else if (truth === "normal") this.confusion[alarmed ? "falsePositives" : "trueNegatives"]++;
    }
    const state = this.#streamOf(stream);
    state.truth = truth;
    state.track.push(moment, alarmed);
    this.#kept[truth].push(moment);
    return truth !== "unknown";
  }

  addAlert({ alert }: EvaluatedAlert): void {
    this.alerts.add(alert, this.#tracks.peek(alert.stream)?.truth ?? "unknown");
  }

  /** What is kept, in the order in which it came. */
  moments(): KeptMoment[] {
    const { normal, faulty, unknown } = this.#kept;
    return [...normal.toArray(), ...faulty.toArray(), ...unknown.toArray()].sort((a, b) => a.sequence - b.sequence);
  }

  /** Area under the ROC curve of what is kept; undefined while only one kind came. */
  auc(): number | undefined {
    const { normal, faulty } = this.#kept;
    const { scores, faulty: truth } = labelledScores([...normal.toArray(), ...faulty.toArray()]);
    const area = areaUnderRoc(rank(scores, truth));
    return Number.isNaN(area) ? undefined : area;
  }

  /** False alarms per day, of the alerts when there are any. */
  get falseAlarmsPerDay(): number | undefined {
    return this.#alarms().alarms.falseAlarmsPerDay;
  }

  /** Of what has come until now; the flow has its turn between the parts of the work. */
  async report(): Promise<Omit<AnomalyReport, "counts" | "from" | "to" | "text">> {
    const moments = this.moments();
    const report: Omit<AnomalyReport, "counts" | "from" | "to" | "text" | "curves"> = {
      task: "anomaly",
      ...(this.threshold === undefined ? {} : { threshold: this.threshold }),
      thresholds: this.#thresholds,
      confusion: { ...this.confusion },
      rates: confusionRates(this.confusion),
      ...this.#alarms(),
      events: this.totals.events.slice(-SHOWN_EVENTS).map((event) => ({ ...event })),
      best: [],
    };
    await setImmediate();
    const { scores, faulty } = labelledScores(moments);
    const curves = curvesOf(scores, faulty);
    for (const chosen of bestThresholds(moments, this.wished, this.rules)) {
      report.best.push(chosen);
      await setImmediate();
    }
    const nab = nabOf(moments);
    return { ...report, curves, ...(nab && { nab }) };
  }

  #alarms(): Pick<AnomalyReport, "alarmsOf" | "alarms"> {
    const { summary, events } = this.totals;
    if (this.alerts.size === 0) return { alarmsOf: "results", alarms: summary };
    return { alarmsOf: "alerts", alarms: this.alerts.summary(events, summary) };
  }

  #decide({ threshold }: AnomalyResult): void {
    if (this.threshold !== undefined && this.threshold !== threshold) this.#thresholds = "several";
    else if (this.#thresholds === "none") this.#thresholds = "one";
    this.threshold = threshold;
  }

  #streamOf(stream: string): { track: StreamTrack; truth: Truth } {
    return this.#tracks.get(stream, () => ({
      track: new StreamTrack(this.#settings.rules, this.totals),
      truth: "unknown",
    }));
  }
}
