/**
 * Evaluates the nodes on public data: npm run evaluate -- BENCHMARK FOLDER [--json FILE] [--method ID]
 * A real Node-RED plays the files through the nodes; the table stands beside the published numbers.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Benchmark, folderOf } from "./evaluate/benchmark.ts";
import { fan } from "./evaluate/fan/index.ts";
import { gestures } from "./evaluate/gestures/index.ts";
import { hvac } from "./evaluate/hvac/index.ts";
import { nab } from "./evaluate/nab/index.ts";
import { ownWord } from "./evaluate/own-word/index.ts";
import { pollution } from "./evaluate/pollution/index.ts";
import { skab } from "./evaluate/skab/index.ts";
import { soundGate } from "./evaluate/sound-gate/index.ts";
import { voice } from "./evaluate/voice/index.ts";

/** Every benchmark; a new one is one folder and one line here. */
const benchmarks: Benchmark[] = [nab, skab, hvac, fan, gestures, pollution, voice, ownWord, soundGate];

const USAGE = `Usage: npm run evaluate -- BENCHMARK FOLDER [--json FILE] [--method ID]
FOLDER       holds the benchmark's files, or a folder of them by the name in brackets
--json FILE  also writes the rows as JSON
--method ID  only this learner, where a benchmark compares several
--speech FOLDER, --noise FOLDER
             of voice: more recordings without keyword (WAV, FLAC), only listened to; may be given several times
--model FILE of voice: another bundle
--mlperf FOLDER
             of voice: MLPerf Tiny's keyword networks (.tflite), and its test inputs in kws01
Benchmarks:
${benchmarks.map(({ name, title, folder }) => `  ${name.padEnd(9)}  ${title} [${folder}]`).join("\n")}`;

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: "string" },
      method: { type: "string" },
      model: { type: "string" },
      mlperf: { type: "string" },
      speech: { type: "string", multiple: true, default: [] },
      noise: { type: "string", multiple: true, default: [] },
    },
  });
  if (positionals.length === 0) {
    console.log(USAGE);
    return;
  }
  const [name, given, ...more] = positionals;
  const { json, method, model, mlperf, speech, noise } = values;
  const benchmark = benchmarks.find((each) => each.name === name);
  if (!benchmark || given === undefined || more.length > 0) throw new Error(USAGE);
  const work = mkdtempSync(join(tmpdir(), "edge-ml-evaluate-"));
  try {
    const folder = folderOf(benchmark, resolve(given));
    const rows = await benchmark.run({
      folder,
      ...(method === undefined ? {} : { method }),
      ...(model === undefined ? {} : { model: resolve(model) }),
      ...(mlperf === undefined ? {} : { mlperf: resolve(mlperf) }),
      speech: speech.map((each) => resolve(each)),
      noise: noise.map((each) => resolve(each)),
      work,
      say: (line) => console.error(`${line} …`),
    });
    if (json !== undefined) {
      writeFileSync(json, `${JSON.stringify(rows, null, 2)}\n`);
      console.log(`\nRows written to ${json}`);
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
