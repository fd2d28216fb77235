import { describeDialog } from "../support/dialog-table.ts";

const model = "the-model";
describeDialog("edge-infer", {
  configs: [{ id: model, type: "edge-model", model: "ahu-1", config: true }],
  says: [
    [
      "as it comes",
      { model },
      'Runs each frame through the newest version of "ahu-1". A score above the model\'s own threshold is anomalous. Up to 100 frames wait; then the oldest is dropped.',
      { hidden: ["threshold", "serverUrl", "serverToken", "serverFallback"] },
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
      "on a model server",
      { model, runs: "server", serverUrl: "http://server:8000", serverModel: "ahu" },
      'Sends each frame to "ahu" on http://server:8000. Its outputs mean what those of the model "ahu-1" here mean. While the server does not answer, the newest version of "ahu-1" runs here. A score above the model\'s own threshold is anomalous. Up to 100 frames wait; then the oldest is dropped.',
      { shown: ["serverUrl", "serverModel", "serverVersion", "serverToken", "serverTimeout", "serverFallback"] },
    ],
    [
      "on a model server alone",
      { model: "_ADD_", runs: "server", serverUrl: "https://server", serverModel: "ahu", serverFallback: false },
      'Sends each frame to "ahu" on https://server. Its outputs are passed on as they are, since no model is chosen here that says what they mean. While the server does not answer, frames fail. Up to 100 frames wait; then the oldest is dropped.',
    ],
    [
      "statistics, messages in command",
      { model, statisticsEvery: 60, messagesChangeModel: true },
      'Runs each frame through the newest version of "ahu-1". A score above the model\'s own threshold is anomalous. Up to 100 frames wait; then the oldest is dropped. Statistics every 60 s. Messages may change the version in use.',
    ],
  ],
  wrong: [
    ["statistics", { model, statisticsEvery: -1 }, "statisticsEvery", "Statistics come every 0 to 86400 seconds."],
    ["threshold", { model, thresholdFrom: "own", threshold: "high" }, "threshold", "The threshold must be a number."],
    ["causes", { model, contributions: 6 }, "contributions", "Name between 0 and 5 channels."],
    ["uncertain", { model, uncertainBelow: 60 }, "uncertainBelow", "The confidence must be between 0 and 1."],
    [
      "no server",
      { model, runs: "server", serverUrl: "server:8000", serverModel: "ahu" },
      "serverUrl",
      "The address of the server is missing, for example http://server:8000. A password does not belong into it.",
    ],
    [
      "a password in the address",
      { model, runs: "server", serverUrl: "http://me:hunter2@server:8000", serverModel: "ahu" },
      "serverUrl",
      "The address of the server is missing, for example http://server:8000. A password does not belong into it.",
    ],
    [
      "no model on the server",
      { model, runs: "server", serverUrl: "http://server:8000", serverModel: " " },
      "serverModel",
      "Say what the server calls the model.",
    ],
    [
      "no time for the server",
      { model, runs: "server", serverUrl: "http://server:8000", serverModel: "ahu", serverTimeout: 0 },
      "serverTimeout",
      "The time-out must be between 0.05 and 60 seconds.",
    ],
  ],
  keeps: {
    name: "of the unit",
    model,
    thresholdFrom: "own",
    threshold: 4.5,
    contributions: 3,
    uncertainBelow: 0.6,
    queueLimit: 10,
    queuePolicy: "refuse",
    runs: "server",
    serverUrl: "http://server:8000",
    serverModel: "ahu",
    serverVersion: "3",
    serverTimeout: 0.5,
    serverFallback: false,
    statisticsEvery: 60,
    messagesChangeModel: true,
  },
});
