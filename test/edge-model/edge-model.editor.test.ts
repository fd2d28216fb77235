import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ModelStore } from "../../nodes/lib/model/index.ts";
import { type Editor, openEditor } from "../support/browser.ts";
import { checkDialog } from "../support/dialog-check.ts";
import { anomalyBundle } from "../support/models.ts";

let editor: Editor;
let store: ModelStore;
const userDir = mkdtempSync(join(tmpdir(), "edge-ml-model-editor-"));
beforeAll(async () => {
  store = new ModelStore(join(userDir, "edge-ml", "models"));
  for (let i = 0; i < 3; i++) await store.save("ahu-1", (version) => anomalyBundle({ name: "ahu-1", version }));
  mkdirSync(join(store.folder, "broken"));
  writeFileSync(join(store.folder, "broken", "1.onnx"), "x");
  editor = await openEditor({ userDir });
});
afterAll(async () => {
  await editor?.close();
  rmSync(userDir, { recursive: true, force: true });
});

describe("the dialog of edge-model", () => {
  it("keeps what every dialog owes", async () => {
    await editor.load([{ id: "m", type: "edge-model", model: "ahu-1", config: true }]);
    expect(await checkDialog(editor, "m")).toEqual([]);
  });

  it("says what the machine can do, when asked", async () => {
    await editor.load([{ id: "m", type: "edge-model", model: "ahu-1", config: true }]);
    await editor.openDialog("m");
    const findings = editor.page.locator("#edge-model-findings");
    expect(await findings.isVisible()).toBe(false);
    await editor.page.locator("#edge-model-doctor").click();
    await findings
      .locator('[data-level="good"]', { hasText: "ONNX Runtime runs models with native kernels." })
      .waitFor();
    expect(await findings.locator("[data-level]").count()).toBeGreaterThanOrEqual(9);
    expect(await findings.textContent()).toMatch(/Node-RED \d+\.\d+\.\d+\S* is new enough/);
    await editor.cancelDialog();
    expect(editor.problems).toEqual([]);
  });

  it("shows the versions of the model that is named, and goes back to one", async () => {
    await editor.load([{ id: "m", type: "edge-model", model: "ahu-1", config: true }]);
    await editor.openDialog("m");
    const rows = editor.page.locator("#edge-model-versions tbody tr");
    await rows.first().waitFor();
    expect(await rows.count()).toBe(3);
    expect(await editor.sentence()).toMatchObject({
      kind: "plan",
      text: expect.stringMatching(/^Version 3 of ahu-1 is in use, learned from 800 frames on /),
    });
    await editor.page.locator('tr[data-version="1"] button').click();
    await editor.page.locator('tr[data-version="1"] b').waitFor();
    expect((await editor.sentence()).text).toMatch(/^Version 1 of ahu-1 is in use/);
    expect((await store.current("ahu-1"))?.version).toBe("1");
    await editor.setField("model", "new-one");
    expect(await editor.sentence()).toEqual({
      kind: "plan",
      text: "There is no model new-one yet: a learn node makes it.",
    });
    expect(await rows.count()).toBe(0);
    await editor.setField("model", "broken");
    expect((await editor.sentence()).text).toMatch(/No version of broken can be read/);
    await editor.setField("model", "../x");
    expect((await editor.sentence()).kind).toBe("wrong");
    await editor.setField("model", "ahu-2");
    await editor.saveDialog();
    expect(await editor.settings("m")).toMatchObject({ model: "ahu-2" });
    expect(editor.problems).toEqual([]);
  });

  it("marks a wrong name", async () => {
    await editor.load([{ id: "m", type: "edge-model", model: "../x", config: true }]);
    expect(await editor.errors("m")).toHaveLength(1);
  });
});
