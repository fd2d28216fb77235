import { describeDialog } from "../support/dialog-table.ts";

describeDialog("edge-window", {
  says: [
    [
      "as it comes",
      {},
      "60 s windows every 10 s of all channels of the first reading.",
      { shown: ["sizeUnit", "hopUnit"], hidden: ["holdLimit", "gateValue", "gateSettle"] },
    ],
    ["one after the other", { hop: 60 }, "60 s windows, one after the other, of all channels of the first reading."],
    [
      "with pauses",
      { size: 5, sizeUnit: "min", hop: 1, hopUnit: "h" },
      "5 min windows, one every 1 h, of all channels of the first reading; readings in between are left out.",
    ],
    [
      "by samples",
      { by: "samples", size: 240 },
      "Windows of 240 samples every 10 samples of all channels of the first reading.",
      { hidden: ["sizeUnit", "hopUnit"] },
    ],
    [
      "each reading",
      { by: "samples", size: 1, hop: 1 },
      "Every reading is a window of its own, of all channels of the first reading.",
    ],
    [
      "gated",
      { gateChannel: "occupied", gateIs: ">=", gateValue: 1, gateSettle: 1800 },
      "60 s windows every 10 s of all channels of the first reading. Only while occupied >= 1 and has been for 30 min.",
      { shown: ["gateValue", "gateSettle"] },
    ],
    [
      "holding",
      { gap: "hold", holdLimit: 3 },
      "60 s windows every 10 s of all channels of the first reading. A missing value is replaced by the last good one, up to 3 times in a row.",
      { shown: ["holdLimit"] },
    ],
  ],
  wrong: [
    ["size", { size: "x" }, "size", "The window must be a number above 0."],
    [
      "half samples",
      { by: "samples", hop: 1.5 },
      "hop",
      "The step from one window to the next must be a whole number of samples, from 1.",
    ],
    ["gate", { gateChannel: "fan", gateValue: "on" }, "gateValue", "The value to compare with must be a number."],
    ["streams", { maxStreams: 0 }, "maxStreams", "The number of streams must be a whole number from 1 to 100000."],
  ],
  keeps: {
    name: "while occupied",
    size: 5,
    sizeUnit: "min",
    hop: 1,
    hopUnit: "min",
    gateChannel: "occupied",
    gateIs: ">=",
    gateValue: 1,
    gap: "hold",
    holdLimit: 3,
  },
});
