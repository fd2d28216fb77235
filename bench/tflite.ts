import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type * as Onnx from "onnxruntime-node";
import { ROOT } from "../scripts/lib/project.ts";
import { type Bench, type Row, rowsOf, type Table } from "./lib/bench.ts";
import { library } from "./lib/library.ts";
import { type Case, compare } from "./lib/measure.ts";

const onnx = createRequire(import.meta.url)("onnxruntime-node") as typeof Onnx;

interface Interpreter {
  run(file: string, count: number): Promise<void>;
  stop(): void;
}

export const bench: Bench = {
  title: "TensorFlow Lite models",
  async run() {
    const folder = mkdtempSync(join(tmpdir(), "edge-ml-tflite-"));
    try {
      const { interpreter, note } = await startInterpreter(folder);
      const files = interpreter ? folder : join(ROOT, "test/golden/tflite");
      const names = readdirSync(files).filter((name) => name.endsWith(".tflite"));
      const table = await runs(files, names, interpreter, note);
      interpreter?.stop();
      return [table, await conversions(files, names)];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** The networks at their full width and TensorFlow Lite's own runs, where there is a Python with TensorFlow. */
async function startInterpreter(folder: string): Promise<{ interpreter?: Interpreter; note: string }> {
  const command = process.env.EDGE_ML_PYTHON ?? "python3";
  const child = spawn(command, [join(ROOT, "bench/tflite/interpreter.py"), folder], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  child.on("error", () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    // The converter prints lines of its own.
    for (;;) {
      const { value, done } = await lines.next();
      if (done) return undefined;
      if (value.startsWith("{")) return JSON.parse(value) as { tensorflow?: string };
    }
  };
  const hello = await answer();
  if (!hello) {
    return {
      note: `No TensorFlow in "${command}": the small models of the tests, without a comparison. EDGE_ML_PYTHON names another.`,
    };
  }
  return {
    interpreter: {
      async run(file, count) {
        child.stdin.write(`${file} ${count}\n`);
        await answer();
      },
      stop: () => child.stdin.end(),
    },
    note: `Beside the interpreter of TensorFlow ${hello.tensorflow} in Python, XNNPACK, one thread; input and output included in both.`,
  };
}

async function runs(
  folder: string,
  names: string[],
  interpreter: Interpreter | undefined,
  note: string,
): Promise<Table> {
  const cases: Case[] = [];
  for (const name of names) {
    const bytes = library.tfliteToOnnx(readFileSync(join(folder, name)));
    const session = await onnx.InferenceSession.create(bytes, { intraOpNumThreads: 1, interOpNumThreads: 1 });
    const input = session.inputMetadata[0] as Onnx.InferenceSession.TensorValueMetadata;
    const shape = input.shape.map((size) => (typeof size === "number" && size > 0 ? size : 1));
    const length = shape.reduce((product, size) => product * size, 1);
    const data = Float32Array.from({ length }, (_, i) => Math.sin(i));
    cases.push({
      name,
      async run(count) {
        for (let i = 0; i < count; i++) await session.run({ [input.name]: new onnx.Tensor("float32", data, shape) });
      },
    });
    if (interpreter) cases.push({ name: `${name} there`, run: (count) => interpreter.run(name, count) });
  }
  const times = await compare(cases);
  const rows = names.map((what): Row => {
    const value = times.get(what)!;
    const own = times.get(`${what} there`);
    const row: Row = { what, value, unit: "µs" };
    if (own !== undefined) row.ratio = { to: `TensorFlow Lite (${Number(own.toPrecision(3))} µs)`, times: value / own };
    return row;
  });
  return { title: "One run of a .tflite model, converted, in ONNX Runtime", rows, notes: [note] };
}

async function conversions(folder: string, names: string[]): Promise<Table> {
  const cases = names.map((name) => {
    const file = readFileSync(join(folder, name));
    return {
      name,
      run(count: number) {
        for (let i = 0; i < count; i++) library.tfliteToOnnx(file);
      },
    };
  });
  return { title: "Converting it, once at load", rows: rowsOf(await compare(cases, { repeats: 3 })) };
}
