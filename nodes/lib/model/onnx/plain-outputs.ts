import { EdgeMlError } from "../../errors/index.js";
import { Graph, Model, Node, OperatorSet, SequenceType, TensorType, Type, ValueInfo } from "./fields.js";
import { readPort } from "./model-info.js";
import { graphFields, messageFields, type NodeInfo, readNodes } from "./nodes.js";
import { ProtobufError, type ProtobufField, protobufFields, textOf } from "./protobuf-reader.js";
import { ProtobufWriter } from "./protobuf-writer.js";

/** Of the operators that are put in where a file has none but those of ai.onnx.ml. */
const OPSET = 13;
const FLOAT = 1;

/** What stands in the graph instead of an output that is no tensor. */
interface Plain {
  name: string;
  /** The tensor that it was made of. */
  source: string;
  elementType: number;
}

/**
 * The same model with tensors instead of the maps and sequences among its outputs, which the runtime cannot hand over:
 *
 * - of a ZipMap (a list of {class: probability}), the probabilities, [N, classes], under the output's name;
 * - of a SequenceConstruct (a classifier of several targets), its parts, as "<output> [0]", "<output> [1]", …;
 * - any other is left out.
 *
 * A model whose outputs are all tensors comes back as it is, the very bytes.
 * @param name what the model is called in the error
 * @throws EdgeMlError EDGE_ML_MODEL_INVALID when no output is left, or the bytes are no protobuf
 */
export function withPlainOutputs(bytes: Uint8Array, name = "unnamed"): Uint8Array {
  try {
    return rewrite(bytes, name);
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error;
    throw invalid(name, `it is not an ONNX file, or a damaged one (${error.message})`, error);
  }
}

function rewrite(bytes: Uint8Array, name: string): Uint8Array {
  const graph = graphFields(bytes);
  const outputs = graph.filter((field) => field.number === Graph.output);
  const odd = outputs.filter((field) => readPort(field).kind !== "tensor");
  if (odd.length === 0) return bytes;

  const nodes = readNodes(graph);
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  const gone = new Set<ProtobufField>(odd);
  const plain: Plain[] = [];
  for (const output of odd) {
    const { name } = readPort(output);
    const chain = chainOf(name, makers);
    const maker = chain.at(-1);
    if (maker?.type === "ZipMap") plain.push({ name, source: maker.inputs[0] ?? "", elementType: FLOAT });
    else if (maker?.type === "SequenceConstruct") {
      const elementType = sequenceElement(output);
      if (elementType === undefined) continue;
      maker.inputs.forEach((source, i) => {
        plain.push({ name: `${name} [${i}]`, source, elementType });
      });
    } else continue;
    for (const node of chain) gone.add(node.field);
  }
  if (plain.length === 0 && odd.length === outputs.length) {
    const kinds = [...new Set(odd.map((field) => readPort(field).kind))].join(" and ");
    throw invalid(
      name,
      `its outputs are of kind ${kinds}, not tensors; export it with tensors (in skl2onnx zipmap=False)`,
    );
  }
  return write(bytes, gone, plain);
}

/** The node that makes a value, with those before it as long as they only hand it on; the last is the maker. */
function chainOf(value: string, makers: ReadonlyMap<string, NodeInfo>): NodeInfo[] {
  const chain: NodeInfo[] = [];
  let node = makers.get(value);
  while (node && !chain.includes(node)) {
    chain.push(node);
    if (node.type !== "Identity") break;
    node = makers.get(node.inputs[0] ?? "");
  }
  return chain;
}

function sequenceElement(output: ProtobufField): number | undefined {
  const inner = (field: ProtobufField, ...path: number[]): ProtobufField | undefined => {
    let at: ProtobufField | undefined = field;
    for (const number of path) {
      if (!at) return undefined;
      at = [...messageFields(at)].find((part) => part.number === number);
    }
    return at;
  };
  const type = inner(output, ValueInfo.type, Type.sequence, SequenceType.elemType, Type.tensor, TensorType.elemType);
  return type && Number(type.int) > 0 ? Number(type.int) : undefined;
}

function write(bytes: Uint8Array, gone: ReadonlySet<ProtobufField>, plain: readonly Plain[]): Uint8Array {
  const starts = new Set([...gone].map((field) => field.bytes.byteOffset));
  const writer = new ProtobufWriter();
  let standard = false;
  for (const field of protobufFields(bytes)) {
    if (field.number !== Model.graph) {
      standard ||= field.number === Model.opsetImport && isStandard(field);
      writer.raw(bytes.subarray(field.start, field.end));
      continue;
    }
    const graph = new ProtobufWriter();
    for (const part of messageFields(field)) {
      if (!starts.has(part.bytes.byteOffset)) graph.raw(field.bytes.subarray(part.start, part.end));
    }
    for (const each of plain) {
      graph.message(Graph.node, identity(each)).message(Graph.output, tensorPort(each));
    }
    writer.message(Model.graph, graph);
  }
  if (!standard) {
    writer.message(
      Model.opsetImport,
      new ProtobufWriter().string(OperatorSet.domain, "").int(OperatorSet.version, OPSET),
    );
  }
  return writer.finish();
}

function identity({ name, source }: Plain): ProtobufWriter {
  return new ProtobufWriter()
    .string(Node.input, source)
    .string(Node.output, name)
    .string(Node.name, `plain ${name}`)
    .string(Node.opType, "Identity");
}

function tensorPort({ name, elementType }: Plain): ProtobufWriter {
  const tensor = new ProtobufWriter().int(TensorType.elemType, elementType);
  return new ProtobufWriter()
    .string(ValueInfo.name, name)
    .message(ValueInfo.type, new ProtobufWriter().message(Type.tensor, tensor));
}

function isStandard(opsetImport: ProtobufField): boolean {
  for (const part of messageFields(opsetImport)) {
    if (part.number === OperatorSet.domain) return ["", "ai.onnx"].includes(textOf(part));
  }
  return true;
}

function invalid(name: string, reason: string, cause?: unknown): EdgeMlError {
  return new EdgeMlError("EDGE_ML_MODEL_INVALID", { name, reason }, { cause });
}
