import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ModelStore } from "../../nodes/lib/model/index.ts";
import { ROOT } from "../../scripts/lib/project.ts";
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

  it("offers the models that come with the package", async () => {
    await editor.load([{ id: "m", type: "edge-model", model: "voice-keywords", config: true }]);
    await editor.openDialog("m");
    const option = editor.page.locator('#edge-model-names option[value="voice-keywords"]');
    await expect.poll(() => option.count()).toBe(1);
    expect(await option.textContent()).toBe("voice-keywords (comes with the package)");
    // It is deployed: sooner or later the package's file is in the store.
    const text = expect.stringMatching(/comes with the package|^Version 1 of voice-keywords is in use/) as string;
    await expect.poll(() => editor.sentence()).toMatchObject({ kind: "plan", text });
    await editor.cancelDialog();
    expect(editor.problems).toEqual([]);
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
    await editor.page.locator('tr[data-version="1"] [data-action="use"]').click();
    await editor.page.locator('tr[data-version="1"] b').waitFor();
    expect((await editor.sentence()).text).toMatch(/^Version 1 of ahu-1 is in use/);
    expect((await store.current("ahu-1"))?.version).toBe("1");
    await editor.setField("model", "new-one");
    expect(await editor.sentence()).toEqual({
      kind: "plan",
      text: "There is no model new-one yet: a learn node makes it, or upload one.",
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

  it("takes a model file, says what it is, and an edge-infer runs it", async () => {
    const golden = (file: string) => join(ROOT, "test/golden/infer", file);
    await editor.load([
      { id: "m", type: "edge-model", model: "nothing-yet", config: true },
      { id: "infer", type: "edge-infer", model: "m", wires: [["debug"], []] },
      { id: "debug", type: "debug", active: true, complete: "payload" },
    ]);
    await editor.openDialog("m");
    await editor.setField("model", "mine");
    const about = editor.page.locator("#edge-model-about");
    const upload = editor.page.locator("#edge-model-upload");

    writeFileSync(join(userDir, "model.onnx"), "PK\x03\x04 is no model");
    await upload.setInputFiles(join(userDir, "model.onnx"));
    await about.locator(".edge-model-problem").waitFor();
    expect(await about.textContent()).toMatch(/model\.onnx was not taken.*zip archive, as PyTorch/);
    // The browser's console shows the refusal too.
    expect(editor.problems.splice(0).every((problem) => problem.includes("409"))).toBe(true);

    await upload.setInputFiles(golden("trained/pipeline.onnx"));
    await about.getByText("Version 1 of mine").waitFor();
    expect(await about.locator(".edge-model-problem").count()).toBe(0);
    expect(await about.textContent()).toMatch(/FormatONNX, IR \d+, ai\.onnx.*Inputs\w+: float32 \[N, 3\]/);
    expect((await editor.sentence()).text).toMatch(/^Version 1 of mine is in use/);

    await upload.setInputFiles([golden("networks/torch-external.onnx"), golden("networks/torch-external.onnx.data")]);
    await about.getByText("Version 2 of mine").waitFor();
    await editor.page.locator('tr[data-version="1"] [data-action="use"]').click();
    await editor.page.locator('tr[data-version="1"] b').waitFor();
    const download = editor.page.waitForEvent("download");
    await editor.page.locator('tr[data-version="1"] [data-action="download"]').click();
    expect((await download).suggestedFilename()).toBe("mine-1.onnx");
    await editor.page.locator('tr[data-version="2"] [data-action="remove"]').click();
    await editor.page.locator('tr[data-version="2"]').waitFor({ state: "detached" });
    await about.getByText("Version 1 of mine").waitFor();

    await editor.saveDialog();
    await editor.deploy();
    await editor.page.waitForFunction(() => /v1/.test(document.querySelector('[id="infer"]')?.textContent ?? ""));
    expect(editor.problems).toEqual([]);
  });

  it("takes a file that lies in the models folder", async () => {
    writeFileSync(join(store.folder, "dropped.onnx"), anomalyBundle({ name: "other", version: "4" }));
    await editor.load([{ id: "m", type: "edge-model", model: "dropped", config: true }]);
    await editor.openDialog("m");
    await editor.page.locator("#edge-model-import-row").waitFor();
    await editor.page.locator("#edge-model-import").selectOption("dropped.onnx");
    await editor.page.locator("#edge-model-about").getByText("Version 1 of dropped").waitFor();
    expect((await editor.sentence()).text).toMatch(/^Version 1 of dropped is in use, learned from 800 frames/);
    await editor.saveDialog();
    expect(editor.problems).toEqual([]);
  });

  it("marks a wrong name", async () => {
    await editor.load([{ id: "m", type: "edge-model", model: "../x", config: true }]);
    expect(await editor.errors("m")).toHaveLength(1);
  });
});
