import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Editor, openEditor } from "../support/browser.ts";
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
      "spoken words",
      { when: "keyword" },
      `Raises an info when a word of the model is heard: its score, smoothed as the model says, is at least the model's threshold. A word counts once; the next one counts when the score has been below 50 % of the threshold for 500 ms and 500 ms more have passed. ${NO_DATA}`,
      {
        shown: ["labels", "thresholds", "uncertainRatio", "tellOver", "smoothingSize"],
        hidden: ["confidence", "limit", "factor", "remindEvery"],
      },
    ],
    [
      "words with thresholds of one's own",
      {
        when: "keyword",
        labels: "jarvis, snowboy",
        thresholds: "jarvis 0.8, 0.7",
        smoothing: "mean",
        needed: 2,
        among: 3,
        refractory: 0,
        uncertainRatio: 70,
        tellOver: true,
        noDataAfter: 0,
      },
      'Raises an info when "jarvis" or "snowboy" is heard: the mean of its last 5 scores is at least its threshold (jarvis 0.8, 0.7) in 2 of 3 results. A word counts once; the next one counts when the score has been below 50 % of the threshold for 500 ms. Also tells when it is over. What comes to 70 % of the threshold and not further is told as uncertain.',
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
    [
      "thresholds",
      { when: "keyword", thresholds: "jarvis loud" },
      "thresholds",
      'Thresholds are numbers from 0 to 1: one for all, or words with one each, as in "jarvis 0.8, snowboy 0.65".',
    ],
    [
      "a threshold of another word",
      { when: "keyword", labels: "jarvis", thresholds: "snowboy 0.6" },
      "thresholds",
      '"snowboy" has a threshold, and is not in the list of words.',
    ],
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

describe("the choice of spoken words", () => {
  let editor: Editor;
  beforeAll(async () => {
    editor = await openEditor();
  });
  afterAll(() => editor?.close());

  it("puts in what suits them, takes it out again, and leaves alone what somebody has set", async () => {
    await editor.load([]);
    const id = await editor.addNode("edge-alert");
    await editor.openDialog(id);
    const names = ["smoothing", "needed", "among", "clearRatio", "clearAfter", "refractory", "severity"];
    const held = async () => Promise.all(names.map((name) => editor.field(name).inputValue()));
    const before = await held();
    await editor.setField("when", "keyword");
    expect(await held()).toEqual(["model", "1", "1", "50", "0.5", "0.5", "info"]);
    expect(await editor.field("tellOver").isChecked()).toBe(false);
    await editor.setField("when", "class");
    expect(await held()).toEqual(before);
    await editor.setField("when", "keyword");
    await editor.field("labels").fill("jarvis");
    await editor.field("clearRatio").fill("60");
    await editor.saveDialog();
    await editor.openDialog(id);
    expect(await held()).toEqual(["model", "1", "1", "60", "0.5", "0.5", "info"]);
    await editor.cancelDialog();
    expect(editor.problems).toEqual([]);
  });
});
