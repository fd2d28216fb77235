/** Whether dist/ is what the sources say. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { nodeTypes } from "../../build.ts";
import { ROOT } from "../project.ts";

/** Whether every node is built, and after the last change of a source. */
export function isBuilt(): boolean {
  const results = [
    join(ROOT, "dist/lib/index.js"),
    ...nodeTypes().flatMap((type) => [`${type}.html`, `${type}.js`].map((file) => join(ROOT, "dist", type, file))),
  ];
  if (!results.every((file) => existsSync(file))) return false;
  const sources = ["nodes", "icons", "scripts/build.ts", "tsconfig.json", "package.json"].map((path) =>
    join(ROOT, path),
  );
  return Math.max(...sources.map(newest)) <= Math.min(...results.map((file) => statSync(file).mtimeMs));
}

/** The last change of a file, or of anything in a folder; a file that was removed changes its folder. */
function newest(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}
