/**
 * Makes the pictures of the documents from the real editor: `npx tsx scripts/screenshots.ts [hvac] [vibration] [features] [evaluate] [gestures] [voice]`.
 * The examples run as they are, so that learning takes two minutes each where a model is in the picture.
 */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Editor, openEditor } from "../test/support/browser.ts";
import { ROOT } from "./lib/project.ts";

const IMAGES = join(ROOT, "docs/images");
// biome-ignore lint/suspicious/noExplicitAny: the editor's API has no typings
declare const RED: any;

/** Learning at the example's speed, on a slow computer. */
const PATIENCE = 300_000;

/** An example, when its model has learned, in an editor with room for the whole flow and for the debug messages. */
async function withExample(
  name: string,
  use: (editor: Editor, idOf: (type: string, name?: string) => string) => Promise<void>,
  { learned = true } = {},
): Promise<void> {
  const example = join(ROOT, "examples", `${name}.json`);
  const flow = JSON.parse(readFileSync(example, "utf8")) as { id: string; type: string; name?: string }[];
  const idOf = (type: string, called?: string) =>
    flow.find((node) => node.type === type && (called === undefined || node.name === called))!.id;
  const userDir = mkdtempSync(join(tmpdir(), "edge-ml-screenshots-"));
  copyFileSync(example, join(userDir, "flows.json"));
  mkdirSync(IMAGES, { recursive: true });
  const editor = await openEditor({ line: "node-red", userDir });
  try {
    await editor.page.evaluate(() => RED.actions.invoke("core:toggle-left-sidebar"));
    await editor.page.click('button[data-tab-id="info"].selected');
    await editor.debugRows();
    if (learned) {
      console.log("Learning: about two minutes …");
      await editor.waitForStatus(idOf("edge-learn"), /^v1 /, PATIENCE);
      await editor.waitForStatus(idOf("edge-infer"), /^v1 · \d{2,}/, PATIENCE);
    }
    await use(editor, idOf);
  } finally {
    await editor.close();
    rmSync(userDir, { recursive: true, force: true });
  }
}

const pictures: Record<string, () => Promise<void>> = {
  hvac: () =>
    withExample("hvac-anomaly", async (editor, idOf) => {
      await shoot(editor, "hvac-flow");
      console.log("The fault: up to a minute …");
      await editor.pressButton(idOf("edge-simulator"));
      await shootAlert(editor, "hvac-alert");
    }),
  vibration: () =>
    withExample("machine-vibration", async (editor, idOf) => {
      await editor.pressButton(idOf("inject", "damage the bearing"));
      await shootAlert(editor, "vibration-alert");
    }),
  features: () =>
    withExample(
      "machine-vibration",
      async (editor, idOf) => {
        await editor.page.setViewportSize({ width: 1366, height: 1000 });
        await editor.waitForStatus(idOf("edge-features"), /\d/);
        await editor.openDialog(idOf("edge-features"));
        await editor.page.locator("#edge-features-preview-says", { hasText: "last window" }).waitFor();
        await shoot(editor, "features-dialog");
      },
      { learned: false },
    ),
  gestures: () =>
    withExample(
      "gestures",
      async (editor, idOf) => {
        // It learns by itself.
        await editor.waitForStatus(idOf("edge-infer"), /^v1/, PATIENCE);
        await editor.pressButton(idOf("inject", "test"));
        await editor.waitForStatus(idOf("edge-replay", "two others"), /^done/, PATIENCE);
        await editor.page.setViewportSize({ width: 1366, height: 1250 });
        await editor.openDialog(idOf("edge-learn"));
        await editor.page.locator(".red-ui-tray table").first().scrollIntoViewIfNeeded();
        await shoot(editor, "learn-dialog");
      },
      { learned: false },
    ),
  voice: () =>
    withExample(
      "voice-trigger",
      async (editor, idOf) => {
        await editor.waitForStatus(idOf("edge-infer"), /^v/, PATIENCE);
        await editor.pressButton(idOf("inject", "play"));
        await editor.waitForDebug(/heard .smart mirror/i, PATIENCE);
        await editor.waitForStatus(idOf("edge-replay"), /^done/, PATIENCE);
        await shoot(editor, "voice-flow");
        await editor.page.setViewportSize({ width: 1366, height: 1000 });
        await editor.openDialog(idOf("edge-alert"));
        await shoot(editor, "voice-alert");
      },
      { learned: false },
    ),
  evaluate: () =>
    withExample(
      "replay-csv",
      async (editor, idOf) => {
        await editor.waitForStatus(idOf("edge-infer"), /^v1/, PATIENCE);
        // Both the week that it learned from and the day that it has never seen.
        for (const name of ["the normal week", "the day with a fault"]) {
          await editor.pressButton(idOf("inject", name));
          // It begins, and then it is over.
          await editor.page.waitForTimeout(3000);
          await editor.waitForStatus(idOf("edge-replay"), /^done/, PATIENCE);
        }
        await editor.waitForStatus(idOf("edge-evaluate"), /^AUC/, PATIENCE);
        await editor.openDialog(idOf("edge-evaluate"));
        await editor.page.locator(".edge-evaluation [data-goal=f1]").waitFor();
        await shoot(editor, "evaluate-dialog");
      },
      { learned: false },
    ),
};

/** The editor when the alert has come, its whole sentence in sight. */
async function shootAlert(editor: Editor, name: string): Promise<void> {
  await editor.waitForDebug(/is unusual: /, PATIENCE);
  await editor.page
    .locator(".red-ui-debug-msg .red-ui-debug-msg-expandable .red-ui-debug-msg-object-handle")
    .last()
    .click({ timeout: 3000 })
    .catch(() => undefined);
  await shoot(editor, name);
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

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  for (const name of wanted.length > 0 ? wanted : Object.keys(pictures)) await pictures[name]!();
}

void main();
