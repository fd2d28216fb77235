import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as Onnx from "onnxruntime-node";
import { ROOT } from "../scripts/lib/project.ts";
import { type Bench, type Row, rowsOf, type Table } from "./lib/bench.ts";
import { library } from "./lib/library.ts";
import { compare } from "./lib/measure.ts";

const onnx = createRequire(import.meta.url)("onnxruntime-node") as typeof Onnx;

interface Interpreter {
  tensorflow: string;
  /** Microseconds of one run, by file. */
  us: Record<string, number>;
}

export const bench: Bench = {
  title: "TensorFlow Lite models",
  async run() {
    const folder = mkdtempSync(join(tmpdir(), "edge-ml-tflite-"));
    try {
      const { interpreter, note } = askInterpreter(folder);
      const files = interpreter ? folder : join(ROOT, "test/golden/tflite");
      const names = readdirSync(files).filter((name) => name.endsWith(".tflite"));
      return [await runs(files, names, interpreter, note), await conversions(files, names)];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** The networks at their full width and TensorFlow Lite's own times, where there is a Python with TensorFlow. */
function askInterpreter(folder: string): { interpreter?: Interpreter; note: string } {
  const command = process.env.EDGE_ML_PYTHON ?? "python3";
  const script = join(ROOT, "bench/tflite/interpreter.py");
  const { status, stdout } = spawnSync(command, [script, folder], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    timeout: 300_000,
  });
  if (status !== 0) {
    return {
      note: `No TensorFlow in "${command}": the small models of the tests, without a comparison. EDGE_ML_PYTHON names another.`,
    };
  }
  const interpreter = JSON.parse(stdout.trim().split("\n").at(-1)!) as Interpreter;
  return {
    interpreter,
    note: `Against the interpreter of TensorFlow ${interpreter.tensorflow} in Python, XNNPACK, one thread; input and output included in both.`,
  };
}

async function runs(
  folder: string,
  names: string[],
  interpreter: Interpreter | undefined,
  note: string,
): Promise<Table> {
  const cases = await Promise.all(
    names.map(async (name) => {
      const bytes = library.tfliteToOnnx(readFileSync(join(folder, name)));
      const session = await onnx.InferenceSession.create(bytes, { intraOpNumThreads: 1, interOpNumThreads: 1 });
      const input = session.inputMetadata[0] as Onnx.InferenceSession.TensorValueMetadata;
      const shape = input.shape.map((size) => (typeof size === "number" && size > 0 ? size : 1));
      const data = Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, (_, i) =>
        Math.sin(i),
      );
      return {
        name,
        async run(count: number) {
          for (let i = 0; i < count; i++) await session.run({ [input.name]: new onnx.Tensor("float32", data, shape) });
        },
      };
    }),
  );
  const times = await compare(cases);
  const rows = [...times].map(([what, value]): Row => {
    const own = interpreter?.us[what];
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
