import { describeDialog } from "../support/dialog-table.ts";

const EXTEND = "A trigger in between makes the clip longer, up to 15 s.";

describeDialog("edge-clip", {
  says: [
    [
      "as it comes",
      {},
      `After an alert or a trigger, sends the 2 s before it and the 3 s after it as a WAV file. ${EXTEND}`,
      { shown: ["before", "after", "longest"], hidden: ["quiet", "level"] },
    ],
    [
      "until it is quiet",
      { ends: "silence", after: 1 },
      `After an alert or a trigger, sends the 2 s before it and what follows until it has been below -45 dB for 0.8 s (at least 1 s, at most 15 s) as a WAV file. ${EXTEND}`,
      { shown: ["quiet", "level", "longest"] },
    ],
    [
      "only what follows, each for itself",
      { before: 0, overlap: "separate", format: "pcm" },
      "After an alert or a trigger, sends the 3 s after it as 16-bit PCM. A trigger in between begins a clip of its own.",
      { hidden: ["longest"] },
    ],
  ],
  wrong: [
    ["before", { before: "x" }, "before", "The time before must be a number of seconds from 0 to 60."],
    ["after", { after: 99 }, "after", "The time after must be a number of seconds from 0 to 60."],
    [
      "nothing at all",
      { before: 0, after: 0 },
      "after",
      "Give a time before or after the trigger: with neither there is no clip.",
    ],
    ["level", { ends: "silence", level: 0 }, "level", "What is quiet must be a number of dB from -90 to -5."],
  ],
  keeps: {
    name: "for the speech-to-text node",
    before: 1.5,
    after: 1,
    ends: "silence",
    quiet: 1.2,
    level: -50,
    longest: 20,
    overlap: "separate",
    format: "float",
    maxStreams: 4,
  },
});
