import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../../lib/project.ts";
import type { BenchmarkContext } from "../../benchmark.ts";
import { percent, table } from "../../table.ts";
import { type Interval, shareInterval } from "../intervals.ts";
import type { Said } from "./run.ts";

export interface MlperfRow {
  kind: "MLPerf Tiny keywords";
  model: string;
  inputs: string;
  examples: number;
  right: number;
  interval: Interval;
}

const INPUTS: [part: string, title: string][] = [
  ["official", "the benchmark's 1,000 test inputs, through edge-infer"],
  ["testing", "recordings of Speech Commands' test speakers, through all nodes"],
  ["validation", "recordings of its validation speakers"],
  ["training", "recordings of its training speakers, that the network learned from"],
  ["none", "yes, no, noise and silence of micro_speech"],
];

const NOTES = [
  "Published: 92.2 % of the reference network on the whole test part of Speech Commands v2; a submission needs 90 % of the 1,000 inputs.",
  "All nodes: edge-window (1 s) → edge-features (log-mel at its defaults, 10 coefficients, HTK) → edge-infer with the .tflite.",
  "As the network's own preparation has it, a recording is divided by its largest sample first.",
];

/**
 * MLPerf Tiny's keyword networks through the nodes.
 * @param folder holds kws_ref_model.tflite (8 bits) and, if wanted, other .tflite of the same network; the official inputs in kws01
 */
export function mlperf(folder: string, { folder: data, work, say }: BenchmarkContext): MlperfRow[] {
  const models = readdirSync(folder).filter((name) => name.endsWith(".tflite"));
  const quantized = join(folder, "kws_ref_model.tflite");
  if (!existsSync(quantized)) throw new Error(`There is no kws_ref_model.tflite of MLPerf Tiny in ${folder}.`);
  const official = existsSync(join(folder, "kws01")) ? join(folder, "kws01") : "";
  const rows = models.flatMap((model) => {
    say(`MLPerf Tiny, ${model}`);
    const outcome = join(mkdtempSync(join(work, "mlperf-")), "outcome.json");
    const script = join(ROOT, "scripts/evaluate/voice/mlperf/run.ts");
    const given = [join(folder, model), data, official, quantized, outcome];
    const { status } = spawnSync(process.execPath, ["--import", "tsx", script, ...given], {
      cwd: ROOT,
      stdio: ["ignore", "ignore", "inherit"],
    });
    if (status !== 0) throw new Error("The flow failed: see above.");
    return rowsOf(model, JSON.parse(readFileSync(outcome, "utf8")) as Said[]);
  });
  const cells = rows.map(({ model, inputs, examples, right, interval: { low, high } }) => [
    model,
    inputs,
    `${right}/${examples}`,
    percent(right / examples),
    `${(100 * low).toFixed(1)} – ${(100 * high).toFixed(1)} %`,
  ]);
  console.log(`\nMLPerf Tiny, keyword spotting\n\n${table(["model", "inputs", "right", "", "95 %"], cells)}\n`);
  for (const note of NOTES) console.log(note);
  return rows;
}

function rowsOf(model: string, said: readonly Said[]): MlperfRow[] {
  return INPUTS.flatMap(([part, inputs]) => {
    const own = said.filter((each) => each.part === part);
    if (own.length === 0) return [];
    const right = own.filter((each) => each.label === each.said).length;
    const interval = shareInterval(right, own.length);
    return [{ kind: "MLPerf Tiny keywords" as const, model, inputs, examples: own.length, right, interval }];
  });
}
