import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { nodeTypes } from "../../scripts/build.ts";
import { type Editor, openEditor } from "../support/browser.ts";
import { checkDialog } from "../support/dialog-check.ts";
import { ROOT } from "../support/runtime.ts";

// biome-ignore lint/suspicious/noExplicitAny: the editor's API has no typings
declare const RED: any;

let editor: Editor;
beforeAll(async () => {
  editor = await openEditor();
});
afterAll(() => editor?.close());

describe.each(nodeTypes())("%s in the editor", (type) => {
  const help = readFileSync(join(ROOT, "nodes", type, "locales/en-US/help.md"), "utf8");
  const firstLine = plain(help.split("\n")[0]!);

  let id: string;
  beforeAll(async () => {
    id = await fresh();
  });
  beforeEach(async () => {
    // A test that failed may have left its dialog open.
    if (await editor.page.locator(".red-ui-tray").count()) id = await fresh();
  });

  /** A new node of the type on an empty workspace, the way a person gets one; a config node comes with a flow. */
  async function fresh(): Promise<string> {
    await editor.load([]);
    const config = await editor.page.evaluate((name) => RED.nodes.getType(name)?.category === "config", type);
    if (!config) return editor.addNode(type);
    await editor.load([{ id: "the-config", type, config: true }]);
    return "the-config";
  }

  it("is in the palette under edge ML, with a name, an icon and a tooltip", async () => {
    const definition = await editor.page.evaluate((name) => {
      const { category, color, icon } = RED.nodes.getType(name);
      return { category, color, icon };
    }, type);
    if (definition.category === "config") return;
    expect(definition).toEqual({ category: "edge ML", color: "#9AC7BF", icon: `${type}.svg` });

    const entry = await editor.findInPalette(type);
    const name = (await entry.locator(".red-ui-palette-label").textContent())!.trim();
    expect(name).not.toBe("");
    expect(name).not.toContain("paletteLabel");
    expect(plain(await editor.tooltip(type))).toContain(firstLine);
    const icon = await editor.page.request.get(`${editor.server.url}icons/@wirewise/node-red-edge-ml/${type}.svg`);
    expect(icon.headers()["content-type"]).toContain("svg");
    expect(await icon.text()).toBe(readFileSync(join(ROOT, "icons", `${type}.svg`), "utf8"));
  });

  it("has help", async () => {
    const text = plain(await editor.help(type));
    expect(text).toContain(firstLine);
    expect(text).toContain("Details");
  });

  it("has a dialog that a person can read and use with the keyboard", async () => {
    expect(await checkDialog(editor, id)).toEqual([]);
  });

  it("keeps its settings when the dialog is opened and closed without a change", async () => {
    const before = meaning(await editor.settings(id));
    await editor.openDialog(id);
    await editor.saveDialog();
    // Defaults that were left out may be written now …
    const after = meaning(await editor.settings(id));
    expect(after).toMatchObject(before);
    // … and then nothing changes any more.
    await editor.openDialog(id);
    await editor.saveDialog();
    expect(meaning(await editor.settings(id))).toEqual(after);
  });

  it("is deployed with its defaults and harms nothing", async () => {
    const problems = editor.problems.length;
    const output = editor.server.output().length;
    if (id !== "the-config") await editor.deploy();
    expect(editor.server.output().slice(output)).not.toMatch(/uncaught|unhandled|TypeError|ReferenceError/i);
    expect(editor.problems.slice(problems)).toEqual([]);
  });
});

/** Text without the marks and spaces that differ between Markdown and what is shown. */
function plain(text: string): string {
  return text.replace(/[*`_]/g, "").replace(/\s+/g, " ").trim();
}

/** Settings as they are meant: a dialog may write a number as text. */
function meaning(settings: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(settings), (_, value) => (typeof value === "number" ? String(value) : value));
}
