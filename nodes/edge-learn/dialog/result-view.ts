import type { LearningReport } from "../../lib/learn/index.js";

export type Text = (key: string, values?: Record<string, unknown>) => string;

/** A table, of texts. */
export interface Table {
  title: string;
  head: string[];
  rows: Row[];
}

export interface Row {
  cells: string[];
  /** The cell that is right, of a confusion matrix; or the row that was taken: -1. */
  marked?: number;
}

/** What the last training found, in words. */
export interface ResultView {
  title: string;
  facts: [name: string, value: string][];
  tables: Table[];
  warnings: string[];
}

/** A matrix of more classes than this has no room in a dialog. */
const MAX_MATRIX = 12;
const MAX_ROWS = 50;

export function resultView(report: LearningReport, text: Text): ResultView {
  const { model, created, frames, features, choice } = report;
  const facts: [string, string | undefined][] = [
    ["result.frames", text("result.framesOf", { frames: whole(frames), features: whole(features) })],
    ["result.heldOut", heldOut(report, text)],
    ["result.threshold", threshold(report, text)],
    ["result.alarms", alarms(report, text)],
    ["result.faults", faults(report, text)],
    ["result.right", right(report, text)],
    ["result.trigger", trigger(report, text)],
    ["result.sure", sure(report, text)],
    ["result.off", off(report, text)],
    ["result.interval", interval(report, text)],
    ["result.folds", folds(report, text)],
    ["result.why", choice?.why],
  ];
  return {
    title: text("result.title", {
      version: model.version,
      method: methodTitle(report, text),
      time: shortTime(created),
    }),
    facts: facts.filter((fact): fact is [string, string] => !!fact[1]).map(([key, value]) => [text(key), value]),
    tables: [confusion(report, text), candidates(report, text)].filter((table) => table !== undefined),
    warnings: report.warnings,
  };
}

/** A learner's title; of one that this package does not have, its id. */
function methodTitle({ task, method }: { task: string; method: string }, text: Text): string {
  return found(text, `learner.${task}.${method}.title`, method);
}

function metricName(metric: string, text: Text): string {
  return found(text, `metric.${metric}`, metric);
}

/** A text of the catalog, or another one when the catalog has none: it then says the key. */
function found(text: Text, key: string, other: string): string {
  const value = text(key);
  return value.endsWith(key) ? other : value;
}

function heldOut({ holdOut }: LearningReport, text: Text): string {
  const by = holdOut.by === "stream" ? text("result.heldOutStreams", { streams: list(holdOut.streams ?? []) }) : "";
  const values = { frames: whole(holdOut.frames), learned: whole(holdOut.learned) };
  return [text("result.heldOutOf", values), by].filter(Boolean).join(" ");
}

function threshold({ threshold }: LearningReport, text: Text): string | undefined {
  if (!threshold) return undefined;
  const { value, falseAlarmsPerDay, holdOut } = threshold;
  return text("result.thresholdOf", {
    value: brief(value, 4),
    alarms: text(falseAlarmsPerDay === 1 ? "plan.alarm" : "plan.alarms", { count: brief(falseAlarmsPerDay) }),
    above: whole(holdOut.exceedances),
  });
}

function alarms({ threshold }: LearningReport, text: Text): string | undefined {
  if (!threshold?.expected) return undefined;
  const { low, high, confidence } = threshold.expected;
  return text("result.alarmsOf", { low: brief(low), high: brief(high), confidence: percent(confidence) });
}

function faults({ abnormal }: LearningReport, text: Text): string | undefined {
  if (!abnormal) return undefined;
  const { frames, found, auc, labels } = abnormal;
  const each = labels.map(({ label, frames, found }) =>
    text("result.faultsOfLabel", { label, frames: whole(frames), found: whole(found) }),
  );
  const all = text("result.faultsOf", { frames: whole(frames), found: whole(found), auc: brief(auc) });
  return labels.length > 1 ? `${all} (${list(each)})` : all;
}

function right({ classes, holdOut }: LearningReport, text: Text): string | undefined {
  if (!classes) return undefined;
  return text("result.rightOf", {
    accuracy: percent(holdOut.metrics.accuracy ?? Number.NaN),
    balanced: percent(holdOut.metrics.balancedAccuracy ?? Number.NaN),
    label: classes.baseline.label,
    baseline: percent(classes.baseline.accuracy),
  });
}

/** Of a classifier of events: what its thresholds do. */
function trigger({ holdOut }: LearningReport, text: Text): string | undefined {
  const { triggerRecall, falseAlarmsPerHour } = holdOut.metrics;
  if (triggerRecall === undefined || falseAlarmsPerHour === undefined) return undefined;
  return text("result.triggerOf", { found: percent(triggerRecall), alarms: brief(falseAlarmsPerHour) });
}

function sure({ classes }: LearningReport, text: Text): string | undefined {
  if (!classes) return undefined;
  const { errorBefore, errorAfter } = classes.calibration;
  return text("result.sureOf", { before: percent(errorBefore), after: percent(errorAfter) });
}

function off({ values }: LearningReport, text: Text): string | undefined {
  if (!values) return undefined;
  const others = values.baselines.map(({ name, rmse }) =>
    text("result.baseline", { name: found(text, `baseline.${name.replace(" ", "-")}`, name), rmse: brief(rmse) }),
  );
  return text("result.offOf", { rmse: brief(values.rmse), mae: brief(values.mae), baselines: others.join(", ") });
}

function interval({ interval }: LearningReport, text: Text): string | undefined {
  if (!interval) return undefined;
  const { low, high, confidence } = interval;
  return text("result.intervalOf", { low: signed(low), high: signed(high), confidence: percent(confidence) });
}

function folds({ crossValidation }: LearningReport, text: Text): string | undefined {
  if (!crossValidation) return undefined;
  const { metric, mean, std, values } = crossValidation;
  return text("result.foldsOf", {
    metric: metricName(metric, text),
    mean: brief(mean),
    std: brief(std),
    count: values.length,
  });
}

/** Rows are what it is, columns what the model says; beside it what share of a class it finds, and of its calls is right. */
function confusion({ classes }: LearningReport, text: Text): Table | undefined {
  if (!classes) return undefined;
  const labels = classes.perClass.map(({ label }) => label);
  const matrix = labels.length <= MAX_MATRIX;
  return {
    title: text(matrix ? "result.confusion" : "result.classes"),
    head: ["", ...(matrix ? labels : [text("result.framesHead")]), text("result.recall"), text("result.precision")],
    rows: classes.perClass.slice(0, MAX_ROWS).map(({ label, holdOut, recall, precision }, i) => ({
      cells: [
        label,
        ...(matrix ? classes.confusion[i]!.map(whole) : [whole(holdOut)]),
        recall === null ? "–" : percent(recall),
        precision === null ? "–" : percent(precision),
      ],
      ...(matrix ? { marked: i + 1 } : {}),
    })),
  };
}

type Candidate = NonNullable<LearningReport["candidates"]>[number];

/** A candidate's title, with the options in which it is not like others of the same method. */
function candidateName(task: string, { method, options }: Candidate, all: readonly Candidate[], text: Text): string {
  const same = all.filter((each) => each.method === method);
  const differing = Object.keys(options).filter((name) =>
    same.some((each) => String(each.options[name]) !== String(options[name])),
  );
  const shown = differing.map(
    (name) => `${found(text, `learner.${task}.${method}.option.${name}`, name)}: ${String(options[name])}`,
  );
  return [methodTitle({ task, method }, text), ...shown].join(", ");
}

function candidates({ task, candidates, choice }: LearningReport, text: Text): Table | undefined {
  if (!candidates || !choice) return undefined;
  return {
    title: text("result.candidates"),
    head: [
      "",
      metricName(choice.metric, text),
      text("result.seconds"),
      text("result.size"),
      text("result.microseconds"),
    ],
    rows: candidates.slice(0, MAX_ROWS).map((candidate) => {
      const { metric, error, seconds, bytes, microseconds, chosen, note } = candidate;
      const cells = [
        candidateName(task, candidate, candidates, text) + (note === undefined ? "" : ` (${note})`),
        metric === null ? "–" : error === null ? brief(metric) : `${brief(metric)} ± ${brief(error, 2)}`,
        brief(seconds, 2),
        bytes === null ? "–" : size(bytes),
        microseconds === null ? "–" : brief(microseconds, 2),
      ];
      return chosen ? { cells, marked: -1 } : { cells };
    }),
  };
}

function list(names: readonly string[]): string {
  return names.slice(0, 5).join(", ") + (names.length > 5 ? ", …" : "");
}

function brief(value: number, digits = 3): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(digits))) : "–";
}

function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${brief(Math.abs(value))}`;
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${Number((100 * share).toPrecision(3))} %` : "–";
}

function whole(value: number): string {
  return value.toLocaleString("en-US");
}

function size(bytes: number): string {
  return bytes < 1024 ** 2 ? `${brief(bytes / 1024, 2)} kB` : `${brief(bytes / 1024 ** 2, 2)} MB`;
}

/** "2026-11-28 04:15": what everybody reads the same. */
function shortTime(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  const two = (value: number) => String(value).padStart(2, "0");
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${two(time.getHours())}:${two(time.getMinutes())}`;
}
