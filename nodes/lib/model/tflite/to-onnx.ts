import { EdgeMlError } from "../../errors/index.js";
import { encodeModel, OnnxGraph } from "../onnx/index.js";
import { Conversion, MixesRows } from "./conversion.js";
import { ConversionError } from "./conversion-error.js";
import { FlatbufferError } from "./flatbuffer.js";
import { operators } from "./operators/registry.js";
import { fastIntegers, type Integers } from "./quantized.js";
import { readTflite, type TfliteModel, type TfliteOperator } from "./read-model.js";

export interface TfliteSettings {
  /** What the model is called in errors. */
  name?: string;
  /** How 8-bit activations stand in the graph; as is fast on this machine when left out. The results are the same. */
  integers?: Integers;
}

/**
 * A TensorFlow Lite model as an ONNX one. Inputs and outputs are real numbers, also of a quantised model: it begins with
 * their rounding to 8 bits. The batch is open where the model treats each row alone.
 * @param bytes of a .tflite file
 * @throws EdgeMlError EDGE_ML_MODEL_OPERATORS when it has operators that cannot be converted; EDGE_ML_MODEL_INVALID
 * when it is damaged, or has something else that cannot
 */
export function tfliteToOnnx(bytes: Uint8Array, { name = "unnamed", integers }: TfliteSettings = {}): Uint8Array {
  try {
    const model = readTflite(bytes);
    const used = usedOperators(model);
    refuseMissing(name, used);
    const settings = { integers: integers ?? fastIntegers(), size: bytes.length };
    return encodeModel(convert(name, model, used, settings), { producerName: "TensorFlow Lite", producerVersion: "3" });
  } catch (error) {
    if (error instanceof FlatbufferError) {
      throw invalid(name, `it is not a TensorFlow Lite file, or a damaged one (${error.message})`, error);
    }
    if (error instanceof ConversionError) {
      throw invalid(
        name,
        `it is a TensorFlow Lite model with a part that cannot be converted (${error.message})`,
        error,
      );
    }
    throw error;
  }
}

type Settings = Pick<ConstructorParameters<typeof Conversion>[2], "integers" | "size">;

/** With an open batch if the model allows it. */
function convert(name: string, model: TfliteModel, used: readonly TfliteOperator[], settings: Settings): OnnxGraph {
  try {
    return graphOf(name, model, used, { ...settings, batched: true });
  } catch (error) {
    if (!(error instanceof MixesRows)) throw error;
    return graphOf(name, model, used, { ...settings, batched: false });
  }
}

function graphOf(
  name: string,
  model: TfliteModel,
  used: readonly TfliteOperator[],
  settings: Settings & { batched: boolean },
): OnnxGraph {
  const graph = new OnnxGraph(name);
  const conversion = new Conversion(model, graph, settings);
  const names = new Set<string>();
  const port = (index: number) => {
    const tensor = conversion.tensor(index);
    const plain = tensor.name || `tensor ${index}`;
    const unique = names.has(plain) ? `${plain} (${names.size})` : plain;
    names.add(unique);
    return { name: unique, shape: settings.batched ? ["N", ...tensor.shape.slice(1)] : tensor.shape };
  };
  for (const index of model.inputs) {
    const { open } = conversion.tensor(index);
    if (open.length > 0) throw new ConversionError(`an input whose dimension ${open[0]} is left open`);
    const { name, shape } = port(index);
    conversion.put(index, graph.input(name, shape));
  }
  for (const operator of used) operators.get(operator.name)!.convert(conversion, operator);
  for (const index of model.outputs) {
    const { name, shape } = port(index);
    graph.output(name, conversion.real(index), shape);
  }
  return graph;
}

/** Those that the outputs come from. What only works out shapes is not among them: the file says the shapes. */
function usedOperators({ operators: all, outputs }: TfliteModel): TfliteOperator[] {
  const wanted = new Set(outputs);
  const used: TfliteOperator[] = [];
  for (const operator of all.toReversed()) {
    if (!operator.outputs.some((output) => wanted.has(output))) continue;
    used.push(operator);
    const uses = operators.get(operator.name)?.uses;
    operator.inputs.forEach((input, place) => {
      if (!uses || uses.includes(place)) wanted.add(input);
    });
  }
  return used.reverse();
}

function refuseMissing(name: string, used: readonly TfliteOperator[]): void {
  const counts = new Map<string, number>();
  for (const operator of used) {
    if (!operators.has(operator.name)) counts.set(operator.name, (counts.get(operator.name) ?? 0) + 1);
  }
  if (counts.size === 0) return;
  const list = [...counts].map(([operator, count]) => `${operator} (${count} ×)`);
  const more = list.length > MAX_NAMED ? `, and ${list.length - MAX_NAMED} more` : "";
  const reason = `TensorFlow Lite's operators ${list.slice(0, MAX_NAMED).join(", ")}${more} are not known here`;
  throw new EdgeMlError("EDGE_ML_MODEL_OPERATORS", { name, reason });
}

const MAX_NAMED = 8;

function invalid(name: string, reason: string, cause: unknown): EdgeMlError {
  return new EdgeMlError("EDGE_ML_MODEL_INVALID", { name, reason }, { cause });
}
