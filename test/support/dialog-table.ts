/**
 * A dialog as a table: what is set in it, what it shows then, and what it says.
 *
 *     describeDialog("edge-alert", {
 *       says: [["a limit of its own", { when: "score", limit: 4 }, "Raises a warning when …", { shown: ["limit"] }]],
 *       wrong: [["no limit", { when: "score" }, "limit", "The limit must be a number."]],
 *       keeps: { when: "score", limit: 4 },
 *     });
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Editor, openEditor } from "./browser.ts";
import type { FlowNode } from "./runtime.ts";

// biome-ignore lint/suspicious/noExplicitAny: the editor's API has no typings
declare const RED: any;

type Fields = Record<string, string | number | boolean>;
interface Rows {
  shown?: string[];
  hidden?: string[];
}

/** A preview of a file comes from the server. */
const SOON = { timeout: 5000 };

interface DialogTable {
  /** Config nodes that the flow holds besides the node; `add` nodes are chosen by their id. */
  configs?: FlowNode[];
  /** What it says in a setting, and which fields are there. */
  says: [title: string, set: Fields, sentence: string, rows?: Rows][];
  /** What it says of a wrong value, and which field it marks; the node is marked, too. */
  wrong: [title: string, set: Fields, field: string, sentence: string][];
  /** Values that are the same when the dialog is opened again, and in the runtime after a deploy. */
  keeps: Fields;
}

export function describeDialog(type: string, { configs = [], says, wrong, keeps }: DialogTable): void {
  describe(`the dialog of ${type}`, () => {
    let editor: Editor;
    let id: string;
    beforeAll(async () => {
      editor = await openEditor();
      await fresh();
    });
    afterAll(() => editor?.close());
    beforeEach(async () => {
      // A test that failed may have left its dialog open.
      if (await editor.page.locator(".red-ui-tray").count()) await fresh();
    });

    /** A new node, the way a person gets one. */
    async function fresh(): Promise<void> {
      await editor.load(configs);
      id = await editor.addNode(type);
    }

    async function open(set: Fields): Promise<void> {
      await editor.openDialog(id);
      await unfold(editor);
      for (const [name, value] of Object.entries(set)) await editor.setField(name, value);
    }

    it.each(says)("says what the node will do: %s", async (_, set, text, { shown = [], hidden = [] } = {}) => {
      await open(set);
      await expect.poll(() => editor.sentence(), SOON).toEqual({ text, kind: "plan" });
      for (const name of shown) expect(await editor.field(name).isVisible(), `${name} is shown`).toBe(true);
      for (const name of hidden) expect(await editor.field(name).isVisible(), `${name} is hidden`).toBe(false);
      await editor.cancelDialog();
    });

    it.each(wrong)("says what is wrong and marks it: %s", async (_, set, field, text) => {
      await open(set);
      await expect.poll(() => editor.sentence(), SOON).toEqual({ text, kind: "wrong" });
      await expect.poll(() => editor.field(field).getAttribute("class")).toContain("input-error");
      await editor.saveDialog();
      expect(await editor.errors(id)).toContain(text);
      await editor.page.evaluate(() => RED.actions.invoke("core:undo"));
    });

    it("keeps what is set, and the runtime gets it", async () => {
      await fresh();
      await open(keeps);
      expect((await editor.sentence()).kind).toBe("plan");
      await editor.saveDialog();
      expect(await editor.errors(id)).toEqual([]);
      await editor.openDialog(id);
      await unfold(editor);
      for (const [name, value] of Object.entries(keeps)) {
        const field = editor.field(name);
        const held = typeof value === "boolean" ? await field.isChecked() : await field.inputValue();
        expect(`${name}: ${held}`).toBe(`${name}: ${value}`);
      }
      await editor.saveDialog();
      await editor.deploy();
      const { flows } = (await (
        await fetch(`${editor.server.url}flows`, { headers: { "Node-RED-API-Version": "v2" } })
      ).json()) as { flows: FlowNode[] };
      const deployed = flows.find((node) => node.id === id)!;
      for (const [name, value] of Object.entries(keeps)) {
        expect(`${name}: ${deployed[name]}`).toBe(`${name}: ${value}`);
      }
      expect(editor.problems).toEqual([]);
    });
  });
}

/** Opens what is folded away. */
async function unfold(editor: Editor): Promise<void> {
  await editor.page.evaluate(() => $("#dialog-form details").prop("open", true));
}
