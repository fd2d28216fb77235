import type { AlarmSummary, FaultEvent } from "./alarm-totals.js";
import type { ConfusionRates } from "./at-threshold.js";
import type { ChosenThreshold } from "./best-threshold.js";
import type { ClassReport } from "./class-confusion.js";
import type { Confusion } from "./confusion.js";
import type { NabReport } from "./nab-of-moments.js";
import type { PrecisionRecallPoint } from "./precision-recall.js";
import type { RegressionMetrics } from "./regression.js";
import type { RocPoint } from "./roc-curve.js";
import type { Rate } from "./wilson.js";

/** What an evaluation says; plain JSON. What is not known is missing, never NaN. */
export type EvaluationReport = AnomalyReport | ClassEvaluationReport | ValueReport | EmptyReport;

/** How many results came, and what became of them; exact. */
export interface ResultCounts {
  results: number;
  /** With a score, a class or a value. */
  scored: number;
  /** Of frames that could not be scored; never taken for normal. */
  unscored: number;
  /** Scored, with a label that says what is true. */
  labelled: number;
  /** Scored, without one. */
  unlabelled: number;
  /** Of all, those of which only the counts are left: the oldest. */
  forgotten: number;
}

interface Common {
  counts: ResultCounts;
  /** ms since 1970: of the first and the last result. */
  from?: number;
  to?: number;
  /** In words. */
  text: string;
}

export interface EmptyReport extends Common {
  task: "none";
}

/** How well scores tell positives from negatives, whatever the threshold. */
export interface Curves {
  positives: number;
  negatives: number;
  /** Area under the ROC curve. */
  auc?: Rate;
  averagePrecision?: number;
  /** At most 200 points each. */
  roc: RocPoint[];
  precisionRecall: PrecisionRecallPoint[];
}

export interface AnomalyReport extends Common {
  task: "anomaly";
  /** The last result's; `thresholds` tells whether it was the same all the time. */
  threshold?: number;
  thresholds: "one" | "several" | "none";
  /** Of the results' own decisions, moment by moment. */
  confusion: Confusion;
  rates: ConfusionRates;
  /** Of the alerts when there are any, else of the results. */
  alarmsOf: "alerts" | "results";
  alarms: AlarmSummary;
  /** The newest 50. */
  events: FaultEvent[];
  curves: Curves;
  best: ChosenThreshold[];
  /** Missing while there is no labelled event. */
  nab?: NabReport;
}

export interface ClassEvaluationReport extends Common, ClassReport {
  task: "class";
  /** Area under the ROC curve of each class against all others, where every kept result has its score. */
  oneVersusRest: { label: string; auc: Rate }[];
  /** Of the class that was chosen as the positive one. */
  positive?: { label: string } & Curves;
}

export interface ValueReport extends Common {
  task: "value";
  /** The value that was looked at. */
  name?: string;
  metrics?: RegressionMetrics;
}
