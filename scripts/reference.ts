/**
 * Writes into docs/reference/features.md what blocks and filters say of themselves, and into docs/reference/detectors.md
 * what detectors do: `npx tsx scripts/reference.ts`. The sentences of the pages are written by hand and stay; what stands
 * between a pair of marks is made here. A test of test/package fails while a page is not what the registries say.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Detector, detectors } from "../nodes/lib/detect/index.ts";
import { type Block, type BlockPlan, blocks, chooseBlock, type Filter, filters } from "../nodes/lib/dsp/index.ts";
import { EdgeMlError } from "../nodes/lib/errors/index.ts";
import { ROOT } from "./lib/project.ts";

export const PAGE = "docs/reference/features.md";
export const DETECTORS_PAGE = "docs/reference/detectors.md";

interface Option {
  type?: string;
  title?: string;
  description?: string;
  default: unknown;
  enum?: readonly unknown[];
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  exclusiveMaximum?: number;
  minItems?: number;
  maxItems?: number;
  maxLength?: number;
  items?: Option;
}

/** The windows that outputs are told for: a block takes the first that it can be planned for. */
const WINDOWS = [
  { say: "1 s of one channel `x` at 2,000 Hz", samples: 2000, channels: ["x"], rate: 2000 },
  { say: "1 s of two channels `x` and `y` at 2,000 Hz", samples: 2000, channels: ["x", "y"], rate: 2000 },
  { say: "1 s of one channel `x` at 16,000 Hz", samples: 16_000, channels: ["x"], rate: 16_000 },
];
/** More names than this are told by the first ones and the last. */
const MAX_NAMES = 12;

/** The page with everything between marks made anew. @throws a block or filter has no place, or a place has none */
export function withTables(page: string): string {
  const open = new Map<string, () => string>();
  for (const block of blocks) open.set(`block ${block.id}`, () => aboutBlock(block));
  for (const filter of filters) open.set(`filter ${filter.id}`, () => about(filter));
  return filled(page, PAGE, open);
}

/** The page of the detectors, made anew in the same way. */
export function withDetectors(page: string): string {
  return filled(page, DETECTORS_PAGE, new Map(detectors.map((each) => [`detector ${each.id}`, () => about(each)])));
}

/** @param open what each place is filled with; a place that is not in it, or one in it without a place, is an error */
function filled(page: string, name: string, open: Map<string, () => string>): string {
  const written = page.replace(
    /<!-- (block|filter|detector) ([a-z-]+) -->\n[\s\S]*?<!-- end -->/g,
    (_, kind: string, id: string) => {
      const make = open.get(`${kind} ${id}`);
      if (!make) throw new Error(`${name}: there is no ${kind} "${id}", or it has two places.`);
      open.delete(`${kind} ${id}`);
      return `<!-- ${kind} ${id} -->\n${make()}\n<!-- end -->`;
    },
  );
  if (open.size > 0) throw new Error(`${name} has no place for ${[...open.keys()].join(", ")}.`);
  return written;
}

function aboutBlock(block: Block): string {
  return `${about(block)}\n\n${outputs(block.id)}`;
}

function about(described: Block | Filter | Detector): string {
  const { id, about, cost, options, when } = described;
  const own = Object.entries(options.properties as Record<string, Option>);
  const version = "version" in described ? `, version ${described.version}` : "";
  const head = `${about}\n\n\`${id}\`${version}; cost ${cost}`;
  if (own.length === 0) return `${head}; no options.`;
  const rows = own.map(([name, option]) => {
    const label = option.title ?? name;
    const hint = option.description === undefined ? "" : `. ${option.description}`;
    const condition = Object.entries(when?.[name] ?? {}).map(
      ([other, values]) => `\`${other}\` is ${values.map(plain).join(" or ")}`,
    );
    const only = condition.length === 0 ? "" : ` Only while ${condition.join(" and ")}.`;
    return `| ${cell(`${label}${hint}`)}${cell(only)} | \`${name}\` | ${cell(shown(option.default))} | ${cell(range(option))} |`;
  });
  return `${head}.\n\n| option | name | default | range |\n|---|---|---|---|\n${rows.join("\n")}`;
}

function outputs(id: string): string {
  for (const { say, ...window } of WINDOWS) {
    const { block, recipe } = chooseBlock(id, {});
    try {
      return `Outputs at the defaults for ${say}: ${told(block.plan(window, recipe.options))}.`;
    } catch (error) {
      if (!(error instanceof EdgeMlError)) throw error;
    }
  }
  throw new Error(`No window of scripts/reference.ts suits the block "${id}".`);
}

function told({ shape, names, units, axis }: BlockPlan): string {
  const name = (text: string, unit: string | undefined) => `\`${text}\`${unit ? ` (${unit})` : ""}`;
  if (shape.length === 2 && axis) {
    const bins = list(axis.names.map((bin) => name(bin, undefined)));
    return `a picture of ${shape[0]} frames × ${shape[1]} bins, ${axis.rate} frames per second; bins ${bins}`;
  }
  return `${names.length === 1 ? "" : `${names.length} features: `}${list(names.map((text, i) => name(text, units[i])))}`;
}

function list(parts: string[]): string {
  return (parts.length > MAX_NAMES ? [...parts.slice(0, 3), "…", parts.at(-1)!] : parts).join(", ");
}

function range(option: Option): string {
  const { type, items, enum: choices, minItems = 0, maxItems, maxLength } = option;
  if (choices) return choices.map(plain).join(", ");
  if (items?.enum) return `any of ${items.enum.map(plain).join(", ")}`;
  if (type === "boolean") return "yes, no";
  if (type === "string") return `text, up to ${maxLength} characters`;
  if (type === "array") {
    const what = items?.type === "array" ? "pairs of numbers" : "numbers";
    if (minItems === maxItems) return `${minItems} ${what}`;
    return `${minItems === 0 ? "up to" : `${minItems} to`} ${number(maxItems!)} ${what}`;
  }
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum } = option;
  const parts: string[] = [];
  if (minimum !== undefined && maximum !== undefined) parts.push(`${number(minimum)} to ${number(maximum)}`);
  else if (minimum !== undefined) parts.push(`at least ${number(minimum)}`);
  else if (maximum !== undefined && exclusiveMinimum === undefined) parts.push(`at most ${number(maximum)}`);
  if (exclusiveMinimum !== undefined) parts.push(`above ${number(exclusiveMinimum)}`);
  if (exclusiveMinimum !== undefined && maximum !== undefined) parts.push(`at most ${number(maximum)}`);
  if (exclusiveMaximum !== undefined) parts.push(`below ${number(exclusiveMaximum)}`);
  const kind = type === "integer" ? "whole number" : "number";
  return parts.length === 0 ? `any ${kind}` : type === "integer" ? `${kind}, ${parts.join(", ")}` : parts.join(", ");
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(pair).join(", ");
  return value === "" ? "empty" : plain(value);
}

function pair(value: unknown): string {
  return Array.isArray(value) ? value.map(plain).join("-") : plain(value);
}

function plain(value: unknown): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "number" ? number(value) : String(value);
}

function number(value: number): string {
  return Math.abs(value) >= 10_000 ? value.toLocaleString("en-US") : String(value);
}

/** What a table's cell may hold. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

if (process.argv[1]?.endsWith("reference.ts")) {
  const pages: [string, (page: string) => string][] = [
    [PAGE, withTables],
    [DETECTORS_PAGE, withDetectors],
  ];
  for (const [page, write] of pages) {
    const path = join(ROOT, page);
    writeFileSync(path, write(readFileSync(path, "utf8")));
  }
}
