import { describeDialog } from "../support/dialog-table.ts";

describeDialog("edge-learn", {
  configs: [{ id: "the-model", type: "edge-model", model: "ahu-1", config: true }],
  says: [
    [
      "as it comes",
      { model: "the-model" },
      "Learns what is normal from 2000 frames, keeps the last 25 % to test itself, and sets the threshold for 1 false alarm per day. Frames with another label only test it.",
      {
        shown: ["frames", "labels", "falseAlarms"],
        hidden: ["duration", "durationUnit", "each", "classes", "valueFrom", "feature", "every"],
      },
    ],
    [
      "for a time, told to",
      { model: "the-model", method: "kmeans", amount: "duration", duration: 90, durationUnit: "min", start: "command" },
      'Learns what is normal from 1.5 h of frames, keeps the last 25 % to test itself, and sets the threshold for 1 false alarm per day. Frames with another label only test it. Starts when msg.learn is "start".',
      { shown: ["duration", "durationUnit"], hidden: ["frames"] },
    ],
    [
      "again and again",
      { model: "the-model", holdOut: 40, falseAlarms: 0.1, after: "again" },
      "Learns what is normal from 2000 frames, keeps the last 40 % to test itself, and sets the threshold for 0.1 false alarms per day. Frames with another label only test it. Then keeps the latest and learns again after as many new ones.",
    ],
    [
      "every night",
      { model: "the-model", after: "every", every: 24 },
      "Learns what is normal from 2000 frames, keeps the last 25 % to test itself, and sets the threshold for 1 false alarm per day. Frames with another label only test it. Then keeps the latest and learns again every 1 d.",
      { shown: ["every", "everyUnit"] },
    ],
    [
      "classes",
      { model: "the-model", task: "class", amount: "each", classes: "wave, idle,circle" },
      "Learns to tell wave, idle and circle apart from 40 frames of each, and keeps the last 25 % of each to test itself. Tries several methods for at most 1 h and takes the best.",
      { shown: ["each", "classes"], hidden: ["labels", "unlabelled", "falseAlarms", "valueFrom", "frames"] },
    ],
    [
      "classes of persons that it does not know, when it is told to",
      { model: "the-model", task: "class", amount: "told", holdOutBy: "stream", folds: 5 },
      "Learns to tell the labels apart from all frames until it is told to, and keeps 25 % of the streams to test itself. Tries several methods for at most 1 h and takes the best. Checks itself by a cross-validation of 5 folds, too.",
    ],
    [
      "a value",
      { model: "the-model", task: "value" },
      "Learns the number in the label from 2000 frames, and keeps the last 25 % to test itself. Tries several methods for at most 1 h and takes the best.",
      { shown: ["valueFrom"], hidden: ["feature", "ahead", "classes", "labels"] },
    ],
    [
      "a forecast",
      { model: "the-model", task: "value", valueFrom: "feature", feature: "room mean", ahead: 12 },
      'Learns what "room mean" will be 12 frames later from 2000 frames, and keeps the last 25 % to test itself. Tries several methods for at most 1 h and takes the best.',
      { shown: ["feature", "ahead"] },
    ],
  ],
  wrong: [
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
    [
      "no feature",
      { model: "the-model", task: "value", valueFrom: "feature" },
      "feature",
      "Name the feature whose later value is to be learned.",
    ],
    [
      "frames of each class",
      { model: "the-model", task: "class", amount: "each", each: 2 },
      "each",
      "The frames of each class must be a whole number between 5 and 10000.",
    ],
  ],
  keeps: {
    name: "of the unit",
    model: "the-model",
    task: "anomaly",
    method: "kmeans",
    amount: "duration",
    duration: 2,
    durationUnit: "h",
    holdOut: 30,
    holdOutBy: "stream",
    folds: 3,
    falseAlarms: 0.5,
    unlabelled: false,
    limitTime: 5,
    limitMemory: 512,
    start: "command",
    after: "every",
    every: 6,
    everyUnit: "h",
  },
});
