/**
 * `npm test`: everything that must hold, in this order. Each of lint, types and build counts as one test.
 * The last line is "N passed, N failed"; the exit code is 1 when anything failed or nothing was tested.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { FOUND_CHROMIUM, findChromium } from "./lib/chromium.ts";
import { newNode } from "./lib/node-runtime.ts";
import { Advice } from "./lib/npm-cache.ts";
import { binOf, ROOT } from "./lib/project.ts";
import { type Counts, count, lastLine, sum } from "./lib/test/report.ts";

interface Stage {
  name: string;
  title: string;
  /** Works on dist/: does not run when the build failed. */
  needsBuild?: boolean;
  run(): Promise<Counts>;
}

const say = (line: string): void => console.log(line);

/** On two cores vitest would use one. Tests of the editor mostly wait for it: two of them share two cores as well. */
const TWO_AT_ONCE = ["--maxWorkers=2"];

const STAGES: Stage[] = [
  { name: "lint", title: "Lint and format", run: () => check(binOf("@biomejs/biome", "biome"), ["check", "."]) },
  { name: "types", title: "Types", run: () => script("types.ts") },
  { name: "build", title: "Build", run: () => script("build.ts") },
  {
    name: "library",
    title: "Library",
    needsBuild: true,
    run: () => vitest({ args: ["--project", "library", ...TWO_AT_ONCE] }),
  },
  {
    name: "runtime4",
    title: "Nodes in Node-RED 4.1",
    needsBuild: true,
    run: () => vitest({ args: ["--project", "runtime", ...TWO_AT_ONCE], line: "node-red-4" }),
  },
  {
    name: "runtime5",
    title: "Nodes in Node-RED 5",
    needsBuild: true,
    run: async () =>
      vitest({ args: ["--project", "runtime", ...TWO_AT_ONCE], line: "node-red", node: newNode(say).path }),
  },
  { name: "editor5", title: "Editor of Node-RED 5", needsBuild: true, run: () => browser("node-red", []) },
  {
    name: "editor4",
    title: "Editor of Node-RED 4.1: every node",
    needsBuild: true,
    run: () => browser("node-red-4", ["test/editor/every-node"]),
  },
];

async function main(): Promise<number> {
  const chosen = choose();
  const all: Counts[] = [];
  const table: string[] = [];
  let built = true;
  for (const stage of chosen) {
    say(`\n━━ ${stage.title} (${stage.name})`);
    const began = performance.now();
    let counts: Counts;
    if (stage.needsBuild && !built) {
      say("Not run: the build failed.");
      counts = { passed: 0, failed: 1, skipped: [] };
    } else {
      counts = await stage.run().catch((error: unknown) => {
        say(error instanceof Advice ? error.message : String(error instanceof Error ? error.stack : error));
        return { passed: 0, failed: 1, skipped: [] };
      });
    }
    if (stage.name === "build" && counts.failed > 0) built = false;
    const line = `${stage.title}: ${lastLine(counts)}, ${((performance.now() - began) / 1000).toFixed(1)} s`;
    say(`━━ ${line}`);
    table.push(line);
    all.push(counts);
  }
  const total = sum(all);
  say(`\n${table.map((line) => `  ${line}`).join("\n")}`);
  if (total.skipped.length > 0) {
    say("\nSkipped:");
    for (const { file, test, reason } of total.skipped) say(`  ${relative(ROOT, file)}: ${test}\n    ${reason}`);
  }
  say(`\n${lastLine(total)}`);
  return total.failed > 0 || total.passed === 0 ? 1 : 0;
}

/** All stages, or those named with --only. */
function choose(): Stage[] {
  const names = STAGES.map(({ name }) => name);
  const usage = `npm test -- [--only ${names.join(",")}]`;
  try {
    const { values } = parseArgs({ options: { only: { type: "string" } } });
    const only = values.only?.split(",").map((name) => name.trim());
    const unknown = only?.find((name) => !names.includes(name));
    if (unknown !== undefined) throw new Advice(`There is no stage "${unknown}". Usage: ${usage}`);
    return STAGES.filter(({ name }) => only?.includes(name) ?? true);
  } catch (error) {
    if (error instanceof Advice) throw error;
    throw new Advice(`${(error as Error).message.split(". ")[0]}. Usage: ${usage}`);
  }
}

/** Runs the tests of the editor; without a browser they fail, they are not skipped. */
async function browser(line: string, files: string[]): Promise<Counts> {
  newNode(say);
  const chromium = await findChromium(say);
  return vitest({
    args: ["--project", "editor", ...TWO_AT_ONCE, ...files],
    line,
    env: { [FOUND_CHROMIUM]: JSON.stringify(chromium) },
  });
}

async function vitest(options: {
  args: string[];
  line?: string;
  node?: string;
  env?: NodeJS.ProcessEnv;
}): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), "edge-ml-report-"));
  const file = join(folder, "report.json");
  try {
    const { code, output } = await run(
      options.node ?? process.execPath,
      [
        join(ROOT, "node_modules/vitest/vitest.mjs"),
        "run",
        ...options.args,
        "--reporter=default",
        "--reporter=json",
        `--outputFile.json=${file}`,
      ],
      { ...options.env, ...(options.line === undefined ? {} : { EDGE_ML_NODE_RED: options.line }) },
    );
    return count(existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined, code, output);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a script of this project, as one test. */
function script(name: string): Promise<Counts> {
  return check(process.execPath, ["--import", "tsx", join(ROOT, "scripts", name)]);
}

async function check(command: string, args: string[]): Promise<Counts> {
  // Commands of packages are scripts for Node, but for those that are programs of their own.
  const isScript = command !== process.execPath && !command.endsWith(".exe");
  const { code } = await run(isScript ? process.execPath : command, isScript ? [command, ...args] : args);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: [] };
}

/** Runs a program; its output is shown and returned. */
function run(
  command: string,
  args: string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: number | null; output: string }> {
  const color = process.stdout.isTTY && !process.env.NO_COLOR ? { FORCE_COLOR: "1" } : {};
  return new Promise((done, fail) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...color, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        process.stdout.write(chunk);
        output += chunk;
      });
    }
    child.once("error", fail);
    child.once("close", (code) => done({ code, output }));
  });
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Advice ? error.message : error);
    process.exitCode = 1;
  },
);
