export type { AlarmSummary, FaultEvent } from "./alarm-totals.js";
export type { AlarmRules } from "./alarm-track.js";
export { type AlertInterval, type Detection, detection, type Stretch } from "./alerts.js";
export type { DecidedMoment } from "./anomaly-record.js";
export { atThreshold, type ConfusionRates, confusionRates, type Operation } from "./at-threshold.js";
export { aucInterval } from "./auc-interval.js";
export { bestThresholds, type ChosenThreshold, type Goal } from "./best-threshold.js";
export { ClassConfusion, type ClassMetrics, type ClassReport } from "./class-confusion.js";
export type { ClassMoment } from "./class-record.js";
export { type Confusion, confusion, type Rates, rates } from "./confusion.js";
export { byDay, type Day, isDetected, type ScoredMoment } from "./days.js";
export { type Evaluated, type EvaluatedTask, readEvaluated } from "./evaluated.js";
export { Evaluation, type EvaluationSettings } from "./evaluation.js";
export { resultsCsv, summaryCsv } from "./evaluation-csv.js";
export { type FalseAlarmLevel, falseAlarmLevels } from "./false-alarms.js";
export type { LabelRule } from "./label-rule.js";
export type { Moment, Truth } from "./moment.js";
export {
  type NabFileScore,
  type NabOutcome,
  type NabProfile,
  type NabSeries,
  nabBestThreshold,
  nabProbation,
  nabProfiles,
  nabScore,
} from "./nab.js";
export { median, percentile, percentiles } from "./percentile.js";
export { averagePrecision, type PrecisionRecallPoint, precisionRecallCurve } from "./precision-recall.js";
export { type Ranking, rank } from "./ranking.js";
export { type RegressionMetrics, RunningRegression } from "./regression.js";
export type {
  AnomalyReport,
  ClassEvaluationReport,
  Curves,
  EmptyReport,
  EvaluationReport,
  ResultCounts,
  ValueReport,
} from "./report.js";
export { rocAuc } from "./roc.js";
export { areaUnderRoc, type RocPoint, rocCurve } from "./roc-curve.js";
export { readSavedEvaluation, type SavedEvaluation } from "./saved-evaluation.js";
export type { ValueMoment } from "./value-record.js";
export { type Rate, wilson } from "./wilson.js";
