/** What every dialog owes a person, checked in the browser on the dialog that is open. */
import type { Editor } from "./browser.ts";

// biome-ignore lint/suspicious/noExplicitAny: the editor's API has no typings
declare const RED: any;

/** Opens the dialog of a node and says what is wrong with it: an empty list is a good dialog. Leaves it with Cancel. */
export async function checkDialog(editor: Editor, id: string): Promise<string[]> {
  const before = editor.problems.length;
  await editor.openDialog(id);
  const found = await layout(editor);
  // What is folded away at first must be good as well.
  await editor.page.evaluate((form) => $(form).last().find("details").prop("open", true), FORM);
  found.push(
    ...(await texts(editor)),
    ...(await labels(editor)),
    ...(await tabOrder(editor)),
    ...(await validators(editor, id)),
  );
  const line = await editor.page.locator(".edge-ml-sentence").count();
  if (line === 0) found.push("no line says in words what the node will do (class edge-ml-sentence)");
  else if ((await editor.sentence()).text === "") found.push("the line that says what the node will do is empty");
  await editor.cancelDialog();
  return [...found, ...editor.problems.slice(before)];
}

const FORM = "#dialog-form:visible, #node-config-dialog-edit-form:visible";

/** Texts that are still keys of a catalog, or that have a value left out. */
async function texts(editor: Editor): Promise<string[]> {
  const shown = await editor.page.evaluate((form) => {
    const all = $(form).last().find("*").addBack();
    const own = all.toArray().flatMap((element) => [
      // The text of the element itself, without that of its children.
      $(element)
        .contents()
        .filter((_, child) => child.nodeType === Node.TEXT_NODE)
        .text(),
      element.getAttribute("placeholder") ?? "",
      element.getAttribute("title") ?? "",
    ]);
    return [...own, $(".red-ui-tray-header").last().text(), $("#dialog-form").closest(".red-ui-tray").find("a").text()];
  }, FORM);
  return shown
    .map((text) => text.trim())
    .filter((text) =>
      /^(edge|micropython)-[a-z]+\.|\b(edge|micropython)-[a-z]+(\.[a-z]\w*)+|__\w+__|\bundefined\b|\bNaN\b|\[object /.test(
        text,
      ),
    )
    .map((text) => `not a text for people: "${text}"`);
}

/** The dialog with its defaults fits a small laptop's window (the browser's 1366 × 768) without scrolling. */
async function layout(editor: Editor): Promise<string[]> {
  return editor.page.evaluate((selector) => {
    const found: string[] = [];
    const form = $(selector).last();
    const body = form.closest(".red-ui-tray-body");
    const frame = body[0]!.getBoundingClientRect();
    const last = form.children(":visible").last()[0]?.getBoundingClientRect();
    if (last && last.bottom > frame.bottom + 1) found.push(`${Math.round(last.bottom - frame.bottom)} px too high`);
    for (const element of form.find(":visible").toArray()) {
      const box = element.getBoundingClientRect();
      if (box.width > 0 && box.right > frame.right + 1) {
        found.push(
          `${element.tagName.toLowerCase()}#${element.id} goes ${Math.round(box.right - frame.right)} px too far right`,
        );
      }
    }
    return found;
  }, FORM);
}

/** Every field has a text beside it that a screen reader finds, or one in itself. */
async function labels(editor: Editor): Promise<string[]> {
  return editor.page.evaluate((selector) => {
    const form = $(selector).last();
    return (
      form
        .find("input:visible, select:visible, textarea:visible")
        // What Node-RED puts there to keep browsers from filling in passwords.
        .not("[id^=red-ui-trap]")
        .toArray()
        .filter((field) => {
          const element = $(field);
          const own =
            field.getAttribute("aria-label") || field.getAttribute("title") || field.getAttribute("placeholder");
          const labelled = field.id !== "" && form.find(`label[for="${field.id}"]`).text().trim() !== "";
          // In a list a text in the same row will do.
          return !own && !labelled && element.closest(".form-row, li").text().trim() === "";
        })
        .map((field) => `no label: ${field.outerHTML.slice(0, 120)}`)
    );
  }, FORM);
}

/** The Tab key reaches every field, in the order in which they stand. */
async function tabOrder(editor: Editor): Promise<string[]> {
  const count = await editor.page.evaluate((selector) => {
    const fields = $(selector)
      .last()
      .find("input:visible:enabled, select:visible:enabled, textarea:visible:enabled")
      .not("[id^=red-ui-trap]")
      .not("[type=radio]:not(:checked)")
      .not("[tabindex=-1]")
      .not(".red-ui-editor textarea");
    fields.each((index, field) => {
      field.setAttribute("data-tab-order", String(index));
    });
    fields.first().trigger("focus");
    return fields.length;
  }, FORM);
  const reached: number[] = [];
  for (let presses = 0; presses < 3 * count + 20 && reached.length < count; presses++) {
    const order = await editor.page.evaluate(() => document.activeElement?.getAttribute("data-tab-order"));
    if (order !== null && order !== undefined && !reached.includes(Number(order))) reached.push(Number(order));
    await editor.page.keyboard.press("Tab");
  }
  const found: string[] = [];
  const missed = Array.from({ length: count }, (_, i) => i).filter((i) => !reached.includes(i));
  for (const order of missed) {
    const html = await editor.page.locator(`[data-tab-order="${order}"]`).evaluate((field) => field.outerHTML);
    found.push(`the Tab key does not reach ${html.slice(0, 120)}`);
  }
  if (reached.some((order, i) => i > 0 && order < reached[i - 1]!)) found.push(`tab order is ${reached.join(", ")}`);
  return found;
}

/** Node-RED takes a sentence only from a validator of two parameters; of others any text counts as "valid". */
async function validators(editor: Editor, id: string): Promise<string[]> {
  return editor.page.evaluate((node) => {
    const defaults = RED.nodes.node(node)._def.defaults as Record<
      string,
      { validate?: (...args: unknown[]) => unknown }
    >;
    return Object.entries(defaults)
      .filter(([, { validate }]) => validate !== undefined && validate.length !== 2)
      .map(([name]) => `the validator of "${name}" must have two parameters, else its sentences count as valid`);
  }, id);
}
