import { outOf, table } from "../table.ts";
import type { Row } from "./score.ts";

/** The rows as a table of text, for people. */
export function hvacTable(rows: readonly Row[]): string {
  const header = [
    "unit",
    "model",
    "threshold for",
    "AUC by minute",
    "fault days found",
    "false days",
    "fault days alerted",
    "false alert days",
    "delay (min)",
    "readings/s",
    "peak memory",
  ];
  const cells = rows.map((row) => [
    row.unit,
    row.method,
    row.thresholdFor,
    row.auc.toFixed(3),
    outOf(row.detectedDays, row.faultDays),
    outOf(row.falseDays, row.normalDays),
    `${outOf(row.alertedDays, row.faultDays)} (${row.stoodDays} stood)`,
    outOf(row.falseAlertDays, row.normalDays),
    row.medianDelay === null ? "–" : row.medianDelay.toFixed(0),
    row.readingsPerSecond.toLocaleString("en-US"),
    `${row.peakMemoryMB} MB`,
  ]);
  return table(header, cells);
}
