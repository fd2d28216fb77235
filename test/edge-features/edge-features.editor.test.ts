import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { blocks, filters } from "../../nodes/lib/dsp/index.ts";
import { type Editor, openEditor } from "../support/browser.ts";
import type { FlowNode } from "../support/runtime.ts";

let editor: Editor;
beforeAll(async () => {
  editor = await openEditor();
});
afterAll(() => editor?.close());

/** A previewed answer comes a little after the last change. */
const SOON = { timeout: 10_000 };

const option = (name: string, row = 0) => editor.page.locator(`.edge-option[data-option="${name}"]`).nth(row);
const says = () => editor.page.locator("#edge-features-preview-says").textContent();

async function open(settings: object, others: FlowNode[] = []): Promise<void> {
  await editor.load([{ id: "features", type: "edge-features", ...settings }, ...others]);
  await editor.openDialog("features");
}

describe("edge-features in the editor", () => {
  it("is dragged, edited, wired and deployed, and says what it does", async () => {
    const id = await editor.addNode("edge-features", { x: 300, y: 120 });
    const sink = await editor.addNode("test-sink", { x: 600, y: 200 });
    await editor.wire(id, sink);

    await editor.openDialog(id);
    expect(await editor.sentence()).toEqual({ text: "Each window becomes Flatten.", kind: "plan" });
    await editor.setField("name", "of the pump");
    await option("statistics").locator("label", { hasText: "kurtosis" }).locator("input").uncheck();
    await editor.page.locator(".red-ui-editableList-addButton", { hasText: "add block" }).click();
    await editor.page.locator(".edge-block").nth(1).selectOption("raw");
    await option("scale", 1).locator("input").fill("0.5");
    expect((await editor.sentence()).text).toBe("Each window becomes Flatten and Raw data.");
    await editor.page.locator("#edge-features-filters summary").click();
    for (const [i, filter] of ["low-pass", "detrend"].entries()) {
      await editor.page.locator(".red-ui-editableList-addButton", { hasText: "add filter" }).click();
      await editor.page.locator(".edge-filter").nth(i).selectOption(filter);
    }
    expect((await editor.sentence()).text).toBe(
      "Each window goes through Low-pass, then Remove the trend, then becomes Flatten and Raw data.",
    );
    await editor.saveDialog();

    expect(await editor.errors(id)).toEqual([]);
    expect(await editor.settings(id)).toMatchObject({
      name: "of the pump",
      filters: [{ filter: "low-pass" }, { filter: "detrend" }],
      blocks: [
        { block: "flatten", scale: 1, statistics: ["average", "minimum", "maximum", "rms", "stdev", "skewness"] },
        { block: "raw", scale: 0.5 },
      ],
      wires: [[sink]],
    });
    await editor.deploy();
    expect(editor.problems).toEqual([]);
  });

  const wrong: [string, object, () => Promise<void>, string][] = [
    [
      "a multiplier that is no number",
      {},
      async () => {
        const field = option("scale").locator("input");
        await field.fill("x");
        expect(await field.getAttribute("class")).toContain("input-error");
      },
      'Flatten: "Multiply by" must be a number.',
    ],
    [
      "an empty list",
      { blocks: [{ block: "goertzel" }] },
      () => option("frequencies").locator("input").fill(""),
      'Goertzel: "Frequencies (Hz)" must be a list of at least 1.',
    ],
    [
      "nothing chosen",
      { blocks: [{ block: "quantiles" }] },
      async () => {
        for (const box of await option("values").locator("input").all()) await box.uncheck();
      },
      'Quantiles: "Values" must be at least 1 of the choices.',
    ],
    [
      "a wrong option of a filter",
      { filters: [{ filter: "low-pass" }] },
      () => option("cutoff").locator("input").fill("0"),
      'Low-pass: "Cut-off (Hz)" must be a number above 0.',
    ],
    ["no block", {}, () => editor.page.locator(".red-ui-editableList-item-remove").click(), "Add at least one block."],
    [
      "a block of another version",
      { blocks: [{ block: "of-tomorrow", depth: 3 }] },
      async () => undefined,
      'There is no "of-tomorrow" here: choose another.',
    ],
  ];
  it.each(wrong)("says so in the dialog and marks the node: %s", async (_, settings, spoil, text) => {
    await open({ blocks: [{ block: "flatten" }], ...settings });
    await spoil();
    await expect.poll(() => editor.sentence()).toEqual({ text, kind: "wrong" });
    // What was shown before would be of something else.
    await expect.poll(() => editor.page.locator(".edge-picture").count()).toBe(0);
    await editor.saveDialog();
    expect(await editor.errors("features")).toEqual([text]);
    await editor.deploy();
    expect(await editor.waitForStatus("features", /./)).toBe("check settings");
  });

  const kept: [string, object, object][] = [
    [
      "of the first version",
      { blocks: [{ block: "flatten", scale: 2, statistics: ["rms", "average"] }] },
      { filters: [], blocks: [{ block: "flatten", scale: 2, statistics: ["average", "rms"] }] },
    ],
    [
      "with numbers as text",
      { blocks: [{ block: "raw", scale: "0.25" }] },
      { blocks: [{ block: "raw", scale: 0.25 }] },
    ],
    ["written by hand", { blocks: undefined }, { filters: [], blocks: [{ block: "flatten", scale: 1 }] }],
    [
      "of another version",
      { blocks: [{ block: "of-tomorrow", depth: 3 }, { block: "raw" }] },
      {
        blocks: [
          { block: "of-tomorrow", depth: 3 },
          { block: "raw", scale: 1 },
        ],
      },
    ],
  ];
  it.each(kept)("keeps what stands in a flow %s", async (_, settings, after) => {
    await open(settings);
    await editor.saveDialog();
    expect(await editor.settings("features")).toMatchObject(after);
  });

  it("brings back what was typed for a block when it is chosen again", async () => {
    await open({ blocks: [{ block: "raw", scale: 7 }] });
    const select = editor.page.locator(".edge-block");
    await select.selectOption("flatten");
    expect(await option("scale").locator("input").inputValue()).toBe("1");
    await select.selectOption("raw");
    expect(await option("scale").locator("input").inputValue()).toBe("7");
    await editor.cancelDialog();
  });

  /** Everything that can be chosen in the two lists. */
  const lists = [
    { list: "blocks", kind: "block", all: blocks },
    { list: "filters", kind: "filter", all: filters },
  ] as const;
  const propertiesOf = ({ options }: (typeof lists)[number]["all"][number]) =>
    Object.entries(options.properties as Record<string, { title: string; default: unknown }>);

  it.each(lists)(
    "offers every one of the $list with all its options, and previews it",
    async ({ kind, all }) => {
      await open({ blocks: [{ block: "raw" }], filters: [{ filter: "detrend" }] });
      const select = editor.page.locator(`.edge-${kind}`);
      const row = editor.page.locator(".edge-choice", { has: select });
      for (const { id, title, when, ...rest } of all) {
        const answered = editor.page.waitForResponse((answer) => answer.url().includes("features/preview"));
        await select.selectOption({ label: title });
        const properties = propertiesOf({ id, title, ...rest } as (typeof all)[number]);
        expect(await row.locator(".edge-option").count(), id).toBe(properties.length);
        for (const [name, schema] of properties) {
          const field = row.locator(`.edge-option[data-option="${name}"]`);
          expect(await field.textContent(), id).toContain(schema.title);
          if (!when?.[name]) expect(await field.isVisible(), `${id}: ${name}`).toBe(true);
        }
        // The defaults are right, or nobody could begin.
        const sentence = await editor.sentence();
        expect(sentence, id).toMatchObject({ kind: "plan", text: expect.stringContaining(title) });
        const { features } = (await (await answered).json()) as { features: number };
        expect(features, id).toBeGreaterThan(0);
        const said = `${features.toLocaleString("en-US")} features? of a made-up window`;
        await expect.poll(says, { ...SOON, message: id }).toMatch(new RegExp(`^${said}`));
      }
      await editor.cancelDialog();
    },
    180_000,
  );

  /** As many at once as a list may hold. */
  const batches = lists.flatMap(({ list, kind, all }) =>
    Array.from({ length: Math.ceil(all.length / 8) }, (_, i) => ({ list, kind, some: all.slice(8 * i, 8 * i + 8) })),
  );
  it.each(batches)(
    "saves the defaults of $kind $some.0.id and those after it, and keeps them when opened again",
    async (batch) => {
      const { list, kind, some } = batch;
      await open({ blocks: [{ block: "raw" }], [list]: some.map(({ id }) => ({ [kind]: id })) });
      await editor.saveDialog();
      expect(await editor.errors("features")).toEqual([]);
      const saved = (await editor.settings("features"))[list];
      expect(saved).toEqual(
        some.map((one) => ({
          [kind]: one.id,
          ...Object.fromEntries(propertiesOf(one).map(([name, schema]) => [name, schema.default])),
        })),
      );
      await editor.openDialog("features");
      await editor.saveDialog();
      expect((await editor.settings("features"))[list]).toEqual(saved);
    },
  );
});

describe("the preview of edge-features", () => {
  it("shows names and a picture, and changes with the options", async () => {
    await open({ blocks: [{ block: "flatten", scale: 1, statistics: ["average", "rms"] }] });
    await expect.poll(says, SOON).toMatch(/^4 features of a made-up window, [\d,.]+ µs$/);
    const names = editor.page.locator("#edge-features-names");
    expect(await names.locator("summary").textContent()).toBe("Names: x mean, x RMS, y mean, y RMS");
    expect(await painted()).toBeGreaterThan(100);

    await option("statistics").locator("label", { hasText: "maximum" }).locator("input").check();
    await expect.poll(says, SOON).toMatch(/^6 features/);
    expect(await names.locator("summary").textContent()).toBe("Names: x mean, x maximum, x RMS, y mean, …");
    await names.locator("summary").click();
    expect(await names.locator("div > div").allTextContents()).toEqual([
      "x mean",
      "x maximum",
      "x RMS",
      "y mean",
      "y maximum",
      "y RMS",
    ]);

    await editor.setField("name", "");
    await editor.page.locator("#edge-features-sample-channels").fill("1");
    await expect.poll(says, SOON).toMatch(/^3 features/);
    await editor.cancelDialog();
  });

  it("shows the feature under the mouse with its value", async () => {
    await open({ blocks: [{ block: "flatten", scale: 1, statistics: ["average", "rms"] }] });
    await expect.poll(says, SOON).toMatch(/^4 features/);
    const picture = editor.page.locator(".edge-picture");
    const { width } = (await picture.boundingBox())!;
    await picture.hover({ position: { x: 0.9 * width, y: 20 } });
    await expect.poll(says).toMatch(/^y RMS: 0\.\d+/);
    await editor.page.mouse.move(5, 5);
    await expect.poll(says).toMatch(/^4 features/);
    await editor.cancelDialog();
  });

  it("draws one picture for each block", async () => {
    await open({ blocks: [{ block: "flatten" }, { block: "raw" }] });
    await expect.poll(() => editor.page.locator(".edge-picture").count(), SOON).toBe(2);
    expect(await editor.page.locator("#edge-features-pictures > div").allTextContents()).toEqual([
      "Flatten: 14 features",
      "Raw data: 512 features",
    ]);
    await editor.cancelDialog();
  });

  it("says why there is none", async () => {
    await open({ blocks: [{ block: "raw" }], filters: [{ filter: "low-pass", cutoff: 10 }] });
    await expect.poll(says, SOON).toMatch(/features/);
    await editor.page.locator("#edge-features-sample-rate").fill("10");
    await expect.poll(says, SOON).toMatch(/cutoff.*must be/);
    await editor.page.locator("#edge-features-sample-rate").fill("fast");
    await expect.poll(says, SOON).toBe("There is no preview: the made-up window needs three numbers.");
    expect(await editor.page.locator(".edge-picture").count()).toBe(0);
    await editor.cancelDialog();
  });

  /** How many pixels of all pictures are not empty. */
  function painted(): Promise<number> {
    return editor.page.evaluate(() => {
      let count = 0;
      for (const canvas of document.querySelectorAll<HTMLCanvasElement>(".edge-picture")) {
        const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
        for (let i = 3; i < data.length; i += 4) if (data[i]! > 0) count++;
      }
      return count;
    });
  }
});

describe("a running edge-features in the editor", () => {
  it("counts frames in its status, and previews the last of them", async () => {
    const window = {
      payload: [1, 2],
      frame: {
        kind: "window",
        shape: [2, 1],
        names: ["a"],
        stream: "",
        seq: 0,
        start: 0,
        end: 1,
        quality: { ok: true, reasons: [], missing: 0, filled: 0 },
        recipe: { version: 1 },
      },
    };
    await editor.load([
      {
        id: "press",
        type: "inject",
        props: [
          { p: "payload", v: JSON.stringify(window.payload), vt: "json" },
          { p: "frame", v: JSON.stringify(window.frame), vt: "json" },
        ],
        wires: [["features"]],
      },
      { id: "features", type: "edge-features", blocks: [{ block: "flatten" }], wires: [["show"]] },
      { id: "show", type: "debug", active: true, tosidebar: true, complete: "payload", targetType: "msg" },
    ]);
    await editor.pressButton("press");
    expect(await editor.waitForStatus("features", /×/)).toBe("7 × 1");
    await editor.waitForDebug(/Float32Array\[7\]/);
    await editor.pressButton("press");
    await editor.waitForStatus("features", /7 × 2/);

    await editor.openDialog("features");
    await expect.poll(says, SOON).toMatch(/^7 features of the last window, [\d,.]+ µs$/);
    expect(await editor.page.locator("#edge-features-names summary").textContent()).toMatch(/^Names: a mean,/);
    expect(await editor.page.locator("#edge-features-sample").isVisible()).toBe(false);
    await editor.cancelDialog();
  });
});
