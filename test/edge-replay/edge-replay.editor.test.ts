import { describeDialog } from "../support/dialog-table.ts";

describeDialog("edge-replay", {
  says: [
    [
      "as it comes",
      {},
      'Plays the file that a message names (every column of numbers) as fast as the flow takes them, once, when a message says "start".',
      { hidden: ["speed", "longestGap", "timeColumn"] },
    ],
    [
      "in the file's own time, again and again",
      { file: "examples:ahu-normal-week.csv", begin: "deploy", pace: "time", speed: 60, loop: true },
      "Plays about 1,009 rows (every column of numbers) at 60 × real time (a reading every 10 s), again and again, as soon as the flow starts.",
      { shown: ["speed", "longestGap"] },
    ],
    [
      "time from a column",
      { time: "column", timeColumn: "when" },
      'Plays the file that a message names (every column of numbers) as fast as the flow takes them, once, when a message says "start".',
      { shown: ["timeColumn", "timeFormat", "zone"], hidden: ["interval"] },
    ],
    [
      "without times",
      { time: "none" },
      'Plays the file that a message names (every column of numbers) as fast as the flow takes them, once, when a message says "start".',
      { shown: ["interval"], hidden: ["timeColumn", "timeFormat", "zone"] },
    ],
    [
      "a table: nothing of sound",
      { file: "examples:ahu-normal-week.csv" },
      'Plays about 1,009 rows (every column of numbers) as fast as the flow takes them, once, when a message says "start".',
      { shown: ["labelColumn", "topicColumn", "time"], hidden: ["soundLabel", "chunk", "soundStart", "soundTime"] },
    ],
    [
      "sound from a given time",
      { soundStart: "given", soundTime: "2024-05-31 13:45" },
      'Plays the file that a message names (every column of numbers) as fast as the flow takes them, once, when a message says "start".',
      { shown: ["soundLabel", "chunk", "soundStart", "soundTime"] },
    ],
  ],
  wrong: [
    ["no file", { begin: "deploy" }, "file", "Choose a file, or let a message start it."],
    ["no column", { time: "column" }, "timeColumn", "Choose the column that holds the time."],
    ["speed", { pace: "time", speed: 0 }, "speed", "The speed must be a number from 0.001 to 1000000."],
    ["gap", { pace: "time", longestGap: -1 }, "longestGap", "The longest gap must be a number of seconds, 0 or more."],
    ["pieces", { chunk: 1 }, "chunk", "The pieces of sound must be a number of ms from 5 to 10000."],
    [
      "no time",
      { soundStart: "given", soundTime: "soon" },
      "soundTime",
      "Give the date and time at which the sound begins, for example 2024-05-31 13:45.",
    ],
    ["interval", { interval: "x" }, "interval", "The interval between rows must be a number of seconds above 0."],
  ],
  keeps: {
    name: "trend log",
    pace: "time",
    speed: 60,
    longestGap: 600,
    loop: true,
    labelColumn: "label",
    topic: "AHU-1",
    time: "column",
    timeColumn: "when",
    timeFormat: "d.M.yyyy",
    zone: "Europe/Berlin",
    chunk: 100,
    soundStart: "given",
    soundTime: "2024-05-31 13:45",
    soundLabel: "folder",
  },
});
