import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Editor, openEditor } from "../support/browser.ts";

let editor: Editor;
beforeAll(async () => {
  editor = await openEditor();
});
afterAll(() => editor?.close());

/** Types a wrong value, which the dialog must say and mark, and then the wanted one. */
async function correct(field: string, wrong: string, said: string, right: string | number): Promise<void> {
  await editor.setField(field, wrong);
  await expect.poll(() => editor.sentence()).toEqual({ text: said, kind: "wrong" });
  await expect.poll(() => editor.field(field).getAttribute("class")).toContain("input-error");
  await editor.setField(field, right);
  await expect.poll(() => editor.field(field).getAttribute("class")).not.toContain("input-error");
}

/** What the open dialog says it will do; then Done. */
async function agree(plan: string): Promise<void> {
  await expect.poll(() => editor.sentence()).toEqual({ text: plan, kind: "plan" });
  await editor.saveDialog();
}

describe("a first flow by hand", () => {
  it("is dragged, wired, edited and deployed; it learns, and tells of the fault", async () => {
    const simulator = await editor.addNode("edge-simulator", { x: 180, y: 80 });
    const window = await editor.addNode("edge-window", { x: 380, y: 80 });
    const features = await editor.addNode("edge-features", { x: 600, y: 80 });
    const learn = await editor.addNode("edge-learn", { x: 200, y: 200 });
    const infer = await editor.addNode("edge-infer", { x: 200, y: 320 });
    const alert = await editor.addNode("edge-alert", { x: 380, y: 320 });
    const debug = await editor.addNode("debug", { x: 560, y: 320 });
    await editor.wire(simulator, window);
    await editor.wire(window, features);
    await editor.wire(features, learn);
    await editor.wire(features, infer);
    await editor.wire(infer, alert);
    await editor.wire(alert, debug);

    await editor.openDialog(simulator);
    await correct("speed", "fast", "The speed must be a number from 0.1 to 100000.", 36_000);
    await editor.setField("begin", "date");
    await editor.setField("date", "2026-01-12T00:00");
    await agree("One simulated day takes 2.4 s: a reading every 60 s of simulated time, 600 readings per second.");

    await editor.openDialog(window);
    await correct("size", "0", "The window must be a number above 0.", 30);
    await editor.setField("sizeUnit", "min");
    await editor.setField("hop", 5);
    await editor.setField("hopUnit", "min");
    await editor.page.locator("#edge-window-section-gate summary").click();
    await editor.setField("gateChannel", "occupied");
    await editor.setField("gateSettle", 1800);
    await correct("gateValue", "yes", "The value to compare with must be a number.", 1);
    await agree(
      "30 min windows every 5 min of all channels of the first reading. Only while occupied = 1 and has been for 30 min.",
    );

    await editor.openDialog(features);
    for (const name of ["minimum", "maximum", "RMS", "skewness", "kurtosis"]) {
      await editor.page.locator('[data-option="statistics"] label', { hasText: name }).locator("input").uncheck();
    }
    await agree("Each window becomes Flatten.");

    await editor.openDialog(learn);
    expect(await editor.sentence()).toEqual({
      text: "Choose a model, or add one: what is learned gets its name.",
      kind: "wrong",
    });
    await editor.page.locator("#node-input-btn-model-add").click();
    await editor.page.locator("#node-config-input-model").waitFor();
    await editor.dialogInPlace();
    await correct(
      "model",
      "../ahu",
      "The name needs 1 to 64 letters, digits, dots, dashes or underscores, and starts with a letter or digit.",
      "ahu-1",
    );
    await agree("There is no model ahu-1 yet: a learn node makes it, or upload one.");
    await correct("frames", "3", "The frames must be a whole number between 20 and 20000.", 400);
    await editor.setField("falseAlarms", 0.1);
    await agree(
      "Learns what is normal from 400 frames (about 1.39 d), keeps the last 25 % to test itself, and sets the threshold for 0.1 false alarms per day. Frames with another label only test it.",
    );

    await editor.openDialog(infer);
    expect((await editor.sentence()).text).toBe("Choose a model, or add one with the button beside it.");
    await editor.setField("model", "ahu-1");
    await correct("queueLimit", "0", "Between 1 and 10000 frames may wait.", 100);
    await agree(
      'Runs each frame through the newest version of "ahu-1". A score above the model\'s own threshold is anomalous. Up to 100 frames wait; then the oldest is dropped.',
    );

    await editor.openDialog(alert);
    await correct("needed", "7", "More results are needed than are looked at.", 3);
    await editor.setField("severity", "critical");
    await agree(
      "Raises a critical alert when 3 of 5 results are above the model's threshold, and clears it when fewer than 3 of 5 are above 80 % of it for 10 min. Also warns when a stream gives no usable data for 1 h.",
    );

    await editor.openDialog(debug);
    await editor.page.locator("#dialog-form .red-ui-typedInput-input").first().fill("payload.text");
    await editor.saveDialog();

    for (const id of [simulator, window, features, learn, infer, alert]) expect(await editor.errors(id)).toEqual([]);
    await editor.deploy();
    await editor.waitForStatus(learn, /^v1 /, 45_000);
    await editor.waitForStatus(infer, /^v1 · \d/);

    await editor.pressButton(simulator);
    await editor.waitForStatus(simulator, /damper stuck/);
    const text = await editor.waitForDebug(/is unusual: .*(damper|mixed air temperature|heating valve)/, 30_000);
    expect(text).toContain("air-handling-unit");
    expect(editor.problems).toEqual([]);
  });
});
