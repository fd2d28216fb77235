import { EdgeMlError } from "../../errors/index.js";
import { readManifest } from "../bundle.js";
import type { Manifest } from "../manifest.js";
import { foreignOperators } from "../onnx/foreign-operators.js";
import {
  type ModelInfo,
  ProtobufError,
  type ReadBeside,
  readClassifier,
  readModelInfo,
  withInlineData,
  withPlainOutputs,
} from "../onnx/index.js";
import type { ModelDescription, TrainingDescription } from "./description.js";
import { labelsInBounds, mostUsed, ports } from "./in-bounds.js";
import { recipeInWords } from "./recipe-in-words.js";

/** The newest that ONNX Runtime 1.30 loads, by trying. */
const MAX_IR_VERSION = 13;
const MAX_OPSET = 26;

/** @throws EdgeMlError EDGE_ML_MODEL_INVALID when the bytes are no ONNX model at all */
export async function describeOnnx(
  bytes: Uint8Array,
  name: string,
  problem: (error: EdgeMlError) => void,
  beside: ReadBeside | undefined,
): Promise<Described> {
  const info = readModelInfo(bytes, name);
  const invalid = (reason: string) => problem(new EdgeMlError("EDGE_ML_MODEL_INVALID", { name, reason }));
  const manifest = attempt(problem, () => readManifest(bytes, name));
  const plain = attempt(problem, () => readModelInfo(withPlainOutputs(bytes, name), name)) ?? info;
  const labels = manifest?.labels ?? attempt(problem, () => asCoded(name, () => readClassifier(bytes).labels));

  if (info.irVersion > MAX_IR_VERSION) {
    invalid(`it is of ONNX IR version ${info.irVersion}, and ${MAX_IR_VERSION} is the newest that runs here`);
  }
  if (info.opset > MAX_OPSET) {
    invalid(
      `it needs opset ${info.opset}, and ${MAX_OPSET} is the newest that runs here; export it with a lower opset`,
    );
  }
  if (info.externalData && beside) await withInlineData(bytes, beside, name).catch((e) => problem(EdgeMlError.from(e)));
  else if (info.externalData) {
    invalid("its weights are in a second file (such as model.onnx.data); put both together, or export it as one file");
  }
  const foreign = attempt(problem, () => asCoded(name, () => foreignOperators(bytes))) ?? [];
  if (foreign.length > 0) invalid(`ONNX Runtime does not have its operators ${foreign.join(", ")}`);

  const task = manifest?.task ?? (labels ? "class" : undefined);
  const recipe = manifest && recipeInWords(manifest.input.recipe);
  const producer = [info.producerName, info.producerVersion].filter(Boolean).join(" ").slice(0, 100);
  return {
    format: "ONNX",
    irVersion: info.irVersion,
    opsets: opsetsOf(info),
    inputs: ports(info.inputs),
    outputs: ports(plain.outputs),
    operators: mostUsed(info.operators),
    ...(labels ? labelsInBounds(labels) : {}),
    ...(producer ? { producer } : {}),
    ...(task ? { task } : {}),
    ...(recipe ? { recipe } : {}),
    ...(manifest ? { training: trainingOf(manifest) } : {}),
  };
}

/** What the bytes say, without what is said of every file. */
export type Described = Omit<ModelDescription, "size" | "sha256" | "problems">;

function opsetsOf({ opset, otherOpsets }: ModelInfo): ModelDescription["opsets"] {
  const others = [...otherOpsets].slice(0, 20).map(([domain, version]) => ({ domain: domain.slice(0, 100), version }));
  return opset > 0 ? [{ domain: "ai.onnx", version: opset }, ...others] : others;
}

function trainingOf({ created, training, threshold }: Manifest): TrainingDescription {
  const { method, frames, start, end, warnings } = training;
  const summary = { method, frames, start, end, created, warnings: warnings.slice(0, 10) };
  if (!threshold) return summary;
  return { ...summary, threshold: threshold.value, falseAlarmsPerDay: threshold.falseAlarmsPerDay };
}

/** What goes wrong is told, and the rest of the description stands. */
function attempt<T>(problem: (error: EdgeMlError) => void, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    problem(EdgeMlError.from(error));
    return undefined;
  }
}

function asCoded<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error;
    throw new EdgeMlError(
      "EDGE_ML_MODEL_INVALID",
      { name, reason: `it is damaged (${error.message})` },
      { cause: error },
    );
  }
}
