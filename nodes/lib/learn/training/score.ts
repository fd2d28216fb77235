import { EdgeMlError } from "../../errors/index.js";
import { encodeModel, type OnnxGraph } from "../../model/index.js";
import { onnxruntime } from "../../runtime/index.js";
import { throughGate } from "../kernels/native-gate.js";
import type { Matrix } from "../math/matrix.js";

/** A model in ONNX Runtime. */
export interface RunningModel {
  /** Of the file, without its manifest. */
  readonly bytes: number;
  /**
   * An output for each row, row-major [rows, outputs of a row]; finite.
   * @throws EdgeMlError EDGE_ML_LEARN_FAILED
   */
  run(rows: Matrix): Promise<Float32Array>;
  /** Of one row by itself, as edge-infer runs it: the median of some. */
  microseconds(row: Matrix): Promise<number>;
}

/** As edge-infer runs it. */
const OPTIONS = { intraOpNumThreads: 1, logSeverityLevel: 4 } as const;

/** Numbers in a batch: some graphs hold a few hundred times as many while they run. */
const MAX_NUMBERS = 1 << 16;
const MAX_ROWS = 512;

/** Runs that time one row, after some that warm up. */
const TIMED_RUNS = 41;
const WARM_UP_RUNS = 5;

/**
 * Runs the graph that will be in the bundle, on the kernels that will run it: what is measured and calibrated is what
 * edge-infer computes. In batches of bounded size; the session is given back at the end.
 * @param graph or a bundle
 * @param output which of the graph's outputs
 * @param tick is called before each batch, and throws when the training is to end
 */
export async function withModel<T>(
  graph: OnnxGraph | Uint8Array,
  output: string,
  tick: () => void,
  use: (model: RunningModel) => Promise<T>,
): Promise<T> {
  const { ort } = await throughGate(onnxruntime);
  const file =
    graph instanceof Uint8Array ? graph : encodeModel(graph, { producerName: "edge-ml", producerVersion: "1" });
  const session = await throughGate(() => ort.InferenceSession.create(file, OPTIONS));
  const runBatch = async (data: Float32Array, rows: number, columns: number) => {
    const features = new ort.Tensor("float32", data, [rows, columns]);
    const found = await throughGate(() => session.run({ features }, [output]));
    return found[output]!.data as Float32Array;
  };
  try {
    return await use({
      bytes: file.length,
      async run({ rows, columns, data }) {
        const most = Math.max(1, Math.min(MAX_ROWS, Math.floor(MAX_NUMBERS / columns)));
        let result: Float32Array | undefined;
        for (let from = 0; from < rows; from += most) {
          tick();
          const to = Math.min(rows, from + most);
          const part = Float32Array.from(data.subarray(from * columns, to * columns));
          const found = await runBatch(part, to - from, columns);
          const each = found.length / (to - from);
          result ??= new Float32Array(rows * each);
          result.set(found, from * each);
        }
        const all = result ?? new Float32Array(0);
        if (!all.every((value) => Number.isFinite(value))) {
          throw new EdgeMlError("EDGE_ML_LEARN_FAILED", {
            reason: `a ${NAMES[output] ?? output} is not a finite number`,
          });
        }
        return all;
      },
      async microseconds({ columns, data }) {
        const row = Float32Array.from(data.subarray(0, columns));
        const times: number[] = [];
        for (let i = 0; i < WARM_UP_RUNS + TIMED_RUNS; i++) {
          const begin = performance.now();
          await runBatch(row, 1, columns);
          if (i >= WARM_UP_RUNS) times.push(performance.now() - begin);
        }
        return 1000 * times.sort((a, b) => a - b)[TIMED_RUNS >> 1]!;
      },
    });
  } finally {
    await throughGate(() => session.release());
  }
}

const NAMES: Record<string, string> = { score: "score", probabilities: "probability", values: "value" };
