import { describeDialog } from "../support/dialog-table.ts";

describeDialog("edge-simulator", {
  says: [
    [
      "as it comes",
      {},
      "Runs in real time: a reading every 1 min.",
      { shown: ["intensity"], hidden: ["date", "machine"] },
    ],
    [
      "fast",
      { speed: 3600 },
      "One simulated day takes 24 s: a reading every 60 s of simulated time, 60 readings per second.",
    ],
    [
      "slow, from a date",
      { speed: 2, begin: "date", fault: "sensor-flat-lined" },
      "One simulated day takes 12 h: a reading every 60 s of simulated time, one every 30 s.",
      { shown: ["date"], hidden: ["intensity"] },
    ],
  ],
  wrong: [
    ["hours", { occupiedFrom: 20, occupiedTo: 6 }, "occupiedTo", "The occupied hours must end later than they begin."],
    [
      "hour",
      { occupiedFrom: "7 am" },
      "occupiedFrom",
      "The occupied hours must be numbers from 0 to 24, for example 7.5 for half past seven.",
    ],
    ["intensity", { intensity: 70 }, "intensity", "The intensity must be a number from 0 to 1."],
    ["no date", { begin: "date", date: "" }, "date", "Choose the date and time at which it begins, from 1970 to 2200."],
    ["seed", { seed: 1.5 }, "seed", "The seed must be a whole number."],
  ],
  keeps: {
    name: "AHU-2",
    interval: 30,
    speed: 600,
    seed: 7,
    begin: "date",
    date: "2026-07-01T06:00",
    topic: "ahu-2",
    occupiedFrom: 6,
    occupiedTo: 20,
    autostart: false,
    fault: "fan-failed",
    intensity: 0.4,
    labels: false,
  },
});
