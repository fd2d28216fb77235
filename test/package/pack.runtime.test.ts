/** What users get: the packed package, put into a fresh user directory, loads in Node-RED. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { npm } from "../../scripts/lib/npm-cache.ts";
import { ROOT, type Runtime, startRuntime } from "../support/runtime.ts";
import { examples, exists, manifest, types } from "../support/sources.ts";

let folder: string;
let files: string[];
let runtime: Runtime | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "edge-ml-pack-"));
  // Without scripts: dist/ is built, and other tests work with it at this moment.
  const packed = npm(["pack", "--json", "--ignore-scripts", "--loglevel=error", "--pack-destination", folder]);
  expect(packed.status, packed.stderr).toBe(0);
  const answer = JSON.parse(packed.stdout) as Pack[] | Record<string, Pack>;
  const pack = Object.values(answer)[0]!;
  files = pack.files.map(({ path }) => path);

  const userDir = join(folder, "user");
  const target = join(userDir, "node_modules", manifest.name);
  mkdirSync(target, { recursive: true });
  const tarball = join(folder, pack.filename.replace("@", "").replace("/", "-"));
  const untar = spawnSync("tar", ["-xzf", tarball, "-C", target, "--strip-components=1"], { encoding: "utf8" });
  expect(untar.status, untar.stderr).toBe(0);
  // The declared dependencies, and no others: what else the code imports is not found.
  for (const name of Object.keys(manifest.dependencies)) {
    const link = join(userDir, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(ROOT, "node_modules", name), link, "junction");
  }
  const dependencies = { [manifest.name]: manifest.version };
  writeFileSync(join(userDir, "package.json"), JSON.stringify({ name: "user", private: true, dependencies }));
  runtime = await startRuntime({ userDir, settings: { nodesDir: [] } });
}, 120_000);
afterAll(async () => {
  await runtime?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Pack {
  filename: string;
  files: { path: string; size: number }[];
}

interface NodeSet {
  module: string;
  types: string[];
  enabled: boolean;
  loaded?: boolean;
  err?: unknown;
}

describe("the packed package", () => {
  it("holds what its nodes need", () => {
    const wanted = types.flatMap((type) => [
      `dist/${type}/${type}.js`,
      `dist/${type}/${type}.html`,
      `dist/${type}/icons/${type}.svg`,
      `dist/${type}/locales/en-US/${type}.json`,
      `dist/${type}/locales/en-US/${type}.html`,
    ]);
    wanted.push("package.json", "LICENSE", "README.md", "dist/lib/index.js", "dist/lib/index.d.ts");
    wanted.push(...examples().map(([path]) => path));
    expect(wanted.filter((path) => !files.includes(path))).toEqual([]);
  });

  it("holds nothing else", () => {
    const known =
      /^(dist\/.*\.(js|d\.ts|html|json|svg)|examples\/|models\/[^/]+\.(onnx|md)$|docs\/|package\.json|LICENSE|README\.md|CHANGELOG\.md)/;
    expect(files.filter((path) => !known.test(path))).toEqual([]);
    expect(files.filter((path) => /\.test\.|(^|\/)test\/|\.map$|\.tgz$|\.log$|node_modules/.test(path))).toEqual([]);
    // Each compiled file comes from a source that is still there.
    const orphans = files.filter((path) => {
      const source = /^dist\/(.*)\.js$/.exec(path)?.[1];
      return source !== undefined && !exists(`nodes/${source}.ts`);
    });
    expect(orphans).toEqual([]);
  });

  it("loads in Node-RED with all its types, from its own folder", async () => {
    const response = await fetch(`${runtime!.url}/nodes`, { headers: { accept: "application/json" } });
    const sets = ((await response.json()) as NodeSet[]).filter(({ module }) => module === manifest.name);
    expect(sets.filter(({ err }) => err).map(({ types: failed, err }) => `${failed}: ${JSON.stringify(err)}`)).toEqual(
      [],
    );
    expect(sets.flatMap((set) => set.types).sort()).toEqual([...types].sort());
    expect(sets.every(({ enabled, loaded }) => enabled && loaded !== false)).toBe(true);
    const own = join(folder, "user/node_modules", manifest.name);
    expect(existsSync(own)).toBe(true);
    expect(Object.keys(require.cache).filter((path) => path.startsWith(join(ROOT, "dist")))).toEqual([]);
  });

  it.each(types)("serves the page, help, texts and icon of %s", async (type) => {
    const get = async (path: string, accept = "*/*") => {
      const answer = await fetch(`${runtime!.url}${path}`, { headers: { accept, "accept-language": "en-US" } });
      return { status: answer.status, text: await answer.text() };
    };
    const page = await get(`/nodes/${manifest.name}/${type}`, "text/html");
    expect(page.status).toBe(200);
    expect(page.text).toContain(`data-template-name="${type}"`);
    expect(page.text).toContain(`data-help-name="${type}"`);
    expect((await get(`/icons/${manifest.name}/${type}.svg`)).text).toContain("<svg");
    expect((await get(`/locales/${manifest.name}/${type}?lng=en-US`)).text).toContain(`"${type}":{`);
  });

  it("offers its examples", async () => {
    const read = async (path: string) => (await fetch(`${runtime!.url}/library/examples/flows/${path}`)).text();
    expect(examples().length).toBeGreaterThan(0);
    for (const [path, flow] of examples()) {
      const name = path.slice("examples/".length, -".json".length);
      expect(JSON.parse(await read(`${manifest.name}/${name}`))).toEqual(flow);
    }
  });
});
