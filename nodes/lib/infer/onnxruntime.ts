import { EdgeMlError } from "../errors/index.js";

type OnnxRuntime = typeof import("onnxruntime-node");

let loading: Promise<OnnxRuntime> | undefined;

/**
 * ONNX Runtime, loaded when the first model needs it: a machine that it does not run on still gets all other nodes.
 * @throws EdgeMlError EDGE_ML_ONNXRUNTIME
 */
export function onnxruntime(): Promise<OnnxRuntime> {
  loading ??= load();
  return loading;
}

async function load(): Promise<OnnxRuntime> {
  try {
    const module = (await import("onnxruntime-node")) as OnnxRuntime & { default?: OnnxRuntime };
    const runtime = module.default ?? module;
    // What goes wrong is thrown; its own lines on stderr would only repeat it.
    runtime.env.logLevel = "fatal";
    return runtime;
  } catch (error) {
    loading = undefined;
    const reason = error instanceof Error ? error.message.split("\n", 1)[0] : String(error);
    throw new EdgeMlError(
      "EDGE_ML_ONNXRUNTIME",
      { machine: `${process.platform} on ${process.arch}`, reason },
      { cause: error },
    );
  }
}
