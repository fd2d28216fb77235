import type { InferenceSession, Tensor } from "onnxruntime-node";
import { EdgeMlError } from "../../errors/index.js";
import { encodeModel, type OnnxGraph } from "../../model/index.js";
import { type LoadedRuntime, onnxruntime, runtimeMessage } from "../../runtime/index.js";
import { Cancelled, throughGate } from "./native-gate.js";

/** What goes into a kernel and comes out: an output may be the next run's input as it is. */
export type KernelTensor = Tensor;

/** One thread, as for models that run: a gateway has other work, too. With the arena, a loop of runs allocates once. */
const OPTIONS: InferenceSession.SessionOptions = {
  executionProviders: ["cpu"],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: "sequential",
  graphOptimizationLevel: "all",
  logSeverityLevel: 4,
};

const TYPES = [
  [Float32Array, "float32"],
  [Float64Array, "float64"],
  [Int32Array, "int32"],
] as const;

/**
 * Dense mathematics on ONNX Runtime's kernels: an ONNX graph, compiled once and run as often as wished. Runs block the
 * calling thread: for a training thread, and for tests.
 */
export class Kernel {
  readonly #session: InferenceSession;
  readonly #runtime: LoadedRuntime;
  readonly #name: string;

  /** @throws EdgeMlError EDGE_ML_ONNXRUNTIME, EDGE_ML_LEARN_FAILED; Cancelled */
  static async compile(graph: OnnxGraph): Promise<Kernel> {
    const bytes = encodeModel(graph, { producerName: "edge-ml", producerVersion: "1" });
    return throughGate(async () => {
      const runtime = await onnxruntime();
      try {
        return new Kernel(graph.name, runtime, await runtime.ort.InferenceSession.create(bytes, OPTIONS));
      } catch (error) {
        throw failed(graph.name, error);
      }
    });
  }

  private constructor(name: string, runtime: LoadedRuntime, session: InferenceSession) {
    this.#name = name;
    this.#runtime = runtime;
    this.#session = session;
  }

  /** Numbers with a shape, row-major; not copied. The array's type is the tensor's. */
  tensor(shape: readonly number[], data: Float32Array | Float64Array | Int32Array): KernelTensor {
    const type = TYPES.find(([array]) => data instanceof array)![1];
    return new this.#runtime.ort.Tensor(type, data, shape);
  }

  /**
   * Runs the graph.
   * @param feeds one tensor for each input, by name
   * @returns one for each output, by name, in memory of its own
   * @throws EdgeMlError EDGE_ML_LEARN_FAILED; Cancelled
   */
  async run(feeds: Readonly<Record<string, KernelTensor>>): Promise<Record<string, KernelTensor>> {
    try {
      return (await throughGate(() => this.#session.run(feeds))) as Record<string, KernelTensor>;
    } catch (error) {
      throw failed(this.#name, error);
    }
  }

  /** Frees its memory. */
  release(): Promise<void> {
    return throughGate(() => this.#session.release());
  }
}

function failed(name: string, error: unknown): unknown {
  if (error instanceof Cancelled) return error;
  return new EdgeMlError("EDGE_ML_LEARN_FAILED", { reason: `${name}: ${runtimeMessage(error)}` }, { cause: error });
}

const compiled = new WeakMap<() => OnnxGraph, Promise<Kernel>>();

/**
 * The kernel of a graph that is always the same, compiled once for all trainings of this thread: such a graph leaves
 * its sizes open.
 * @throws EdgeMlError EDGE_ML_ONNXRUNTIME; Cancelled
 */
export function kernelOf(build: () => OnnxGraph): Promise<Kernel> {
  let kernel = compiled.get(build);
  if (!kernel) {
    kernel = Kernel.compile(build());
    compiled.set(build, kernel);
    kernel.catch(() => compiled.delete(build));
  }
  return kernel;
}

/**
 * Whether there is an ONNX Runtime: what can do without it then does.
 * @throws Cancelled
 */
export async function hasKernels(): Promise<boolean> {
  try {
    await throughGate(onnxruntime);
    return true;
  } catch (error) {
    if (error instanceof Cancelled) throw error;
    return false;
  }
}
