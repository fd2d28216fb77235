import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../lib/project.ts";
import type { Job, Outcome } from "./job.ts";

/**
 * Runs a job in a process of its own: a process can start Node-RED once, and its memory is measured.
 * @throws Error with a sentence when it failed; what it said is on stderr
 */
export async function play(job: Job): Promise<Outcome> {
  if (!existsSync(join(ROOT, "dist/edge-replay/edge-replay.js"))) throw new Error("Build first: npm run build");
  const scratch = mkdtempSync(join(job.folder, "job-"));
  const jobFile = join(scratch, "job.json");
  const outcomeFile = join(scratch, "outcome.json");
  writeFileSync(jobFile, JSON.stringify(job));
  const script = join(ROOT, "scripts/evaluate/play/run.ts");
  const child = spawn(process.execPath, ["--import", "tsx", script, jobFile, outcomeFile], {
    cwd: ROOT,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const code = await new Promise<number | null>((done, fail) => child.once("error", fail).once("exit", done));
  if (code !== 0) throw new Error("The flow failed: see above.");
  return JSON.parse(readFileSync(outcomeFile, "utf8")) as Outcome;
}
