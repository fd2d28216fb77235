import { EdgeMlError } from "../errors/index.js";
import type { AnomalyResult, ClassResult, ValueResult } from "../frame/index.js";
import type { AlarmRules } from "./alarm-track.js";
import { AnomalyRecord } from "./anomaly-record.js";
import { ClassRecord } from "./class-record.js";
import type { Evaluated, EvaluatedAlert, EvaluatedResult, EvaluatedTask } from "./evaluated.js";
import type { LabelRule } from "./label-rule.js";
import type { EvaluationReport, ResultCounts } from "./report.js";
import { inWords } from "./report-text.js";
import type { SavedEvaluation } from "./saved-evaluation.js";
import { ValueRecord } from "./value-record.js";

export interface EvaluationSettings {
  /** "auto": what the first result is. */
  task: "auto" | EvaluatedTask;
  labels: LabelRule;
  rules: AlarmRules;
  /** Results kept one by one (of an anomaly evaluation: of each truth). */
  keep: number;
  /** False alarms per day that are wished. */
  falseAlarmsPerDay: number;
  /** The value that is held against the label; the first one when empty. */
  value: string;
}

export type EvaluationRecord =
  | { task: "anomaly"; record: AnomalyRecord }
  | { task: "class"; record: ClassRecord }
  | { task: "value"; record: ValueRecord };

/** Alerts that came before the first result has said what the evaluation is of. */
const MAX_EARLY = 100;

/** Collects results with their labels, and says how good they are. Bounded in memory, however long it goes on. */
export class Evaluation {
  readonly counts: Omit<ResultCounts, "forgotten"> = {
    results: 0,
    scored: 0,
    unscored: 0,
    labelled: 0,
    unlabelled: 0,
  };
  readonly #settings: EvaluationSettings;
  #record: EvaluationRecord | undefined;
  #early: EvaluatedAlert[] = [];
  #from: number | undefined;
  #to: number | undefined;

  constructor(settings: EvaluationSettings) {
    this.#settings = settings;
    if (settings.task !== "auto") this.#record = this.#begin(settings.task);
  }

  /** What has been collected, once it is known what it is of. */
  get record(): EvaluationRecord | undefined {
    return this.#record;
  }

  /**
   * A result with its label, or an alert.
   * @throws EdgeMlError EDGE_ML_PAYLOAD when it is of another kind than those before
   */
  add(evaluated: Evaluated): void {
    if (evaluated.type === "alert") this.#addAlert(evaluated);
    else this.#addResult(evaluated);
  }

  /** Plain JSON; `restore` takes it back. */
  save(): SavedEvaluation {
    const saved: SavedEvaluation = { format: 1, settings: this.#fingerprint, counts: { ...this.counts } };
    if (this.#from !== undefined) saved.from = this.#from;
    if (this.#to !== undefined) saved.to = this.#to;
    const current = this.#record;
    if (current?.task === "anomaly") saved.anomaly = current.record.save();
    if (current?.task === "class") saved.class = current.record.save();
    if (current?.task === "value") saved.value = current.record.save();
    return saved;
  }

  /** Goes on with what was saved, before anything is added; not with what was collected by other settings. */
  restore({ settings, counts, from, to, ...saved }: SavedEvaluation): void {
    if (settings !== this.#fingerprint) return;
    const task = (["anomaly", "class", "value"] as const).find((each) => saved[each] !== undefined);
    if (task === undefined) return;
    const current = this.#begin(task);
    if (current.task === "anomaly") current.record.restore(saved.anomaly!);
    else if (current.task === "class") current.record.restore(saved.class!);
    else current.record.restore(saved.value!);
    this.#record = current;
    Object.assign(this.counts, counts);
    this.#from = from;
    this.#to = to;
  }

  /** What decides how results are counted and kept, as text. */
  get #fingerprint(): string {
    return JSON.stringify(this.#settings);
  }

  /** Of what has come until now; plain JSON. */
  async report(): Promise<EvaluationReport> {
    const common = {
      counts: { ...this.counts, forgotten: this.#record?.record.forgotten ?? 0 },
      ...(this.#from === undefined ? {} : { from: this.#from }),
      ...(this.#to === undefined ? {} : { to: this.#to }),
      text: "",
    };
    const report: EvaluationReport = this.#record
      ? { ...(await this.#record.record.report()), ...common }
      : { task: "none", ...common };
    report.text = inWords(report);
    return report;
  }

  #addResult(evaluated: EvaluatedResult): void {
    const { kind, result, time } = evaluated;
    const current = this.#record ?? this.#begin(kind);
    if (kind !== current.task) {
      throw new EdgeMlError("EDGE_ML_PAYLOAD", {
        field: "msg.payload.kind",
        got: `"${kind}"`,
        expected: `"${current.task}", as the results before; send msg.evaluate = "reset" to begin anew`,
      });
    }
    const isLabelled = addTo(current, evaluated);
    if (!this.#record) {
      this.#record = current;
      for (const alert of this.#early) this.#addAlert(alert);
      this.#early = [];
    }
    this.counts.results++;
    this.counts[result ? "scored" : "unscored"]++;
    if (result) this.counts[isLabelled ? "labelled" : "unlabelled"]++;
    this.#from = Math.min(this.#from ?? time, time);
    this.#to = Math.max(this.#to ?? time, time);
  }

  #addAlert(alert: EvaluatedAlert): void {
    const current = this.#record;
    if (current?.task === "anomaly") current.record.addAlert(alert);
    else if (!current && this.#early.length < MAX_EARLY) this.#early.push(alert);
  }

  #begin(task: EvaluatedTask): EvaluationRecord {
    const { keep, value, labels } = this.#settings;
    switch (task) {
      case "anomaly":
        return { task, record: new AnomalyRecord(this.#settings) };
      case "class": {
        const [positive] = labels.faulty;
        return { task, record: new ClassRecord({ keep, ...(positive === undefined ? {} : { positive }) }) };
      }
      case "value":
        return { task, record: new ValueRecord({ keep, value }) };
    }
  }
}

/** The result is of the record's kind: it was compared. @returns whether its label says something */
function addTo({ task, record }: EvaluationRecord, { result, ...rest }: EvaluatedResult): boolean {
  const evaluated = <T>() => (result ? { ...rest, result: result as T } : rest);
  switch (task) {
    case "anomaly":
      return record.add(evaluated<AnomalyResult>());
    case "class":
      return record.add(evaluated<ClassResult>());
    case "value":
      return record.add(evaluated<ValueResult>());
  }
}
