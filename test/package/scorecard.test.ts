/** What `node-red-dev validate` (the flow library's scorecard) asks of a package, without the network, and more. */
import { runInNewContext } from "node:vm";
import { beforeAll, describe, expect, it } from "vitest";
import { isAtLeast } from "../../scripts/lib/node-runtime.ts";
import { examples, exists, filesUnder, json, manifest, text, types } from "../support/sources.ts";

describe("package.json", () => {
  it("has what the scorecard asks for", () => {
    expect(manifest.name).toMatch(/^@[a-z0-9-]+\/node-red-[a-z0-9-]+$/);
    expect(manifest.license).toBe("Apache-2.0");
    expect(text("LICENSE")).toContain("Apache License");
    expect(manifest.repository?.url).toMatch(/^git\+https:/);
    expect(manifest.bugs?.url).toMatch(/^https:/);
    expect(manifest.keywords).toContain("node-red");
    expect(manifest.files).toEqual(expect.arrayContaining(["dist", "examples"]));
    expect(new Set(types).size).toBe(types.length);
  });

  it("has at most six runtime dependencies", () => {
    const names = Object.keys(manifest.dependencies);
    expect(names.length).toBeLessThanOrEqual(6);
  });

  it("accepts both lines of Node-RED, and every Node that they run on", () => {
    const minimum = (range: string) => /^>=\s*(\d+(?:\.\d+)*)$/.exec(range)![1]!;
    for (const line of ["node-red", "node-red-4"]) {
      const { version, engines } = json<{ version: string; engines: { node: string } }>(
        `node_modules/${line}/package.json`,
      );
      expect(isAtLeast(version, minimum(manifest["node-red"].version)), `${line} ${version}`).toBe(true);
      if (line === "node-red") expect(isAtLeast(minimum(engines.node), minimum(manifest.engines.node))).toBe(true);
    }
  });

  it("has a lock file without download addresses", () => {
    const lock = json<{ packages: Record<string, { resolved?: string; link?: boolean }> }>("package-lock.json");
    const addresses = Object.entries(lock.packages).filter(([, entry]) => /^(https?|git)/.test(entry.resolved ?? ""));
    expect(addresses.map(([name]) => name)).toEqual([]);
  });
});

interface Definition {
  category: string;
  color: string;
  icon: string;
  inputs: number;
  outputs: number;
  defaults: Record<string, { value: unknown; validate?: (...args: unknown[]) => unknown }>;
}

describe.each(types)("%s", (type) => {
  const page = `dist/${type}/${type}.html`;
  let html: string;
  let definition: Definition;
  beforeAll(() => {
    if (!exists(page)) throw new Error(`${page} is missing: run \`npm run build\` first.`);
    html = text(page);
    definition = registered(html).get(type)!;
  });

  it("registers itself with a literal definition that a parser can read", () => {
    const scripts = [...html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/g)].map(([, attributes, body]) => ({
      attributes,
      body,
    }));
    expect(scripts.map(({ attributes }) => attributes!.trim())).toEqual([
      `type="text/html" data-template-name="${type}"`,
      `type="text/javascript"`,
    ]);
    const code = scripts[1]!.body!;
    const start = code.indexOf(`RED.nodes.registerType("${type}", {\n`);
    expect(start).toBeGreaterThan(-1);
    expect(code.match(/registerType\(/g)).toHaveLength(1);
    // esbuild writes one property a line; those of the definition itself are four spaces in.
    const own = code
      .slice(start)
      .split("\n")
      .filter((line) => /^ {4}\S/.test(line));
    const value = (name: string) =>
      own
        .find((line) => line.startsWith(`    ${name}:`))
        ?.slice(name.length + 6)
        .replace(/,$/, "");
    const config = definition.category === "config";
    expect(value("category")).toBe(config ? '"config"' : '"edge ML"');
    expect(value("defaults")).toBe("{");
    if (!config) {
      expect(value("color")).toBe('"#9AC7BF"');
      expect(value("icon")).toBe(`"${type}.svg"`);
      expect(value("inputs")).toMatch(/^[01]$/);
      expect(value("outputs")).toMatch(/^\d+$/);
    }
    const defaults = code.slice(code.indexOf("    defaults: {", start));
    expect(defaults.slice(0, defaults.indexOf("\n    }"))).not.toMatch(/^ {6}\.\.\./m);
  });

  it("has settings whose names Node-RED does not use itself", () => {
    // "outputs" is how a node says that their number varies, as a function node does.
    const reserved = ["id", "type", "wires", "inputs", "x", "y", "z", "g", "d", "l"];
    expect(Object.keys(definition.defaults).filter((name) => name.length === 1 || reserved.includes(name))).toEqual([]);
  });

  it("has defaults for the settings of its schema, and no others", async () => {
    const { schema } = (await import(`../../nodes/${type}/config.ts`)) as { schema?: { properties?: object } };
    if (schema?.properties === undefined) return;
    const unknown = Object.keys(definition.defaults).filter(
      (name) => !["name", "outputs"].includes(name) && !(name in schema.properties!),
    );
    expect(unknown).toEqual([]);
  });

  it("says what is wrong with a setting: validators have two parameters, else Node-RED drops the sentence", () => {
    const deaf = Object.entries(definition.defaults).filter(([, { validate }]) => validate && validate.length !== 2);
    expect(deaf.map(([name]) => name)).toEqual([]);
  });

  it("has an icon: white on transparent, 2:3", () => {
    const svg = text(`icons/${type}.svg`);
    const [, , width, height] = /viewBox="([\d.-]+) ([\d.-]+) ([\d.]+) ([\d.]+)"/.exec(svg)!.slice(1).map(Number);
    expect(width! / height!).toBeCloseTo(2 / 3, 5);
    expect(Number(/\bwidth="(\d+)"/.exec(svg)?.[1])).toBeGreaterThanOrEqual(40);
    const colors = [...svg.matchAll(/\b(?:fill|stroke)[:=]\s*"?([^";]+)/g)].map(([, color]) => color!.toLowerCase());
    expect(colors.filter((color) => !/^(none|white|#fff|#ffffff)$/.test(color))).toEqual([]);
    expect(svg).not.toMatch(/<image|href=|<script/);
    expect(exists(`dist/${type}/icons/${type}.svg`)).toBe(true);
  });

  const languages = [...new Set(filesUnder(`nodes/${type}/locales`).map((path) => path.split("/")[3]!))];

  it("has help with the usual parts", () => {
    expect(languages).toContain("en-US");
    for (const language of languages) {
      const help = text(`nodes/${type}/locales/${language}/help.md`);
      expect(help.split("\n")[0]!.trim(), `${language}: the first line is the tooltip`).toMatch(/^[^#<].{15,}\.$/);
      if (language === "en-US" && definition.category !== "config") expect(help).toMatch(/^### Details/m);
      if (language === "en-US" && definition.inputs > 0) expect(help).toMatch(/^### Inputs/m);
      if (language === "en-US" && definition.outputs > 0) expect(help).toMatch(/^### Outputs/m);
      expect(exists(`dist/${type}/locales/${language}/${type}.html`)).toBe(true);
      expect(exists(`dist/${type}/locales/${language}/${type}.json`)).toBe(true);
    }
  });

  it("has the same texts in every language", () => {
    const keys = (language: string) => paths(json(`nodes/${type}/locales/${language}/catalog.json`)).sort();
    for (const language of languages) {
      expect(keys(language), language).toEqual(keys("en-US"));
      expect(keys(language).filter((key) => !key.startsWith(`${type}.`))).toEqual([]);
    }
  });

  it("uses only texts that its catalog has", () => {
    const catalog = json<Record<string, unknown>>(`nodes/${type}/locales/en-US/catalog.json`);
    const dialog = text(`nodes/${type}/editor.html`);
    const code = [`nodes/${type}/editor.ts`, ...filesUnder(`nodes/${type}/dialog`, ".ts")].map(text).join("\n");
    const groups = Object.keys((catalog[type] ?? {}) as object);
    const used = new Set<string>();
    for (const [, keys] of dialog.matchAll(/data-i18n="([^"]+)"/g)) {
      for (const key of keys!.split(";")) used.add(key.replace(/^\[\w+\]/, "").trim());
    }
    // Literal keys, whole or up to a value that is put in: `edge-x.block.${id}`, and "label.add" behind a helper.
    for (const [, key] of code.matchAll(/["'`]([A-Za-z][\w-]*(?:\.[\w-]+)*\.?)(?=["'`]|\$\{)/g)) {
      if (key === `${type}.svg`) continue;
      if (key!.startsWith(`${type}.`)) used.add(key!);
      else if (key!.includes(".") && groups.includes(key!.split(".")[0]!)) used.add(`${type}.${key}`);
    }
    // On the runtime's side `text("status.x")` looks under the node's type by itself.
    const isEditor = (file: string) => file.endsWith("/editor.ts") || file.includes("/dialog/");
    for (const path of filesUnder(`nodes/${type}`, ".ts").filter((file) => !isEditor(file))) {
      for (const [, key] of text(path).matchAll(/\btext\(\s*["'`]([A-Za-z][\w-]*\.[\w.-]*)/g))
        used.add(`${type}.${key}`);
    }
    const missing = [...used].filter((key) => !key.startsWith("node-red:") && !has(catalog, key));
    expect(missing).toEqual([]);
  });

  it("is in an example", () => {
    if (definition.category === "config") return;
    expect(examples().filter(([, flow]) => flow.some((node) => node.type === type))).not.toEqual([]);
  });
});

describe("examples", () => {
  const core = new Set(
    filesUnder("node_modules/@node-red/nodes/core", ".html").flatMap((path) =>
      [...text(path).matchAll(/registerType\(\s*['"]([^'"]+)['"]/g)].map(([, type]) => type!),
    ),
  );
  for (const type of ["tab", "group", "subflow", "junction", "global-config"]) core.add(type);

  it("are there", () => expect(examples().map(([path]) => path)).toContain("examples/hvac-anomaly.json"));

  it.each(examples())("%s runs when imported: whole, with core nodes and ours only", (_, flow) => {
    const ids = new Set(flow.map(({ id }) => id));
    expect(ids.size).toBe(flow.length);
    expect(
      flow
        .map(({ type }) => type)
        .filter((type) => !types.includes(type) && !core.has(type) && !type.startsWith("subflow:")),
    ).toEqual([]);
    for (const node of flow) {
      for (const target of (node.wires ?? []).flat()) expect(ids, `wire of ${node.id}`).toContain(target);
      if (node.z !== undefined) expect(ids, `tab of ${node.id}`).toContain(node.z);
      for (const value of Object.values(node)) {
        // A path of somebody's machine.
        if (typeof value === "string") expect(value).not.toMatch(/\/home\/|\/root\/|\/work\/|C:\\/);
      }
    }
    const tabs = flow.filter(({ type }) => type === "tab");
    expect(tabs.length).toBeGreaterThan(0);
    for (const tab of tabs) expect(tab.info, `what to do with "${tab.label}"`).toMatch(/\w{3}/);
  });
});

/** Runs an editor page's script and returns what it registers. */
function registered(html: string): Map<string, Definition> {
  const found = new Map<string, Definition>();
  const code = /<script type="text\/javascript">([\s\S]*?)<\/script>/.exec(html)![1]!;
  const anything: unknown = new Proxy(() => undefined, { get: () => anything, apply: () => anything });
  const RED = new Proxy(
    { nodes: { registerType: (type: string, definition: Definition) => found.set(type, definition) } },
    { get: (target, key) => Reflect.get(target, key) ?? anything },
  );
  runInNewContext(code, { RED, $: anything, window: {}, document: anything, console });
  return found;
}

/** The paths of all texts of a catalog. */
function paths(catalog: unknown, prefix = ""): string[] {
  if (catalog === null || typeof catalog !== "object") return [prefix];
  return Object.entries(catalog).flatMap(([key, value]) => paths(value, prefix === "" ? key : `${prefix}.${key}`));
}

/** Whether a catalog has a text under a key, or a group when the key is only its beginning; plurals count. */
function has(catalog: Record<string, unknown>, key: string): boolean {
  const partial = key.endsWith(".");
  let value: unknown = catalog;
  const steps = key.split(".").filter(Boolean);
  for (const [i, step] of steps.entries()) {
    if (value === null || typeof value !== "object") return false;
    const group: Record<string, unknown> = value as Record<string, unknown>;
    const last = i === steps.length - 1;
    value = group[step] ?? (last ? (group[`${step}_other`] ?? group[`${step}_plural`]) : undefined);
  }
  return partial ? typeof value === "object" && value !== null : value !== undefined;
}
