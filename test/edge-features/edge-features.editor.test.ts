import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Editor, openEditor } from "../support/browser.ts";

let editor: Editor;
beforeAll(async () => {
  editor = await openEditor();
});
afterAll(() => editor?.close());

describe("edge-features in the editor", () => {
  it("is dragged, edited, wired and deployed, and says what it does", async () => {
    const id = await editor.addNode("edge-features", { x: 300, y: 120 });
    const sink = await editor.addNode("test-sink", { x: 600, y: 200 });
    await editor.wire(id, sink);

    await editor.openDialog(id);
    expect(await editor.sentence()).toEqual({ text: "Each window becomes 7 values per channel.", kind: "plan" });
    await editor.setField("name", "of the pump");
    await editor.page.locator(".edge-statistics label", { hasText: "kurtosis" }).locator("input").uncheck();
    expect((await editor.sentence()).text).toBe("Each window becomes 6 values per channel.");
    await editor.page.locator(".red-ui-editableList-addButton", { hasText: "add block" }).click();
    await editor.page.locator(".edge-block").nth(1).selectOption("raw");
    await editor.page.locator(".edge-scale").nth(1).fill("0.5");
    expect((await editor.sentence()).text).toBe("Each window becomes 6 values per channel, every sample as it is.");
    await editor.saveDialog();

    expect(await editor.errors(id)).toEqual([]);
    expect(await editor.settings(id)).toMatchObject({
      name: "of the pump",
      blocks: [
        { block: "flatten", scale: 1, statistics: ["average", "minimum", "maximum", "rms", "stdev", "skewness"] },
        { block: "raw", scale: 0.5 },
      ],
      wires: [[sink]],
    });
    await editor.deploy();
    expect(editor.problems).toEqual([]);
  });

  const wrong: [string, () => Promise<void>, string][] = [
    [
      "a multiplier that is no number",
      () => editor.page.locator(".edge-scale").fill("x"),
      "The multiplier must be a number.",
    ],
    [
      "no statistic at all",
      async () => {
        for (const box of await editor.page.locator(".edge-statistics input").all()) await box.uncheck();
      },
      "Choose at least one statistic.",
    ],
    ["no block", () => editor.page.locator(".red-ui-editableList-item-remove").click(), "Add at least one block."],
  ];
  it.each(wrong)("says so in the dialog and marks the node: %s", async (_, spoil, text) => {
    await editor.load([{ id: "features", type: "edge-features", blocks: [{ block: "flatten" }] }]);
    await editor.openDialog("features");
    await spoil();
    await expect.poll(() => editor.sentence()).toEqual({ text, kind: "wrong" });
    await editor.saveDialog();
    expect(await editor.errors("features")).toEqual([text]);
    await editor.deploy();
    expect(await editor.waitForStatus("features", /./)).toBe("check settings");
  });

  it("counts frames in its status", async () => {
    const window = {
      payload: [1, 2],
      frame: {
        kind: "window",
        shape: [2, 1],
        names: ["a"],
        stream: "",
        seq: 0,
        start: 0,
        end: 1,
        quality: { ok: true, reasons: [], missing: 0, filled: 0 },
        recipe: { version: 1 },
      },
    };
    await editor.load([
      {
        id: "press",
        type: "inject",
        props: [
          { p: "payload", v: JSON.stringify(window.payload), vt: "json" },
          { p: "frame", v: JSON.stringify(window.frame), vt: "json" },
        ],
        wires: [["features"]],
      },
      { id: "features", type: "edge-features", blocks: [{ block: "flatten" }], wires: [["show"]] },
      { id: "show", type: "debug", active: true, tosidebar: true, complete: "payload", targetType: "msg" },
    ]);
    await editor.pressButton("press");
    expect(await editor.waitForStatus("features", /×/)).toBe("7 × 1");
    await editor.waitForDebug(/Float32Array\[7\]/);
    await editor.pressButton("press");
    await editor.waitForStatus("features", /7 × 2/);
  });
});
