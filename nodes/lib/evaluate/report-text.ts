import type { AlarmSummary } from "./alarm-totals.js";
import type { AnomalyReport, ClassEvaluationReport, EvaluationReport, ResultCounts, ValueReport } from "./report.js";
import type { Rate } from "./wilson.js";

/** A report in a few sentences for a person. */
export function inWords(report: EvaluationReport): string {
  const sentences = [counted(report.counts, report)];
  switch (report.task) {
    case "anomaly":
      sentences.push(...anomaly(report));
      break;
    case "class":
      sentences.push(...classes(report));
      break;
    case "value":
      sentences.push(...value(report));
      break;
  }
  return sentences.filter((sentence) => sentence !== "").join(" ");
}

function counted({ results, unscored, unlabelled, forgotten }: ResultCounts, { from, to }: EvaluationReport): string {
  if (results === 0) return "No results have come.";
  const parts = [many(results, "result")];
  if (from !== undefined && to !== undefined && to > from) parts[0] += ` over ${duration(to - from)}`;
  if (unscored > 0) parts.push(`${unscored} not scored`);
  if (unlabelled > 0) parts.push(`${unlabelled} without a label`);
  if (forgotten > 0) parts.push(`${forgotten} kept as counts only`);
  return `${parts.join(", ")}.`;
}

function anomaly({ curves, rates, confusion, alarms, alarmsOf, threshold, thresholds, nab }: AnomalyReport): string[] {
  const sentences: string[] = [];
  const { auc, averagePrecision } = curves;
  if (auc) {
    sentences.push(
      `AUC ${short(auc.value)} (${short(auc.low)} to ${short(auc.high)}), average precision ${short(averagePrecision ?? 0)}.`,
    );
  } else
    sentences.push(
      `No AUC: it takes normal and faulty results, and there are ${curves.negatives} and ${curves.positives}.`,
    );
  const at =
    threshold === undefined
      ? ""
      : thresholds === "several"
        ? "At the thresholds in use"
        : `At the threshold of ${short(threshold)}`;
  const { recall, falsePositiveRate, precision } = rates;
  const parts: string[] = [];
  if (recall)
    parts.push(`${percent(recall)} of ${confusion.truePositives + confusion.falseNegatives} faulty results are found`);
  if (falsePositiveRate) parts.push(`${percent(falsePositiveRate)} of the normal ones are false`);
  if (precision) parts.push(`precision ${share(precision.value)}`);
  if (parts.length > 0) sentences.push(`${at}: ${parts.join(", ")}.`);
  sentences.push(...alarmed(alarms, alarmsOf === "alerts" ? "alert" : "alarm"));
  if (nab) sentences.push(`NAB score ${short(nab.standard)}.`);
  return sentences;
}

function alarmed(alarms: AlarmSummary, noun: string): string[] {
  const { falseAlarmsPerDay, alarmsPerDay, falseAlarms, normalDays, days, events, found, unscoredEvents, delay } =
    alarms;
  const sentences: string[] = [];
  if (falseAlarmsPerDay !== undefined) {
    sentences.push(
      `${short(falseAlarmsPerDay)} false ${noun}s per day (${falseAlarms} in ${short(normalDays)} normal days).`,
    );
  } else if (alarmsPerDay !== undefined) {
    sentences.push(
      `${short(alarmsPerDay)} ${noun}s per day (${alarms.alarms} in ${short(days)} days); without normal labels nobody knows which are false.`,
    );
  }
  if (events > 0) {
    const late = delay ? `, ${lateness(delay, found)}` : "";
    const blind = unscoredEvents > 0 ? `; ${unscoredEvents} had no scored result` : "";
    sentences.push(`${found} of ${many(events, "fault")} found${late}${blind}.`);
  }
  return sentences;
}

/** One number for one fault; of several the middle and the longest. */
function lateness({ median, longest }: NonNullable<AlarmSummary["delay"]>, found: number): string {
  if (found === 1) return `after ${duration(longest)}`;
  return `after ${duration(median)} in the middle and ${duration(longest)} at the latest`;
}

function classes({ accuracy, macroF1, balancedAccuracy, uncertain, classes: all }: ClassEvaluationReport): string[] {
  if (!accuracy) return ["No result has a label."];
  const sentences = [
    `Accuracy ${percent(accuracy)}, macro F1 ${short(macroF1 ?? 0)}, balanced accuracy ${share(balancedAccuracy ?? 0)}.`,
  ];
  if (uncertain > 0) sentences.push(`${uncertain} were given no class.`);
  const worst = all.filter(({ recall }) => recall).sort((a, b) => a.recall!.value - b.recall!.value)[0];
  if (worst?.recall && worst.recall.value < 1) {
    sentences.push(`Found least: "${worst.label}", ${share(worst.recall.value)} of ${worst.support}.`);
  }
  return sentences;
}

function value({ metrics, name }: ValueReport): string[] {
  if (!metrics) return ["No result has a label that is a number."];
  const { rmse, mae, bias, r2 } = metrics;
  const of = name === undefined ? "" : ` of ${name}`;
  const explained = r2 === undefined ? "" : `, R² ${short(r2)}`;
  return [`Error${of}: RMSE ${short(rmse)}, mean absolute error ${short(mae)}, bias ${short(bias)}${explained}.`];
}

/** Three significant digits. */
function short(number: number): string {
  return String(Number(number.toPrecision(3)));
}

function share(rate: number): string {
  return `${Number((100 * rate).toFixed(1))} %`;
}

function percent({ value, low, high }: Rate): string {
  return `${share(value)} (${share(low)} to ${share(high)})`;
}

function many(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function duration(ms: number): string {
  const units: [number, string][] = [
    [86_400_000, "d"],
    [3_600_000, "h"],
    [60_000, "min"],
  ];
  for (const [size, unit] of units) if (ms >= size) return `${short(ms / size)} ${unit}`;
  return `${short(ms / 1000)} s`;
}
