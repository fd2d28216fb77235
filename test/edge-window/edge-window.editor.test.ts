import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Editor, openEditor } from "../support/browser.ts";
import { describeDialog } from "../support/dialog-table.ts";

const FIRST = "60 s windows every 10 s of all channels of the first reading.";

describeDialog("edge-window", {
  says: [
    [
      "as it comes",
      {},
      "60 s windows every 10 s of all channels of the first reading.",
      {
        shown: ["sizeUnit", "hopUnit", "rate", "align", "trigger", "labelBy", "tolerance", "idle"],
        hidden: [
          ...["holdLimit", "gateValue", "gateSettle", "alignClock", "alignLimit", "labelShare"],
          ...["triggerChannel", "triggerValue", "triggerHigh", "preRoll"],
          ...["soundMargin", "soundLevel", "soundHold"],
        ],
      },
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
      "only with sound",
      { sound: true, soundHold: 0.5 },
      `${FIRST} Only with sound in it: 6 dB above the noise and above -70 dB, and until 500 ms after that sound has left the window.`,
      { shown: ["soundMargin", "soundLevel", "soundHold"] },
    ],
    [
      "holding",
      { gap: "hold", holdLimit: 3 },
      "60 s windows every 10 s of all channels of the first reading. A missing value is replaced by the last good one, up to 3 times in a row.",
      { shown: ["holdLimit"] },
    ],
    [
      "interpolating",
      { gap: "interpolate", holdLimit: 4 },
      `${FIRST} Up to 4 missing values in a row are put on the line between their neighbours.`,
      { shown: ["holdLimit"] },
    ],
    [
      "ending at a missing value, with a wrong order",
      { gap: "split", tolerance: 1500 },
      `${FIRST} A missing value ends the window. Readings up to 1.5 s late are put in order.`,
      { hidden: ["holdLimit"] },
    ],
    [
      "at a fixed rate",
      { rate: 62.5, alignLimit: 40 },
      `${FIRST} Brought to 62.5 Hz; between readings more than 40 ms apart, samples are missing.`,
      { shown: ["alignLimit"], hidden: ["alignClock"] },
    ],
    [
      "the label that occurs",
      { labelBy: "any" },
      `${FIRST} Its label is the one that occurs in it most often.`,
      { hidden: ["labelShare"] },
    ],
    [
      "the label of a share",
      { labelBy: "share", labelShare: 70 },
      `${FIRST} Its label is one that at least 70 % of the samples have.`,
      { shown: ["labelShare"] },
    ],
    [
      "the label of most",
      { labelBy: "majority" },
      `${FIRST} Its label is that of more than half of the samples.`,
      { hidden: ["labelShare"] },
    ],
    [
      "at events",
      { trigger: "above", triggerChannel: "pressure", triggerValue: 3, preRoll: 5 },
      "A window of 60 s of all channels of the first reading each time pressure rises above 3. It begins 5 s before the event. The next one at least 10 s later.",
      { shown: ["triggerChannel", "triggerValue", "preRoll", "preRollUnit"], hidden: ["triggerHigh"] },
    ],
    [
      "at events, by samples",
      { by: "samples", size: 100, hop: 50, trigger: "leaves", triggerValue: -1, triggerHigh: 1 },
      "A window of 100 samples of all channels of the first reading each time the first channel leaves -1 to 1. The next one at least 50 samples later.",
      { shown: ["triggerHigh"], hidden: ["preRollUnit"] },
    ],
    [
      "at jumps",
      { trigger: "changes", triggerValue: 0.5 },
      "A window of 60 s of all channels of the first reading each time the first channel jumps by more than 0.5. The next one at least 10 s later.",
    ],
    [
      "at messages",
      { trigger: "message" },
      "A window of 60 s of all channels of the first reading each time msg.trigger is true. The next one at least 10 s later.",
      { shown: ["preRoll"], hidden: ["triggerChannel", "triggerValue", "triggerHigh"] },
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
    [
      "sound",
      { sound: true, soundMargin: 0 },
      "soundMargin",
      "How much louder than the noise must be from 0.5 to 60 dB.",
    ],
    ["streams", { maxStreams: 0 }, "maxStreams", "The number of streams must be a whole number from 1 to 100000."],
    ["joined topics without a list", { align: "asof", rate: 1 }, "align", "To join topics, list their channels."],
    ["a rate below 0", { rate: -1 }, "rate", "The fixed rate must be from 0 to 200000 Hz."],
    [
      "no time between readings",
      { rate: 10, alignLimit: 0 },
      "alignLimit",
      "The longest time between two readings must be above 0 ms and at most a day.",
    ],
    [
      "more samples between two readings than memory is for",
      { rate: 16000, alignLimit: 60000 },
      "alignLimit",
      "The time between two readings spans too many samples at this rate: at most 250,000.",
    ],
    [
      "a threshold that is none",
      { trigger: "above", triggerValue: "high" },
      "triggerValue",
      "The value that begins a window must be a number.",
    ],
    [
      "a jump below 0",
      { trigger: "changes", triggerValue: -1 },
      "triggerValue",
      "The jump that begins a window must be 0 or more.",
    ],
    [
      "a band upside down",
      { trigger: "leaves", triggerValue: 5, triggerHigh: 4 },
      "triggerHigh",
      "The band's highest value must be a number, not below its lowest.",
    ],
    [
      "all of the window before the event",
      { trigger: "message", preRoll: 60 },
      "preRoll",
      "The part before the event must be 0 or more, and shorter than the window.",
    ],
    [
      "half a sample before the event",
      { by: "samples", size: 20, trigger: "message", preRoll: 1.5 },
      "preRoll",
      "The part before the event must be a whole number of samples, fewer than the window has.",
    ],
    [
      "a long line",
      { gap: "interpolate", holdLimit: 20000 },
      "holdLimit",
      "The number of missing samples to fill must be a whole number from 1 to 10,000.",
    ],
    [
      "an order that is too wrong",
      { tolerance: 700000 },
      "tolerance",
      "The time to wait for late readings must be from 0 to 600000 ms.",
    ],
    ["silence", { idle: -1 }, "idle", "The silence after which a stream is forgotten must be 0 or more seconds."],
    [
      "a share of nothing",
      { labelBy: "share", labelShare: 0 },
      "labelShare",
      "The share of the samples must be from 1 to 100 %.",
    ],
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
    sound: true,
    soundMargin: 8,
    gap: "hold",
    holdLimit: 3,
    tolerance: 250,
    idle: 3600,
    rate: 2,
    alignLimit: 2000,
    trigger: "leaves",
    triggerChannel: "pressure",
    triggerValue: 1,
    triggerHigh: 4,
    preRoll: 30,
    preRollUnit: "s",
    labelBy: "share",
    labelShare: 75,
  },
});

describe("the dialog of edge-window, with nodes that are there", () => {
  let editor: Editor;
  const node = { id: "w", type: "edge-window", name: "", by: "time", size: 60, sizeUnit: "s", hop: 60, hopUnit: "s" };
  const JOINED = "60 s windows, one after the other, of 2 channels. The topics are joined";

  beforeAll(async () => {
    editor = await openEditor();
    await editor.load([
      // As it was saved before there were rates, events and labels to set.
      { ...node, id: "old", channels: [], gap: "mark", holdLimit: 5, gapLimit: 0, gateChannel: "", maxStreams: 1024 },
      {
        ...node,
        id: "joined",
        channels: [{ channel: "speed" }, { channel: "hall/temperature" }],
        align: "asof",
        rate: 2,
      },
    ]);
  });
  afterAll(() => editor?.close());

  const unfold = () => editor.page.evaluate(() => $("#dialog-form details").prop("open", true));
  const isMarked = async (field: string) => ((await editor.field(field).getAttribute("class")) ?? "").includes("error");

  it("an old node does what it did", async () => {
    expect(await editor.errors("old")).toEqual([]);
    await editor.openDialog("old");
    const folded = await editor.page.evaluate(() => $("#dialog-form details[open]").length);
    expect(folded).toBe(0);
    expect(await editor.sentence()).toEqual({
      text: "60 s windows, one after the other, of all channels of the first reading.",
      kind: "plan",
    });
    await editor.saveDialog();
    expect(await editor.errors("old")).toEqual([]);
    const { align, trigger, rate, labelBy, tolerance, idle } = await editor.settings("old");
    expect({ align, trigger, labelBy }).toEqual({ align: "off", trigger: "off", labelBy: "end" });
    expect([rate, tolerance, idle].map(Number)).toEqual([0, 0, 0]);
  });

  it("says how topics are joined", async () => {
    await editor.openDialog("joined");
    await unfold();
    const says = async () => (await editor.sentence()).text;
    expect(await says()).toBe(`${JOINED} at 2 Hz, with the last value of each that is not older than 1 s.`);
    await editor.setField("align", "interpolate");
    expect(await says()).toBe(`${JOINED} at 2 Hz, on the line between values not more than 1 s apart.`);
    await editor.setField("alignClock", "speed");
    expect(await says()).toBe(
      `${JOINED} at each reading of speed, on the line between values not more than 1 s apart. Then brought to 2 Hz.`,
    );
    await editor.setField("rate", 0);
    await editor.setField("align", "asof");
    expect(await says()).toBe(
      `${JOINED} at each reading of speed, with the last value of each that is not older than 1 s.`,
    );
    await editor.cancelDialog();
  });

  it.each([
    ["no clock", { rate: 0 }, "To join topics, set a fixed rate, or the channel whose readings give the rows."],
    [
      "an unknown clock",
      { alignClock: "spede" },
      "The channel whose readings give the rows is not in the list of channels.",
    ],
  ])("says what is wrong with joined topics: %s", async (_, set, text) => {
    await editor.openDialog("joined");
    await unfold();
    for (const [name, value] of Object.entries(set)) await editor.setField(name, value);
    await expect.poll(() => editor.sentence()).toEqual({ text, kind: "wrong" });
    await expect.poll(() => isMarked("alignClock")).toBe(true);
    await editor.cancelDialog();
  });

  it("names a field for what it is", async () => {
    await editor.openDialog("joined");
    await unfold();
    const names = () =>
      editor.page.evaluate(() =>
        ["#edge-window-hop-label", "label[for=node-input-triggerValue]", "#edge-window-limit-unit"].map((selector) =>
          $(selector).text(),
        ),
      );
    expect(await names()).toEqual(["Every", "Value", "ms old"]);
    await editor.setField("trigger", "leaves");
    await editor.setField("align", "interpolate");
    expect(await names()).toEqual(["Not before", "Lowest", "ms between two readings"]);
    await editor.setField("trigger", "changes");
    expect((await names())[1]).toBe("By more than");
    await editor.cancelDialog();
  });

  it("a mark goes by the list as it stands in the dialog", async () => {
    await editor.openDialog("joined");
    await unfold();
    await editor.setField("trigger", "above");
    await editor.setField("triggerChannel", "load");
    await expect.poll(() => isMarked("triggerChannel")).toBe(true);
    expect((await editor.sentence()).text).toBe(
      "The channel whose events begin windows is not in the list of channels.",
    );
    await editor.page.locator("#node-input-channel-list .edge-channel").first().fill("load");
    await expect.poll(() => isMarked("triggerChannel")).toBe(false);
    expect((await editor.sentence()).kind).toBe("plan");
    await editor.cancelDialog();
  });
});
