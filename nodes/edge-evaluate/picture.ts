import type {
  AlarmRules,
  ClassEvaluationReport,
  EmptyReport,
  Evaluation,
  Moment,
  ResultCounts,
  Truth,
  ValueReport,
} from "../lib/evaluate/index.js";

/** What the dialog draws. */
export type EvaluationPicture =
  | { task: "undeployed" }
  | AnomalyPicture
  | ClassEvaluationReport
  | ValuePicture
  | EmptyReport;

/** The moments themselves: what a threshold would do is worked out in the browser, with the library's own functions. */
export interface AnomalyPicture {
  task: "anomaly";
  counts: ResultCounts;
  /** The last result's. */
  threshold?: number;
  /** The rules of alarms and events, as the running node has them. */
  rules: AlarmRules;
  /** Wished, per day. */
  falseAlarmsPerDay: number;
  moments: PackedMoments;
}

export interface ValuePicture extends ValueReport {
  /** [predicted, truth] of the newest. */
  points: [number, number][];
}

/** Moments column by column: a fifth of the bytes that a list of them takes. */
export interface PackedMoments {
  streams: string[];
  labels: string[];
  /** ms since 1970 of the first, then the steps. */
  times: number[];
  /** null where there is none. */
  scores: (number | null)[];
  /** A letter for each: n, f or u. */
  truths: string;
  /** Places in the lists above; -1 without a label. */
  stream: number[];
  label: number[];
}

const MAX_POINTS = 2000;
const LETTERS: Record<Truth, string> = { normal: "n", faulty: "f", unknown: "u" };
const TRUTHS: Record<string, Truth> = { n: "normal", f: "faulty", u: "unknown" };

export async function pictureOf(evaluation: Evaluation): Promise<EvaluationPicture> {
  const current = evaluation.record;
  if (current?.task === "anomaly") {
    const { record } = current;
    return {
      task: "anomaly",
      counts: { ...evaluation.counts, forgotten: record.forgotten },
      ...(record.threshold === undefined ? {} : { threshold: record.threshold }),
      rules: record.rules,
      falseAlarmsPerDay: record.wished,
      moments: packMoments(record.moments()),
    };
  }
  const report = await evaluation.report();
  if (current?.task !== "value" || report.task !== "value") return report as ClassEvaluationReport | EmptyReport;
  const points: [number, number][] = [];
  for (const { predicted, truth } of current.record.moments().slice(-MAX_POINTS)) {
    if (predicted !== undefined && truth !== undefined) points.push([predicted, truth]);
  }
  return { ...report, points };
}

export function packMoments(moments: readonly Moment[]): PackedMoments {
  const streams = new Map<string, number>();
  const labels = new Map<string, number>();
  const place = (places: Map<string, number>, name: string) => {
    const known = places.get(name) ?? places.size;
    places.set(name, known);
    return known;
  };
  const packed: PackedMoments = { streams: [], labels: [], times: [], scores: [], truths: "", stream: [], label: [] };
  const truths: string[] = [];
  let before = 0;
  for (const { time, stream, label, score, truth } of moments) {
    packed.times.push(time - before);
    before = time;
    packed.scores.push(score ?? null);
    truths.push(LETTERS[truth]);
    packed.stream.push(place(streams, stream));
    packed.label.push(label === undefined ? -1 : place(labels, label));
  }
  return { ...packed, streams: [...streams.keys()], labels: [...labels.keys()], truths: truths.join("") };
}

export function unpackMoments({ streams, labels, times, scores, truths, stream, label }: PackedMoments): Moment[] {
  let time = 0;
  return times.map((step, i) => {
    time += step;
    const moment: Moment = { time, stream: streams[stream[i]!]!, truth: TRUTHS[truths[i]!]! };
    const score = scores[i];
    if (score !== null && score !== undefined) moment.score = score;
    const name = labels[label[i]!];
    if (name !== undefined) moment.label = name;
    return moment;
  });
}
