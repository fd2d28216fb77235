import type { Evaluation } from "./evaluation.js";
import type { EvaluationReport } from "./report.js";

/** The results that are kept, as CSV (RFC 4180): a line of names, then one for each, in the order in which they came. */
export function resultsCsv(evaluation: Evaluation): string {
  const current = evaluation.record;
  switch (current?.task) {
    case "anomaly":
      return csv(
        ["time", "stream", "label", "truth", "score", "threshold", "anomalous"],
        current.record
          .moments()
          .map(({ time, stream, label, truth, score, threshold, alarmed }) => [
            iso(time),
            stream,
            label,
            truth,
            score,
            threshold,
            score === undefined ? undefined : alarmed ? 1 : 0,
          ]),
      );
    case "class":
      return csv(
        ["time", "stream", "label", "predicted", "confidence"],
        current.record
          .moments()
          .map(({ time, stream, label, predicted, confidence }) => [iso(time), stream, label, predicted, confidence]),
      );
    case "value":
      return csv(
        ["time", "stream", "label", "predicted", "truth", "error"],
        current.record
          .moments()
          .map(({ time, stream, label, predicted, truth }) => [
            iso(time),
            stream,
            label,
            predicted,
            truth,
            predicted === undefined || truth === undefined ? undefined : predicted - truth,
          ]),
      );
    default:
      return csv(["time", "stream", "label"], []);
  }
}

/** The single numbers of a report as CSV: two columns, metric and value. Lists (curves, events, matrices) are left out. */
export function summaryCsv(report: EvaluationReport): string {
  const rows: Cell[][] = [];
  const walk = (value: unknown, path: string) => {
    if (typeof value === "number" || typeof value === "string") rows.push([path, value]);
    else if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      for (const [key, part] of Object.entries(value)) walk(part, path === "" ? key : `${path}.${key}`);
    }
  };
  const { text: _, ...numbers } = report;
  walk(numbers, "");
  return csv(["metric", "value"], rows);
}

type Cell = string | number | undefined;

function csv(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [header, ...rows].map((row) => `${row.map(cell).join(",")}\n`).join("");
}

function cell(value: Cell): string {
  if (value === undefined) return "";
  if (typeof value === "number") return String(value);
  // A spreadsheet takes a text that begins like this for a formula: a label may come from anywhere.
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
