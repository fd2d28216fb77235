import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Editor, openEditor } from "../support/browser.ts";
import { examples } from "../support/sources.ts";

let editor: Editor;
beforeAll(async () => {
  editor = await openEditor();
});
afterAll(() => editor?.close());

/** A key of a catalog that was not found, where a text should be. */
const RAW_KEY = /\b(edge|micropython)-[a-z]+\.[a-z]/;

describe.each(examples())("%s", (path, flow) => {
  const name = path.slice("examples/".length, -".json".length);
  const visible = flow.filter(({ x }) => x !== undefined);

  it("is imported and deployed without a complaint", async () => {
    await editor.load([]);
    const problems = editor.problems.length;
    await editor.importExample(name);
    for (const node of visible) expect(await editor.errors(node.id), `${node.type} ${node.id}`).toEqual([]);
    await editor.deploy();
    expect(editor.problems.slice(problems)).toEqual([]);
    for (const node of visible) expect(await editor.status(node.id)).not.toMatch(RAW_KEY);
  });
});

describe("examples/hvac-anomaly.json", () => {
  const flow = examples().find(([path]) => path === "examples/hvac-anomaly.json")?.[1] ?? [];
  const idOf = (type: string) => flow.find((node) => node.type === type)!.id;
  const ours = flow.filter(({ type, x }) => type.startsWith("edge-") && x !== undefined);

  it("learns, and names the unusual channels when the button injects its fault", async () => {
    await editor.load([]);
    await editor.importExample("hvac-anomaly");
    // Ten times as fast as the example, so that the test need not wait as long as a person may.
    const simulator = idOf("edge-simulator");
    const speed = Number((await editor.settings(simulator)).speed);
    await editor.openDialog(simulator);
    await editor.setField("speed", speed * 10);
    expect((await editor.sentence()).kind).toBe("plan");
    await editor.saveDialog();
    await editor.deploy();

    await editor.waitForStatus(idOf("edge-learn"), /^v1 /, 60_000);
    await editor.waitForStatus(idOf("edge-infer"), /^v1 · \d/, 20_000);
    for (const { id } of ours) expect(await editor.status(id)).not.toMatch(RAW_KEY);
    expect((await editor.debugRows()).filter((row) => row.includes("is unusual"))).toEqual([]);

    await editor.pressButton(simulator);
    const alert = await editor.waitForDebug(/is unusual: /, 30_000);
    expect(alert).toMatch(/damper|mixed air temperature|heating valve/);
    for (const { id } of ours) expect(await editor.status(id)).not.toMatch(RAW_KEY);
    expect(editor.problems).toEqual([]);
  });
});
