import { describeDialog } from "../support/dialog-table.ts";

const NO_DATA = "Also warns when a stream gives no usable data for 1 h.";
describeDialog("edge-alert", {
  says: [
    [
      "as it comes",
      {},
      `Raises a warning when 3 of 5 results are above the model's threshold, and clears it when fewer than 3 of 5 are above 80 % of it for 10 min. ${NO_DATA}`,
      { shown: ["factor"], hidden: ["limit", "valueName", "labels", "confidence", "smoothingSize", "criticalFactor"] },
    ],
    [
      "one result is enough",
      { needed: 1, among: 1, clearAfter: 0, noDataAfter: 0 },
      "Raises a warning when a result is above the model's threshold, and clears it when one is no longer above 80 % of it.",
    ],
    [
      "a value",
      { when: "above", valueName: "speed", limit: 40, severity: "critical" },
      `Raises a critical alert when 3 of 5 values of "speed" are above 40, and clears it when fewer than 3 of 5 are above 32 for 10 min. ${NO_DATA}`,
      { shown: ["limit", "valueName"], hidden: ["factor", "labels"] },
    ],
    [
      "classes",
      { when: "class", labels: "knock, rub", noDataAfter: 0 },
      'Raises a warning when 3 of 5 results are "knock" or "rub", at least 60 % sure, and clears it when fewer than 3 of 5 are one of these, at least 48 % sure for 10 min.',
      { shown: ["labels", "confidence"], hidden: ["limit", "factor"] },
    ],
    [
      "by the score, smoothed",
      { severity: "score", criticalFactor: 3, smoothing: "mean", raiseAfter: 30 },
      `Raises a warning (critical beyond 3 × the limit) when 3 of 5 results are above the model's threshold for 30 s, and clears it when fewer than 3 of 5 are above 80 % of it for 10 min. ${NO_DATA}`,
      { shown: ["smoothingSize", "criticalFactor"] },
    ],
  ],
  wrong: [
    ["no limit", { when: "score" }, "limit", "The limit must be a number."],
    ["no class", { when: "class" }, "labels", "Name at least one class."],
    ["more than there are", { needed: 6 }, "needed", "More results are needed than are looked at."],
    ["time", { clearAfter: -1 }, "clearAfter", "How long it must be calm must be a number of seconds, 0 or more."],
  ],
  keeps: {
    name: "of the unit",
    when: "above",
    valueName: "speed",
    limit: 40,
    needed: 2,
    among: 3,
    raiseAfter: 5,
    clearRatio: 90,
    clearAfter: 60,
    severity: "score",
    criticalFactor: 3,
    smoothing: "median",
    smoothingSize: 7,
    refractory: 10,
    remindEvery: 600,
  },
});
