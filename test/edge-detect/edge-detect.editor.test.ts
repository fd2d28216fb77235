import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { detectors } from "../../nodes/lib/detect/index.ts";
import { type Editor, openEditor } from "../support/browser.ts";
import { describeDialog } from "../support/dialog-table.ts";

// biome-ignore lint/suspicious/noExplicitAny: the editor's API has no typings
declare const RED: any;

const KNN = "Nearest neighbours of the last readings";
describeDialog("edge-detect", {
  says: [
    [
      "as it comes",
      {},
      `Warms up first, then scores every reading (all its channels) by "${KNN}": at most 1 per day marked by chance.`,
    ],
    [
      "everything set",
      { falseAlarms: 2, falseAlarmsPer: "readings", channels: "a, b", pause: 30 },
      `Warms up first, then scores every reading (a, b) by "${KNN}": at most 2 per 1,000 readings marked by chance. After an anomaly, the next 30 readings are not marked.`,
    ],
  ],
  wrong: [
    ["no wish", { falseAlarms: 0 }, "falseAlarms", "The false alarms must be a number from 0.001 to 1000."],
    ["half a reading", { pause: 0.5 }, "pause", "The pause must be a whole number of readings from 0 to 100000."],
    ["no stream", { streams: 0 }, "streams", "The number of streams must be a whole number from 1 to 10000."],
  ],
  keeps: {
    name: "of the pump",
    falseAlarms: 3,
    falseAlarmsPer: "week",
    channels: "a, b",
    pause: 5,
    stuck: 60,
    forget: 24,
    streams: 7,
  },
});

describe("the detectors in the dialog of edge-detect", () => {
  let editor: Editor;
  let id: string;
  beforeAll(async () => {
    editor = await openEditor();
    await editor.load([]);
    id = await editor.addNode("edge-detect");
  });
  afterAll(() => editor?.close());

  const stored = () =>
    editor.page.evaluate((node) => {
      const { detector, options, valid } = RED.nodes.node(node);
      return { detector, options, valid };
    }, id);

  it("are all there, each with its sentence and its options; what is chosen and set is kept", async () => {
    await editor.openDialog(id);
    const { page } = editor;
    const select = page.locator(".edge-detector");
    for (const { id: detector, about, options } of detectors) {
      await select.selectOption(detector);
      expect(await page.locator("#edge-detect-detector").textContent()).toContain(about);
      const names = await page
        .locator("#edge-detect-detector .edge-option")
        .evaluateAll((fields) => fields.map((field) => (field as HTMLElement).dataset.option));
      expect(names).toEqual(Object.keys(options.properties));
    }
    await select.selectOption("robust-z");
    const window = page.locator('#edge-detect-detector [data-option="window"] input');
    await window.fill("5");
    expect(await page.locator("#edge-detect-sentence").textContent()).toBe(
      '"Window (readings)" must be a whole number from 20 to 10000.',
    );
    await window.fill("300");
    expect(await page.locator("#edge-detect-sentence").textContent()).toContain('by "Distance from the median"');
    await editor.saveDialog();
    expect(await stored()).toMatchObject({ detector: "robust-z", options: { window: 300 }, valid: true });
  });

  it("of a flow from another version are kept, and marked", async () => {
    await editor.load([{ id: "n1", type: "edge-detect", detector: "oracle", options: { eyes: 3 }, wires: [[]] }]);
    id = "n1";
    expect(await stored()).toMatchObject({ detector: "oracle", options: { eyes: 3 }, valid: false });
    await editor.openDialog(id);
    expect(await editor.page.locator("#edge-detect-sentence").textContent()).toContain('There is no "oracle" here');
    await editor.saveDialog();
    expect(await stored()).toMatchObject({ detector: "oracle", options: { eyes: 3 } });
  });
});
