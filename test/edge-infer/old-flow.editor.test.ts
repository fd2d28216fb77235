import { afterAll, beforeAll, expect, it } from "vitest";
import { defaults } from "../../nodes/edge-infer/config.ts";
import { type Editor, openEditor } from "../support/browser.ts";

// biome-ignore lint/suspicious/noExplicitAny: the editor's API has no typings
declare const RED: any;

let editor: Editor;
beforeAll(async () => {
  editor = await openEditor();
});
afterAll(() => editor?.close());

it("a node of a flow from before there were servers is valid, and its dialog shows what it does", async () => {
  const old = { thresholdFrom: "model", threshold: "", contributions: 5, uncertainBelow: 0 };
  await editor.load([
    { id: "m", type: "edge-model", model: "ahu-1", config: true },
    { id: "n", type: "edge-infer", model: "m", queueLimit: 100, queuePolicy: "oldest", ...old },
  ]);
  expect(await editor.page.evaluate(() => RED.nodes.node("n").valid)).toBe(true);
  await editor.openDialog("n");
  await expect.poll(() => editor.sentence()).toMatchObject({ kind: "plan" });
  await editor.saveDialog();
  const saved = await editor.page.evaluate(() => ({ ...RED.nodes.node("n") }));
  for (const [name, value] of Object.entries(defaults)) {
    if (name !== "model") expect(String(saved[name]), name).toBe(String(value));
  }
});
