import { afterAll, beforeAll, expect, it } from "vitest";
import { type Editor, openEditor } from "../support/browser.ts";

// biome-ignore lint/suspicious/noExplicitAny: the editor's API has no typings
declare const RED: any;

let editor: Editor;
beforeAll(async () => {
  editor = await openEditor();
});
afterAll(() => editor?.close());

/** As version 0.4 wrote it. */
const OLD = {
  amount: "frames",
  frames: "500",
  duration: 1,
  durationUnit: "d",
  holdOut: 25,
  falseAlarms: 0.1,
  labels: "normal, 0",
  unlabelled: true,
  start: "once",
  after: "stop",
};

it("nodes of a flow from before there were options are valid, survive a deploy, and open with what they said", async () => {
  await editor.load([
    { id: "m", type: "edge-model", model: "ahu-1", config: true },
    { id: "p", type: "edge-learn", model: "m", method: "pca", variance: "90", clusters: 16, ...OLD },
    { id: "k", type: "edge-learn", model: "m", method: "kmeans", variance: 95, clusters: "8", ...OLD },
  ]);
  for (const id of ["p", "k"]) {
    expect(await editor.page.evaluate((node) => RED.nodes.node(node).valid, id)).toBe(true);
  }
  // A deploy of something else writes them as they are.
  await editor.page.evaluate(() => {
    RED.nodes.node("p").name = "x";
    RED.nodes.dirty(true);
  });
  const written = await editor.page.evaluate(() =>
    RED.nodes.createCompleteNodeSet().filter(({ type }: { type: string }) => type === "edge-learn"),
  );
  expect(written).toMatchObject([
    { id: "p", variance: "90" },
    { id: "k", clusters: "8" },
  ]);

  await editor.openDialog("k");
  await expect.poll(() => editor.sentence()).toMatchObject({ kind: "plan" });
  expect(await editor.page.locator('[data-option="clusters"] input').inputValue()).toBe("8");
  await editor.saveDialog();
  await editor.openDialog("p");
  expect(await editor.page.locator('[data-option="variance"] input').inputValue()).toBe("0.9");
  await editor.saveDialog();
  const saved = await editor.page.evaluate(() =>
    ["p", "k"].map((id) => {
      const { options, variance, clusters } = RED.nodes.node(id);
      return { options, old: [variance, clusters] };
    }),
  );
  expect(saved).toMatchObject([{ options: { variance: 0.9 } }, { options: { clusters: 8 } }]);
  expect(saved.flatMap(({ old }) => old).filter((each) => each !== undefined && each !== null)).toEqual([]);
});
