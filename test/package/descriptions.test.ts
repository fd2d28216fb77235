/** What the dialogs and the help have of every block, filter, learner and detector, once built. */
import { beforeAll, describe, expect, it } from "vitest";
import { choiceKey, type OptionSchema } from "../../nodes/editor/option-rules.ts";
import { detectors } from "../../nodes/lib/detect/index.ts";
import { BLOCK_GROUPS, blocks, filters } from "../../nodes/lib/dsp/index.ts";
import { learners } from "../../nodes/lib/learn/index.ts";
import { withTexts } from "../../scripts/lib/descriptions.ts";
import { exists, json, text } from "../support/sources.ts";

type Property = OptionSchema & { title?: string; description?: string };

const CATALOG = (type: string) => `dist/${type}/locales/en-US/${type}.json`;
const HELP = (type: string) => `dist/${type}/locales/en-US/${type}.html`;

/** A part of a node's built catalog. */
// biome-ignore lint/suspicious/noExplicitAny: a tree of texts
function catalog(type: string, place: string): any {
  // biome-ignore lint/suspicious/noExplicitAny: a tree of texts
  return place.split(".").reduce<any>((part, key) => part?.[key], json<Record<string, unknown>>(CATALOG(type))[type]);
}

beforeAll(() => {
  for (const type of ["edge-features", "edge-learn", "edge-detect"]) {
    if (!exists(CATALOG(type))) throw new Error(`${CATALOG(type)} is missing: run \`npm run build\` first.`);
  }
});

const all = [
  ...detectors.map((each) => ["edge-detect", "detector", each.id, each] as const),
  ...blocks.map((each) => ["edge-features", "block", each.id, each] as const),
  ...filters.map((each) => ["edge-features", "filter", each.id, each] as const),
  ...Object.entries(learners).flatMap(([task, members]) =>
    members.map((each) => ["edge-learn", `learner.${task}`, each.id, each] as const),
  ),
];
describe.each(all)("%s: the %s %s", (type, place, id, { title, about, options }) => {
  const properties = Object.entries((options.properties ?? {}) as Record<string, Property>);

  it("has all its texts in the catalog", () => {
    const texts = catalog(type, place)[id];
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
    const help = text(HELP(type));
    expect(help).toContain(`- **${title}**: ${about}`);
    for (const [, { title: label }] of properties) expect(help).toContain(`    - ${label}`);
  });

  it("is on the page", () => {
    expect(text(`dist/${type}/${type}.html`)).toContain(`id: "${id}"`);
  });

  it("has no two choices whose texts have the same place", () => {
    for (const [name, { enum: own, items }] of properties) {
      const keys = (own ?? items?.enum ?? []).map(choiceKey);
      expect(new Set(keys).size, name).toBe(keys.length);
    }
  });
});

it("every heading and button has a text, and no help leaves a mark behind", () => {
  const labels = catalog("edge-features", "label");
  for (const label of ["block", "filter", "add-block", "add-filter"]) expect(labels[label], label).toMatch(/./);
  for (const group of BLOCK_GROUPS) expect(catalog("edge-features", `group.${group}`), group).toMatch(/./);
  for (const task of Object.keys(learners)) expect(catalog("edge-learn", `task.${task}`), task).toMatch(/./);
  for (const type of ["edge-features", "edge-learn", "edge-detect"]) expect(text(HELP(type))).not.toContain("<!--");
});

it("what a catalog says itself wins over what a thing says of itself, wherever it stands", () => {
  const options = { properties: { size: { title: "Size" } } };
  const members = [{ id: "b", title: "B", about: "For b.", options }];
  const own = { n: { deep: { down: { b: { title: "Bee" } } } } };
  const made = withTexts(own, "n", [{ heading: "", place: "deep.down", members }]);
  expect(made).toMatchObject({
    n: { deep: { down: { b: { title: "Bee", about: "For b.", option: { size: "Size" } } } } },
  });
});
