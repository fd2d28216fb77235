/**
 * Makes the README's pictures from the real editor: `npx tsx scripts/screenshots.ts`.
 * The HVAC example runs as it is, so that learning takes its two minutes.
 */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Editor, openEditor } from "../test/support/browser.ts";
import { ROOT } from "./lib/project.ts";

const EXAMPLE = join(ROOT, "examples/hvac-anomaly.json");
const IMAGES = join(ROOT, "docs/images");
// biome-ignore lint/suspicious/noExplicitAny: the editor's API has no typings
declare const RED: any;

/** Learning at the example's speed, on a slow computer. */
const PATIENCE = 300_000;

const flow = JSON.parse(readFileSync(EXAMPLE, "utf8")) as { id: string; type: string }[];
const idOf = (type: string) => flow.find((node) => node.type === type)!.id;

async function main(): Promise<void> {
  const userDir = mkdtempSync(join(tmpdir(), "edge-ml-screenshots-"));
  copyFileSync(EXAMPLE, join(userDir, "flows.json"));
  mkdirSync(IMAGES, { recursive: true });
  const editor = await openEditor({ line: "node-red", userDir });
  try {
    // Room for the whole flow, and for the debug messages.
    await editor.page.evaluate(() => RED.actions.invoke("core:toggle-left-sidebar"));
    await editor.page.click('button[data-tab-id="info"].selected');
    await editor.debugRows();
    console.log("Learning: about two minutes …");
    await editor.waitForStatus(idOf("edge-learn"), /^v1 /, PATIENCE);
    await editor.waitForStatus(idOf("edge-infer"), /^v1 · \d{2,}/, PATIENCE);
    await shoot(editor, "hvac-flow");

    console.log("The fault: up to a minute …");
    await editor.pressButton(idOf("edge-simulator"));
    await editor.waitForDebug(/is unusual: /, PATIENCE);
    // The whole sentence.
    await editor.page
      .locator(".red-ui-debug-msg .red-ui-debug-msg-expandable .red-ui-debug-msg-object-handle")
      .last()
      .click({ timeout: 3000 })
      .catch(() => undefined);
    await shoot(editor, "hvac-alert");
  } finally {
    await editor.close();
    rmSync(userDir, { recursive: true, force: true });
  }
}

/** A picture without notes that come and go, and with the mouse out of the way. */
async function shoot(editor: Editor, name: string): Promise<void> {
  await editor.page.mouse.move(683, 600);
  await editor.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await editor.page.locator(".red-ui-popover").first().waitFor({ state: "hidden", timeout: 10_000 });
  await editor.page.locator(".red-ui-notification").first().waitFor({ state: "hidden", timeout: 10_000 });
  const path = join(IMAGES, `${name}.png`);
  await editor.screenshot(path);
  console.log(path);
}

void main();
