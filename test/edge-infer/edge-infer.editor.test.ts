import { describeDialog } from "../support/dialog-table.ts";

const model = "the-model";
describeDialog("edge-infer", {
  configs: [{ id: model, type: "edge-model", model: "ahu-1", config: true }],
  says: [
    [
      "as it comes",
      { model },
      'Runs each frame through the newest version of "ahu-1". A score above the model\'s own threshold is anomalous. Up to 100 frames wait; then the oldest is dropped.',
      { hidden: ["threshold", "strange"] },
    ],
    [
      "a threshold of its own",
      { model, thresholdFrom: "own", threshold: 4.5 },
      'Runs each frame through the newest version of "ahu-1". A score above 4.5 is anomalous. Up to 100 frames wait; then the oldest is dropped.',
      { shown: ["threshold"] },
    ],
    [
      "unsure classes, refusing",
      { model, uncertainBelow: 0.6, queueLimit: 10, queuePolicy: "refuse" },
      'Runs each frame through the newest version of "ahu-1". A score above the model\'s own threshold is anomalous. A class that is less than 60 % sure is "uncertain". Up to 10 frames wait; then new ones are refused.',
    ],
    [
      "statistics, messages in command",
      { model, statisticsEvery: 60, messagesChangeModel: true },
      'Runs each frame through the newest version of "ahu-1". A score above the model\'s own threshold is anomalous. Up to 100 frames wait; then the oldest is dropped. Statistics every 60 s. Messages may change the version in use.',
    ],
    [
      "classes with thresholds of their own",
      { model, classThresholds: "wand up 0.8, spin 0.6" },
      'Runs each frame through the newest version of "ahu-1". A score above the model\'s own threshold is anomalous. Classes with a threshold of their own: wand up 0.8, spin 0.6. Up to 100 frames wait; then the oldest is dropped.',
    ],
    [
      "scores from elsewhere",
      { model, task: "anomaly" },
      'Runs each frame through the newest version of "ahu-1". A score above the model\'s own threshold is anomalous. Up to 100 frames wait; then the oldest is dropped.',
      { shown: ["strange"] },
    ],
  ],
  wrong: [
    [
      "class thresholds",
      { model, classThresholds: "spin high" },
      "classThresholds",
      'Write each threshold as a name and a confidence between 0 and 1, such as "spin 0.8, shake 0.6".',
    ],
    ["classes", { model, top: -1 }, "top", "Name between 0 and 1000 classes."],
    ["statistics", { model, statisticsEvery: -1 }, "statisticsEvery", "Statistics come every 0 to 86400 seconds."],
    ["threshold", { model, thresholdFrom: "own", threshold: "high" }, "threshold", "The threshold must be a number."],
    ["causes", { model, contributions: 6 }, "contributions", "Name between 0 and 5 channels."],
    ["uncertain", { model, uncertainBelow: 60 }, "uncertainBelow", "The confidence must be between 0 and 1."],
  ],
  keeps: {
    name: "of the unit",
    model,
    thresholdFrom: "own",
    threshold: 4.5,
    contributions: 3,
    uncertainBelow: 0.6,
    classThresholds: "spin 0.8",
    top: 3,
    softmax: "off",
    task: "anomaly",
    strange: "low",
    output: "score",
    labels: "idle, spin",
    order: "columns",
    queueLimit: 10,
    queuePolicy: "refuse",
    statisticsEvery: 60,
    messagesChangeModel: true,
  },
});
