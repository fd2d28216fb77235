import type { Row } from "./score.ts";

/** The rows as a table of text, for people. */
export function table(rows: readonly Row[]): string {
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
  const body = rows.map((row) => [
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
  const widths = header.map((title, i) => Math.max(title.length, ...body.map((cells) => cells[i]!.length)));
  const line = (cells: string[]) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join("  ")
      .trimEnd();
  return [line(header), line(widths.map((width) => "─".repeat(width))), ...body.map(line)].join("\n");
}

function outOf(count: number | null, all: number | null): string {
  return count === null || all === null ? "–" : `${count}/${all}`;
}
