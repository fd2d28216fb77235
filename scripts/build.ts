/**
 * Builds dist/ from nodes/: the runtime one .js per .ts (tsc), and for each palette node its editor page, help, catalog
 * and icon where Node-RED looks for them.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { type DescribedNode, describedNodes, withHelp, withTexts } from "./lib/descriptions.ts";
import { binOf, ROOT } from "./lib/project.ts";

const NODES = join(ROOT, "nodes");
const DIST = join(ROOT, "dist");

/** Texts that are put under a language's own: the dialog falls back to it key by key. */
const ENGLISH = "en-US";

/** The folders of palette nodes: those that have an editor page. */
export function nodeTypes(): string[] {
  return readdirSync(NODES).filter((name) => existsSync(join(NODES, name, "editor.ts")));
}

export function build(): void {
  rmSync(DIST, { recursive: true, force: true });
  const tsc = spawnSync(process.execPath, [binOf("typescript", "tsc"), "-p", join(ROOT, "tsconfig.json")], {
    stdio: "inherit",
  });
  if (tsc.status !== 0) throw new Error("The build failed: see the compiler's messages above.");
  const described = describedNodes();
  for (const type of nodeTypes()) buildEditor(type, described[type]);
}

function buildEditor(type: string, described: DescribedNode | undefined): void {
  const source = join(NODES, type);
  const target = join(DIST, type);
  mkdirSync(target, { recursive: true });
  const { outputFiles } = buildSync({
    entryPoints: [join(source, "editor.ts")],
    bundle: true,
    write: false,
    format: "iife",
    target: "es2020",
    charset: "utf8",
    legalComments: "none",
    define: constants(described),
  });
  const script = outputFiles[0]!.text.replaceAll("</script", "<\\/script");
  const dialog = readFileSync(join(source, "editor.html"), "utf8");
  writeFileSync(
    join(target, `${type}.html`),
    `<script type="text/html" data-template-name="${type}">\n${dialog}</script>\n\n<script type="text/javascript">\n${script}</script>\n`,
  );
  for (const language of readdirSync(join(source, "locales"))) {
    const from = join(source, "locales", language);
    const to = join(target, "locales", language);
    mkdirSync(to, { recursive: true });
    let catalog = JSON.parse(readFileSync(join(from, "catalog.json"), "utf8"));
    let help = readFileSync(join(from, "help.md"), "utf8");
    if (described) {
      const complete = withTexts(catalog, type, described.sections);
      if (language === ENGLISH) catalog = complete;
      help = withHelp(help, complete, type, described);
    }
    writeFileSync(join(to, `${type}.json`), `${JSON.stringify(catalog, null, 2)}\n`);
    writeFileSync(
      join(to, `${type}.html`),
      `<script type="text/markdown" data-help-name="${type}">\n${help}</script>\n`,
    );
  }
  const icon = join(ROOT, "icons", `${type}.svg`);
  if (existsSync(icon)) {
    mkdirSync(join(target, "icons"), { recursive: true });
    cpSync(icon, join(target, "icons", `${type}.svg`));
  }
}

/** What the page knows of things that describe themselves: see nodes/editor/globals.d.ts. */
function constants(described: DescribedNode | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(described?.constants ?? {}).map(([name, value]) => [name, JSON.stringify(value)]),
  );
}

if (process.argv[1]?.endsWith("build.ts")) build();
