import { EdgeMlError } from "../../errors/index.js";
import {
  Attribute,
  AttributeType,
  Dimension,
  dataTypes,
  Graph,
  Model,
  Node,
  OperatorSet,
  Shape,
  StringEntry,
  Tensor,
  TensorType,
  Type,
  ValueInfo,
} from "./fields.js";
import type { OnnxAttribute, OnnxGraph, OnnxNode, OnnxPort, OnnxTensor, OnnxValue } from "./graph.js";
import { ProtobufWriter } from "./protobuf-writer.js";

/** Old enough for the runtimes that are in use, new enough for every operator that our models need. */
export const IR_VERSION = 8;
export const OPSET = 17;
/** Of the operators of other domains that our models use. */
const DOMAINS = new Map([["ai.onnx.ml", 3]]);

export interface ModelHeader {
  producerName: string;
  producerVersion: string;
  /** In the order in which they are written. */
  metadata?: readonly (readonly [key: string, value: string])[];
}

/**
 * A graph as the bytes of an ONNX file (ModelProto). The same graph gives the same bytes.
 * @throws EdgeMlError EDGE_ML_MODEL_INVALID when the graph has no output
 */
export function encodeModel(graph: OnnxGraph, header: ModelHeader): Uint8Array {
  if (graph.outputs.length === 0) {
    throw new EdgeMlError("EDGE_ML_MODEL_INVALID", { name: graph.name, reason: "its graph has no output" });
  }
  const model = new ProtobufWriter()
    .int(Model.irVersion, IR_VERSION)
    .string(Model.producerName, header.producerName)
    .string(Model.producerVersion, header.producerVersion)
    .message(Model.graph, encodeGraph(graph))
    .message(Model.opsetImport, new ProtobufWriter().string(OperatorSet.domain, "").int(OperatorSet.version, OPSET));
  for (const domain of new Set(graph.nodes.map(({ type }) => domainOf(type).domain))) {
    if (domain === "") continue;
    const version = DOMAINS.get(domain);
    if (version === undefined) {
      throw new EdgeMlError("EDGE_ML_MODEL_INVALID", { name: graph.name, reason: `nobody knows the domain ${domain}` });
    }
    const operators = new ProtobufWriter().string(OperatorSet.domain, domain).int(OperatorSet.version, version);
    model.message(Model.opsetImport, operators);
  }
  for (const [key, value] of header.metadata ?? []) model.message(Model.metadataProps, encodeEntry(key, value));
  return model.finish();
}

/** A StringStringEntryProto. */
export function encodeEntry(key: string, value: string): ProtobufWriter {
  return new ProtobufWriter().string(StringEntry.key, key).string(StringEntry.value, value);
}

type Names = ReadonlyMap<OnnxValue, string>;

function encodeGraph(graph: OnnxGraph): ProtobufWriter {
  const writer = new ProtobufWriter();
  const names = graph.valueNames();
  graph.nodes.forEach((node, i) => {
    writer.message(Graph.node, encodeNode(node, i, names));
  });
  writer.string(Graph.name, graph.name);
  for (const tensor of graph.tensors) writer.message(Graph.initializer, encodeTensor(tensor, names));
  for (const input of graph.inputs) writer.message(Graph.input, encodePort(input, names));
  for (const output of graph.outputs) writer.message(Graph.output, encodePort(output, names));
  return writer;
}

function encodeNode(node: OnnxNode, index: number, names: Names): ProtobufWriter {
  const writer = new ProtobufWriter();
  // An optional input that is left out has the empty name.
  for (const input of node.inputs) writer.string(Node.input, input === undefined ? "" : names.get(input)!);
  for (const output of node.outputs) writer.string(Node.output, names.get(output)!);
  const { domain, operator } = domainOf(node.type);
  writer.string(Node.name, `${operator}_${index}`).string(Node.opType, operator);
  for (const [name, value] of node.attributes) writer.message(Node.attribute, encodeAttribute(name, value));
  if (domain !== "") writer.string(Node.domain, domain);
  return writer;
}

/** "ai.onnx.ml.Scaler" is the operator Scaler of ai.onnx.ml; one without dots is ONNX's own. */
function domainOf(type: string): { domain: string; operator: string } {
  const end = type.lastIndexOf(".");
  return { domain: type.slice(0, Math.max(0, end)), operator: type.slice(end + 1) };
}

function encodeAttribute(name: string, value: OnnxAttribute): ProtobufWriter {
  const writer = new ProtobufWriter().string(Attribute.name, name);
  if (typeof value === "number") return writer.int(Attribute.i, value).int(Attribute.type, AttributeType.int);
  if (typeof value === "string") return writer.string(Attribute.s, value).int(Attribute.type, AttributeType.string);
  if ("float" in value) return writer.float(Attribute.f, value.float).int(Attribute.type, AttributeType.float);
  if (value instanceof Float32Array) {
    return writer.floats(Attribute.floats, value).int(Attribute.type, AttributeType.floats);
  }
  if (isTexts(value)) {
    for (const item of value) writer.string(Attribute.strings, item);
    return writer.int(Attribute.type, AttributeType.strings);
  }
  return writer.ints(Attribute.ints, value).int(Attribute.type, AttributeType.ints);
}

function isTexts(list: readonly number[] | readonly string[]): list is readonly string[] {
  return typeof list[0] === "string";
}

function encodeTensor({ value, type, shape, data }: OnnxTensor, names: Names): ProtobufWriter {
  const writer = new ProtobufWriter();
  for (const size of shape) writer.int(Tensor.dims, size);
  return writer
    .int(Tensor.dataType, dataTypes[type])
    .string(Tensor.name, names.get(value)!)
    .bytes(Tensor.rawData, data);
}

function encodePort({ value, type, shape }: OnnxPort, names: Names): ProtobufWriter {
  const dimensions = new ProtobufWriter();
  for (const size of shape) {
    const dimension = new ProtobufWriter();
    if (typeof size === "number") dimension.int(Dimension.value, size);
    else dimension.string(Dimension.param, size);
    dimensions.message(Shape.dim, dimension);
  }
  const tensor = new ProtobufWriter().int(TensorType.elemType, dataTypes[type]).message(TensorType.shape, dimensions);
  return new ProtobufWriter()
    .string(ValueInfo.name, names.get(value)!)
    .message(ValueInfo.type, new ProtobufWriter().message(Type.tensor, tensor));
}
