import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Editor, openEditor } from "../support/browser.ts";
import { bursts } from "../support/sound.ts";

let editor: Editor;
const folder = mkdtempSync(join(tmpdir(), "edge-ml-panel-"));
const file = join(folder, "words.raw");
beforeAll(async () => {
  writeFileSync(file, bursts(120));
  editor = await openEditor();
});
afterAll(async () => {
  await editor?.close();
  rmSync(folder, { recursive: true, force: true });
});

const microphone = () => ({
  id: "n",
  type: "edge-microphone",
  source: "command",
  command: `cat "${file}"`,
  topic: "mic",
});

it("an example is recorded from the running node, listed, counted, deleted and sent", async () => {
  await editor.load([microphone()]);
  await editor.openDialog("n");
  const { page } = editor;
  await page.locator("#edge-microphone-own").evaluate((section) => section.setAttribute("open", ""));
  const record = page.locator("#edge-microphone-record");
  expect(await record.isDisabled()).toBe(true);
  await page.locator("#edge-microphone-example").fill("marvin");
  // It listens.
  await page.locator("#edge-microphone-level", { hasText: "dB" }).waitFor();
  await record.click();
  await page.locator("#edge-microphone-recording", { hasText: "Speak now" }).waitFor();
  const rows = page.locator(".edge-microphone-row");
  await rows.first().waitFor();
  expect(await rows.first().textContent()).toContain("marvin, 1.6 s");
  expect(await page.locator("#edge-microphone-counts").textContent()).toBe("marvin: 1");
  await record.click();
  await rows.nth(1).waitFor();
  expect(await page.locator("#edge-microphone-counts").textContent()).toBe("marvin: 2");
  await rows.first().locator('[data-action="remove"]').click();
  await expect.poll(() => rows.count()).toBe(1);
  await page.locator("#edge-microphone-send").click();
  await page.locator("#edge-microphone-recording", { hasText: "1 sent to the flow." }).waitFor();
  await expect.poll(() => rows.count()).toBe(0);
  expect(await page.locator("#edge-microphone-send").isDisabled()).toBe(true);
  await editor.cancelDialog();
  expect(editor.problems).toEqual([]);
});
