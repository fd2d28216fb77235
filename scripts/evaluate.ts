/**
 * Evaluates the nodes on public data: npm run evaluate -- DATASET FOLDER [--json FILE]
 * A real Node-RED plays the files through edge-replay, edge-window, edge-features, edge-learn, edge-infer and edge-alert.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Dataset, type Method, methods, type Unit } from "./evaluate/dataset.ts";
import { hvac } from "./evaluate/hvac.ts";
import type { Outcome } from "./evaluate/run.ts";
import { DAY_SHARE, type Row, score } from "./evaluate/score.ts";
import { table } from "./evaluate/table.ts";
import { ROOT } from "./lib/project.ts";

/** Every data set that is known; a new one is one file and one line here. */
const datasets: Dataset[] = [hvac];

const USAGE = `Usage: npm run evaluate -- DATASET FOLDER [--json FILE]
Data sets: ${datasets.map(({ name, title }) => `${name} (${title})`).join(", ")}
--json FILE  also writes the rows, with every day, as JSON`;

function main(): void {
  const { dataset, folder, json } = readArguments();
  if (!existsSync(join(ROOT, "dist/edge-replay/edge-replay.js"))) throw new Error("Build first: npm run build");
  const work = mkdtempSync(join(tmpdir(), "edge-ml-evaluate-"));
  try {
    const units = dataset.prepare(folder, work);
    const rows: Row[] = [];
    for (const unit of units) {
      for (const method of methods) {
        console.error(`${unit.name}, ${method.learner}, threshold for ${method.threshold} …`);
        rows.push(score(dataset.name, unit, method, runAlone(unit, method, work)));
      }
    }
    report(dataset, units, rows);
    if (json !== undefined) {
      writeFileSync(json, `${JSON.stringify(rows, null, 2)}\n`);
      console.log(`\nRows written to ${json}`);
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function readArguments(): { dataset: Dataset; folder: string; json: string | undefined } {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { json: { type: "string" } } });
  const [name, folder, ...more] = positionals;
  const dataset = datasets.find((dataset) => dataset.name === name);
  if (!dataset || folder === undefined || more.length > 0) throw new Error(USAGE);
  return { dataset, folder: resolve(folder), json: values.json };
}

/** One run in a process of its own. */
function runAlone(unit: Unit, method: Method, work: string): Outcome {
  const job = join(work, "job.json");
  const outcome = join(work, "outcome.json");
  writeFileSync(job, JSON.stringify({ unit, method }));
  const { status } = spawnSync(
    process.execPath,
    ["--import", "tsx", join(ROOT, "scripts/evaluate/run.ts"), job, outcome],
    { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] },
  );
  if (status !== 0) throw new Error(`The run of ${unit.name} with ${method.learner} failed: see above.`);
  return JSON.parse(readFileSync(outcome, "utf8")) as Outcome;
}

function report(dataset: Dataset, units: readonly Unit[], rows: readonly Row[]): void {
  const { nodeRed, node } = rows[0]!;
  console.log(`${dataset.title} (Node-RED ${nodeRed}, Node ${node})\n\n${table(rows)}\n`);
  console.log(
    `A day is found when more than ${DAY_SHARE * 100} % of its scored minutes are above the threshold, as in the reference;`,
  );
  console.log(
    "it is alerted when edge-alert (with its defaults) raised an alert that day, or one from before stood all day.",
  );
  console.log(
    "Delay: median, from a fault day's first scored minute to the alert, of the days on which one was raised.",
  );
  for (const unit of units) {
    const unscored = rows.find((row) => row.unit === unit.name)?.unscoredMinutes ?? 0;
    if (unscored > 0) console.log(`${unit.name}: ${unscored} minutes were not scored, since their data was bad.`);
  }
  for (const note of units.flatMap(({ notes }) => notes)) console.log(`- ${note}`);
  for (const line of dataset.reference) console.log(line);
}

try {
  main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
