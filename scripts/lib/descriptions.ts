/** What the dialog and help of a node get from the things themselves that it offers: blocks, filters, detectors. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { choiceKey, type Description, type OptionSchema } from "../../nodes/editor/option-rules.ts";
import { ROOT } from "./project.ts";

/** A block, filter or detector, as far as it describes itself. */
export interface Described {
  id: string;
  title: string;
  about: string;
  group?: string;
  options: { properties: Record<string, OptionSchema & { title?: string; description?: string }> };
  when?: Description["when"];
}

/** The texts of one block or filter. */
interface Texts {
  title: string;
  about: string;
  option?: Record<string, string>;
  hint?: Record<string, string>;
  /** By option and value; only for texts. */
  choice?: Record<string, Record<string, string>>;
}

type Catalog = { [key: string]: string | Catalog };

export interface Registries {
  blocks: readonly Described[];
  filters: readonly Described[];
  groups: readonly string[];
}

/** The registries of the library that was just built. */
export function readRegistries(): Registries {
  const dsp = createRequire(join(ROOT, "package.json"))("./dist/lib/dsp/index.js") as {
    blocks: readonly Described[];
    filters?: readonly Described[];
    BLOCK_GROUPS: readonly string[];
  };
  return { blocks: dsp.blocks, filters: dsp.filters ?? [], groups: dsp.BLOCK_GROUPS };
}

/** The detectors of the library that was just built. */
export function readDetectors(): readonly Described[] {
  const require = createRequire(join(ROOT, "package.json"));
  return (require("./dist/lib/detect/index.js") as { detectors: readonly Described[] }).detectors;
}

/** What the page needs of them: no texts, which are in the catalog. Blocks stand in the order of their groups. */
export function describeAll({ blocks, filters, groups }: Registries): {
  blocks: Description[];
  filters: Description[];
} {
  const sorted = groups.flatMap((group) => blocks.filter((block) => block.group === group));
  return { blocks: sorted.map(describe), filters: filters.map(describe) };
}

/** What the page needs of one: no texts. */
export function describe({ id, group, options, when }: Described): Description {
  const description: Description = { id, options: {} };
  if (group !== undefined) description.group = group;
  if (when !== undefined) description.when = when;
  for (const [name, { title: _, description: hint, ...schema }] of Object.entries(options.properties)) {
    description.options[name] = hint === undefined ? schema : { ...schema, hint: true };
  }
  return description;
}

/** A catalog with the English texts of all blocks and filters beneath what it says itself. */
export function withTexts(catalog: Catalog, type: string, { blocks, filters }: Registries): Catalog {
  return merge({ [type]: { block: byId(blocks), filter: byId(filters) } as unknown as Catalog }, catalog);
}

/** A catalog with the English texts of all detectors beneath what it says itself. */
export function withDetectorTexts(catalog: Catalog, type: string, detectors: readonly Described[]): Catalog {
  return merge({ [type]: { detector: byId(detectors) } as unknown as Catalog }, catalog);
}

function byId(all: readonly Described[]): Record<string, Texts> {
  return Object.fromEntries(all.map((each) => [each.id, textsOf(each)]));
}

function textsOf({ title, about, options }: Described): Texts {
  const texts: Texts = { title, about, option: {}, hint: {}, choice: {} };
  for (const [name, schema] of Object.entries(options.properties)) {
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
function merge(under: Catalog, over: Catalog): Catalog {
  const merged: Catalog = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = typeof value === "object" && typeof below === "object" ? merge(below, value) : value;
  }
  return merged;
}

/** The place in a help page where the table of blocks and filters goes. */
const MARKER = "<!-- blocks -->";

/** A help page with what every block and filter is for, and its options, in the texts of a catalog. */
export function withHelp(help: string, catalog: Catalog, type: string, registries: Registries): string {
  if (!help.includes(MARKER)) return help;
  const { blocks, filters } = describeAll(registries);
  const own = catalog[type] as unknown as {
    group: Record<string, string>;
    help: { filters: string };
    block: Record<string, Texts>;
    filter: Record<string, Texts>;
  };
  const parts: string[] = [];
  for (const group of registries.groups) {
    const members = blocks.filter((block) => block.group === group);
    if (members.length > 0)
      parts.push(`#### ${own.group[group]}\n\n${members.map((each) => entry(each, own.block[each.id]!)).join("\n")}`);
  }
  if (filters.length > 0) {
    parts.push(`#### ${own.help.filters}\n\n${filters.map((each) => entry(each, own.filter[each.id]!)).join("\n")}`);
  }
  return help.replace(MARKER, parts.join("\n\n"));
}

/** A help page with what every detector is for, and its options, in the texts of a catalog. */
export function withDetectorHelp(
  help: string,
  catalog: Catalog,
  type: string,
  detectors: readonly Described[],
): string {
  const texts = (catalog[type] as Catalog).detector as unknown as Record<string, Texts>;
  const list = detectors.map((each) => entry(describe(each), texts[each.id]!)).join("\n");
  return help.replace("<!-- detectors -->", list);
}

function entry({ id: _, options }: Description, { title, about, option = {}, hint = {} }: Texts): string {
  const lines = Object.keys(options).map(
    (name) => `    - ${option[name]}${hint[name] === undefined ? "" : `: ${hint[name]}`}`,
  );
  return [`- **${title}**: ${about}`, ...lines].join("\n");
}
