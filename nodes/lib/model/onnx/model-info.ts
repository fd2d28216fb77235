import { EdgeMlError } from "../../errors/index.js";
import {
  type DataType,
  Dimension,
  dataTypeName,
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
import { messageFields } from "./nodes.js";
import { ProtobufError, type ProtobufField, protobufFields, textOf } from "./protobuf-reader.js";
import { WIRE_BYTES, WIRE_VARINT } from "./protobuf-writer.js";

export interface PortInfo {
  name: string;
  kind: "tensor" | "sequence" | "map" | "sparse tensor" | "optional" | "unknown";
  /** Of a tensor, when it is a known one. */
  type?: DataType;
  /** Of a tensor whose rank is known: a number, or null for a dimension that is known only when the model runs. */
  shape?: (number | null)[];
}

/** What an ONNX file says of itself, read without running it. */
export interface ModelInfo {
  irVersion: number;
  /** Of the standard operators (ai.onnx). */
  opset: number;
  /** Of other operators, by domain, for example ai.onnx.ml. */
  otherOpsets: Map<string, number>;
  producerName: string;
  producerVersion: string;
  graphName: string;
  /** Without initializers, which old files list as inputs too. */
  inputs: PortInfo[];
  outputs: PortInfo[];
  /** How many nodes of each operator type the main graph has. */
  operators: Map<string, number>;
  metadata: Map<string, string>;
  /** The file needs a second one with its weights (PyTorch's model.onnx.data). */
  externalData: boolean;
}

/** Inputs, outputs or metadata entries: a file with more is not a model that anyone made in earnest. */
const MAX_ENTRIES = 4096;

/**
 * Reads what an ONNX file says of itself. Weights are skipped, not read; any bytes end in an answer or an error.
 * @param name what the model is called in the error
 * @throws EdgeMlError EDGE_ML_MODEL_INVALID
 */
export function readModelInfo(bytes: Uint8Array, name = "unnamed"): ModelInfo {
  try {
    const info = readModel(bytes);
    if (info.irVersion === 0) throw new ProtobufError("no IR version");
    if (info.outputs.length === 0) throw new ProtobufError("no outputs");
    return info;
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error;
    const reason = `it is not an ONNX file, or a damaged one (${error.message})`;
    throw new EdgeMlError("EDGE_ML_MODEL_INVALID", { name, reason }, { cause: error });
  }
}

/** Only the metadata_props, without looking into the graph. Throws ProtobufError. */
export function readMetadata(bytes: Uint8Array): Map<string, string> {
  const metadata = new Map<string, string>();
  for (const field of protobufFields(bytes)) {
    if (field.number === Model.metadataProps) addEntry(metadata, readEntry(field));
  }
  return metadata;
}

/** Key and value of a StringStringEntryProto. Throws ProtobufError. */
export function readEntry(field: ProtobufField): [key: string, value: string] {
  let key = "";
  let value = "";
  for (const part of messageFields(field)) {
    if (part.number === StringEntry.key) key = text(part);
    else if (part.number === StringEntry.value) value = text(part);
  }
  return [key, value];
}

function readModel(bytes: Uint8Array): ModelInfo {
  const info: ModelInfo = {
    irVersion: 0,
    opset: 0,
    otherOpsets: new Map(),
    producerName: "",
    producerVersion: "",
    graphName: "",
    inputs: [],
    outputs: [],
    operators: new Map(),
    metadata: new Map(),
    externalData: false,
  };
  for (const field of protobufFields(bytes)) {
    switch (field.number) {
      case Model.irVersion:
        info.irVersion = integer(field);
        break;
      case Model.producerName:
        info.producerName = text(field);
        break;
      case Model.producerVersion:
        info.producerVersion = text(field);
        break;
      case Model.opsetImport:
        readOpset(field, info);
        break;
      case Model.graph:
        readGraph(field, info);
        break;
      case Model.metadataProps:
        addEntry(info.metadata, readEntry(field));
        break;
    }
  }
  return info;
}

function readOpset(field: ProtobufField, info: ModelInfo): void {
  let domain = "";
  let version = 0;
  for (const part of messageFields(field)) {
    if (part.number === OperatorSet.domain) domain = text(part);
    else if (part.number === OperatorSet.version) version = integer(part);
  }
  if (domain === "" || domain === "ai.onnx") info.opset = version;
  else addEntry(info.otherOpsets, [domain, version]);
}

function readGraph(field: ProtobufField, info: ModelInfo): void {
  const initializers = new Set<string>();
  for (const part of messageFields(field)) {
    switch (part.number) {
      case Graph.name:
        info.graphName = text(part);
        break;
      case Graph.node:
        countOperator(part, info.operators);
        break;
      case Graph.initializer:
        for (const field of messageFields(part)) {
          if (field.number === Tensor.name) initializers.add(text(field));
          else if (field.number === Tensor.externalData) info.externalData = true;
        }
        break;
      case Graph.input:
        addPort(info.inputs, part);
        break;
      case Graph.output:
        addPort(info.outputs, part);
        break;
    }
  }
  info.inputs = info.inputs.filter((input) => !initializers.has(input.name));
}

function countOperator(field: ProtobufField, operators: Map<string, number>): void {
  for (const part of messageFields(field)) {
    if (part.number !== Node.opType) continue;
    const type = text(part);
    addEntry(operators, [type, (operators.get(type) ?? 0) + 1]);
  }
}

function addPort(ports: PortInfo[], field: ProtobufField): void {
  // Old files list each weight as an input; those that are left over are few.
  if (ports.length >= MAX_ENTRIES * 16) throw new ProtobufError("too many inputs or outputs");
  ports.push(readPort(field));
}

/** An input or output (ValueInfoProto). Throws ProtobufError. */
export function readPort(field: ProtobufField): PortInfo {
  const port: PortInfo = { name: "", kind: "unknown" };
  for (const part of messageFields(field)) {
    if (part.number === ValueInfo.name) port.name = text(part);
    else if (part.number === ValueInfo.type) readType(part, port);
  }
  return port;
}

const KINDS = new Map<number, PortInfo["kind"]>([
  [Type.tensor, "tensor"],
  [Type.sequence, "sequence"],
  [Type.map, "map"],
  [Type.sparseTensor, "sparse tensor"],
  [Type.optional, "optional"],
]);

function readType(field: ProtobufField, port: PortInfo): void {
  for (const part of messageFields(field)) {
    const kind = KINDS.get(part.number);
    if (kind === undefined) continue;
    port.kind = kind;
    if (kind !== "tensor") continue;
    for (const detail of messageFields(part)) {
      if (detail.number === TensorType.elemType) {
        const type = dataTypeName(integer(detail));
        if (type !== undefined) port.type = type;
      } else if (detail.number === TensorType.shape) port.shape = readShape(detail);
    }
  }
}

function readShape(field: ProtobufField): (number | null)[] {
  const shape: (number | null)[] = [];
  for (const part of messageFields(field)) {
    if (part.number !== Shape.dim) continue;
    if (shape.length >= MAX_ENTRIES) throw new ProtobufError("too many dimensions");
    let size: number | null = null;
    for (const detail of messageFields(part)) {
      // Exporters write 0 and -1 too, for a dimension that they do not know.
      if (detail.number === Dimension.value) size = integer(detail) > 0 ? integer(detail) : null;
      else if (detail.number === Dimension.param) size = null;
    }
    shape.push(size);
  }
  return shape;
}

function addEntry<Value>(map: Map<string, Value>, [key, value]: [string, Value]): void {
  if (map.size >= MAX_ENTRIES && !map.has(key)) throw new ProtobufError("too many entries");
  map.set(key, value);
}

function text(field: ProtobufField): string {
  if (field.wire !== WIRE_BYTES) throw new ProtobufError(`wire type ${field.wire} for a text`);
  return textOf(field);
}

function integer(field: ProtobufField): number {
  if (field.wire !== WIRE_VARINT) throw new ProtobufError(`wire type ${field.wire} for a number`);
  return Number(field.int);
}
