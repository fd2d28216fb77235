import { describeDialog } from "../support/dialog-table.ts";

describeDialog("edge-evaluate", {
  says: [
    [
      "the defaults",
      {},
      'Holds the results against their labels. Labels other than normal or 0 are faults. Within 10 min it is one alarm. Reports when msg.evaluate is "report".',
      { hidden: ["reportEvery"] },
    ],
    [
      "named faults",
      { task: "anomaly", normal: "ok", positive: "leak, stuck", gap: 90, reportOn: "results", reportEvery: 50 },
      "Holds anomaly scores against their labels. ok is normal, leak or stuck is a fault. Within 1.5 min it is one alarm. Reports every 50 results.",
      { shown: ["reportEvery", "falseAlarms"], hidden: ["value"] },
    ],
    [
      "values",
      { task: "value", reportOn: "minutes", reportEvery: 5 },
      "Holds values against labels that are numbers. Reports every 5 min.",
      { shown: ["value"], hidden: ["normal", "positive", "gap", "longestStep"] },
    ],
  ],
  wrong: [
    [
      "no count",
      { reportOn: "results", reportEvery: 0 },
      "reportEvery",
      "How many results or minutes must be a whole number from 1 to 1000000.",
    ],
    [
      "a gap that is no number",
      { reportOn: "command", task: "auto", gap: "x" },
      "gap",
      "The time that ends an alarm must be a number from 0 to 31536000 s.",
    ],
    [
      "too much to keep",
      { gap: 600, keep: 1e6 },
      "keep",
      "What is kept must be a whole number from 100 to 20000 results.",
    ],
  ],
  keeps: {
    task: "anomaly",
    normal: "ok",
    positive: "leak",
    falseAlarms: "0.5",
    gap: "60",
    longestStep: "120",
    reportOn: "minutes",
    reportEvery: "15",
    csv: "summary",
    keep: "200",
  },
});
