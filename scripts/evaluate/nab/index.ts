/**
 * Numenta Anomaly Benchmark (Lavin & Ahmad, ICMLA 2015), standard profile: all series that are in the folder, through
 * edge-replay and edge-detect with every detector at its defaults.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../lib/project.ts";
import type { Benchmark } from "../benchmark.ts";
import { nameOf, readPublished, readSeries, type Series } from "./data.ts";
import { candidates, PAUSE } from "./flow.ts";
import type { Job, Outcome } from "./run.ts";
import { type Row, score } from "./score.ts";

/** Of the published table, all 58 series. */
const PUBLISHED =
  "ARTime 74.9, Numenta HTM 70.1, CAD-OSE 69.9, Skyline 58.2, kNN-CAD 58.0, relative entropy 54.6, " +
  "random cut forest 51.7, windowed Gaussian 39.6, random 11 to 17";

export const nab: Benchmark = {
  name: "nab",
  title: "Numenta Anomaly Benchmark, standard profile",
  folder: "nab",
  async run({ folder, work, say }) {
    const series = readSeries(folder);
    say(`${series.length} series through ${candidates.length} detectors`);
    const outcome = play({ folder, files: series.map(({ file }) => file) }, work);
    const rows = candidates.map(({ detector }) => score(detector, series, outcome));
    report(series, rows, outcome, folder);
    return rows;
  },
};

function play(job: Job, work: string): Outcome {
  const [jobFile, outcomeFile] = [join(work, "nab-job.json"), join(work, "nab-outcome.json")];
  writeFileSync(jobFile, JSON.stringify(job));
  const script = join(ROOT, "scripts/evaluate/nab/run.ts");
  const { status } = spawnSync(process.execPath, ["--import", "tsx", script, jobFile, outcomeFile], {
    cwd: ROOT,
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status !== 0) throw new Error("The run failed: see above.");
  return JSON.parse(readFileSync(outcomeFile, "utf8")) as Outcome;
}

function report(series: readonly Series[], rows: readonly Row[], outcome: Outcome, folder: string): void {
  const windows = series.reduce((sum, each) => sum + each.windows.length, 0);
  const { readings, seconds, nodeRed } = outcome;
  console.log(
    `${nab.title}: ${series.length} series with ${windows} windows (Node-RED ${nodeRed}; ` +
      `${Math.round(readings / seconds).toLocaleString("en-US")} readings per second through all ${2 * rows.length} nodes)\n`,
  );
  const cells = rows.map(({ detector, tuned, tunedWithPause, halves, fixed, fixedWithoutPause }) => [
    detector,
    tunedWithPause.score.toFixed(1),
    tunedWithPause.threshold.toFixed(2),
    halves.map((half) => half.score.toFixed(1)).join(" / "),
    tuned.score.toFixed(1),
    fixed.score.toFixed(1),
    `${fixed.found}/${fixed.windows}`,
    String(fixed.falsePositives),
    fixedWithoutPause.score.toFixed(1),
  ]);
  const header = ["detector", "rule", "at", "halves", "rule, no pause", "fixed", "found", "false", "fixed, no pause"];
  const widths = header.map((title, i) => Math.max(title.length, ...cells.map((row) => row[i]!.length)));
  for (const row of [header, ...cells])
    console.log(
      row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join("  ")
        .trimEnd(),
    );
  console.log(`
rule: the benchmark's rule: one threshold for all series, the best for their labels ("at"); a detection is followed by a
  pause of ${PAUSE} readings, as edge-detect has it. "halves": the same of every other series by name (1st, 3rd, …; 2nd, 4th, …),
  each half with a threshold of its own. The defaults were chosen with the first half in view; the numbers of the second
  were printed beside it all the while, so it is no untouched test.
  "no pause": every reading beyond the threshold is a detection.
fixed: edge-detect's default, at most 1 false alarm per day, for all series, with the pause; no label was looked at.
Published, all 58 series: ${PUBLISHED}.`);
  const published = readPublished(folder, series);
  if (published.length > 0) {
    const told = published
      .map(({ detector, scores }) => {
        const total = series.reduce((sum, { file }) => sum + scores.get(nameOf(file))!, 0);
        return { detector, score: (100 * (total + windows)) / (2 * windows) };
      })
      .sort((a, b) => b.score - a.score);
    console.log(
      `Published, of these ${series.length} series alone, each at its threshold for all 58: ` +
        `${told.map(({ detector, score }) => `${detector} ${score.toFixed(1)}`).join(", ")}.`,
    );
  }
}
