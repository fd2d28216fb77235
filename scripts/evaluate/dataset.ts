/** One machine of a data set, split into what is learned from and what is tested on. */
export interface Unit {
  name: string;
  /** CSV files; the truth is a column of both. */
  train: string;
  test: string;
  labelColumn: string;
  /** Readings count only while this channel is 1. */
  gateChannel: string;
  /** Whether the test part has whole fault-free days: without them, false days cannot be counted. */
  faultFreeDays: boolean;
  /** What a reader of the numbers must know. */
  notes: string[];
}

/** A public benchmark that the nodes can be evaluated on. */
export interface Dataset {
  name: string;
  title: string;
  /** Published or measured numbers to hold ours against. */
  reference: string[];
  /**
   * Splits the files of `folder` into CSV files in `work`.
   * @throws Error with a sentence when the folder does not hold the data set
   */
  prepare(folder: string, work: string): Unit[];
}

/** A model to learn and the alarms it may raise. */
export interface Method {
  learner: "pca" | "kmeans";
  /** Wished false alarms per day of minutes. */
  falseAlarmsPerDay: number;
  threshold: string;
}

/**
 * Every method at two thresholds: the reference's (the 99 % quantile of the normal minutes is 1 % of them: 14.4 a day of
 * 1440), and the default of edge-learn.
 */
export const methods: Method[] = (["pca", "kmeans"] as const).flatMap((learner) => [
  { learner, falseAlarmsPerDay: 14.4, threshold: "1 % of minutes" },
  { learner, falseAlarmsPerDay: 1, threshold: "1 per day" },
]);
