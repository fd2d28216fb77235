/** The rules of the house: what lies where, and who may import whom. */
import { builtinModules } from "node:module";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { exists, filesUnder, manifest, text, types } from "../support/sources.ts";

/** The folders of the library from the ground up: a folder may import those of a lower number. */
const LEVELS = new Map([
  ["errors", 0],
  ["recipe", 0],
  ["sound", 1],
  ["runtime", 1],
  ["files", 1],
  ["frame", 2],
  ["clip", 3],
  ["dsp", 3],
  ["evaluate", 3],
  ["decide", 3],
  ["drift", 3],
  ["simulate", 3],
  ["replay", 3],
  ["capture", 4],
  ["detect", 4],
  ["model", 4],
  ["infer", 5],
  ["learn", 5],
  ["doctor", 6],
]);

interface Import {
  from: string;
  /** As written. */
  name: string;
  /** The project's file, for a relative import. */
  to?: string;
  typeOnly: boolean;
}

const sources = filesUnder("nodes", ".ts").filter((path) => !path.endsWith(".d.ts"));
const imports = sources.flatMap(importsOf);

function importsOf(from: string): Import[] {
  const code = text(from).replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  const statements = [
    ...code.matchAll(/^(import|export)\s+(type\s)?(?:[^;"']*?\sfrom\s+)?["']([^"']+)["']/gm),
    ...code.matchAll(/()(typeof )?\b(?:import|require|require\.resolve)\(\s*["']([^"']+)["']\s*\)/g),
  ];
  return statements.map(([, , type, name]) => {
    const found: Import = { from, name: name!, typeOnly: type !== undefined };
    if (name!.startsWith("."))
      found.to = normalize(join(dirname(from), name!))
        .replaceAll("\\", "/")
        .replace(/\.js$/, ".ts");
    return found;
  });
}

/** The folder of the library that a file belongs to, "" for a file of the library's own top. */
function folderOf(path: string): string | undefined {
  return path.startsWith("nodes/lib/") ? (/^nodes\/lib\/([^/]+)\//.exec(path)?.[1] ?? "") : undefined;
}

const told = (list: Import[]): string[] => list.map(({ from, name }) => `${from} imports ${name}`);

describe("the library", () => {
  it("knows nothing of Node-RED or of what stands on it", () => {
    const wrong = imports.filter(
      ({ from, name, to }) =>
        folderOf(from) !== undefined &&
        (/^(@node-red\/|node-red)/.test(name) ||
          (to !== undefined && folderOf(to) === undefined && /^nodes\//.test(to))),
    );
    expect(told(wrong)).toEqual([]);
  });

  it("has only folders whose place is known", () => {
    const folders = new Set(sources.map(folderOf).filter((folder) => folder));
    expect([...folders].filter((folder) => !LEVELS.has(folder!))).toEqual([]);
  });

  it("imports one way: from folders further down only", () => {
    const wrong = imports.filter(({ from, to }) => {
      const [own, other] = [folderOf(from), to === undefined ? undefined : folderOf(to)];
      if (!own || other === undefined || own === other) return false;
      return other === "" || LEVELS.get(other)! >= LEVELS.get(own)!;
    });
    expect(told(wrong)).toEqual([]);
  });

  it("is entered through a folder's index", () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        to && folderOf(to) && folderOf(from) && folderOf(from) !== folderOf(to) && !to.endsWith("/index.ts"),
    );
    expect(told(wrong)).toEqual([]);
  });
});

describe("every source file", () => {
  it("imports files that exist", () => {
    const wrong = imports.filter(({ to }) => to !== undefined && !to.endsWith(".json") && !exists(to));
    expect(told(wrong)).toEqual([]);
  });

  it("is in no circle of imports", () => {
    const graph = new Map(sources.map((path) => [path, [] as string[]]));
    for (const { from, to, typeOnly } of imports) if (to !== undefined && !typeOnly) graph.get(from)?.push(to);
    const circles: string[] = [];
    const done = new Set<string>();
    const visit = (path: string, trail: string[]): void => {
      if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(" → "));
      if (done.has(path) || trail.includes(path)) return;
      for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
      done.add(path);
    };
    for (const path of sources) visit(path, []);
    expect(circles).toEqual([]);
  });

  it("imports only packages that are installed with this one", () => {
    const wrong = imports.filter(({ name, typeOnly, from }) => {
      if (name.startsWith(".") || typeOnly || from.endsWith("/editor.ts")) return false;
      if (name.startsWith("node:")) return !builtinModules.includes(name.slice(5)) && !builtinModules.includes(name);
      // Types of Node-RED, in an import that TypeScript leaves out.
      if (name === "node-red") return false;
      const owner = /^(@[^/]+\/)?[^/]+/.exec(name)![0];
      return !(owner in manifest.dependencies);
    });
    expect(told(wrong)).toEqual([]);
  });
});

describe.each(types)("the folder of %s", (type) => {
  it("has all its parts", () => {
    const parts = [
      `nodes/${type}/config.ts`,
      `nodes/${type}/${type}.ts`,
      `nodes/${type}/editor.ts`,
      `nodes/${type}/editor.html`,
      `nodes/${type}/locales/en-US/catalog.json`,
      `nodes/${type}/locales/en-US/help.md`,
      `icons/${type}.svg`,
    ];
    expect(parts.filter((path) => !exists(path))).toEqual([]);
    expect(manifest["node-red"].nodes[type]).toBe(`dist/${type}/${type}.js`);
  });

  it("has tests that run it in Node-RED", () => {
    expect(filesUnder(`test/${type}`, ".runtime.test.ts")).not.toEqual([]);
  });
});

it("no folder of a node is left out of package.json", () => {
  const folders = filesUnder("nodes", "editor.html").map((path) => path.split("/")[1]);
  expect(new Set(folders.filter((type) => !types.includes(type!)))).toEqual(new Set());
});
