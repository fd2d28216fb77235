import type { ClassEvaluationReport } from "../../lib/evaluate/report.js";
import { percent, rateText, short, type Text } from "./words.js";

/** The confusion matrix as a heat table: each row is a true class, and beside it how that class came off. */
export function classPanel(panel: JQuery, report: ClassEvaluationReport, text: Text): void {
  const words = (key: string, values?: Record<string, unknown>) => text(`picture.${key}`, values);
  const { labels, matrix, classes, oneVersusRest, accuracy, macroF1, balancedAccuracy } = report;
  const table = $('<table class="edge-heat">');
  const head = $("<tr>").append($("<th>").text(words("truth")));
  for (const label of labels) head.append(nameCell(label));
  for (const key of ["precision", "recall", "f1", "aucShort"]) head.append($("<th>").text(words(key)));
  table.append(head);
  for (const [row, label] of labels.entries()) {
    const counts = matrix[row]!;
    const metrics = classes.find((each) => each.label === label);
    // "Uncertain" is what a model says, never what is true.
    if (!metrics && counts.every((count) => count === 0)) continue;
    const support = counts.reduce((sum, count) => sum + count, 0);
    const line = $("<tr>").append(nameCell(label));
    for (const [column, count] of counts.entries()) {
      const share = support > 0 ? count / support : 0;
      line.append(
        $("<td>")
          .text(count)
          .addClass(row === column ? "edge-right" : "edge-wrong")
          .css("--share", String(share))
          .attr("title", words("cell", { count, truth: label, predicted: labels[column], share: percent(share) })),
      );
    }
    const auc = oneVersusRest.find((each) => each.label === label)?.auc.value;
    line.append(
      $('<td class="edge-number">').text(metrics?.precision ? percent(metrics.precision.value) : "–"),
      $('<td class="edge-number">').text(metrics?.recall ? percent(metrics.recall.value) : "–"),
      $('<td class="edge-number">').text(metrics ? short(metrics.f1) : "–"),
      $('<td class="edge-number">').text(auc === undefined ? "–" : short(auc)),
    );
    table.append(line);
  }
  const summary: [string, string][] = [
    ["accuracy", rateText(accuracy, text)],
    ["balancedAccuracy", balancedAccuracy === undefined ? "–" : percent(balancedAccuracy)],
    ["macroF1", macroF1 === undefined ? "–" : short(macroF1)],
  ];
  panel
    .empty()
    .append(
      $('<div class="edge-evaluation">').append(
        $('<dl class="edge-metrics">').append(
          summary.flatMap(([key, value]) => [
            $("<dt>").text(words(`metric.${key}`)),
            $("<dd>").attr("data-metric", key).text(value),
          ]),
        ),
        $('<div class="edge-heat-caption">').text(words("predicted")),
        $('<div class="edge-heat-box">').append(table),
      ),
    );
}

function nameCell(label: string): JQuery {
  return $("<th>").append($('<span class="edge-name">').text(label).attr("title", label));
}
