/** The project's own files, for the tests that look at them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./runtime.ts";

/** All files under a folder of the project that end in `ending`: paths from the root, with forward slashes. */
export function filesUnder(folder: string, ending = ""): string[] {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(ROOT.length + 1)
        .replaceAll("\\", "/"),
    )
    .sort();
}

export function text(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

export function json<T>(path: string): T {
  return JSON.parse(text(path)) as T;
}

export function exists(path: string): boolean {
  return existsSync(join(ROOT, path));
}

export interface Manifest {
  name: string;
  license: string;
  keywords: string[];
  repository?: { url: string };
  bugs?: { url: string };
  files: string[];
  engines: { node: string };
  version: string;
  dependencies: Record<string, string>;
  "node-red": { version: string; nodes: Record<string, string> };
}

export const manifest = json<Manifest>("package.json");

/** The types that the package registers, from its package.json. */
export const types = Object.keys(manifest["node-red"].nodes);

export interface ExampleNode {
  id: string;
  type: string;
  z?: string;
  x?: number;
  y?: number;
  info?: string;
  wires?: string[][];
  [setting: string]: unknown;
}

/** The flows in examples/, by path; other JSON there is data. */
export function examples(): [string, ExampleNode[]][] {
  return filesUnder("examples", ".json")
    .map((path): [string, ExampleNode[]] => [path, json<ExampleNode[]>(path)])
    .filter(([, flow]) => Array.isArray(flow) && flow.every((node) => typeof node?.type === "string"));
}
