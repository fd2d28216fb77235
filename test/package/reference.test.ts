/** The reference pages of blocks and filters, and of detectors, say what they are. */
import { describe, expect, it } from "vitest";
import { detectors } from "../../nodes/lib/detect/index.ts";
import { blocks, filters } from "../../nodes/lib/dsp/index.ts";
import { DETECTORS_PAGE, PAGE, withDetectors, withTables } from "../../scripts/reference.ts";
import { json, text } from "../support/sources.ts";

const page = text(PAGE);

describe(PAGE, () => {
  it("is what the registries say: else run `npx tsx scripts/reference.ts`", () => {
    expect(withTables(page)).toBe(page);
  });

  it("names each block and filter in its overview, with a link to its section", () => {
    const overview = page.slice(0, page.indexOf("\n<!-- "));
    const missing = [...blocks, ...filters].filter(({ title }) => {
      const anchor = title.toLowerCase().replaceAll(" ", "-");
      return !overview.includes(`[${title}](#${anchor})`) || !page.includes(`\n### ${title}\n`);
    });
    expect(missing.map(({ id }) => id)).toEqual([]);
  });

  it("has each block under the heading that the dialog has for it", () => {
    const catalog = json<{ "edge-features": { group: Record<string, string> } }>(
      "nodes/edge-features/locales/en-US/catalog.json",
    );
    for (const { id, group } of blocks) {
      const before = page.slice(0, page.indexOf(`<!-- block ${id} -->`));
      expect(/\n## ([^\n]+)\n(?![\s\S]*\n## )/.exec(before)?.[1], id).toBe(catalog["edge-features"].group[group]);
    }
  });

  it("refuses a page without a place for a block, and a place for a block that is none", () => {
    expect(() => withTables(page.replace("<!-- block flatten -->", ""))).toThrow(/flatten/);
    expect(() => withTables(page.replace("<!-- block flatten -->", "<!-- block flat -->"))).toThrow(/flat/);
  });

  it("shows a change of an option", () => {
    const changed = page.replace("Multiply by", "Times");
    expect(changed).not.toBe(page);
    expect(withTables(changed)).toBe(page);
  });
});

describe(DETECTORS_PAGE, () => {
  const own = text(DETECTORS_PAGE);

  it("is what the registry says: else run `npx tsx scripts/reference.ts`", () => {
    expect(withDetectors(own)).toBe(own);
  });

  it("names each detector in its overview, with a link to its section", () => {
    const overview = own.slice(0, own.indexOf("\n<!-- "));
    const missing = detectors.filter(({ title }) => {
      const anchor = title.toLowerCase().replace(/[()]/g, "").replaceAll(" ", "-");
      return !overview.includes(`[${title}](#${anchor})`) || !own.includes(`\n## ${title}\n`);
    });
    expect(missing.map(({ id }) => id)).toEqual([]);
  });
});
