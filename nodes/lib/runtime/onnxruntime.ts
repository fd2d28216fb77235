import { createRequire } from "node:module";
import { EdgeMlError } from "../errors/index.js";

type OnnxRuntime = typeof import("onnxruntime-node");

export interface LoadedRuntime {
  ort: OnnxRuntime;
  /** native: machine code. wasm: the WebAssembly build, for machines that the first has no binaries for. */
  kind: "native" | "wasm";
}

/** Its version is the native one's: other ones may know other operators. */
const WASM = "onnxruntime-web";
/** For tests, and for who wants to know: a folder or package that is used instead of the native one. */
const INSTEAD = "EDGE_ML_ONNXRUNTIME";

let loading: Promise<LoadedRuntime> | undefined;

/**
 * ONNX Runtime, loaded when the first model needs it: a machine that it does not run on still gets all other nodes.
 * Where there is no native one (Alpine Linux, 32-bit Arm), its WebAssembly build is taken, if somebody installed it.
 * @throws EdgeMlError EDGE_ML_ONNXRUNTIME
 */
export function onnxruntime(): Promise<LoadedRuntime> {
  loading ??= load();
  return loading;
}

async function load(): Promise<LoadedRuntime> {
  const instead = process.env[INSTEAD];
  if (instead) return wasm(instead);
  try {
    const module = (await import("onnxruntime-node")) as OnnxRuntime & { default?: OnnxRuntime };
    const ort = module.default ?? module;
    // What goes wrong is thrown; its own lines on stderr would only repeat it.
    ort.env.logLevel = "fatal";
    return { ort, kind: "native" };
  } catch (error) {
    try {
      return wasm(WASM);
    } catch {
      loading = undefined;
      const reason = error instanceof Error ? error.message.split("\n", 1)[0] : String(error);
      const machine = `${process.platform} on ${process.arch}`;
      throw new EdgeMlError("EDGE_ML_ONNXRUNTIME", { machine, reason }, { cause: error });
    }
  }
}

/** The same interface, as far as we use it. */
function wasm(name: string): LoadedRuntime {
  const ort = createRequire(__filename)(name) as OnnxRuntime;
  ort.env.logLevel = "fatal";
  // Each model has a worker already; more threads would need shared memory and bring little to small models.
  ort.env.wasm.numThreads = 1;
  return { ort, kind: "wasm" };
}
