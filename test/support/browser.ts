/**
 * Node-RED's editor in a real browser, with the steps that a person takes.
 *
 *     const editor = await openEditor();
 *     const id = await editor.addNode("edge-features");
 *     await editor.openDialog(id);
 *     await editor.setField("name", "of the pump");
 *     await editor.saveDialog();
 *     await editor.deploy();
 */
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { type Chromium, FOUND_CHROMIUM, findChromium, launch } from "../../scripts/lib/chromium.ts";
import { type EditorServer, type ServerOptions, startServer } from "./editor-server.ts";
import type { FlowNode } from "./runtime.ts";

/** What the tests call on the page's global of Node-RED. */
// biome-ignore lint/suspicious/noExplicitAny: the editor's API has no typings
declare const RED: any;

const TIMEOUT = 30_000;

/** Starts a Node-RED, opens its editor and waits until it can be used. `close()` ends both. */
export async function openEditor(options: ServerOptions = {}): Promise<Editor> {
  const server = await startServer(options);
  let browser: Browser | undefined;
  try {
    browser = await launch(await chromium());
    const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: "en-US" });
    await context.addInitScript(HELPERS);
    const page = await context.newPage();
    page.setDefaultTimeout(TIMEOUT);
    const editor = new Editor(server, browser, context, page);
    await editor.reload();
    return editor;
  } catch (error) {
    await browser?.close();
    await server.stop();
    throw error;
  }
}

export class Editor {
  /** Errors of the page's console, uncaught exceptions, failed loads and requests to other machines. */
  readonly problems: string[] = [];
  readonly server: EditorServer;
  /** For what the steps below do not cover. */
  readonly page: Page;
  readonly #browser: Browser;

  constructor(server: EditorServer, browser: Browser, context: BrowserContext, page: Page) {
    this.server = server;
    this.page = page;
    this.#browser = browser;
    page.on("console", (message) => {
      if (message.type() === "error") this.problems.push(`console: ${message.text()} (${message.location().url})`);
    });
    page.on("pageerror", (error) => this.problems.push(`exception: ${error.stack ?? error.message}`));
    page.on("response", (response) => {
      if (response.status() >= 400) this.problems.push(`${response.status()}: ${response.url()}`);
    });
    // They find no such host (see launch). To route them would switch the browser's cache off: each reload then takes
    // the whole editor from Node-RED again.
    context.on("request", (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (protocol.startsWith("http") && hostname !== "127.0.0.1") {
        this.problems.push(`request to another machine: ${request.url()}`);
      }
    });
  }

  /** Opens the editor (again): what is not deployed is gone. */
  async reload(): Promise<void> {
    // Leaving with changes would ask; the question is answered with yes.
    this.page.once("dialog", (dialog) => void dialog.accept().catch(() => undefined));
    await this.page.goto(this.server.url, { waitUntil: "domcontentloaded" });
    await this.page.waitForSelector("#red-ui-header-button-deploy", { state: "visible", timeout: 60_000 });
    await this.page.waitForSelector("#red-ui-loading-progress", { state: "hidden", timeout: 60_000 });
    this.page.removeAllListeners("dialog");
    // What still moves is missed by a mouse, and waiting for it takes time.
    await this.page.evaluate(() => {
      $.fx.off = true;
    });
    await this.page.addStyleTag({ content: ".red-ui-tray { transition: none !important }" });
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.server.stop();
  }

  // ── Flows ──────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Deploys a flow through the admin API and opens the editor on it. Coordinates are added; `config: true` omits them. */
  async load(nodes: FlowNode[]): Promise<void> {
    const flows = [
      { id: "tab", type: "tab", label: "test" },
      ...nodes.map(({ config, ...node }, i) =>
        config ? node : { x: 160 + 220 * (i % 4), y: 80 + 80 * Math.floor(i / 4), z: "tab", wires: [], ...node },
      ),
    ];
    const response = await fetch(`${this.server.url}flows`, {
      method: "POST",
      headers: { "content-type": "application/json", "Node-RED-API-Version": "v2" },
      body: JSON.stringify({ flows }),
    });
    if (!response.ok) throw new Error(`POST /flows: ${response.status} ${await response.text()}`);
    await this.reload();
  }

  /** Searches a type in the palette and drags it to the workspace; returns the new node's id. */
  async addNode(type: string, position: { x: number; y: number } = { x: 300, y: 120 }): Promise<string> {
    const before = await this.page.evaluate(() => ids());
    const source = await this.findInPalette(type);
    await source.dragTo(this.page.locator("#red-ui-workspace-chart"), { targetPosition: position, steps: 10 });
    const handle = await this.page.waitForFunction((known) => ids().find((id) => !known.includes(id)), before);
    const id = (await handle.jsonValue()) as string;
    await this.#clearSearch();
    await this.node(id).waitFor();
    return id;
  }

  /** A type's entry in the palette, after searching for it. */
  async findInPalette(type: string): Promise<Locator> {
    const search = this.page.locator("#red-ui-palette-search input");
    await search.click();
    await search.press("ControlOrMeta+a");
    await search.press("Delete");
    await search.pressSequentially(type, { delay: 5 });
    const entry = this.page.locator(`.red-ui-palette-node[data-palette-type="${type}"]`);
    const other = this.page.locator('.red-ui-palette-node[data-palette-type="catch"]');
    await other.waitFor({ state: "hidden" });
    await entry.waitFor({ state: "visible" });
    return entry;
  }

  async #clearSearch(): Promise<void> {
    await this.page.locator("#red-ui-palette-search input").press("ControlOrMeta+a");
    await this.page.locator("#red-ui-palette-search input").press("Delete");
    await this.page.locator('.red-ui-palette-node[data-palette-type="catch"]').waitFor({ state: "attached" });
  }

  /** A node on the workspace. */
  node(id: string): Locator {
    return this.page.locator(`[id="${id}"]`);
  }

  /** Drags a wire from an output to another node's input. */
  async wire(from: string, to: string, output = 0): Promise<void> {
    const start = this.node(from).locator(".red-ui-flow-port-output .red-ui-flow-port").nth(output);
    const end = this.node(to).locator(".red-ui-flow-port-input .red-ui-flow-port");
    const [a, b] = [await centre(start), await centre(end)];
    await this.page.mouse.move(a.x, a.y);
    await this.page.mouse.down();
    await this.page.mouse.move((a.x + b.x) / 2, (a.y + b.y) / 2, { steps: 5 });
    await this.page.mouse.move(b.x, b.y, { steps: 5 });
    await this.page.mouse.up();
    await this.page.waitForFunction(
      ([source, target, port]) =>
        RED.nodes
          .filterLinks({})
          .some(
            (link: { source: { id: string }; target: { id: string }; sourcePort: number }) =>
              link.source.id === source && link.target.id === target && link.sourcePort === port,
          ),
      [from, to, output] as const,
    );
  }

  /** Imports an example of this package (its file name without .json) through the import dialog; it hangs on the mouse. */
  async importExample(name: string): Promise<void> {
    await this.page.evaluate(() => RED.actions.invoke("core:show-import-dialog"));
    const tab = "#red-ui-clipboard-dialog-import-tab-examples";
    await this.page.click(`#red-ui-clipboard-dialog-import-tabs a[href="${tab}"]`);
    for (const label of ["@wirewise/node-red-edge-ml", ...name.split("/")]) {
      await this.page
        .locator(`${tab} .red-ui-treeList-label`)
        .filter({ hasText: exactly(label) })
        .click();
    }
    const before = await this.page.evaluate(() => ids());
    await this.page.click("#red-ui-clipboard-dialog-ok");
    const handle = await this.page.waitForFunction((known) => ids().find((id) => !known.includes(id)), before);
    const imported = (await handle.jsonValue()) as string;
    if (await this.page.evaluate(() => RED.view.state() === RED.state.IMPORT_DRAGGING)) {
      // Loose nodes follow the mouse until a click …
      await this.page.locator("#red-ui-workspace-chart").click({ position: { x: 400, y: 200 } });
    } else {
      // … an example with a tab of its own lies there at once, and a person would look at it.
      await this.page.evaluate((id) => RED.workspaces.show(RED.nodes.node(id).z), imported);
    }
    await this.node(imported).waitFor();
  }

  /** Presses Deploy and waits until the flow runs. */
  async deploy(): Promise<void> {
    const button = this.page.locator("#red-ui-header-button-deploy");
    const posted = this.page.waitForResponse(
      (response) => response.request().method() === "POST" && /\/flows\b/.test(response.url()),
    );
    await button.click();
    // Nodes that are not configured raise a question first. Only a question that is there is answered: a click that goes
    // on waiting would hit what is asked later.
    const anyway = this.page.locator(".red-ui-notification button.primary").first();
    const asked = anyway.waitFor().then(
      () => true,
      () => false,
    );
    if (await Promise.race([posted.then(() => false), asked])) await anyway.click();
    await posted;
    await this.page.waitForSelector("#red-ui-header-button-deploy.disabled");
  }

  // ── Dialogs ────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Double-clicks a node; a config node is opened the way the config sidebar does. */
  async openDialog(id: string): Promise<void> {
    if (await this.page.evaluate((node) => RED.nodes.node(node)._def.category !== "config", id)) {
      const trays = this.page.locator(".red-ui-tray");
      const before = await trays.count();
      for (let tries = 0; tries < 5 && (await trays.count()) === before; tries++) {
        // Two clicks within the same millisecond are none to the editor: it asks for some time between them. On a busy
        // machine they may come too late for it (650 ms), and a person would click again.
        await this.node(id).locator(".red-ui-flow-node").first().dblclick({ delay: 10 });
      }
    } else {
      await this.page.evaluate((config) => {
        const node = RED.nodes.node(config);
        RED.editor.editConfig("", node.type, node.id);
      }, id);
    }
    await this.page.waitForSelector(".red-ui-tray .red-ui-tray-footer, .red-ui-tray .red-ui-tray-toolbar");
    await this.page.locator("#dialog-form, #node-config-dialog-edit-form").last().waitFor();
    await this.dialogInPlace();
    // The last thing that happens to a new dialog is that its first field gets the focus: keys that are pressed before
    // would go elsewhere.
    await this.page.waitForFunction(() => openTray()?.contains(document.activeElement), undefined, { polling: 50 });
  }

  /**
   * Waits until no dialog is on its way. A dialog is put beside the window and goes to its place a little later, by a
   * timer and a CSS transition, of which jQuery knows nothing (":animated"). When the mouse goes down on a button and
   * comes up beside it, that is no click.
   */
  async dialogInPlace(): Promise<void> {
    await this.page.waitForFunction(
      () => {
        const tray = openTray();
        return !tray || (tray.style.right === "0px" && tray.getAnimations().length === 0);
      },
      undefined,
      { polling: 50 },
    );
  }

  /** A field of the open dialog, by the setting's name. */
  field(name: string): Locator {
    return this.page.locator(`#node-input-${name}, #node-config-input-${name}`).last();
  }

  /** Types into a field, chooses from it or ticks it, as a person would: the dialog hears of it. */
  async setField(name: string, value: string | number | boolean): Promise<void> {
    const field = this.field(name);
    const kind = await field.evaluate((element) =>
      element.tagName === "SELECT" ? "select" : element.getAttribute("type") === "checkbox" ? "checkbox" : "text",
    );
    if (kind === "select") await field.selectOption(String(value));
    else if (kind === "checkbox") await field.setChecked(Boolean(value));
    else {
      await field.fill(String(value));
      await field.dispatchEvent("change");
    }
  }

  /** The line of the open dialog that says what the node will do, or what is wrong. */
  async sentence(): Promise<{ text: string; kind: "plan" | "wrong" }> {
    const line = this.page.locator(".edge-ml-sentence").last();
    await line.waitFor();
    return {
      text: ((await line.textContent()) ?? "").trim(),
      kind: (await line.getAttribute("data-kind")) as "plan" | "wrong",
    };
  }

  /** Presses Done. */
  async saveDialog(): Promise<void> {
    await this.#leaveDialog("#node-dialog-ok, #node-config-dialog-ok");
  }

  /** Presses Cancel. */
  async cancelDialog(): Promise<void> {
    await this.#leaveDialog("#node-dialog-cancel, #node-config-dialog-cancel");
  }

  async #leaveDialog(button: string): Promise<void> {
    await this.dialogInPlace();
    // A config node's dialog hides the one from which it was opened, which then comes back.
    const pressed = (await this.page.locator(button).last().elementHandle())!;
    const isThere = () => pressed.evaluate((element) => (element as HTMLElement).isConnected);
    for (let presses = 1; ; presses++) {
      await pressed.click().catch(async (error: unknown) => {
        // It may have gone before it could be pressed again.
        if (await isThere()) throw error;
      });
      const gone = await this.page
        // By the clock: a page that draws nothing has no frames.
        .waitForFunction((element) => !(element as HTMLElement).isConnected, pressed, {
          polling: 50,
          timeout: TIMEOUT / 3,
        })
        .then(
          () => true,
          (error: Error) => {
            if (error.name !== "TimeoutError") throw error;
            return false;
          },
        );
      if (gone) break;
      // On a very busy machine a press has been lost, as it is for a person: who presses again, and says so.
      const found = await pressed.evaluate((element) => {
        const { x, y, width, height } = (element as HTMLElement).getBoundingClientRect();
        const over = document.elementFromPoint(x + width / 2, y + height / 2);
        return { x, y, over: over?.outerHTML.slice(0, 200), focus: document.activeElement?.outerHTML.slice(0, 200) };
      });
      const what = `${button} was pressed, and the dialog stayed: ${JSON.stringify(found)}`;
      if (presses === 3) throw new Error(what);
      console.warn(what);
    }
    await this.dialogInPlace();
  }

  /** Whether the editor marks a node as not properly configured, and its reasons. */
  async errors(id: string): Promise<string[]> {
    return this.page.evaluate((node) => {
      const { valid, validationErrors } = RED.nodes.node(node);
      return valid ? [] : (validationErrors ?? ["invalid"]);
    }, id);
  }

  /** The settings of a node as they would be deployed. */
  async settings(id: string): Promise<Record<string, unknown>> {
    return this.page.evaluate((node) => RED.nodes.convertNode(RED.nodes.node(node)), id);
  }

  // ── A running flow ─────────────────────────────────────────────────────────────────────────────────────────────────

  /** The status text under a node, "" while it has none. */
  async status(id: string): Promise<string> {
    const label = this.node(id).locator(".red-ui-flow-node-status-label");
    return ((await label.count()) ? ((await label.textContent()) ?? "") : "").trim();
  }

  /** Waits until a node's status text fits; old statuses stay on the screen during a deploy. */
  async waitForStatus(id: string, wanted: RegExp, timeout = TIMEOUT): Promise<string> {
    return poll(
      () => this.status(id),
      (text) => wanted.test(text),
      `status of ${id} like ${wanted}`,
      timeout,
    );
  }

  /** Presses a node's own button. */
  async pressButton(id: string): Promise<void> {
    await this.node(id).locator(".red-ui-flow-node-button .red-ui-flow-node-button-button").click();
  }

  /** The messages in the debug sidebar, oldest first. */
  async debugRows(): Promise<string[]> {
    await this.page.evaluate(() => RED.actions.invoke("core:show-debug-tab"));
    return this.page.locator(".red-ui-debug-msg").allTextContents();
  }

  /** Waits for a message in the debug sidebar. */
  async waitForDebug(wanted: RegExp, timeout = TIMEOUT): Promise<string> {
    const rows = await poll(
      () => this.debugRows(),
      (all) => all.some((row) => wanted.test(row)),
      `a debug message like ${wanted}`,
      timeout,
    );
    return rows.find((row) => wanted.test(row))!;
  }

  /** A type's help, as the help sidebar shows it. */
  async help(type: string): Promise<string> {
    await this.page.evaluate((name) => RED.sidebar.help.show(name), type);
    const help = this.page.locator(".red-ui-sidebar-help-stack .red-ui-help, .red-ui-help").last();
    await help.waitFor();
    return ((await help.textContent()) ?? "").trim();
  }

  /** The tooltip over a type in the palette. */
  async tooltip(type: string): Promise<string> {
    const entry = await this.findInPalette(type);
    const popover = this.page.locator(".red-ui-popover:visible").last();
    // The palette may still move under the mouse while it is filtered: then it has to come again.
    for (let tries = 0; tries < 3 && !(await popover.isVisible()); tries++) {
      await this.page.mouse.move(700, 400);
      await entry.hover();
      await popover.waitFor({ timeout: 4000 }).catch(() => undefined);
    }
    const text = (await popover.textContent()) ?? "";
    await this.page.mouse.move(700, 400);
    await popover.waitFor({ state: "hidden" });
    await this.#clearSearch();
    return text.trim();
  }

  /** Saves a picture of the window. */
  async screenshot(path: string): Promise<void> {
    await this.page.screenshot({ path });
  }
}

/** Runs inside the page: the ids of all nodes on the workspaces. */
declare function ids(): string[];
/** Runs inside the page: the dialog on top, also while it comes or goes. */
declare function openTray(): HTMLElement | undefined;
/** As text: a compiler would wrap a function in helpers that the page does not have. */
const HELPERS = `window.ids = () => {
  const found = [];
  RED.nodes.eachNode((node) => { found.push(node.id); });
  return found;
};
window.openTray = () => [...document.querySelectorAll(".red-ui-tray")].pop();`;

/** The browser that `npm test` found and tried already, else one that is looked for. */
async function chromium(): Promise<Chromium> {
  const found = process.env[FOUND_CHROMIUM];
  return found ? JSON.parse(found) : findChromium();
}

async function centre(locator: Locator): Promise<{ x: number; y: number }> {
  const box = await locator.boundingBox();
  if (!box) throw new Error("not visible");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

function exactly(text: string): RegExp {
  return new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}\\s*$`);
}

async function poll<T>(read: () => Promise<T>, good: (value: T) => boolean, what: string, timeout: number): Promise<T> {
  const end = Date.now() + timeout;
  for (;;) {
    const value = await read();
    if (good(value)) return value;
    if (Date.now() > end) throw new Error(`Not within ${timeout} ms: ${what}; last: ${JSON.stringify(value)}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
