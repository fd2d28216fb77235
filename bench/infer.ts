import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type * as Onnx from "onnxruntime-node";
import type { Frame, LoadedModel } from "../nodes/lib/index.ts";
import { ROOT } from "../scripts/lib/project.ts";
import { BLOCKS, bundle, frames, MODEL } from "./lib/anomaly-model.ts";
import { type Bench, type Row, rowsOf, type Table } from "./lib/bench.ts";
import { library } from "./lib/library.ts";
import { compare, memory } from "./lib/measure.ts";
import { type BenchModel, frameFor, models, slow } from "./lib/models.ts";

const onnx = createRequire(import.meta.url)("onnxruntime-node") as typeof Onnx;
const ONE_THREAD = { intraOpNumThreads: 1, interOpNumThreads: 1 };
const BATCH = 16;

const at = <T>(list: readonly T[], i: number): T => list[i % list.length]!;
const inferenceOf = (loaded: LoadedModel) => {
  const inference = new library.Inference({ limit: 10_000, policy: "oldest" });
  inference.use(loaded);
  return inference;
};

/** What a frame of our own models costs, from its features on. */
async function ownModel(): Promise<Table> {
  const { windows, features } = frames(1000);
  const model = await bundle(features);
  const bytes = model.bytes("1");
  const { manifest } = model;
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const loaded = await library.loadModel({ name: MODEL, version: "1", sha256, bytes, manifest });
  const inference = inferenceOf(loaded);
  const drift = library.driftOf(loaded)!;
  const session = await onnx.InferenceSession.create(bytes, ONE_THREAD);
  const extractor = new library.FeatureExtractor(BLOCKS);
  const results = await compare([
    {
      name: "session.run",
      async run(count) {
        for (let i = 0; i < count; i++) {
          const { data } = at(features, i);
          await session.run({ features: new onnx.Tensor("float32", data, [1, data.length]) });
        }
      },
    },
    {
      name: "Inference: checks, session.run, result with contributions",
      async run(count) {
        for (let i = 0; i < count; i++) await inference.infer(at(features, i));
      },
    },
    {
      name: "Inference, 64 frames waiting at a time",
      async run(count) {
        for (let i = 0; i < count; i += 64) {
          await Promise.all(Array.from({ length: 64 }, (_, j) => inference.infer(at(features, i + j))));
        }
      },
    },
    {
      name: "counting a frame for drift",
      run(count) {
        for (let i = 0; i < count; i++) drift.add(at(features, i));
      },
    },
    {
      name: "a report of the drift",
      run(count) {
        for (let i = 0; i < count; i++) drift.report();
      },
    },
    {
      name: "Flatten of a window of 60 × 4",
      run(count) {
        for (let i = 0; i < count; i++) extractor.extract(at(windows, i));
      },
    },
  ]);
  await inference.close();
  const bare = results.get("session.run")!;
  const [whole] = [...results].filter(([name]) => name.startsWith("Inference: ")).map(([, us]) => us);
  return {
    title: `A frame of ${features[0]!.data.length} features through a ${manifest.training.method} model (library)`,
    rows: [
      ...rowsOf(results, "session.run"),
      { what: "on top of the bare run, one frame at a time", value: whole! - bare, unit: "µs" },
    ],
    notes: [`session.run is ONNX Runtime's own, on the same model in the same process, one thread.`],
  };
}

/** One model of another's size: alone, and with the frames of 100 streams waiting. */
async function foreignModel(model: BenchModel, python: PythonTimes | undefined): Promise<Table> {
  const { bytes } = model.file;
  // In the process, as the bare session is, whatever it takes: what a worker costs is another table.
  const loaded = await library.loadModel(model.file, { maxProcessMs: 1000 });
  const inference = inferenceOf(loaded);
  const session = await onnx.InferenceSession.create(bytes, ONE_THREAD);
  const inputs = Array.from({ length: 200 }, (_, i) => frameFor(model, i) as Frame);
  const length = inputs[0]!.data.length;
  const rows = new Float32Array(BATCH * length);
  for (let i = 0; i < BATCH; i++) rows.set(inputs[i]!.data, i * length);
  const run = (data: Float32Array, count: number) =>
    session.run({ [model.input]: new onnx.Tensor("float32", data, [count, ...model.shape]) }, [model.output]);
  const [bare, bare16] = ["session.run", `session.run with ${BATCH} frames, per frame`];
  const [one, waiting] = ["Inference, one frame at a time", `Inference, ${BATCH} frames waiting, per frame`];
  const crowd = "Inference, frames of 100 streams at once, per frame";
  const flood = async (count: number, size: number) => {
    for (let i = 0; i < count; i += size) {
      await Promise.all(Array.from({ length: size }, (_, j) => inference.infer(at(inputs, i + j))));
    }
  };
  const results = await compare(
    [
      {
        name: bare,
        async run(count) {
          for (let i = 0; i < count; i++) await run(at(inputs, i).data, 1);
        },
      },
      {
        name: one,
        async run(count) {
          for (let i = 0; i < count; i++) await inference.infer(at(inputs, i));
        },
      },
      {
        name: bare16,
        async run(count) {
          for (let i = 0; i < count; i += BATCH) await run(rows, BATCH);
        },
      },
      { name: waiting, run: (count) => flood(Math.ceil(count / BATCH) * BATCH, BATCH) },
      { name: crowd, run: (count) => flood(Math.ceil(count / 100) * 100, 100) },
    ],
    { repeats: 15 },
  );
  await inference.close();
  await session.release();
  const us = (name: string) => results.get(name)!;
  const python1 = `Python's onnxruntime ${python?.version}`;
  return {
    title: `${model.title} (library)`,
    rows: [
      ...rowsOf(results, bare),
      { what: "Inference on top of the bare run", value: us(one) - us(bare), unit: "µs" },
      {
        what: "frames of 100 streams at once",
        value: 1e6 / us(crowd),
        unit: "frames/s",
        ratio: { to: "one at a time", times: us(one) / us(crowd) },
      },
      ...(python
        ? ([
            { what: python1, value: python.one, unit: "µs", ratio: { to: bare, times: python.one / us(bare) } },
            { what: `${python1}, ${BATCH} frames, per frame`, value: python.sixteen / BATCH, unit: "µs" },
          ] satisfies Row[])
        : []),
    ],
  };
}

interface PythonTimes {
  version: string;
  /** µs of a run. */
  one: number;
  sixteen: number;
}

/** The same files in Python, when EDGE_ML_PYTHON (else python3) has onnxruntime. */
function inPython(list: readonly BenchModel[]): PythonTimes[] | undefined {
  const folder = mkdtempSync(join(tmpdir(), "edge-ml-bench-"));
  try {
    const files = list.map(({ file }) => join(folder, `${file.name}.onnx`));
    list.forEach(({ file }, i) => {
      writeFileSync(files[i]!, file.bytes);
    });
    const command = process.env.EDGE_ML_PYTHON ?? "python3";
    const script = join(ROOT, "bench/lib/sessions.py");
    const told = execFileSync(command, [script, ...files], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return told
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as PythonTimes);
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const SECONDS = 5;

/** p99 of how late the event loop is, while 1,000 frames come in each second. */
async function eventLoop(): Promise<Table> {
  const rows: Row[] = [{ what: "nothing else going on", value: await delay(() => undefined), unit: "ms" }];
  const [mlp] = models();
  const cases: [string, BenchModel, number | undefined][] = [
    [`${mlp!.title}, 1,000 frames/s`, mlp!, undefined],
    ["a slow model, where edge-infer runs it, 1,000 frames/s", slow(), undefined],
    ["the same model on the event loop", slow(), 1e6],
  ];
  for (const [what, model, maxProcessMs] of cases) {
    const loaded = await library.loadModel(model.file, maxProcessMs === undefined ? {} : { maxProcessMs });
    // As many as edge-infer lets wait, unless somebody sets it otherwise.
    const inference = new library.Inference({ limit: 100, policy: "oldest" });
    inference.use(loaded);
    let sent = 0;
    const started = performance.now();
    const value = await delay(() => {
      for (const due = performance.now() - started; sent < due; sent++) void inference.infer(frameFor(model, sent));
    });
    const { run, frames } = inference.statistics;
    const counted = `${frames.scored} scored, ${frames.dropped} dropped`;
    rows.push({
      what: `${what} (${loaded.runner.place}, run ${run?.p50.toFixed(2)} ms, ${counted})`,
      value,
      unit: "ms",
    });
    await inference.close();
  }
  return {
    title: `How late the event loop is, p99 over ${SECONDS} s (library)`,
    rows,
    notes: ["Looked at every millisecond, which is on top of what is shown; frames are made in the loop, too."],
  };
}

/** p99 in ms of how much later than wished a timer of 1 ms comes, while `work` is called by another. */
async function delay(work: () => void): Promise<number> {
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  const timer = setInterval(work, 1);
  await new Promise((done) => setTimeout(done, 500));
  histogram.enable();
  await new Promise((done) => setTimeout(done, SECONDS * 1000));
  histogram.disable();
  clearInterval(timer);
  return histogram.percentile(99) / 1e6;
}

const FRAMES = 100_000;
const SWAPS = 200;

/** What is left of many frames, and of many versions. */
async function growth(): Promise<Table> {
  const { features } = frames(1000);
  const { manifest, bytes } = await bundle(features);
  const shared = new library.SharedRunners();
  const file = (version: string) => ({ name: MODEL, version, sha256: version, bytes: bytes(version), manifest });
  const inference = inferenceOf(await library.loadModel(file("1"), { shared }));
  const serve = async (count: number) => {
    for (let i = 0; i < count; i += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, j) => inference.infer(at(features, i + j))));
    }
  };
  await serve(20_000);
  const before = memory();
  await serve(FRAMES);
  const frames100k = memory() - before;
  const swap = async (from: number, count: number) => {
    for (let i = from; i < from + count; i++) {
      const next = await library.loadModel(file(String(i)), { shared });
      inference.use(await inference.rehearse(next));
      await serve(50);
    }
  };
  await swap(2, 20);
  const [heap, resident] = [memory(), process.memoryUsage().rss];
  await swap(22, SWAPS);
  const rows: Row[] = [
    { what: `${FRAMES.toLocaleString("en-US")} frames: heap and buffers`, value: frames100k, unit: "bytes" },
    { what: `${SWAPS} changes of version: heap and buffers`, value: memory() - heap, unit: "bytes" },
    { what: `${SWAPS} changes of version: whole process`, value: process.memoryUsage().rss - resident, unit: "bytes" },
    { what: "open after that", value: shared.size, unit: "sessions" },
  ];
  await inference.close();
  return { title: "What stays behind (library)", rows };
}

export const bench: Bench = {
  title: "features and inference, the library",
  async run() {
    const list = models();
    const python = inPython(list);
    const tables = [await ownModel()];
    for (const [i, model] of list.entries()) tables.push(await foreignModel(model, python?.[i]));
    if (!python) tables[1]!.notes = ["No Python: EDGE_ML_PYTHON names an interpreter that has onnxruntime."];
    return [...tables, await eventLoop(), await growth()];
  },
};
