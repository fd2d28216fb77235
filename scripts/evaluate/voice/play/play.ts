import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../../lib/project.ts";
import type { ScoreLine } from "../curve.ts";
import type { Job, Outcome } from "./job.ts";
import { readScores } from "./scores.ts";

/** An outcome with its scores: track by track, and in it label by label. */
export type Played = Outcome & { scores: ScoreLine[][] };

/**
 * Runs a job in a process of its own: a process can start Node-RED once.
 * @param work a scratch folder
 * @throws Error with a sentence when it failed; what it said is on stderr
 */
export async function play(job: Job, work: string): Promise<Played> {
  if (!existsSync(join(ROOT, "dist/edge-window/edge-window.js"))) throw new Error("Build first: npm run build");
  const scratch = mkdtempSync(join(work, "job-"));
  const [jobFile, outcomeFile, scoresFile] = ["job.json", "outcome.json", "scores"].map((name) => join(scratch, name));
  writeFileSync(jobFile!, JSON.stringify(job));
  const script = join(ROOT, "scripts/evaluate/voice/play/run.ts");
  const child = spawn(process.execPath, ["--import", "tsx", script, jobFile!, outcomeFile!, scoresFile!], {
    cwd: ROOT,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const code = await new Promise<number | null>((done, fail) => child.once("error", fail).once("exit", done));
  if (code !== 0) throw new Error("The flow failed: see above.");
  const outcome = JSON.parse(readFileSync(outcomeFile!, "utf8")) as Outcome;
  return { ...outcome, scores: readScores(readFileSync(scoresFile!), job.labels.length) };
}
