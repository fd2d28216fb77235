/** What the dialogs and help of some nodes get from things that describe themselves: blocks, filters, learners, detectors. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { choiceKey, type Description, type OptionSchema } from "../../nodes/editor/option-rules.ts";
import { ROOT } from "./project.ts";

/** A block, filter, learner or detector, as far as it describes itself. */
export interface Described {
  id: string;
  title: string;
  about: string;
  group?: string;
  options: { properties?: Record<string, OptionSchema & { title?: string; description?: string }> };
  when?: Description["when"];
}

/** The texts of one of them. */
interface Texts {
  title: string;
  about: string;
  option?: Record<string, string>;
  hint?: Record<string, string>;
  /** By option and value; only for texts. */
  choice?: Record<string, Record<string, string>>;
}

type Catalog = { [key: string]: string | Catalog };

/** Some of them that stand together. */
export interface Section {
  /** The key of the heading in the node's catalog; none for the only section. */
  heading?: string;
  /** The key under which their texts stand there, by id. */
  place: string;
  members: readonly Described[];
}

/** What a node's dialog and help are made of. */
export interface DescribedNode {
  sections: readonly Section[];
  /** What its page knows of them (see nodes/editor/globals.d.ts): no texts, which are in the catalog. */
  constants: Record<string, unknown>;
  /** The place in its help page where they go. */
  marker: string;
}

/** The nodes whose dialogs are made of descriptions, by type, from the library that was just built. */
export function describedNodes(): Record<string, DescribedNode> {
  const load = createRequire(join(ROOT, "package.json"));
  const { blocks, filters, BLOCK_GROUPS } = load("./dist/lib/dsp/index.js") as {
    blocks: readonly Described[];
    filters: readonly Described[];
    BLOCK_GROUPS: readonly string[];
  };
  const { learners } = load("./dist/lib/learn/index.js") as { learners: Record<string, readonly Described[]> };
  const { detectors } = load("./dist/lib/detect/index.js") as { detectors: readonly Described[] };
  return {
    "edge-features": features(blocks, filters, BLOCK_GROUPS),
    "edge-learn": learning(learners),
    "edge-detect": {
      sections: [{ place: "detector", members: detectors }],
      constants: { EDGE_ML_DETECTORS: detectors.map(describe) },
      marker: "<!-- detectors -->",
    },
  };
}

/** Blocks stand in the order of their groups. */
function features(
  blocks: readonly Described[],
  filters: readonly Described[],
  groups: readonly string[],
): DescribedNode {
  const sections = groups.map((group) => ({
    heading: `group.${group}`,
    place: "block",
    members: blocks.filter((block) => block.group === group),
  }));
  const sorted = sections.flatMap(({ members }) => members);
  return {
    sections: [...sections, { heading: "help.filters", place: "filter", members: filters }],
    constants: { EDGE_ML_BLOCKS: sorted.map(describe), EDGE_ML_FILTERS: filters.map(describe) },
    marker: "<!-- blocks -->",
  };
}

/** Learners of two tasks may have the same id. */
function learning(learners: Record<string, readonly Described[]>): DescribedNode {
  const tasks = Object.entries(learners);
  return {
    sections: tasks.map(([task, members]) => ({ heading: `task.${task}`, place: `learner.${task}`, members })),
    constants: {
      EDGE_ML_LEARNERS: Object.fromEntries(tasks.map(([task, members]) => [task, members.map(describe)])),
    },
    marker: "<!-- learners -->",
  };
}

function describe({ id, group, options, when }: Described): Description {
  const description: Description = { id, options: {} };
  if (group !== undefined) description.group = group;
  if (when !== undefined) description.when = when;
  for (const [name, { title: _, description: hint, ...schema }] of Object.entries(options.properties ?? {})) {
    description.options[name] = hint === undefined ? schema : { ...schema, hint: true };
  }
  return description;
}

/** A catalog with the English texts of everything that is described beneath what it says itself. */
export function withTexts(catalog: Catalog, type: string, sections: readonly Section[]): Catalog {
  let complete = catalog;
  for (const { place, members } of sections) {
    const texts = Object.fromEntries(members.map((each) => [each.id, textsOf(each)])) as unknown as Catalog;
    complete = merge({ [type]: under(place.split("."), texts) }, complete);
  }
  return complete;
}

function under([key, ...rest]: readonly string[], texts: Catalog): Catalog {
  return key === undefined ? texts : { [key]: under(rest, texts) };
}

function textsOf({ title, about, options }: Described): Texts {
  const texts: Texts = { title, about, option: {}, hint: {}, choice: {} };
  for (const [name, schema] of Object.entries(options.properties ?? {})) {
    texts.option![name] = schema.title ?? name;
    if (schema.description !== undefined) texts.hint![name] = schema.description;
    const choices = (schema.enum ?? schema.items?.enum ?? []).filter((choice) => typeof choice === "string");
    if (choices.length > 0) {
      texts.choice![name] = Object.fromEntries(choices.map((choice) => [choiceKey(choice), choice as string]));
    }
  }
  return texts;
}

/** `over` wins. */
function merge(below: Catalog, over: Catalog): Catalog {
  const merged: Catalog = { ...below };
  for (const [key, value] of Object.entries(over)) {
    const own = merged[key];
    merged[key] = typeof value === "object" && typeof own === "object" ? merge(own, value) : value;
  }
  return merged;
}

/** A help page with what everything that is described is for, and its options, in the texts of a catalog. */
export function withHelp(help: string, catalog: Catalog, type: string, { sections, marker }: DescribedNode): string {
  if (!help.includes(marker)) return help;
  const at = (key: string) =>
    key.split(".").reduce<Catalog | string>((part, name) => (part as Catalog)[name]!, catalog[type]!);
  const parts = sections
    .filter(({ members }) => members.length > 0)
    .map(({ heading, place, members }) => {
      const entries = members.map((each) => entry(each, (at(place) as unknown as Record<string, Texts>)[each.id]!));
      return (heading === undefined ? "" : `#### ${at(heading)}\n\n`) + entries.join("\n");
    });
  return help.replace(marker, parts.join("\n\n"));
}

function entry({ options }: Described, { title, about, option = {}, hint = {} }: Texts): string {
  const lines = Object.keys(options.properties ?? {}).map(
    (name) => `    - ${option[name]}${hint[name] === undefined ? "" : `: ${hint[name]}`}`,
  );
  return [`- **${title}**: ${about}`, ...lines].join("\n");
}
