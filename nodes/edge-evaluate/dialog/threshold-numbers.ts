import { duration } from "../../editor/dialog.js";
import type { Operation } from "../../lib/evaluate/at-threshold.js";
import { rateText, short, type Text } from "./words.js";

/** What the threshold makes of the moments: the confusion, and what a technician asks for. */
export function showNumbers(panel: JQuery, { confusion, rates, alarms }: Operation, text: Text): void {
  const words = (key: string, values?: Record<string, unknown>) => text(`picture.${key}`, values);
  const cell = (value: number, kind: "right" | "wrong") => $("<td>").addClass(`edge-${kind}`).text(value);
  panel
    .find(".edge-confusion")
    .empty()
    .append(
      $("<tr>").append("<th>", $("<th>").text(words("alarm")), $("<th>").text(words("quiet"))),
      $("<tr>").append(
        $("<th>").text(words("faulty")),
        cell(confusion.truePositives, "right"),
        cell(confusion.falseNegatives, "wrong"),
      ),
      $("<tr>").append(
        $("<th>").text(words("normal")),
        cell(confusion.falsePositives, "wrong"),
        cell(confusion.trueNegatives, "right"),
      ),
    );
  const { falseAlarmsPerDay, alarmsPerDay, falseAlarms, normalDays, days, found, events, delay } = alarms;
  const metrics: [string, string][] = [
    ["recall", rateText(rates.recall, text)],
    ["falsePositives", rateText(rates.falsePositiveRate, text)],
    ["precision", rateText(rates.precision, text)],
    falseAlarmsPerDay === undefined && alarmsPerDay !== undefined
      ? ["alarmsPerDay", words("perDay", { rate: short(alarmsPerDay), count: alarms.alarms, days: short(days) })]
      : [
          "falseAlarms",
          falseAlarmsPerDay === undefined
            ? "–"
            : words("perDay", { rate: short(falseAlarmsPerDay), count: falseAlarms, days: short(normalDays) }),
        ],
    ["faultsFound", events === 0 ? "–" : words("of", { found, events })],
    ["delay", late(delay, found, words)],
  ];
  panel
    .find(".edge-metrics")
    .empty()
    .append(
      metrics.flatMap(([key, value]) => [
        $("<dt>").text(words(`metric.${key}`)),
        $("<dd>").attr("data-metric", key).text(value),
      ]),
    );
}

/** One number for one fault; of several the middle and the longest. */
function late(delay: Operation["alarms"]["delay"], found: number, words: Text): string {
  if (!delay) return "–";
  if (found === 1) return time(delay.longest);
  return words("late", { median: time(delay.median), longest: time(delay.longest) });
}

function time(ms: number): string {
  return ms === 0 ? "0 s" : duration(ms / 1000);
}
