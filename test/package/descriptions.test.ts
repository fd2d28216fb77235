/** What the dialog and the help of edge-features have of every block and filter, once built. */
import { beforeAll, describe, expect, it } from "vitest";
import { choiceKey, type OptionSchema } from "../../nodes/editor/option-rules.ts";
import { BLOCK_GROUPS, blocks, filters } from "../../nodes/lib/dsp/index.ts";
import { withTexts } from "../../scripts/lib/descriptions.ts";
import { exists, json, text } from "../support/sources.ts";

type Property = OptionSchema & { title?: string; description?: string };

const CATALOG = "dist/edge-features/locales/en-US/edge-features.json";
const HELP = "dist/edge-features/locales/en-US/edge-features.html";

// biome-ignore lint/suspicious/noExplicitAny: a tree of texts
let catalog: any;
beforeAll(() => {
  if (!exists(CATALOG)) throw new Error(`${CATALOG} is missing: run \`npm run build\` first.`);
  catalog = json<Record<string, unknown>>(CATALOG)["edge-features"];
});

const all = [
  ...blocks.map((each) => ["block", each.id, each] as const),
  ...filters.map((each) => ["filter", each.id, each] as const),
];
describe.each(all)("the %s %s", (kind, id, { title, about, options }) => {
  const properties = Object.entries(options.properties as Record<string, Property>);

  it("has all its texts in the catalog", () => {
    const texts = catalog[kind][id];
    expect(texts).toMatchObject({ title, about });
    for (const [name, { title: label, description, enum: own, items }] of properties) {
      expect(texts.option[name], name).toBe(label);
      expect(texts.hint[name], name).toBe(description);
      for (const choice of own ?? items?.enum ?? []) {
        if (typeof choice === "string") expect(texts.choice[name][choiceKey(choice)], choice).toMatch(/./);
      }
    }
  });

  it("is in the help", () => {
    const help = text(HELP);
    expect(help).toContain(`- **${title}**: ${about}`);
    for (const [, { title: label }] of properties) expect(help).toContain(`    - ${label}`);
  });

  it("is on the page", () => {
    expect(text("dist/edge-features/edge-features.html")).toContain(`id: "${id}"`);
  });

  it("has no two choices whose texts have the same place", () => {
    for (const [name, { enum: own, items }] of properties) {
      const keys = (own ?? items?.enum ?? []).map(choiceKey);
      expect(new Set(keys).size, name).toBe(keys.length);
    }
  });
});

it("every heading and button has a text, and the help leaves no mark behind", () => {
  for (const label of ["block", "filter", "add-block", "add-filter"]) expect(catalog.label[label], label).toMatch(/./);
  for (const group of BLOCK_GROUPS) expect(catalog.group[group], group).toMatch(/./);
  expect(text(HELP)).not.toContain("<!--");
});

it("what a catalog says itself wins over what a block says", () => {
  const registries = { blocks: [], filters: [], groups: [] };
  const block = { id: "b", title: "B", about: "For b.", options: { properties: { size: { title: "Size" } } } };
  const made = withTexts({ n: { block: { b: { title: "Bee" } } } }, "n", { ...registries, blocks: [block] });
  expect(made).toMatchObject({ n: { block: { b: { title: "Bee", about: "For b.", option: { size: "Size" } } } } });
});
