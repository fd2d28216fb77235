import { describeDialog } from "../support/dialog-table.ts";

describeDialog("edge-learn", {
  configs: [{ id: "the-model", type: "edge-model", model: "ahu-1", config: true }],
  says: [
    [
      "as it comes",
      { model: "the-model" },
      "Learns what is normal from 2000 frames, keeps the last 25 % to test itself, and sets the threshold for 1 false alarm per day.",
      { shown: ["variance", "frames"], hidden: ["clusters", "duration", "durationUnit"] },
    ],
    [
      "for a time, told to",
      { model: "the-model", method: "kmeans", amount: "duration", duration: 90, durationUnit: "min", start: "command" },
      'Learns what is normal from 1.5 h of frames, keeps the last 25 % to test itself, and sets the threshold for 1 false alarm per day. Starts when msg.learn is "start".',
      { shown: ["clusters", "duration", "durationUnit"], hidden: ["variance", "frames"] },
    ],
    [
      "again and again",
      { model: "the-model", holdOut: 40, falseAlarms: 0.1, after: "again" },
      "Learns what is normal from 2000 frames, keeps the last 40 % to test itself, and sets the threshold for 0.1 false alarms per day. Then keeps the latest and learns again after as many new ones.",
    ],
  ],
  wrong: [
    [
      "variance",
      { model: "the-model", variance: 5 },
      "variance",
      "The share of the variance must be between 50 and 100 %.",
    ],
    [
      "clusters",
      { model: "the-model", method: "kmeans", clusters: 2.5 },
      "clusters",
      "The clusters must be a whole number between 1 and 256.",
    ],
    ["frames", { model: "the-model", frames: 5 }, "frames", "The frames must be a whole number between 20 and 20000."],
    [
      "false alarms",
      { model: "the-model", falseAlarms: 0 },
      "falseAlarms",
      "The false alarms per day must be between 0.001 and 1000; 0.1 is one in ten days.",
    ],
    [
      "nothing is normal",
      { model: "the-model", unlabelled: false, labels: " , " },
      "labels",
      "Name at least one label that is normal, or take frames without a label.",
    ],
  ],
  keeps: {
    name: "of the unit",
    model: "the-model",
    method: "kmeans",
    clusters: 8,
    amount: "duration",
    duration: 2,
    durationUnit: "h",
    holdOut: 30,
    falseAlarms: 0.5,
    unlabelled: false,
    start: "command",
    after: "again",
  },
});
