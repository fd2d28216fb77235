import { afterAll, beforeAll, expect, it } from "vitest";
import { type Editor, openEditor } from "../support/browser.ts";

// biome-ignore lint/suspicious/noExplicitAny: the editor's API has no typings
declare const RED: any;

let editor: Editor;
beforeAll(async () => {
  editor = await openEditor();
});
afterAll(() => editor?.close());

const outputs = () => editor.page.evaluate(() => Number(RED.nodes.node("n").outputs));

it("the embedding has an output of its own while the box is ticked; a flow from before it keeps its two", async () => {
  await editor.load([
    { id: "m", type: "edge-model", model: "voice-keywords", config: true },
    { id: "n", type: "edge-infer", model: "m", queueLimit: 100, queuePolicy: "oldest" },
  ]);
  expect(await outputs()).toBe(2);
  await editor.openDialog("n");
  expect(await editor.page.locator("#edge-infer-serving").getAttribute("open")).toBeNull();
  await editor.page.locator("#edge-infer-serving summary").click();
  // Closed until something in it is set.
  const box = editor.page.locator("#node-input-embedding");
  expect(await box.isChecked()).toBe(false);
  await box.check();
  await expect
    .poll(() => editor.sentence())
    .toMatchObject({ kind: "plan", text: expect.stringContaining("The third output gives the layer") as string });
  await editor.saveDialog();
  expect(await outputs()).toBe(3);
  await editor.openDialog("n");
  // What is set in it opens the section.
  expect(await box.isVisible()).toBe(true);
  await box.uncheck();
  await editor.saveDialog();
  expect(await outputs()).toBe(2);
  expect(editor.problems).toEqual([]);
});
