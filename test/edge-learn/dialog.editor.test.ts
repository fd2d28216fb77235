/** The method's options in the dialog, and what the node itself tells. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Editor, openEditor } from "../support/browser.ts";
import { checkDialog } from "../support/dialog-check.ts";
import type { FlowNode } from "../support/runtime.ts";

let editor: Editor;
beforeAll(async () => {
  editor = await openEditor();
});
afterAll(() => editor?.close());

const model = { id: "m", type: "edge-model", model: "machine", config: true };

/** Sends frames by the minute: a steady machine, with a label when it is named. */
const MAKE_FRAMES = `
const count = msg.payload;
for (let i = 0; i < count; i++) {
  const n = (context.get("n") ?? 0) + 1;
  context.set("n", n);
  node.send({
    payload: Float32Array.of(20 + Math.sin(n * 1.7), 50 + Math.cos(n * 0.9), Math.sin(n * 7.3)),
    frame: {
      kind: "features", shape: [3], names: ["a", "b", "c"], stream: "s", seq: n,
      start: 1.7e12 + n * 60000, end: 1.7e12 + n * 60000,
      quality: { ok: true, reasons: [], missing: 0, filled: 0 }, recipe: { version: 1 },
    },
  });
}
return null;`;

const feeding = (count: number, to: string): FlowNode[] => [
  {
    id: "inject",
    type: "inject",
    props: [{ p: "payload" }],
    payload: String(count),
    payloadType: "num",
    wires: [["make"]],
  },
  { id: "make", type: "function", func: MAKE_FRAMES, outputs: 1, wires: [[to]] },
];

/** A learn node, and what comes to it. What it collects belongs to its id. */
async function push(count: number, learn: { id: string; [setting: string]: unknown }): Promise<void> {
  await editor.load([model, ...feeding(count, learn.id), { type: "edge-learn", model: "m", ...learn }]);
  await editor.page.evaluate(() => fetch("inject/inject", { method: "POST" }));
}

const says = () => editor.page.locator("#edge-learn-live-says").textContent();
const option = (name: string) => editor.page.locator(`[data-option="${name}"] input`);

beforeEach(async () => {
  if (await editor.page.locator(".red-ui-tray").count()) await editor.reload();
});

describe("the options of the method", () => {
  it("are those of the learner, marked when they are wrong, and there again when it is chosen again", async () => {
    await editor.load([model, { id: "n", type: "edge-learn", model: "m" }]);
    await editor.openDialog("n");
    expect(await option("variance").inputValue()).toBe("0.95");
    await option("variance").fill("2");
    expect(await editor.sentence()).toEqual({
      text: 'PCA (T² + Q): "Share of the variance to keep" must be a number from 0.01 to 1.',
      kind: "wrong",
    });
    await expect.poll(() => option("variance").getAttribute("class")).toContain("input-error");
    await option("variance").fill("0.9");
    await editor.setField("method", "kmeans");
    expect(await option("variance").count()).toBe(0);
    await option("clusters").fill("5");
    await editor.setField("task", "value");
    expect(await editor.field("method").inputValue()).toBe("auto");
    await editor.setField("task", "anomaly");
    expect(await editor.field("method").inputValue()).toBe("kmeans");
    expect(await option("clusters").inputValue()).toBe("5");
    await editor.setField("method", "pca");
    expect(await option("variance").inputValue()).toBe("0.9");
    expect((await editor.sentence()).kind).toBe("plan");
    await editor.saveDialog();
    expect(await editor.errors("n")).toEqual([]);
    expect((await editor.settings("n")).options).toMatchObject({ variance: 0.9 });
  });

  it("of each task make a dialog that a person can read and use with the keyboard", async () => {
    for (const task of ["class", "value"]) {
      await editor.load([
        model,
        { id: "n", type: "edge-learn", model: "m", task, method: "auto", valueFrom: "feature", feature: "a" },
      ]);
      expect(await checkDialog(editor, "n"), task).toEqual([]);
    }
  });
});

describe("what the node tells", () => {
  it("counts what is collected, learns at the press of a button, and shows what was found", async () => {
    const before = editor.problems.length;
    await push(60, { id: "n60", amount: "told" });
    await editor.openDialog("n60");
    await expect.poll(says, { timeout: 10_000 }).toBe("Collects, 60 frames");
    expect(await editor.page.locator("#edge-learn-result").isVisible()).toBe(false);
    await editor.page.click("#edge-learn-train");
    const summary = editor.page.locator("#edge-learn-result > summary");
    await expect.poll(() => summary.textContent(), { timeout: 15_000 }).toMatch(/^Version 1, learned 20\d\d-.*: PCA/);
    expect(await says()).toBe("Has learned");
    const found = (await editor.page.locator("#edge-learn-result").textContent())!;
    expect(found).toContain("60 frames of 3 features");
    expect(found).toContain("for 1 false alarm per day");
    expect(await editor.page.locator("#edge-learn-result li").count()).toBeGreaterThan(0);
    await editor.page.click("#edge-learn-again");
    await expect.poll(says, { timeout: 10_000 }).toBe("Collects, 0 frames");
    await editor.cancelDialog();
    // Node-RED's own tips may stumble over a page that is opened anew.
    expect(editor.problems.slice(before).filter((each) => !each.includes("red.min.js"))).toEqual([]);
  });

  it("counts classes, shows the confusion matrix, and what the automatic method tried", async () => {
    const labelled = MAKE_FRAMES.replace("const n =", "const which = i % 2; const n =")
      .replace("20 + Math.sin(n * 1.7)", "20 * which + Math.sin(n * 1.7)")
      .replace("quality:", 'label: which ? "wave" : "idle", quality:');
    const [inject, make] = feeding(80, "classes");
    const learn = {
      id: "classes",
      type: "edge-learn",
      model: "c",
      task: "class",
      method: "auto",
      amount: "told",
      limitTime: 1,
    };
    const config = { ...model, id: "c", model: "gestures" };
    await editor.load([config, inject!, { ...make!, func: labelled }, learn]);
    await editor.page.evaluate(() => fetch("inject/inject", { method: "POST" }));
    await editor.openDialog("classes");
    await expect.poll(says, { timeout: 10_000 }).toBe("Collects, idle 40 · wave 40");
    await editor.page.click("#edge-learn-train");
    const tables = editor.page.locator("#edge-learn-result table");
    await expect.poll(() => tables.count(), { timeout: 40_000 }).toBe(3);
    expect(await tables.nth(1).locator("thead th").allTextContents()).toEqual(["", "idle", "wave", "found", "right"]);
    expect(await tables.nth(1).locator("tbody tr").first().locator("th, td").allTextContents()).toEqual([
      "idle",
      "10",
      "0",
      "100 %",
      "100 %",
    ]);
    expect(await tables.nth(2).locator("tbody tr").count()).toBeGreaterThan(1);
    // What is long is scrolled; what the node will do, and the buttons, stay in sight.
    const line = (await editor.page.locator("#edge-learn-train").boundingBox())!;
    expect(line.y + line.height).toBeLessThan(768);
    await editor.cancelDialog();
  });

  it("says why it cannot learn", async () => {
    const before = editor.problems.length;
    await push(5, { id: "n5", amount: "told" });
    await editor.openDialog("n5");
    await expect.poll(says, { timeout: 10_000 }).toBe("Collects, 5 frames");
    await editor.page.click("#edge-learn-train");
    await expect
      .poll(says, { timeout: 10_000 })
      .toMatch(/There are 5 good frames to learn from, but at least 20 are needed/);
    await editor.cancelDialog();
    // The browser tells of the answer 409, and of nothing else.
    expect(editor.problems.slice(before).filter((each) => !/409|red\.min\.js/.test(each))).toEqual([]);
  });
});
