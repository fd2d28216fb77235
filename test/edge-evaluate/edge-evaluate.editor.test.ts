import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AnomalyPicture } from "../../nodes/edge-evaluate/picture.ts";
import { unpackMoments } from "../../nodes/edge-evaluate/picture.ts";
import { atThreshold, bestThresholds, type Moment } from "../../nodes/lib/evaluate/index.ts";
import { type Editor, openEditor } from "../support/browser.ts";
import type { FlowNode } from "../support/runtime.ts";

// biome-ignore lint/suspicious/noExplicitAny: the editor's API has no typings
declare const RED: any;

let editor: Editor;
beforeAll(async () => {
  editor = await openEditor();
});
afterAll(() => editor?.close());

/** A function node that makes results as soon as the flow runs; wired to the node behind it. */
function source(id: string, code: string, to: string): FlowNode[] {
  return [
    {
      id: `${id}-go`,
      type: "inject",
      props: [{ p: "payload" }],
      once: true,
      onceDelay: 0.1,
      payloadType: "date",
      wires: [[id]],
    },
    { id, type: "function", func: code, outputs: 1, wires: [[to]] },
  ];
}

const ANOMALIES = `
const out = [];
for (let i = 0; i < 600; i++) {
  const fault = i >= 200 && i < 260;
  const score = 1 + ((i * 7919) % 101) / 50 + (fault && i > 205 ? 2 : 0) + (i % 150 === 149 ? 3 : 0);
  out.push({
    payload: i % 40 === 39
      ? { kind: "anomaly", score: null, quality: { ok: false, reasons: ["missing"], missing: 1, filled: 0 } }
      : { kind: "anomaly", score, threshold: 3.5, anomalous: score > 3.5 },
    frame: { stream: "pump", end: 1e12 + 300000 * i, label: fault ? "leak" : "normal" },
  });
}
return [out];`;

const CLASSES = `
return [["a a", "a a", "b a", "b b", "uncertain b"].map((pair) => {
  const [label, truth] = pair.split(" ");
  return { payload: { kind: "class", label, confidence: 0.8, scores: [] }, label: truth };
})];`;

const VALUES = `return [[19, 20, 21, 23].map((value, i) => ({ payload: { kind: "value", values: [{ name: "t", value }] }, label: 20 + i }))];`;

/** The scores come from a change node, as if through edge-infer and a link: nothing of it has to run. */
const FLOW: FlowNode[] = [
  ...source("anomalies", ANOMALIES, "evaluate"),
  { id: "infer", type: "edge-infer", name: "pump model", thresholdFrom: "model", threshold: "", wires: [["pass"], []] },
  { id: "pass", type: "change", rules: [], wires: [["out"]] },
  { id: "out", type: "link out", mode: "link", links: ["in"] },
  { id: "in", type: "link in", links: ["out"], wires: [["evaluate"]] },
  { id: "evaluate", type: "edge-evaluate", wires: [[], []] },
];

const panel = (selector: string) => editor.page.locator(`#edge-evaluate-picture ${selector}`);
const metric = (name: string) => panel(`[data-metric=${name}]`).textContent();
const confusionShown = async () => (await panel(".edge-confusion td").allTextContents()).map(Number);
const threshold = async () => Number(await panel(".edge-threshold").inputValue());

async function open(id = "evaluate"): Promise<void> {
  await editor.openDialog(id);
  await panel(".edge-evaluation").waitFor();
}

/** The moments as the dialog gets them. */
async function moments(): Promise<{ moments: Moment[]; picture: AnomalyPicture }> {
  const picture = (await (await fetch(`${editor.server.url}edge-ml/evaluate/evaluate`)).json()) as AnomalyPicture;
  return { moments: unpackMoments(picture.moments), picture };
}

/** Waits until the dialog shows what the library says of the threshold that stands in its field. */
async function saysAsTheLibrary(): Promise<void> {
  const { moments: all, picture } = await moments();
  await expect
    .poll(async () => {
      const { confusion, alarms } = atThreshold(all, await threshold(), picture.rules);
      const { truePositives, falseNegatives, falsePositives, trueNegatives } = confusion;
      const shown = {
        confusion: await confusionShown(),
        falseAlarms: await metric("falseAlarms"),
        faults: await metric("faultsFound"),
      };
      const rate = Number(alarms.falseAlarmsPerDay!.toPrecision(3));
      const days = Number(alarms.normalDays.toPrecision(3));
      expect(shown).toEqual({
        confusion: [truePositives, falseNegatives, falsePositives, trueNegatives],
        falseAlarms: `${rate} a day (${alarms.falseAlarms} in ${days} days)`,
        faults: `${alarms.found} of ${alarms.events}`,
      });
      return true;
    })
    .toBe(true);
}

/** How many pixels of a canvas are about a colour. */
async function pixels(selector: string, [red, green, blue]: [number, number, number]): Promise<number> {
  return panel(selector).evaluate(
    (canvas, wanted) => {
      const { width, height } = canvas as HTMLCanvasElement;
      const { data } = (canvas as HTMLCanvasElement).getContext("2d")!.getImageData(0, 0, width, height);
      let count = 0;
      for (let i = 0; i < data.length; i += 4) {
        const far =
          Math.abs(data[i]! - wanted[0]!) + Math.abs(data[i + 1]! - wanted[1]!) + Math.abs(data[i + 2]! - wanted[2]!);
        if (data[i + 3]! > 200 && far < 24) count++;
      }
      return count;
    },
    [red, green, blue],
  );
}

const NORMAL: [number, number, number] = [0x3f, 0x8f, 0x82];
const FAULTY: [number, number, number] = [0xd9, 0x54, 0x1e];

describe("the picture in edge-evaluate's dialog", () => {
  beforeAll(async () => {
    await editor.load(FLOW);
    await editor.waitForStatus("evaluate", /^AUC/);
  });

  it("shows scores over time and the ROC curve, and fits a small screen", async () => {
    await open();
    expect(await panel(".edge-scores").getAttribute("role")).toBe("slider");
    for (const canvas of [".edge-scores", ".edge-curve"]) {
      await expect.poll(() => pixels(canvas, NORMAL), { message: canvas }).toBeGreaterThan(150);
      expect(await pixels(canvas, FAULTY), canvas).toBeGreaterThan(20);
    }
    const bottom = await editor.page.evaluate(() => {
      const sentence = $("#edge-evaluate-sentence")[0]!.getBoundingClientRect().bottom;
      return sentence - $(".red-ui-tray-body").last()[0]!.getBoundingClientRect().bottom;
    });
    expect(bottom).toBeLessThanOrEqual(0);
    expect(await editor.page.locator("#edge-evaluate-picture-says").textContent()).toBe("600 results, 15 not scored");
    expect(await threshold()).toBe(3.5);
    await saysAsTheLibrary();
    await panel(".edge-curve-kind").selectOption("precisionRecall");
    await expect.poll(() => pixels(".edge-curve", NORMAL)).toBeGreaterThan(150);
    await editor.cancelDialog();
  });

  it("counts at once what the threshold would do while it is dragged", async () => {
    await open();
    const before = await confusionShown();
    const box = (await panel(".edge-scores").boundingBox())!;
    await editor.page.mouse.move(box.x + 100, box.y + 60);
    await editor.page.mouse.down();
    for (const y of [80, 110, 130]) {
      await editor.page.mouse.move(box.x + 120, box.y + y);
      await saysAsTheLibrary();
    }
    await editor.page.mouse.up();
    expect(await threshold()).toBeLessThan(3);
    expect(await confusionShown()).not.toEqual(before);
    // Let go: the mouse alone moves nothing.
    const left = await threshold();
    await editor.page.mouse.move(box.x + 120, box.y + 20);
    expect(await threshold()).toBe(left);
    await editor.cancelDialog();
  });

  it("moves with the keyboard, by what is typed, by a click on the curve, and to the best", async () => {
    await open();
    await panel(".edge-scores").focus();
    const begin = await threshold();
    await editor.page.keyboard.press("ArrowUp");
    const up = await threshold();
    expect(up).toBeGreaterThan(begin);
    await editor.page.keyboard.press("Shift+ArrowDown");
    expect(await threshold()).toBeLessThan(begin);
    await saysAsTheLibrary();
    await editor.page.keyboard.press("End");
    await saysAsTheLibrary();
    expect((await confusionShown()).slice(0, 1)).toEqual([0]);

    await panel(".edge-threshold").fill("2.25");
    await saysAsTheLibrary();
    await panel(".edge-threshold").fill("x");
    expect(await panel(".edge-threshold").getAttribute("class")).toContain("input-error");

    // The upper left corner: where most faults are found with few false ones.
    await panel(".edge-curve").click({ position: { x: 44, y: 20 } });
    await saysAsTheLibrary();
    expect((await confusionShown())[0]).toBeGreaterThan(40);

    const { moments: all, picture } = await moments();
    for (const { goal, threshold: best } of bestThresholds(all, picture.falseAlarmsPerDay, picture.rules)) {
      await panel(`[data-goal=${goal}]`).click();
      expect(await threshold(), goal).toBe(best);
      await saysAsTheLibrary();
    }
    await panel("[data-goal=inUse]").click();
    expect(await threshold()).toBe(3.5);
    await editor.cancelDialog();
    expect(editor.problems).toEqual([]);
  });

  it("writes the threshold into the node that made the scores: undo takes it back, deploy keeps it", async () => {
    const settings = async () => {
      const { threshold: value, thresholdFrom } = await editor.settings("infer");
      return { value, thresholdFrom };
    };
    const before = await settings();
    await open();
    await panel(".edge-threshold").fill("4.125");
    await panel(".edge-do-use").click();
    expect(await panel(".edge-said").textContent()).toBe(
      'edge-infer "pump model" has the threshold 4.125 now. Deploy to use it.',
    );
    // It is set already, whatever becomes of this dialog.
    await editor.cancelDialog();
    expect(await settings()).toEqual({ value: "4.125", thresholdFrom: "own" });

    await editor.page.evaluate(() => RED.actions.invoke("core:undo"));
    expect(await settings()).toEqual(before);
    await editor.page.evaluate(() => RED.actions.invoke("core:redo"));
    expect(await settings()).toEqual({ value: "4.125", thresholdFrom: "own" });

    await editor.deploy();
    await editor.reload();
    expect(await settings()).toEqual({ value: "4.125", thresholdFrom: "own" });
    await editor.openDialog("infer");
    expect(await editor.field("threshold").inputValue()).toBe("4.125");
    await editor.cancelDialog();
  });

  it("draws what has come meanwhile", async () => {
    await editor.waitForStatus("evaluate", /^AUC/);
    await open();
    const counted = async () => {
      const says = await editor.page.locator("#edge-evaluate-picture-says").textContent();
      return Number(/^(\d+) results/.exec(says ?? "")?.[1]);
    };
    const before = await counted();
    await editor.page.evaluate(() => $.post("inject/anomalies-go"));
    await editor.page.waitForTimeout(300);
    await editor.page.locator("#edge-evaluate-refresh").click();
    await expect.poll(counted).toBe(before + 600);
    await editor.page.locator("#edge-evaluate-reset").click();
    await expect
      .poll(() => editor.page.locator("#edge-evaluate-picture-says").textContent())
      .toMatch(/^No results have come yet/);
    await editor.cancelDialog();
  });
});

describe("the picture of other results", () => {
  beforeAll(async () => {
    await editor.load([
      ...source("classes", CLASSES, "c"),
      ...source("values", VALUES, "v"),
      { id: "c", type: "edge-evaluate", wires: [[], []] },
      { id: "v", type: "edge-evaluate", wires: [[], []] },
      { id: "none", type: "edge-evaluate", wires: [[], []] },
    ]);
    await editor.waitForStatus("c", /right/);
    await editor.waitForStatus("v", /RMSE/);
  });

  it("of classes is the confusion matrix, with each class's numbers", async () => {
    await open("c");
    const rows = await panel(".edge-heat tr").evaluateAll((all) =>
      all.map((row) =>
        $(row)
          .children()
          .toArray()
          .map((cell) => cell.textContent),
      ),
    );
    expect(rows).toEqual([
      ["true", "a", "b", "uncertain", "precision", "recall", "F1", "AUC"],
      ["a", "2", "1", "0", "100 %", "66.7 %", "0.8", "–"],
      ["b", "0", "1", "1", "50 %", "50 %", "0.5", "–"],
    ]);
    expect(await metric("accuracy")).toMatch(/^60 % \(/);
    await editor.cancelDialog();
  });

  it("of values is a scatter of predicted against true ones", async () => {
    await open("v");
    await expect.poll(() => panel(".edge-scatter").count()).toBe(1);
    expect(await metric("mae")).toBe("0.75");
    expect(await metric("bias")).toBe("-0.75");
    await editor.cancelDialog();
  });

  it("of nothing says so, and opens the settings", async () => {
    await editor.openDialog("none");
    await expect
      .poll(() => editor.page.locator("#edge-evaluate-picture-says").textContent())
      .toMatch(/^No results have come yet/);
    expect(await editor.field("task").isVisible()).toBe(true);
    await editor.cancelDialog();
    expect(editor.problems).toEqual([]);
  });
});
