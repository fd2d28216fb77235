/**
 * Measures the package: npm run bench -- [NAME …] [--json FILE]
 * Each file in bench/ runs in a process of its own. Trust the ratios within a run, not the microseconds.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { print, type Table } from "../bench/lib/bench.ts";
import { ROOT } from "./lib/project.ts";

interface Outcome {
  name: string;
  title: string;
  tables: Table[];
}

const names = readdirSync(join(ROOT, "bench"))
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.slice(0, -3));

function main(): void {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { json: { type: "string" } } });
  const unknown = positionals.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`There is no benchmark "${unknown}"; there are ${names.join(", ")}.`);
  if (!existsSync(join(ROOT, "dist/lib/index.js"))) throw new Error("Build first: npm run build");
  const machine = { cpu: cpus()[0]?.model ?? "unknown", cores: cpus().length, node: process.versions.node };
  console.log(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}; medians\n`);
  const outcomes: Outcome[] = [];
  for (const name of positionals.length > 0 ? positionals : names) {
    const outcome = runAlone(name);
    outcomes.push(outcome);
    for (const table of outcome.tables) console.log(`${print(table)}\n`);
  }
  if (values.json !== undefined) {
    writeFileSync(values.json, `${JSON.stringify({ machine, outcomes }, null, 2)}\n`);
    console.log(`Written to ${values.json}`);
  }
}

/** One benchmark in a process of its own. */
function runAlone(name: string): Outcome {
  const work = mkdtempSync(join(tmpdir(), "edge-ml-bench-"));
  try {
    const output = join(work, "outcome.json");
    const { status } = spawnSync(
      process.execPath,
      ["--expose-gc", "--import", "tsx", join(ROOT, "bench/lib/run.ts"), name, output],
      { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] },
    );
    if (status !== 0) throw new Error(`The benchmark "${name}" failed: see above.`);
    return JSON.parse(readFileSync(output, "utf8")) as Outcome;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

try {
  main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
