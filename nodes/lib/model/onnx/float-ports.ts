import {
  Attribute,
  AttributeType,
  type DataType,
  dataTypes,
  Graph,
  Model,
  Node,
  TensorType,
  Type,
  ValueInfo,
} from "./fields.js";
import { type ModelInfo, readPort } from "./model-info.js";
import { messageFields } from "./nodes.js";
import { type ProtobufField, protobufFields } from "./protobuf-reader.js";
import { ProtobufWriter } from "./protobuf-writer.js";

/** Ends the name of a port that stands for one of half precision. */
const AS_FLOAT = " (as float32)";

const HALF: ReadonlySet<DataType | undefined> = new Set<DataType>(["float16", "bfloat16"]);

/**
 * The same model with inputs and outputs of float32 where it has half precision (float16, bfloat16), which the runtime's
 * binding takes on some versions of Node and not on others: a Cast is put between. Such a port gets another name;
 * `portName` gives the one that it had. A model without half precision comes back as it is, the very bytes.
 * @param info of the same bytes
 */
export function withFloatPorts(bytes: Uint8Array, info: Pick<ModelInfo, "inputs" | "outputs">): Uint8Array {
  const isHalf = ({ type }: { type?: DataType }) => HALF.has(type);
  const inputs = new Map(info.inputs.filter(isHalf).map((port) => [port.name, port.type!]));
  const outputs = new Map(info.outputs.filter(isHalf).map((port) => [port.name, port.type!]));
  if (inputs.size === 0 && outputs.size === 0) return bytes;

  const writer = new ProtobufWriter();
  for (const field of protobufFields(bytes)) {
    if (field.number !== Model.graph) {
      writer.raw(bytes.subarray(field.start, field.end));
      continue;
    }
    const graph = new ProtobufWriter();
    // Nodes stand in the order in which they run.
    for (const [name, type] of inputs) graph.message(Graph.node, cast(name + AS_FLOAT, name, type));
    for (const part of messageFields(field)) {
      const ports = part.number === Graph.input ? inputs : part.number === Graph.output ? outputs : undefined;
      if (ports?.has(readPort(part).name)) graph.message(part.number, floatPort(part));
      else graph.raw(field.bytes.subarray(part.start, part.end));
    }
    for (const name of outputs.keys()) graph.message(Graph.node, cast(name, name + AS_FLOAT, "float32"));
    writer.message(Model.graph, graph);
  }
  return writer.finish();
}

/** The name that a port had before `withFloatPorts`. */
export function portName(name: string): string {
  return name.endsWith(AS_FLOAT) ? name.slice(0, -AS_FLOAT.length) : name;
}

function cast(from: string, to: string, type: DataType): ProtobufWriter {
  const attribute = new ProtobufWriter()
    .string(Attribute.name, "to")
    .int(Attribute.i, dataTypes[type])
    .int(Attribute.type, AttributeType.int);
  return new ProtobufWriter()
    .string(Node.input, from)
    .string(Node.output, to)
    .string(Node.name, `cast ${to}`)
    .string(Node.opType, "Cast")
    .message(Node.attribute, attribute);
}

/** The same port under its other name and of float32; its shape stays. */
function floatPort(field: ProtobufField): ProtobufWriter {
  const tensor = new ProtobufWriter().int(TensorType.elemType, dataTypes.float32);
  for (const type of partsOf(field, ValueInfo.type)) {
    for (const inner of partsOf(type, Type.tensor)) {
      for (const shape of partsOf(inner, TensorType.shape)) tensor.bytes(TensorType.shape, shape.bytes);
    }
  }
  return new ProtobufWriter()
    .string(ValueInfo.name, readPort(field).name + AS_FLOAT)
    .message(ValueInfo.type, new ProtobufWriter().message(Type.tensor, tensor));
}

function partsOf(field: ProtobufField, number: number): ProtobufField[] {
  return [...messageFields(field)].filter((part) => part.number === number);
}
